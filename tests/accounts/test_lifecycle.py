"""Every state × every move: what is in the table happens, and nothing else does."""

from itertools import product
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.events import Actor, ClaveEvent, Trail, broken_events
from accounts.lifecycle import BIRTHS, CURRENT, LIVE, MOVES, Move, MoveNotAllowed, State
from accounts.models import Clave, User, secret_matches
from tests.builders import PASSWORD, make_clave, make_cuil, system

CUIL = make_cuil(30111222)
OFFICE = Trail(Actor.STAFF, "10.0.0.7", staff_id=7, office="UDAI-1", evidence={"document_type": "DU"})

pytestmark = pytest.mark.django_db


def clave_in(state: State) -> Clave:
    """A key that came to this state by its own moves; the only one of its CUIL."""
    level = {State.PENDING: None, State.EXPIRED: None, State.LEVEL_3: 3}.get(state, 2)
    clave = make_clave(CUIL, level=level)
    if state == State.EXPIRED:
        Clave.objects.filter(pk=clave.pk).update(deadline=timezone.localdate().replace(year=2020))
        clave.expire(trail=system())
    if state == State.REPLACED:
        clave.replace(trail=system())
    if state == State.REVOKED:
        clave.revoke(trail=system())
    return Clave.objects.get(pk=clave.pk)


def make_overdue(clave: Clave) -> None:
    """So that expiring depends on the state alone."""
    if clave.state == State.PENDING:
        Clave.objects.filter(pk=clave.pk).update(deadline=timezone.localdate().replace(year=2020))


def row(clave: Clave) -> dict[str, Any]:
    return Clave.objects.filter(pk=clave.pk).values().get()


def events() -> list[ClaveEvent]:
    return list(ClaveEvent.objects.filter(cuil=CUIL).order_by("seq"))


def allowed() -> list[tuple[State, Move]]:
    return [(s, m) for s, m in product(State, MOVES) if s in MOVES[m][0]]


def forbidden() -> list[tuple[State, Move]]:
    return [(s, m) for s, m in product(State, MOVES) if s not in MOVES[m][0]]


def test_the_table_covers_every_pair() -> None:
    assert len(allowed()) + len(forbidden()) == 6 * 7
    assert set(MOVES) | set(BIRTHS) == set(Move)


@pytest.mark.parametrize(("state", "move"), allowed())
def test_an_allowed_move_changes_the_row_and_tells_exactly_one_event(state: State, move: Move) -> None:
    clave = clave_in(state)
    if move is Move.EXPIRE:
        make_overdue(clave)
    before = events()
    getattr(clave, move.value)(trail=OFFICE)

    told = events()[len(before) :]
    target = MOVES[move][1] or State.LEVEL_2
    assert [(e.kind, e.source, e.target) for e in told] == [(move, state, target)]
    assert (told[0].clave_number, told[0].staff_id, told[0].office) == (clave.pk, 7, "UDAI-1")
    assert (told[0].actor, told[0].address, told[0].evidence) == (
        Actor.STAFF, "10.0.0.7", {"document_type": "DU"},
    )  # fmt: skip
    assert row(clave)["state"] == target == clave.state
    assert row(clave)["deadline"] is None
    assert list(broken_events()) == []


@pytest.mark.parametrize(("state", "move"), forbidden())
def test_a_forbidden_move_is_refused_changes_nothing_and_tells_nothing(state: State, move: Move) -> None:
    clave = clave_in(state)
    if move is Move.EXPIRE:
        make_overdue(clave)
    before, told = row(clave), len(events())
    with pytest.raises(MoveNotAllowed):
        getattr(clave, move.value)(trail=OFFICE)
    assert row(clave) == before
    assert clave.state == state
    assert len(events()) == told


@pytest.mark.parametrize(("state", "move"), forbidden())
def test_a_stale_copy_of_a_key_cannot_move_it(state: State, move: Move) -> None:
    """The copy says that the move is allowed; the stored row decides."""
    clave = clave_in(state)
    before, told = row(clave), len(events())
    stale = Clave.objects.get(pk=clave.pk)
    stale.state = sorted(MOVES[move][0])[0]  # what the copy believes
    with pytest.raises(MoveNotAllowed):
        getattr(stale, move.value)(trail=OFFICE)
    assert row(clave) == before
    assert len(events()) == told


