"""How the queued mails leave: one process at a time, tried again when refused, forgotten when sent."""

import smtplib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import get_connection
from django.db.models import Min, Q, QuerySet
from django.utils import timezone
from post_office.mail import attach_templates, get_queued
from post_office.models import STATUS, Email, Log
from post_office.settings import get_max_retries, get_retry_timedelta

from guards.one_process import one_process
from guards.tally import Job, count

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

    One mail at a time, and each noted before the next: a process killed between the server's answer and
    its note of it sends that one mail again when it is back, under the same Message-ID. Rather twice than
    never. A server that does not answer costs no mail one of its tries (settings, POST_OFFICE).
    """
    with one_process("mail") as ours:
        if not ours:
            return Delivery(busy=True, waiting=_waiting().count())
        mail_server = get_connection()
        try:
            sent, refused, silent = _deliver_through(mail_server)
        finally:
            _hang_up(mail_server)
        count(Job.MAIL_SENT, sent)
        count(Job.MAIL_REFUSED, refused)
    return Delivery(sent, refused, _waiting().count(), silent=silent)


def _deliver_through(mail_server: Any) -> tuple[int, int, bool]:
    """How many it took and how many it refused, and whether it fell silent."""
    sent = refused = 0
    for email in _due():
        if not _answers(mail_server):
            return sent, refused, True
        reason = _reason_not_sent(email, mail_server)
        if _line_broke(reason) and _answers(mail_server):
            # Servers end a connection after so many mails, or minutes: no fault of this mail.
            reason = _reason_not_sent(email, mail_server)
        if reason is None:
            sent += 1
        elif _answers(mail_server):
            _put_off(email, reason)
            refused += 1
    return sent, refused, False


def _due() -> Iterator[Email]:
    """In the order of the settings, read a hundred at a time: for each by itself all would be sorted."""
    while batch := list(get_queued()):
        attach_templates(batch)
        yield from batch


def _reason_not_sent(email: Email, mail_server: Any) -> Exception | None:
    """None: the server took it, and it is noted."""
    try:
        email.dispatch(  # type: ignore[no-untyped-call]
            commit=False, disconnect_after_delivery=False, connection=mail_server
        )
    except Exception as reason:  # noqa: BLE001 - whatever is wrong with one mail must not hold up the others
        _hang_up(mail_server)  # in the middle of something, perhaps
        return reason
    Email.objects.filter(pk=email.pk).update(status=STATUS.sent, last_updated=timezone.now())
    return None


def _line_broke(reason: Exception | None) -> bool:
    """421: «closing transmission channel» (RFC 5321)."""
    if isinstance(reason, smtplib.SMTPResponseException):
        return reason.smtp_code == 421
    return isinstance(reason, smtplib.SMTPServerDisconnected | ConnectionError)


def _put_off(email: Email, reason: Exception) -> None:
    """Tried again after a while, or given up after all its tries."""
    tries, now = email.number_of_retries or 0, timezone.now()
    again = tries < get_max_retries()  # type: ignore[no-untyped-call]
    Email.objects.filter(pk=email.pk).update(
        status=STATUS.requeued if again else STATUS.failed,
        number_of_retries=tries + again,
        scheduled_time=now + get_retry_timedelta(),  # type: ignore[no-untyped-call]
        last_updated=now,
    )
    Log.objects.create(
        email=email, status=STATUS.failed, message=str(reason), exception_type=type(reason).__name__
    )


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


def oldest_untried() -> datetime | None:
    """When the mail was queued that waits longest for its first try; None: none does."""
    untried = _waiting().filter(
        Q(scheduled_time=None) | Q(scheduled_time__lte=timezone.now()), status=STATUS.queued
    )
    oldest: datetime | None = untried.aggregate(oldest=Min("created"))["oldest"]
    return oldest


def _waiting() -> QuerySet[Email]:
    return Email.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()),
        status__in=[STATUS.queued, STATUS.requeued],
    )


def _answers(mail_server: Any) -> bool:
    """Opens the connection if it is not open."""
    try:
        mail_server.open()
    except (OSError, smtplib.SMTPException):
        return False
    return True


def _hang_up(mail_server: Any) -> None:
    with suppress(OSError, smtplib.SMTPException):
        mail_server.close()
