"""What has been done in all, and when last: for whoever watches that the jobs of the night still run."""

from datetime import datetime
from enum import StrEnum

from django.db.models import F
from django.utils import timezone

from guards.models import Tally


class Job(StrEnum):
    """What is counted. The value is the row's name, and that of the metric's label."""

    PURGE = "purge"  # runs that came to their end
    NOTICES = "notices"  # runs that came to their end
    EXPIRED = "expired"  # keys
    MAIL_SENT = "mail_sent"
    MAIL_REFUSED = "mail_refused"  # tries that the mail server refused; one mail may count several times


def count(job: Job, number: int = 1) -> None:
    """Add to what was done. Nothing done is nothing to note."""
    if number:
        now = timezone.now()
        Tally.objects.bulk_create([Tally(job=job, number=0, last=now)], ignore_conflicts=True)
        Tally.objects.filter(job=job).update(number=F("number") + number, last=now)


def last(job: Job) -> datetime | None:
    """When it was done last; None: never."""
    return Tally.objects.filter(job=job).values_list("last", flat=True).first()


def totals() -> dict[str, tuple[int, datetime]]:
    """Job → how much in all, and when last."""
    return {job: (number, when) for job, number, when in Tally.objects.values_list("job", "number", "last")}
