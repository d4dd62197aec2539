"""Ninety calendar days, the last one included, as they are counted in Buenos Aires.

Civil and Commercial Code, article 6: the first day is not counted, the term ends at 24:00 of its last.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import LazySettings

from accounts.lifecycle import MoveNotAllowed, State
from accounts.models import Clave, ClaveEvent
from tests.builders import make_clave, make_cuil, system

CUIL = make_cuil(30111222)
HERE = ZoneInfo("America/Argentina/Buenos_Aires")
SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.django_db

# created (UTC), last day, first instant at which it is over (UTC)
TERMS = [
    (datetime(2026, 1, 15, 2, 59, 59, tzinfo=UTC), date(2026, 4, 14), datetime(2026, 4, 15, 3, tzinfo=UTC)),
    (datetime(2026, 1, 15, 3, 0, 0, tzinfo=UTC), date(2026, 4, 15), datetime(2026, 4, 16, 3, tzinfo=UTC)),
    (datetime(2024, 12, 1, 12, 0, tzinfo=UTC), date(2025, 3, 1), datetime(2025, 3, 2, 3, tzinfo=UTC)),
    (datetime(2023, 11, 30, 23, 30, tzinfo=UTC), date(2024, 2, 28), datetime(2024, 2, 29, 3, tzinfo=UTC)),
    # Summer time of that year: Buenos Aires was two hours behind UTC when the key was made.
    (datetime(2008, 12, 30, 12, 0, tzinfo=UTC), date(2009, 3, 30), datetime(2009, 3, 31, 3, tzinfo=UTC)),
]


def pending_made(at: datetime) -> Clave:
    with time_machine.travel(at, tick=False):
        return make_clave(CUIL, level=None)


def try_at(moment: datetime, move: str, clave: Clave) -> bool:
    with time_machine.travel(moment, tick=False):
        try:
            getattr(Clave.objects.get(pk=clave.pk), move)(trail=system())
        except MoveNotAllowed:
            return False
    return True


@pytest.mark.parametrize(("made", "last_day", "over"), TERMS)
def test_the_last_day_is_ninety_local_days_after_the_day_it_was_made(
    made: datetime, last_day: date, over: datetime
) -> None:
    clave = pending_made(made)
    assert clave.deadline == last_day
    assert (last_day - made.astimezone(HERE).date()).days == 90


@pytest.mark.parametrize(("made", "last_day", "over"), TERMS)
@pytest.mark.parametrize("move", ["enable_online", "enable_in_office"])
def test_it_may_be_enabled_until_midnight_of_the_last_day_and_not_a_second_longer(
    made: datetime, last_day: date, over: datetime, move: str
) -> None:
    clave = pending_made(made)
    assert not try_at(over, move, clave)
    assert Clave.objects.get(pk=clave.pk).state == State.PENDING
    assert try_at(over - SECOND, move, clave)


@pytest.mark.parametrize(("made", "last_day", "over"), TERMS)
def test_it_expires_with_the_first_second_of_the_next_day_and_not_before(
    made: datetime, last_day: date, over: datetime
) -> None:
    clave = pending_made(made)
    assert not try_at(over - SECOND, "expire", clave)
    assert try_at(over, "expire", clave)
    expired = Clave.objects.get(pk=clave.pk)
    assert (expired.state, expired.deadline, expired.password) == (State.EXPIRED, None, "")


@pytest.mark.parametrize(("made", "last_day", "over"), TERMS)
def test_it_is_listed_as_pending_exactly_as_long_whether_or_not_the_purge_has_run(
    made: datetime, last_day: date, over: datetime
) -> None:
    pending_made(made)
    with time_machine.travel(over - SECOND, tick=False):
        assert Clave.objects.pending().exists()
    with time_machine.travel(over, tick=False):
        assert not Clave.objects.pending().exists()


@pytest.mark.parametrize(
    ("day", "clock", "enables", "expires"),
    [
        (89, "23:59:59", True, False),
        (90, "00:00:00", True, False),
        (90, "23:59:59", True, False),
        (91, "00:00:00", False, True),
        (91, "23:59:59", False, True),
        (400, "12:00:00", False, True),
    ],
)
def test_on_each_day_it_can_either_be_enabled_or_expire_never_both_never_neither(
    day: int, clock: str, enables: bool, expires: bool
) -> None:
    made = datetime(2026, 6, 1, 10, 0, tzinfo=HERE)
    moment = datetime.combine(made.date() + timedelta(days=day), time.fromisoformat(clock), HERE)
    assert try_at(moment, "enable_online", pending_made(made)) is enables
    Clave.objects.all().delete()
    assert try_at(moment, "expire", pending_made(made)) is expires


def test_a_key_enabled_late_on_its_last_day_is_not_expired_by_the_next_morning() -> None:
    made, _, over = TERMS[0]
    clave = pending_made(made)
    assert try_at(over - SECOND, "enable_online", clave)
    assert not try_at(over + timedelta(days=1), "expire", clave)
    assert Clave.objects.get(pk=clave.pk).state == State.LEVEL_2


def test_an_enabled_key_never_runs_out() -> None:
    clave = make_clave(CUIL)
    with time_machine.travel(datetime(2060, 1, 1, tzinfo=UTC), tick=False):
        assert list(Clave.objects.live()) == [clave]


def test_a_pending_key_that_ran_out_gives_way_to_a_new_one() -> None:
    made, _, over = TERMS[0]
    old = pending_made(made)
    new = pending_made(over)
    assert Clave.objects.get(pk=old.pk).state == State.EXPIRED
    assert new.state == State.PENDING


def test_a_refused_enabling_leaves_the_live_key_that_it_would_have_replaced() -> None:
    made, _, over = TERMS[0]
    with time_machine.travel(made - timedelta(days=10), tick=False):
        live = make_clave(CUIL)
    pending = pending_made(made)
    told = ClaveEvent.objects.count()
    assert not try_at(over, "enable_online", pending)
    assert Clave.objects.get(pk=live.pk).state == State.LEVEL_2
    assert ClaveEvent.objects.count() == told


def test_the_number_of_days_is_a_setting(settings: LazySettings) -> None:
    settings.PORTAL_PENDING_DAYS = 30
    assert pending_made(TERMS[1][0]).deadline == date(2026, 2, 14)
