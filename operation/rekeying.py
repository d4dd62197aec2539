"""Which data key is still needed, and for what."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from accounts.certificates import Certificate
from accounts.events import events_by_key
from guards.keyed import data_keys
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
    keys = data_keys()
    for number, events in sorted(events_by_key().items()):
        if number > 0:
            yield Need(keys[number].setting, "eventos", events, "quedan con su clave para siempre")
        if number < 0:
            yield Need("", "eventos", events, "no se pueden verificar")


def _in_column(rows: QuerySet, column: str, things: str, how_it_ends: str) -> Iterator[Need]:
    ours, *before = data_keys()
    rest = rows.exclude(**{f"{column}__startswith": ours.mark}).count()
    for key in before:
        if number := rows.filter(**{f"{column}__startswith": key.mark}).count():
            rest -= number
            ends = f"{how_it_ends}; nada se abre con eso" if key.retired else how_it_ends
            yield Need(key.setting, things, number, ends)
    if rest:
        yield Need("", things, rest, how_it_ends)
