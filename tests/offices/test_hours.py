"""When somebody answers the telephone: by the clock of Argentina, its holidays included."""

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.http import HttpRequest
from hypothesis import given
from hypothesis import strategies as st

from journeys.context import portal
from offices.holidays import national_holidays
from offices.hours import Hours, InvalidHours, Line

WEEKDAYS = Hours.parse("lunes a viernes de 8 a 20")


def said(moment: str, hours: Hours = WEEKDAYS, *closed: date) -> str:
    return Line(hours, frozenset(closed)).now(datetime.fromisoformat(moment))


# --- Open or closed -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        ("2026-11-24 07:59:59", "Ahora está cerrado. Abre hoy a las 8."),
        ("2026-11-24 08:00:00", "Ahora está abierto, hasta las 20."),
        ("2026-11-24 19:59:59", "Ahora está abierto, hasta las 20."),
        ("2026-11-24 20:00:00", "Ahora está cerrado. Abre mañana a las 8."),
        ("2026-11-25 00:30:00", "Ahora está cerrado. Abre hoy a las 8."),
        ("2026-11-27 21:00:00", "Ahora está cerrado. Abre el lunes a las 8."),  # Friday night
        ("2026-11-28 11:00:00", "Ahora está cerrado. Abre el lunes a las 8."),  # Saturday
        ("2026-11-29 11:00:00", "Ahora está cerrado. Abre mañana a las 8."),  # Sunday
    ],
)
def test_it_says_whether_somebody_answers_and_when_next(moment: str, sentence: str) -> None:
    assert said(moment) == sentence


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        ("2027-05-25 10:00", "Hoy es feriado. Abre mañana a las 8."),  # fixed, a Tuesday
        ("2026-11-23 10:00", "Hoy es feriado. Abre mañana a las 8."),  # moved to a Monday
        ("2026-11-20 10:00", "Ahora está abierto, hasta las 20."),  # where it was moved from
        ("2026-04-03 10:00", "Hoy es feriado. Abre el lunes a las 8."),  # Good Friday
        ("2026-12-04 20:00", "Ahora está cerrado. Abre el miércoles a las 8."),  # bridge, then a holiday
        ("2026-12-31 20:00", "Ahora está cerrado. Abre el lunes a las 8."),  # over the turn of the year
    ],
)
def test_on_a_national_holiday_nobody_answers(moment: str, sentence: str) -> None:
    assert said(moment) == sentence


def test_a_telephone_that_works_on_holidays_says_so() -> None:
    hours = Hours.parse("todos los días de 0 a 24; también feriados")
    assert str(hours) == "Todos los días de 0 a 24 hs. También feriados."
    assert said("2027-05-25 03:00", hours) == "Ahora está abierto."


def test_on_a_day_that_the_office_names_nobody_answers_either() -> None:
    assert (
        said("2026-11-24 10:00", WEEKDAYS, date(2026, 11, 24)) == "Ahora está cerrado. Abre mañana a las 8."
    )


def test_what_is_a_week_away_is_said_with_its_date() -> None:
    mondays = Hours.parse("lunes de 13 a 14")
    assert said("2026-11-23 09:00", mondays) == "Hoy es feriado. Abre el lunes 30 de noviembre a las 13."
    assert said("2026-11-24 09:00", mondays) == "Ahora está cerrado. Abre el lunes a las 13."


def test_where_it_never_opens_again_soon_nothing_is_promised() -> None:
    closed = {date(2026, 12, day) for day in range(1, 32)} | {date(2026, 11, 24), date(2026, 11, 30)}
    assert said("2026-11-24 09:00", Hours.parse("lunes y martes de 8 a 9"), *closed) == "Ahora está cerrado."


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        ("2026-11-24 11:00", "Ahora está abierto, hasta las 12:30."),
        ("2026-11-24 12:30", "Ahora está cerrado. Abre hoy a las 16."),
        ("2026-11-27 20:00", "Ahora está cerrado. Abre mañana a la 1."),
        ("2026-11-28 01:20", "Ahora está abierto, hasta la 1:30."),
    ],
)
def test_a_day_may_have_a_pause_and_saturday_hours_of_its_own(moment: str, sentence: str) -> None:
    hours = Hours.parse("lunes a viernes de 8 a 12:30 y de 16 a 20; sábados de 1 a 1:30")
    assert said(moment, hours) == sentence


