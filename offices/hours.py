"""Hours that people read and the portal understands: «lunes a viernes de 8 a 20; sábados de 9:30 a 13».

Read once, at the start; the sentence that is shown is made from what was understood.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.utils.formats import date_format

from guards.spelling import same
from offices.holidays import national_holidays

DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_PLACE = {same(day): place for place, day in enumerate(DAYS)} | {"sabados": 5, "domingos": 6}
_PART = re.compile(r"(?P<days>\D+?),? de (?P<spans>\d.*?)(?: ?hs\.?)?")
_SPAN = re.compile(r"(\d{1,2})(?::(\d\d))? a (\d{1,2})(?::(\d\d))?")
_MIDNIGHT = 24 * 60
# A holiday, a weekend and a bridge never make a longer pause; past it the telephone is simply closed.
_LOOK_AHEAD_DAYS = 31


class InvalidHours(ValueError):
    """The hours cannot be understood. The message says why."""


@dataclass(frozen=True)
class Span:
    """From `opens` until just before `closes`, in minutes of the day (closes: at most 1440)."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"de {_clock(self.opens)} a {_clock(self.closes)}"


@dataclass(frozen=True)
class _Part:
    """The same spans on some days of the week. `days`: first and last, 0 = Monday."""

    days: tuple[tuple[int, int], ...]
    spans: tuple[Span, ...]

    def __str__(self) -> str:
        names = "todos los días" if self.days == ((0, 6),) else _listed([_named(*pair) for pair in self.days])
        return f"{names} {_listed([str(span) for span in self.spans])} hs."

    def covers(self, day: date) -> bool:
        return any(first <= day.weekday() <= last for first, last in self.days)


@dataclass(frozen=True)
class Hours:
    """A week of hours. str() gives the sentence for people."""

    parts: tuple[_Part, ...]
    on_holidays: bool = False

    @classmethod
    def parse(cls, text: str) -> "Hours":
        """Read «lunes a viernes de 8 a 12 y de 16 a 20; sábados de 9:30 a 13; también feriados».

        Raises:
            InvalidHours: with a sentence for whoever wrote it.
        """
        said = [" ".join(part.split()).casefold() for part in text.split(";")]
        on_holidays = same(said[-1]) == "tambienferiados"
        parts = tuple(_part(part) for part in (said[:-1] if on_holidays else said))
        if not parts:
            raise InvalidHours("no dice ningún día")
        _refuse_overlaps(parts)
        return cls(parts, on_holidays)

    def __str__(self) -> str:
        sentences = " ".join(str(part).capitalize() for part in self.parts)
        return f"{sentences} También feriados." if self.on_holidays else sentences

    def spans(self, day: date) -> list[Span]:
        """Of that day of the week, in their order."""
        found = [span for part in self.parts if part.covers(day) for span in part.spans]
        return sorted(found, key=lambda span: span.opens)


@dataclass(frozen=True)
class Line:
    """A telephone: its hours, and the days on which nobody answers besides the national holidays."""

    hours: Hours
    closed: frozenset[date] = frozenset()

    def now(self, moment: datetime) -> str:
        """Whether somebody answers at `moment` (local time), or when next: one or two sentences."""
        minute = moment.hour * 60 + moment.minute
        open_span = next((s for s in self._spans(moment.date()) if s.opens <= minute < s.closes), None)
        if open_span is None:
            return f"{self._why_closed(moment.date())} {self._next(moment.date(), minute)}".strip()
        until = "" if open_span.closes == _MIDNIGHT else f", hasta {_at(open_span.closes)}"
        return f"Ahora está abierto{until}."

    def _spans(self, day: date) -> list[Span]:
        return [] if day in self.closed or self._is_holiday(day) else self.hours.spans(day)

    def _is_holiday(self, day: date) -> bool:
        return not self.hours.on_holidays and day in national_holidays(day.year)

    def _why_closed(self, day: date) -> str:
        return "Hoy es feriado." if self._is_holiday(day) else "Ahora está cerrado."

    def _next(self, today: date, minute: int) -> str:
        for ahead in range(_LOOK_AHEAD_DAYS):
            day = today + timedelta(days=ahead)
            for span in self._spans(day):
                if ahead or span.opens > minute:
                    return f"Abre {_day(day, ahead)} a {_at(span.opens)}."
        return ""


# --- Reading ------------------------------------------------------------------------------------


def _part(text: str) -> _Part:
    found = _PART.fullmatch(text)
    if found is None:
        raise InvalidHours(f"«{text}» no dice días y horas")
    days = tuple(_days(item) for item in re.split(r", | y ", found["days"]))
    return _Part(days, tuple(_span(item) for item in re.split(r" y de ", found["spans"])))


def _days(text: str) -> tuple[int, int]:
    if same(text) == "todoslosdias":
        return 0, 6
    first, _, last = text.partition(" a ")
    try:
        place, until = _PLACE[same(first)], _PLACE[same(last or first)]
    except KeyError as error:
        raise InvalidHours(f"«{text}» no es un día, ni dos unidos por «a»") from error
    if place > until:
        raise InvalidHours(f"«{text}» va para atrás")
    return place, until


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise InvalidHours(f"«{text}» no son dos horas unidas por «a»")
    opens, closes = (_minutes(hour, minute) for hour, minute in (found.group(1, 2), found.group(3, 4)))
    if not opens < closes <= _MIDNIGHT:
        raise InvalidHours(f"«{text}» no va de una hora a otra del mismo día")
    return Span(opens, closes)


def _minutes(hour: str, minute: str | None) -> int:
    if int(minute or 0) > 59:
        raise InvalidHours(f"«{hour}:{minute}» no es una hora")
    return int(hour) * 60 + int(minute or 0)


def _refuse_overlaps(parts: tuple[_Part, ...]) -> None:
    monday = date(2024, 1, 1)
    for place, name in enumerate(DAYS):
        spans = Hours(parts).spans(monday + timedelta(days=place))
        if any(later.opens < earlier.closes for earlier, later in pairwise(spans)):
            raise InvalidHours(f"dice dos veces la misma hora del {name}")


# --- Saying -------------------------------------------------------------------------------------


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}" if minute else str(hour)


def _at(minutes: int) -> str:
    return f"la{'s' * (minutes // 60 != 1)} {_clock(minutes)}"


def _named(first: int, last: int) -> str:
    if first != last:
        return f"{DAYS[first]} a {DAYS[last]}"
    return DAYS[first] if DAYS[first].endswith("s") else f"{DAYS[first]}s"


def _listed(items: list[str]) -> str:
    return " y ".join(filter(None, [", ".join(items[:-1]), items[-1]]))


def _day(day: date, ahead: int) -> str:
    """How one speaks of a day: today, tomorrow, by its name, and from a week on with its date."""
    if ahead < 2:
        return ("hoy", "mañana")[ahead]
    return f"el {DAYS[day.weekday()]}" if ahead < 7 else date_format(day, r"\e\l l j \d\e F")