def test_of_two_copies_of_one_key_only_the_first_moves_it() -> None:
    first = clave_in(State.LEVEL_2)
    second = Clave.objects.get(pk=first.pk)
    first.raise_level(trail=OFFICE)
    with pytest.raises(MoveNotAllowed):
        second.raise_level(trail=OFFICE)
    second.revoke(trail=OFFICE)
    assert [e.source for e in events()][-1] == State.LEVEL_3  # what was stored, not what it believed


def test_a_refused_move_says_nothing_of_the_person() -> None:
    clave = clave_in(State.REVOKED)
    with pytest.raises(MoveNotAllowed) as refused:
        clave.raise_level(trail=OFFICE)
    assert CUIL not in str(refused.value)
    assert CUIL[2:10] not in str(refused.value)


def test_a_move_whose_transaction_fails_leaves_neither_row_nor_event() -> None:
    clave = clave_in(State.LEVEL_2)
    before, told = row(clave), len(events())

    def raise_and_fail() -> None:
        with transaction.atomic():
            clave.raise_level(trail=OFFICE)
            raise KeyError

    with pytest.raises(KeyError):
        raise_and_fail()
    assert row(clave) == before
    assert len(events()) == told


def test_the_secret_is_erased_when_a_key_expires_or_is_revoked_and_kept_while_it_may_come_back() -> None:
    assert clave_in(State.EXPIRED).password == ""
    assert clave_in(State.REVOKED).password == ""
    assert secret_matches(PASSWORD, clave_in(State.REPLACED))


# --- Births -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "birth"), list(product(State, BIRTHS)))
def test_a_birth_replaces_what_it_should_and_touches_nothing_else(state: State, birth: Move) -> None:
    old = clave_in(state)
    before, told = row(old), len(events())
    new = give_birth(birth, CUIL)
    replaced = state in (CURRENT if birth is Move.CREATE_VERIFIED else {State.PENDING})

    expected = [(Move.REPLACE, old.pk, state, State.REPLACED)] if replaced else []
    expected.append((birth, new.pk, "", BIRTHS[birth]))
    assert [(e.kind, e.clave_number, e.source, e.target) for e in events()[told:]] == expected
    assert row(new)["state"] == BIRTHS[birth]
    assert row(old)["state"] == (State.REPLACED if replaced else state)
    if not replaced:
        assert row(old) == before


def test_a_first_key_makes_its_user_who_is_a_citizen_and_the_second_keeps_it() -> None:
    make_clave(CUIL)
    user = User.objects.get(cuil=CUIL)
    assert (user.is_staff, user.is_superuser) == (False, False)
    make_clave(CUIL)
    assert User.objects.get(cuil=CUIL) == user


def test_two_keys_never_share_the_seal_that_sessions_are_tied_to() -> None:
    assert make_clave(CUIL).seal != make_clave(CUIL).seal


def give_birth(birth: Move, cuil: str) -> Clave:
    content = {"password_hash": _HASH, "policies": ("2019", timezone.now()), "trail": OFFICE}
    make = {Move.CREATE_PENDING: Clave.create_pending, Move.CREATE_VERIFIED: Clave.create_verified}
    return make[birth](cuil, **content)


_HASH = make_password(PASSWORD)


# --- Any order of moves -----------------------------------------------------------------------------


def apply(act: tuple[str, int], claves: list[Clave]) -> None:
    name, which = act
    if name in {Move.CREATE_PENDING, Move.CREATE_VERIFIED}:
        claves.append(give_birth(Move(name), CUIL))
    elif claves:
        getattr(claves[which % len(claves)], name)(trail=OFFICE)


def check_invariants() -> None:
    now = list(states().values())
    assert sum(state in LIVE for state in now) <= 1
    assert now.count(State.PENDING) <= 1
    last_told = {e.clave_number: e.target for e in events()}
    assert last_told == states()
    assert list(broken_events()) == []


@given(acts=st.lists(st.tuples(st.sampled_from(sorted(Move)), st.integers(0, 5)), max_size=12))
@settings(max_examples=80, deadline=None)
def test_no_order_of_moves_ends_with_two_live_keys_or_with_events_that_tell_another_story(
    acts: list[tuple[str, int]],
) -> None:
    point = transaction.savepoint()
    claves: list[Clave] = []
    for act in acts:
        before, told = states(), len(events())
        try:
            apply(act, claves)
        except MoveNotAllowed:
            assert (states(), len(events())) == (before, told)
        check_invariants()
    transaction.savepoint_rollback(point)


def states() -> dict[int, str]:
    return dict(Clave.objects.filter(cuil=CUIL).values_list("pk", "state"))
