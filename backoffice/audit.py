"""Reading the audit: which events, newest first, and in plain words.

Pages and files go on after the last event they told, so that the last page of a million costs what the
first does, and nothing ever counts them all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.events import OFFICE_CHAIN, ClaveEvent, Note
from accounts.evidence import in_words
from accounts.lifecycle import Move
from identity.cuil import Cuil
from offices.models import Office

PAGE = 50
_FILE_BATCH = 2000


@dataclass(frozen=True)
class Filter:
    """Which events. What is empty does not matter; both days are included."""

    cuil: str = ""
    staff_id: int | None = None
    office: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None

    def events(self) -> QuerySet[ClaveEvent]:
        """Newest first. Each condition has its index (accounts/events.py)."""
        conditions: dict[str, Any] = {
            "cuil": self.cuil,
            "staff_id": self.staff_id,
            "office": self.office,
            "kind": self.kind,
            "at__gte": self.since and _midnight(self.since),
            "at__lt": self.until and _midnight(self.until + timedelta(days=1)),
        }
        given = {name: value for name, value in conditions.items() if value not in {"", None}}
        if self.office:
            given["staff_id__isnull"] = False  # nobody else has an office, and the index is theirs
        return ClaveEvent.objects.filter(**given).order_by("-at", "-pk")

    @property
    def told(self) -> dict[str, Any]:
        """As evidence of who read what. The CUIL is not in it: the event stands in that CUIL's chain."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in values.items()
            if value and name != "cuil"
        }


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def page_of(chosen: Filter, before: int | None) -> tuple[list[ClaveEvent], int | None]:
    """Fifty events older than that of number `before`, and the number after which there are more."""
    events = chosen.events()
    last = ClaveEvent.objects.filter(pk=before).first() if before is not None else None
    if last is not None:
        events = events.filter(_older_than(last))
    page = list(events[: PAGE + 1])
    return page[:PAGE], page[PAGE - 1].pk if len(page) > PAGE else None


def _older_than(event: ClaveEvent) -> Q:
    """In the order of the list. The first condition alone tells the database where to start."""
    return Q(at__lte=event.at) & (Q(at__lt=event.at) | Q(pk__lt=event.pk))


def newest() -> ClaveEvent | None:
    """Where a file begins: made again from that event on, it is the same file."""
    return Filter().events().first()


def all_of(chosen: Filter, newest: ClaveEvent | None) -> Iterator[list[ClaveEvent]]:
    """Batches from that event on, each a query of its own: no transaction stays open while a file is sent."""
    if newest is None:
        return
    rest = Q(at__lte=newest.at) & (Q(at__lt=newest.at) | Q(pk__lte=newest.pk))
    while batch := list(chosen.events().filter(rest)[:_FILE_BATCH]):
        yield batch
        rest = _older_than(batch[-1])


@dataclass(frozen=True)
class Line:
    """One event in words, in the order of the columns."""

    number: int
    at: str
    cuil: str
    what: str
    clave: str
    change: str
    who: str
    employee: str
    office: str
    address: str
    seen: list[tuple[str, str]]

    @property
    def cells(self) -> list[str | int]:
        told = [getattr(self, field.name) for field in fields(self) if field.name != "seen"]
        return [*told, "; ".join(f"{label}: {value}" for label, value in self.seen)]


COLUMNS = (
    "Evento", "Cuándo", "CUIL", "Qué pasó", "Clave", "Cambio", "Quién", "Empleado", "Oficina",
    "Dirección de red", "Constancias",
)  # fmt: skip


# Evidence that holds the number of a user of the office.
_USERS = ("employee", "staff_id", "proposed_by")
_KINDS = dict([*Move.choices, *Note.choices])


class InWords:
    """Tells events. Offices are read once, employees as they turn up: two queries a page."""

    def __init__(self, deeds: Mapping[str, str] | None = None) -> None:
        """`deeds`: their names, by slug."""
        self._offices = dict(Office.objects.values_list("code", "name"))
        self._staff: dict[int, str] = {}
        self._deeds = deeds or {}

    def tell(self, events: Sequence[ClaveEvent]) -> list[Line]:
        self._meet(events)
        return [self._line(event) for event in events]

    def _meet(self, events: Sequence[ClaveEvent]) -> None:
        numbers = {event.staff_id for event in events}
        numbers |= {event.evidence.get(name) for event in events for name in _USERS}
        unknown = {number for number in numbers if isinstance(number, int)} - self._staff.keys()
        if unknown:
            users = get_user_model().objects.filter(pk__in=unknown)
            self._staff |= {number: f"empleado {number}" for number in unknown}
            self._staff |= dict(users.values_list("pk", "username"))

    def _seen(self, event: ClaveEvent) -> list[tuple[str, str]]:
        staff = {str(number): name for number, name in self._staff.items()}
        words = {"kind": _KINDS, "office": self._offices, "deed": self._deeds, **dict.fromkeys(_USERS, staff)}
        return list(in_words(event.evidence, words))

    def _line(self, event: ClaveEvent) -> Line:
        states = [event.get_source_display(), event.get_target_display()]
        return Line(
            number=event.pk,
            at=f"{timezone.localtime(event.at):%d/%m/%Y %H:%M:%S}",
            cuil="" if event.cuil == OFFICE_CHAIN else Cuil(event.cuil).formatted,
            what=event.get_kind_display(),
            clave="" if event.clave_number is None else str(event.clave_number),
            change=" → ".join(filter(None, states)),
            who=event.get_actor_display(),
            employee="" if event.staff_id is None else self._staff[event.staff_id],
            office=self._offices.get(event.office, event.office),
            address=event.address,
            seen=self._seen(event),
        )
