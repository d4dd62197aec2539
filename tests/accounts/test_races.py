"""Two things at the same moment: exactly one of them happens, and nothing acknowledged is lost."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts import models
from accounts.events import ClaveEvent, broken_events
from accounts.lifecycle import Move, MoveNotAllowed, State
from accounts.models import Clave, User, secret_matches
from tests.builders import PASSWORD, make_clave, make_cuil, system
from tests.racing import at_once, failures

CUIL = make_cuil(30111222)
ROUNDS = 12

pytestmark = pytest.mark.django_db(transaction=True)
_HASH = make_password(PASSWORD)


class ClockOfEachThread:
    """Stands for django.utils.timezone: each thread may live on a day of its own."""

    def __init__(self) -> None:
        self.of_this_thread = threading.local()

    def localdate(self) -> date:
        return getattr(self.of_this_thread, "day", timezone.localdate())

    def now(self) -> Any:
        return timezone.now()

    def on(self, day: date, job: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            self.of_this_thread.day = day
            return job()

        return run


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> ClockOfEachThread:
    clock = ClockOfEachThread()
    monkeypatch.setattr(models, "timezone", clock)
    return clock


def copy(clave: Clave) -> Clave:
    return Clave.objects.get(pk=clave.pk)


def by_another(clave: Clave, move: str) -> Callable[[], None]:
    """This move, made with a copy of the key that was read before."""
    return partial(getattr(copy(clave), move), trail=system())


@pytest.mark.parametrize("enable", ["enable_online", "enable_in_office"])
def test_enabling_at_the_last_second_against_the_purge_has_exactly_one_winner(
    clock: ClockOfEachThread, enable: str
) -> None:
    """One server's clock still says the last day, the other's already the next one."""
    for number in range(ROUNDS):
        clave = make_clave(make_cuil(31000000 + number), level=None)
        last_day = clave.deadline
        enabled, expired = at_once(
            clock.on(last_day, by_another(clave, enable)),
            clock.on(last_day + timedelta(days=1), by_another(clave, "expire")),
        )
        assert failures([enabled, expired], MoveNotAllowed) == 1
        winner = "expire" if enabled else "enable"
        told = ClaveEvent.objects.filter(clave_number=clave.pk).order_by("-seq")
        assert [told[0].kind, told.count()] == [Move(enable if winner == "enable" else "expire"), 2]
        assert copy(clave).state == told[0].target
        if winner == "enable":
            assert secret_matches(PASSWORD, copy(clave))
    assert list(broken_events()) == []


def test_of_four_clerks_who_raise_one_key_at_once_one_does() -> None:
    for number in range(40):
        clave = make_clave(make_cuil(31000000 + number))
        outcomes = at_once(*[by_another(clave, "raise_level") for _ in range(4)])
        assert failures(outcomes, MoveNotAllowed) == 3
        assert copy(clave).state == State.LEVEL_3
        assert ClaveEvent.objects.filter(clave_number=clave.pk, kind=Move.RAISE_LEVEL).count() == 1


@pytest.mark.parametrize(
    ("create", "state"), [("create_verified", State.LEVEL_2), ("create_pending", State.PENDING)]
)
def test_keys_made_at_once_for_one_person_leave_one_and_replace_the_others(create: str, state: State) -> None:
    content = {"password_hash": _HASH, "policies": ("2019", timezone.now()), "trail": system()}
    make = partial(getattr(Clave, create), CUIL, **content)
    outcomes = at_once(make, make, make)
    assert failures(outcomes, MoveNotAllowed) == 0
    states = sorted(Clave.objects.filter(cuil=CUIL).values_list("state", flat=True))
    assert states == sorted([state, State.REPLACED, State.REPLACED])
    assert User.objects.filter(cuil=CUIL).count() == 1
    assert list(broken_events()) == []


def test_enabling_and_making_a_new_key_at_once_leave_one_live_key() -> None:
    for number in range(6):
        cuil = make_cuil(31000000 + number)
        pending = make_clave(cuil, level=None)
        content = {"password_hash": _HASH, "policies": ("2019", timezone.now()), "trail": system()}
        outcomes = at_once(
            by_another(pending, "enable_online"),
            partial(Clave.create_verified, cuil, **content),
        )
        failures(outcomes, MoveNotAllowed)
        assert Clave.objects.live().filter(cuil=cuil).count() == 1
        assert not Clave.objects.filter(cuil=cuil, state=State.PENDING).exists()
    assert list(broken_events()) == []


def test_restoring_against_another_replacement_leaves_one_live_key() -> None:
    for number in range(6):
        cuil = make_cuil(31000000 + number)
        old = make_clave(cuil)
        make_clave(cuil)
        content = {"password_hash": _HASH, "policies": ("2019", timezone.now()), "trail": system()}
        outcomes = at_once(
            by_another(old, "restore"),
            partial(Clave.create_verified, cuil, **content),
        )
        assert failures(outcomes, MoveNotAllowed) == 0
        assert Clave.objects.live().filter(cuil=cuil).count() == 1
    assert list(broken_events()) == []


def test_two_purges_at_once_expire_each_key_once(clock: ClockOfEachThread) -> None:
    claves = [make_clave(make_cuil(31000000 + number), level=None) for number in range(6)]
    day_after = claves[0].deadline + timedelta(days=1)

    def purge() -> int:
        done = 0
        for clave in Clave.objects.filter(state=State.PENDING, deadline__lt=day_after):
            try:
                clave.expire(trail=system())
            except MoveNotAllowed:
                continue
            done += 1
        return done

    outcomes = at_once(clock.on(day_after, purge), clock.on(day_after, purge))
    assert failures(outcomes, MoveNotAllowed) == 0
    assert sum(outcomes) == 6
    assert ClaveEvent.objects.filter(kind=Move.EXPIRE).count() == 6
