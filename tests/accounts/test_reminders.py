"""Reminders 30, 7 and 1 days before the last day: each exactly once, never two at a time."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.delivery import deliver
from accounts.models import Clave
from accounts.reminders import BEFORE, remind
from tests.accounts.mailbox import waiting
from tests.builders import make_clave, make_cuil, system
from tests.racing import at_once

CUIL = make_cuil(30111222)
OWNER = "marta@ejemplo.ar"
HERE = ZoneInfo("America/Argentina/Buenos_Aires")

pytestmark = pytest.mark.django_db


def on_day(before: int, clave: Clave) -> date:
    """So many days before the last one."""
    assert clave.deadline
    return clave.deadline - timedelta(days=before)


def told_on(days: Iterable[int], clave: Clave) -> list[int]:
    """Run on these days before the last one; on which of them a reminder was queued."""
    return [before for before in days if remind(on_day(before, clave))]


def test_a_key_is_reminded_of_thirty_seven_and_one_days_before_its_last_and_never_else() -> None:
    clave = make_clave(CUIL, level=None, email=OWNER)
    assert told_on(range(89, -3, -1), clave) == [30, 7, 1]
    assert waiting() == ["pending", "reminder", "reminder", "reminder"]


def test_a_reminder_names_the_last_day_and_what_to_bring() -> None:
    with time_machine.travel(datetime(2025, 11, 23, 12, tzinfo=HERE)):
        clave = make_clave(CUIL, level=None, email=OWNER)
    with time_machine.travel(datetime(2026, 1, 22, 6, tzinfo=HERE)):
        remind(on_day(30, clave))
        deliver()
    reminder = mail.outbox[-1]
    assert "21 de febrero de 2026" in reminder.body
    assert "DNI" in reminder.body


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ([30, 30, 30], [30]),
        ([29, 28], [29]),
        ([8, 7], [8, 7]),
        ([6, 5], [6]),
        ([3, 1], [3, 1]),
        ([1, 0], [1]),
        ([0], [0]),
        ([-1, -2], []),
        ([31], []),
    ],
)
def test_a_day_without_a_run_is_made_up_for_with_the_nearest_reminder_only(
    days: list[int], told: list[int]
) -> None:
    clave = make_clave(CUIL, level=None, email=OWNER)
    assert told_on(days, clave) == told


@pytest.mark.parametrize(
    ("term", "told"),
    [(90, [30, 7, 1]), (31, [30, 7, 1]), (30, [7, 1]), (8, [7, 1]), (7, [1]), (5, [1]), (1, [])],
)
def test_a_shorter_term_skips_the_reminders_that_would_come_with_the_key_itself(
    settings: LazySettings, term: int, told: list[int]
) -> None:
    settings.PORTAL_PENDING_DAYS = term
    clave = make_clave(CUIL, level=None, email=OWNER)
    assert told_on(range(term, -1, -1), clave) == told


@hypothesis_settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(days=st.lists(st.integers(min_value=-3, max_value=89), max_size=40))
def test_whenever_the_command_ran_or_did_not_nobody_gets_a_reminder_twice(days: list[int]) -> None:
    clave = make_clave(CUIL, level=None, email=OWNER)
    told = told_on(sorted(days, reverse=True), clave)
    due = [next((n for n in BEFORE if before <= n), None) for before in told]
    assert len(set(due)) == len(due)
    assert set(told) <= set(days) & set(range(31))
    # Whoever could be reminded was: the nearest reminder of every day with a run was given by then.
    for before in {day for day in days if 0 <= day <= max(BEFORE)}:
        assert next(n for n in BEFORE if before <= n) in due


@pytest.mark.parametrize("move", ["enable_online", "enable_in_office", "revoke"])
def test_whoever_need_not_act_is_not_reminded(move: str) -> None:
    clave = make_clave(CUIL, level=None, email=OWNER)
    day = on_day(7, clave)
    getattr(clave, move)(trail=system())
    assert remind(day) == 0


def test_a_key_without_an_address_is_passed_over() -> None:
    clave = make_clave(CUIL, level=None, email="")
    assert told_on(range(31, -1, -1), clave) == []


def test_a_new_key_starts_its_own_reminders() -> None:
    first = make_clave(CUIL, level=None, email=OWNER)
    assert told_on([30, 7], first) == [30, 7]
    second = make_clave(CUIL, level=None, email=OWNER)
    assert told_on([30, 7, 1], second) == [30, 7, 1]


def test_a_reminder_whose_day_passed_in_the_queue_is_not_sent() -> None:
    clave = make_clave(CUIL, level=None, email="")
    Clave.objects.filter(pk=clave.pk).update(email=OWNER)
    remind(on_day(1, clave))
    last_second = datetime.combine(on_day(-1, clave), datetime.min.time(), HERE) - timedelta(seconds=1)
    with time_machine.travel(last_second + timedelta(seconds=2)):
        deliver()
    assert mail.outbox == []
    with time_machine.travel(last_second, tick=False):
        deliver()
    assert len(mail.outbox) == 1


def test_the_command_says_how_many_and_a_second_run_sends_none(capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(3):
        clave = make_clave(make_cuil(31000000 + number), level=None, email=OWNER)
    noon = datetime.combine(on_day(7, clave), datetime.min.time(), HERE) + timedelta(hours=12)
    with time_machine.travel(noon):
        call_command("send_notices")
        assert "Recordatorios nuevos: 3. Correos enviados: 6. En cola: 0." in capsys.readouterr().out
        call_command("send_notices")
        assert "Recordatorios nuevos: 0. Correos enviados: 0. En cola: 0." in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_of_three_runs_at_once_each_reminder_comes_out_of_one() -> None:
    for number in range(40):
        clave = make_clave(make_cuil(31000000 + number), level=None, email=f"n{number}@ejemplo.ar")
    day = on_day(7, clave)
    at_once(*[partial(remind, day)] * 3)
    remind(day)
    assert waiting().count("reminder") == 40
    assert timezone.localdate() < day
