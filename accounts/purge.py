"""What time takes away: pending keys past their last day, secrets that serve nobody, old rows.

In batches, each a transaction of its own: whoever enables or creates a key meanwhile waits for a
batch at most. Run twice at once, or killed and run again, it comes to the same end.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from time import sleep

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.door import pass_through
from accounts.events import Actor, Trail
from accounts.lifecycle import Move, State
from accounts.models import ERASED, Clave, overdue
from guards.locks import nobody_s_turn

# Keys in one transaction. PostgreSQL keeps a place for each lock in a table of some 6400 by default, shared
# by all: 5000 would leave no room for a second run. SQLite writes whole pages to the disk with each.
BATCH = 1000 if connection.vendor == "postgresql" else 2000
# SQLite has no queue: who waits looks again every tenth of a second, and must find the door open once.
_BREATH = 0 if connection.vendor == "postgresql" else 0.12
# One row that fails is a row; this many are a fault of something else.
_GIVE_UP_AFTER = 50

_CLOCKS_APART = timedelta(minutes=5)
# About a ninetieth of the pending keys runs out in a day, even if nobody ever enabled one; a third
# is a month of missed runs, or a wrong clock. Small portals may do as they like.
_ABSURD_SHARE, _ABSURD_COUNT = 3, 1000

_log = logging.getLogger(__name__)


class Refused(Exception):
    """A guard stopped the purge; nothing was changed. The message is a sentence for the operator."""


@dataclass
class Done:
    """How many of each."""

    expired: int = 0
    left_for_later: int = 0
    failed: int = 0
    erased: int = 0
    deleted: int = 0


# --- Guards -------------------------------------------------------------------------------------


def check_clock(today: date) -> None:
    """The machine and the database must agree on the time, and `today` must have come.

    Raises:
        Refused: a wrong clock would expire keys that still have days.
    """
    theirs = _database_now()
    apart = abs(timezone.now() - theirs)
    if apart > _CLOCKS_APART:
        raise Refused(
            f"El reloj de esta máquina y el de la base difieren en {apart.total_seconds() / 60:.0f} minutos."
        )
    if today > timezone.localdate(theirs):
        raise Refused(f"Para la base todavía no es {today:%d/%m/%Y}.")


def check_count(today: date) -> None:
    """The number of keys must be one that days of waiting can bring.

    Raises:
        Refused: so many at once mean a wrong clock or a wrong table.
    """
    due = Clave.objects.filter(overdue(today)).count()
    pending = Clave.objects.filter(state=State.PENDING).count()
    if due > _ABSURD_COUNT and due * _ABSURD_SHARE > pending:
        raise Refused(f"Vencerían {due} de {pending} claves pendientes: más de un tercio.")


def _database_now() -> datetime:
    sql = {
        "postgresql": "SELECT extract(epoch FROM clock_timestamp())",
        "sqlite": "SELECT (julianday('now') - 2440587.5) * 86400.0",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return datetime.fromtimestamp(float(cursor.fetchone()[0]), tz=timezone.get_current_timezone())


# --- What is to be done ---------------------------------------------------------------------------


def expendable_secrets(today: date) -> QuerySet[Clave]:
    """Of replaced keys that «No fui yo» can no longer bring back."""
    since = _midnight(today) - _secret_kept()
    return Clave.objects.filter(state=State.REPLACED, state_since__lt=since).exclude(password="")


def replaced_secret_days() -> int:
    """After how many days at most the secret of a replaced key is gone, the cron job running daily."""
    return -(-_secret_kept() // timedelta(days=1)) + 1


def _secret_kept() -> timedelta:
    """A day more than «No fui yo» is valid, for clocks that differ."""
    return timedelta(hours=settings.PORTAL_DISAVOWAL_HOURS + 24)


def past_retention(today: date) -> QuerySet[Clave]:
    """Expired keys that nobody will ask about any more. Their events stay."""
    since = _midnight(today) - timedelta(days=settings.PORTAL_RETENTION_DAYS)
    return Clave.objects.filter(state=State.EXPIRED, state_since__lt=since)


def forecast(today: date) -> Done:
    """What `purge` would do now. Changes nothing."""
    return Done(
        expired=Clave.objects.filter(overdue(today)).count(),
        erased=expendable_secrets(today).count(),
        deleted=past_retention(today).count(),
    )


def purge(today: date) -> Done:
    """Expire, erase, delete; `today` is the day after the last one of whatever expires."""
    done = Done()
    for numbers in _batches(Clave.objects.filter(overdue(today))):
        _expire(numbers, today, done)
        if done.failed >= _GIVE_UP_AFTER:
            return done
    for numbers in _batches(expendable_secrets(today)):
        done.erased += expendable_secrets(today).filter(pk__in=numbers).update(**ERASED)
    for numbers in _batches(past_retention(today)):
        done.deleted += past_retention(today).filter(pk__in=numbers).delete()[0]
    return done


def numbers_of(rows: QuerySet[Clave]) -> list[int]:
    """The keys' numbers. Sorted here: asked for an order, SQLite walks through all keys in it rather than
    sort the few that the partial index finds.
    """
    return sorted(rows.order_by().values_list("pk", flat=True))


def _batches(rows: QuerySet[Clave]) -> Iterator[list[int]]:
    """The keys as they are now, read once: what is left out does not come up again."""
    numbers = numbers_of(rows)
    for start in range(0, len(numbers), BATCH):
        if start:
            sleep(_BREATH)
        yield numbers[start : start + BATCH]


def _expire(numbers: list[int], today: date, done: Done) -> None:
    """All or none; where that fails each half by itself, down to the row that cannot be expired."""
    try:
        expired, busy = _expire_batch(numbers, today)
    except Exception as error:  # noqa: BLE001 - whatever it is, the others are not to suffer from it
        if done.failed >= _GIVE_UP_AFTER:
            return
        if len(numbers) == 1:
            # Not its message: a database tells the whole row.
            _log.error("key number %s did not expire: %s", numbers[0], type(error).__name__)
            done.failed += 1
            return
        half = len(numbers) // 2
        _expire(numbers[:half], today, done)
        _expire(numbers[half:], today, done)
    else:
        done.expired += expired
        done.left_for_later += busy


@transaction.atomic
def _expire_batch(numbers: list[int], today: date) -> tuple[int, int]:
    """Through the one door. Returns how many expired, and how many somebody was busy with."""
    claves = list(Clave.objects.filter(overdue(today), pk__in=numbers).only("cuil"))
    free = set(nobody_s_turn([clave.cuil for clave in claves]))
    ours = [clave for clave in claves if clave.cuil in free]
    trail = Trail(Actor.SYSTEM)
    moved = pass_through(ours, Move.EXPIRE, trail, only_if=overdue(today), **ERASED) if ours else []
    return len(moved), len(claves) - len(ours)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
