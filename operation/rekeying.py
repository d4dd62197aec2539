"""Which data key is still needed, and for what."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from accounts.certificates import Certificate
from accounts.events import events_by_key
from guards.keyed import key_marks, names_of_event_keys, retired_marks
from guards.models import Counter
from identity.models import Person


@dataclass(frozen=True)
class Need:
    """So many things under one key. `key` names its setting; empty: none of those that are set made them, or
    they were written before a mark told their key."""

    key: str
    things: str
    number: int
    how_it_ends: str


def needs() -> Iterator[Need]:
    """Everything that is not under the key in use. Reads every event."""
    tramites = Person.objects.exclude(tramite_hash="")
    yield from _in_column(tramites, "tramite_hash", "números de trámite", "se rehacen al cargar el registro")
    certificates = Certificate.objects.filter(last_day__gte=timezone.localdate())
    yield from _in_column(certificates, "code_hash", "constancias", "vencen solas")
    running = Counter.objects.filter(resets_at__gt=timezone.now())
    yield from _in_column(running, "key", "cuentas de intentos", "terminan solas")
    yield from _events()


def _events() -> Iterator[Need]:
    names = names_of_event_keys()
    for number, events in sorted(events_by_key().items()):
        if number > 0:
            yield Need(names[number], "eventos", events, "quedan con su clave para siempre")
        if number < 0:
            yield Need("", "eventos", events, "no se pueden verificar")


def _in_column(rows: QuerySet, column: str, things: str, how_it_ends: str) -> Iterator[Need]:
    ours, *before = key_marks()
    rest = rows.exclude(**{f"{column}__startswith": ours}).count()
    for mark in before:
        if number := rows.filter(**{f"{column}__startswith": mark}).count():
            rest -= number
            yield Need(key_marks()[mark], things, number, how_it_ends)
    for mark, name in retired_marks().items():
        if number := rows.filter(**{f"{column}__startswith": mark}).count():
            rest -= number
            yield Need(name, things, number, f"{how_it_ends}; nada se abre con eso")
    if rest:
        yield Need("", things, rest, how_it_ends)