def test_pages_go_by_the_clock_of_argentina() -> None:
    """23:30 in Greenwich is 20:30 in Buenos Aires: closed; 22:30 is 19:30."""
    portal_now = lambda: portal(HttpRequest())["portal"].phone_now  # noqa: E731
    with time_machine.travel(datetime(2026, 11, 24, 23, 30, tzinfo=UTC), tick=False):
        assert portal_now() == "Ahora está cerrado. Abre mañana a las 8."
    with time_machine.travel(datetime(2026, 11, 24, 22, 30, tzinfo=UTC), tick=False):
        assert portal_now() == "Ahora está abierto, hasta las 20."


# --- Holidays -----------------------------------------------------------------------------------


def test_the_holidays_are_those_of_the_law_and_of_the_decree_of_the_year() -> None:
    of_2026 = national_holidays(2026)
    assert {date(2026, 1, 1), date(2026, 5, 1), date(2026, 7, 9), date(2026, 12, 25)} <= of_2026  # fixed
    assert {date(2026, 2, 16), date(2026, 2, 17), date(2026, 4, 3)} <= of_2026  # by Easter
    assert {date(2026, 6, 15), date(2026, 10, 12)} <= of_2026  # moved, or on their own Monday
    assert {date(2026, 3, 23), date(2026, 7, 10), date(2026, 12, 7)} <= of_2026  # bridges
    assert date(2026, 11, 24) not in of_2026


def test_the_library_of_holidays_is_loaded_when_somebody_asks_and_not_before() -> None:
    code = "import django, sys; django.setup(); import clave_portal.urls; print('holidays' in sys.modules)"
    run = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], cwd=Path(settings.BASE_DIR), capture_output=True, text=True, check=True,
        env={"DJANGO_SETTINGS_MODULE": "clave_portal.settings", "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert run.stdout.strip() == "False"


# --- Reading the setting ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("lunes a viernes de 8 a 20", "Lunes a viernes de 8 a 20 hs."),
        ("Lunes a viernes de 8 a 20 hs.", "Lunes a viernes de 8 a 20 hs."),
        ("LUNES A VIERNES, DE 08:00 A 20:00 HS", "Lunes a viernes de 8 a 20 hs."),
        ("lunes, miercoles y viernes de 8 a 12", "Lunes, miércoles y viernes de 8 a 12 hs."),
        ("lunes a jueves y sábado de 9 a 9:05", "Lunes a jueves y sábados de 9 a 9:05 hs."),
        ("domingos de 0 a 24", "Domingos de 0 a 24 hs."),
        (
            "lunes a viernes de 8 a 12 y de 16 a 20 hs.; sábado de 9:30 a 13",
            "Lunes a viernes de 8 a 12 y de 16 a 20 hs. Sábados de 9:30 a 13 hs.",
        ),
    ],
)
def test_the_sentence_shown_is_made_from_what_was_understood(written: str, text: str) -> None:
    hours = Hours.parse(written)
    assert str(hours) == text
    assert Hours.parse("; ".join(text.removesuffix(".").split(". "))) == hours


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "no dice días y horas"),
        ("siempre", "no dice días y horas"),
        ("lunes a viernes", "no dice días y horas"),
        ("monday de 8 a 20", "«monday» no es un día"),
        ("lunes a viernes de 8", "no son dos horas"),
        ("lunes a viernes de 20 a 8", "no va de una hora a otra del mismo día"),
        ("lunes a viernes de 8 a 8", "no va de una hora a otra del mismo día"),
        ("lunes a viernes de 8 a 25", "no va de una hora a otra del mismo día"),
        ("lunes a viernes de 8:60 a 20", "«8:60» no es una hora"),
        ("viernes a lunes de 8 a 20", "va para atrás"),
        ("lunes a viernes de 8 a 20; lunes de 19 a 21", "dos veces la misma hora del lunes"),
        ("lunes a viernes de 8 a 20;", "no dice días y horas"),
        ("también feriados", "no dice ningún día"),
    ],
)
def test_hours_that_make_no_sense_are_refused_with_the_reason(written: str, why: str) -> None:
    with pytest.raises(InvalidHours, match=why):
        Hours.parse(written)


@given(st.text(alphabet="lunesviratod áéí0123456789:;,.h", max_size=40))
def test_whatever_is_written_is_understood_or_refused(written: str) -> None:
    try:
        hours = Hours.parse(written)
    except InvalidHours:
        return
    assert Line(hours).now(datetime(2026, 11, 24, 10, 0))  # noqa: DTZ001 - a local time
