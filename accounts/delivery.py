"""How the queued mails leave: one process at a time, tried again when refused, forgotten when sent."""

import smtplib
from dataclasses import dataclass
from datetime import timedelta

from django.core.mail import get_connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from post_office.mail import get_queued, send_queued
from post_office.models import STATUS, Email

from guards.one_process import one_process

# How long the queue keeps what left it, for whoever asks «¿me mandaron algo?».
KEPT = timedelta(days=7)
_BATCH = 1000


@dataclass(frozen=True)
class Delivery:
    """What one run did. `busy`: another process is at it; `silent`: the mail server did not answer."""

    sent: int = 0
    refused: int = 0
    waiting: int = 0
    busy: bool = False
    silent: bool = False


def deliver() -> Delivery:
    """Send what waits, until nothing is due or the server falls silent.

    A server that does not answer costs no mail one of its tries (settings, POST_OFFICE).
    A process killed between the server's answer and its note of it sends that batch again:
    rather twice than never.
    """
    sent = refused = 0
    with one_process("mail") as ours:
        if not ours:
            return Delivery(busy=True, waiting=_waiting().count())
        while get_queued().exists():
            if not _server_answers():
                return Delivery(sent, refused, _waiting().count(), silent=True)
            out, failed, again = send_queued()
            sent, refused = sent + out, refused + failed + again
    return Delivery(sent, refused, _waiting().count())


def forget() -> int:
    """Delete what was sent or given up days ago, and what nobody needs to be told any more."""
    now = timezone.now()
    done = Q(status__in=[STATUS.sent, STATUS.failed], last_updated__lt=now - KEPT)
    past = Q(status__in=[STATUS.queued, STATUS.requeued], expires_at__lte=now)
    forgotten = 0
    while numbers := list(Email.objects.filter(done | past).values_list("pk", flat=True)[:_BATCH]):
        Email.objects.filter(pk__in=numbers).delete()
        forgotten += len(numbers)
    return forgotten


def _waiting() -> QuerySet[Email]:
    return Email.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()),
        status__in=[STATUS.queued, STATUS.requeued],
    )


def _server_answers() -> bool:
    mail_server = get_connection()
    try:
        mail_server.open()
        mail_server.close()
    except (OSError, smtplib.SMTPException):
        return False
    return True
