"""Forgetting the key, and taking the replacement back (design, R9 and §5)."""

import pytest

from accounts.events import ClaveEvent, broken_events
from accounts.lifecycle import Move, MoveNotAllowed, State
from accounts.models import Clave
from tests.builders import make_clave, make_cuil, system

CUIL = make_cuil(30111222)

pytestmark = pytest.mark.django_db


def state_of(clave: Clave) -> str:
    return Clave.objects.get(pk=clave.pk).state


def live_keys() -> list[Clave]:
    return list(Clave.objects.live().filter(cuil=CUIL))


@pytest.mark.parametrize("level", [2, 3])
def test_a_new_key_proved_online_replaces_the_old_and_is_level_2_whatever_that_was(level: int) -> None:
    old = make_clave(CUIL, level=level)
    new = make_clave(CUIL)
    assert live_keys() == [new]
    assert (new.level, state_of(old)) == (2, State.REPLACED)


@pytest.mark.parametrize("level", [2, 3])
@pytest.mark.parametrize(
    ("enable", "new_level"), [("enable_online", 2), ("enable_in_office", 3)], ids=["online", "office"]
)
def test_the_old_key_works_until_the_pending_one_is_enabled(level: int, enable: str, new_level: int) -> None:
    old = make_clave(CUIL, level=level)
    pending = make_clave(CUIL, level=None)
    assert live_keys() == [old]
    getattr(pending, enable)(trail=system())
    assert live_keys() == [pending]
    assert (pending.level, state_of(old)) == (new_level, State.REPLACED)


def test_enabling_with_a_live_key_tells_the_replacement_before_the_enabling() -> None:
    old = make_clave(CUIL)
    pending = make_clave(CUIL, level=None)
    pending.enable_online(trail=system())
    told = ClaveEvent.objects.order_by("-seq").values_list("kind", "clave_number")[:2]
    assert list(told) == [(Move.ENABLE_ONLINE, pending.pk), (Move.REPLACE, old.pk)]


def test_a_pending_key_is_replaced_at_once_and_can_no_longer_be_enabled() -> None:
    first = make_clave(CUIL, level=None)
    second = make_clave(CUIL, level=None)
    with pytest.raises(MoveNotAllowed):
        first.enable_in_office(trail=system())
    assert (state_of(first), state_of(second)) == (State.REPLACED, State.PENDING)


@pytest.mark.parametrize("level", [2, 3])
def test_taking_a_replacement_back_restores_the_old_key_at_its_level_and_revokes_the_new_one(
    level: int,
) -> None:
    old = make_clave(CUIL, level=level)
    new = make_clave(CUIL)
    old.restore(trail=system())
    assert live_keys() == [old]
    assert (old.level, state_of(new)) == (level, State.REVOKED)
    told = list(ClaveEvent.objects.order_by("-seq").values_list("kind", "clave_number", "target")[:2])
    assert told == [
        (Move.RESTORE, old.pk, f"level_{level}"),
        (Move.REVOKE, new.pk, State.REVOKED),
    ]
    assert list(broken_events()) == []


def test_a_key_raised_before_it_was_replaced_comes_back_as_what_it_was_then() -> None:
    old = make_clave(CUIL, level=2)
    old.raise_level(trail=system())
    make_clave(CUIL)
    old.restore(trail=system())
    assert old.level == 3


def test_a_new_key_that_an_office_gave_level_3_is_not_undone() -> None:
    old = make_clave(CUIL)
    new = make_clave(CUIL, level=3)
    with pytest.raises(MoveNotAllowed):
        old.restore(trail=system())
    assert live_keys() == [new]


def test_a_pending_key_that_was_replaced_cannot_be_restored() -> None:
    pending = make_clave(CUIL, level=None)
    new = make_clave(CUIL)
    told = ClaveEvent.objects.count()
    with pytest.raises(MoveNotAllowed):
        pending.restore(trail=system())
    assert live_keys() == [new]
    assert state_of(pending) == State.REPLACED
    assert ClaveEvent.objects.count() == told


def test_what_was_taken_back_once_can_be_replaced_and_taken_back_again() -> None:
    old = make_clave(CUIL, level=3)
    for _ in range(2):
        new = make_clave(CUIL)
        Clave.objects.get(pk=old.pk).restore(trail=system())
        assert [key.pk for key in live_keys()] == [old.pk]
        assert state_of(new) == State.REVOKED


def test_a_key_that_is_live_already_is_not_restored_and_stays_live() -> None:
    old = make_clave(CUIL)
    make_clave(CUIL)
    old.restore(trail=system())
    with pytest.raises(MoveNotAllowed):
        old.restore(trail=system())
    assert [key.pk for key in live_keys()] == [old.pk]


def test_the_revoked_newer_key_stays_revoked_for_good() -> None:
    old = make_clave(CUIL)
    new = make_clave(CUIL)
    old.restore(trail=system())
    with pytest.raises(MoveNotAllowed):
        new.restore(trail=system())
    assert [key.pk for key in live_keys()] == [old.pk]


def test_restoring_touches_nobody_else_s_key() -> None:
    other = make_clave(make_cuil(20222333))
    old = make_clave(CUIL)
    make_clave(CUIL)
    old.restore(trail=system())
    assert state_of(other) == State.LEVEL_2


def test_a_key_lost_and_remade_many_times_leaves_exactly_one_live() -> None:
    for _ in range(4):
        make_clave(CUIL, level=None)
        last = make_clave(CUIL)
    assert live_keys() == [last]
    assert Clave.objects.filter(cuil=CUIL).count() == 8
