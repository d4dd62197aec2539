"""Asking for a correction of one's own data, and what becomes of the words after it was dealt with."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction

from guards.locks import one_at_a_time
from identity.models import CorrectionRequest, WrongDataReport


@transaction.atomic
def ask_for_correction(cuil: str, *, asked_by: str, datum: str, text: str) -> CorrectionRequest:
    """Joined to the report of this CUIL that the office has not closed yet; a new one where there is none."""
    one_at_a_time(cuil)
    report = WrongDataReport.open_for(cuil, WrongDataReport.Kind.WRONG_DATA)
    return CorrectionRequest.objects.create(report=report, asked_by=asked_by, datum=datum, text=text)


def erase_old_words(today: date) -> int:
    """Of requests closed longer ago than PORTAL_RETENTION_DAYS; the rest of them stays. Returns how many."""
    before = today - timedelta(days=settings.PORTAL_RETENTION_DAYS)
    old = CorrectionRequest.objects.filter(report__closed_at__date__lt=before).exclude(text="")
    return old.update(text="")
