"""Reminders 30, 7 and 1 days before the last day of a pending key, each exactly once.

A key keeps the last one it got. A conditional update of rows that are locked decides, in the
transaction that queues the mail: of two runs at once one finds nothing left to do.
"""

from datetime import date, datetime, time, timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.lifecycle import State
from accounts.mail import Letter, queue
from accounts.models import Clave
from accounts.notices import day as spelled

# Days before the last one, the nearest first.
BEFORE = (1, 7, 30)
_BATCH = 1000


def remind(today: date) -> int:
    """Queue every reminder that is due and was not given. Returns how many.

    After days without a run, a key gets only the nearest one: the ones before it are past.
    """
    return sum(_remind(today, left) for left in range(max(BEFORE) + 1))


def _remind(today: date, left: int) -> int:
    """Of the keys whose last day is `left` days away."""
    mark = next(days for days in BEFORE if left <= days)
    deadline = today + timedelta(days=left)
    # A key made on that day or later was told its last day then.
    opens = _midnight(deadline - timedelta(days=mark))
    due = Clave.objects.filter(
        Q(last_reminder__isnull=True) | Q(last_reminder__gt=mark),
        state=State.PENDING,
        deadline=deadline,
        created_at__lt=opens,
    ).exclude(email="")
    told = 0
    while batch := _one_batch(due, deadline, mark):
        told += batch
    return told


@transaction.atomic
def _one_batch(due: models.QuerySet[Clave], deadline: date, mark: int) -> int:
    """Whoever is being enabled or reminded at this moment is left for the next run."""
    claves = list(due.select_for_update(skip_locked=True)[:_BATCH])
    Clave.objects.filter(pk__in=[clave.pk for clave in claves]).update(last_reminder=mark)
    return queue([_letter(clave, deadline) for clave in claves])


def _letter(clave: Clave, deadline: date) -> Letter:
    fill: dict[str, str | int] = {"deadline": spelled(deadline)}
    return Letter("reminder", clave.email, clave.cuil, fill, until=_midnight(deadline + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
