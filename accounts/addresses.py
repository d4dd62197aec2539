"""The address that a key's notices go to: confirmed by a code, changed, and for some days changed back.

The code is six digits that only this deployment can compute from a random word (guards/keyed.py). The word
waits in a table and in the queue of mails; the code itself is written down nowhere, and in no session.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core import signing
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts import notices
from accounts.events import ClaveEvent, Note, Trail, record
from accounts.lifecycle import LIVE
from accounts.mail import Letter, queue
from guards.keyed import keyed_numbers
from guards.limits import Limit
from guards.locks import one_at_a_time

if TYPE_CHECKING:
    from accounts.models import Clave

CODE_LIFE = timedelta(minutes=15)
_TRIES = 5
# By all keys together: enough that a few strangers do not use up what the owner of the address needs.
_TO_ONE_ADDRESS = 30
_SALT = "clave.correo-anterior"


class TooSoon(Exception):
    """The address was changed a moment ago, and the one before can still undo it."""


class CodeWrong(Exception):
    """Not that code; there are tries left."""


class CodeGone(Exception):
    """No code waits: none was asked for, it is too old, or the tries are used up."""


class UndoRefused(Exception):
    """Not a link of ours, or there is nothing to undo with it any more."""


class Undone(UndoRefused):
    """It was used already."""


class AddressToConfirm(models.Model):
    """An address that a code was sent to. One at a time for a key; the next takes its place."""

    clave = models.OneToOneField("accounts.Clave", models.CASCADE, primary_key=True, verbose_name="clave")
    address = models.EmailField("correo")
    word = models.CharField("palabra de la que sale el código", max_length=32)
    asked_at = models.DateTimeField("pedido", default=timezone.now)

    class Meta:
        verbose_name = "correo por confirmar"
        verbose_name_plural = "correos por confirmar"

    def __str__(self) -> str:
        return f"{self.clave_id}: {masked_email(self.address)}"


def masked_email(address: str) -> str:
    """Enough for the owner to recognise it: m•••@ejemplo.com.ar."""
    name, at, host = address.rpartition("@")
    return f"{name[:1]}•••{at}{host}" if address else ""


def code_of(word: str) -> str:
    """The six digits that belong to the word."""
    return f"{keyed_numbers('address-code', word, below=10**6, count=1)[0]:06d}"


def undo_until(clave: Clave) -> datetime | None:
    """Until when the address before can undo the change; None when there is nothing to undo."""
    if not clave.former_email or clave.email_changed_at is None:
        return None
    until = clave.email_changed_at + notices.undo_life()
    return until if until > timezone.now() else None


# --- Confirming -----------------------------------------------------------------------------------


def ask(clave: Clave, address: str) -> None:
    """Send a code to the address; the one sent before is void.

    Raises:
        TooSoon: after a change the address stays, while the one before can undo it: otherwise a second
            change would take that away.
        guards.limits.LimitReached: too many codes today for this person, or to this address.
    """
    day = timedelta(days=1)
    with transaction.atomic():
        one_at_a_time(clave.cuil)
        if undo_until(type(clave).objects.get(pk=clave.pk)):
            raise TooSoon
        Limit("address-codes", _TRIES, day).spend(clave.cuil)
        Limit("address-codes-to", _TO_ONE_ADDRESS, day).spend(address.lower())
        word = secrets.token_hex(16)
        asked = {"address": address, "word": word, "asked_at": timezone.now()}
        AddressToConfirm.objects.update_or_create(clave=clave, defaults=asked)
        until = timezone.now() + CODE_LIFE
        queue([Letter("code", address, clave.cuil, {"word": word}, urgent=True, until=until)])


def waiting(clave: Clave) -> AddressToConfirm | None:
    """The address whose code can still be typed."""
    fresh = timezone.now() - CODE_LIFE
    return AddressToConfirm.objects.filter(clave=clave.pk, asked_at__gt=fresh).first()


def confirm(clave: Clave, typed: str, trail: Trail) -> None:
    """The address is the holder's: notices go there from now on, and the one before is told.

    Each try is counted before the code is looked at.

    Raises:
        CodeWrong: not that code.
        CodeGone: there is none to type any more.
        TooSoon: it was changed meanwhile, with another code.
        guards.limits.LimitReached: that were five tries; a new code has five of its own.
    """
    asked = waiting(clave)
    if asked is None:
        raise CodeGone
    Limit("address-tries", _TRIES, CODE_LIFE).spend(asked.word)
    if not constant_time_compare(code_of(asked.word), typed):
        raise CodeWrong
    with transaction.atomic():
        one_at_a_time(clave.cuil)
        # Of two at once one finds it; of an address asked for meanwhile this was not the code.
        if not AddressToConfirm.objects.filter(clave=clave.pk, word=asked.word).delete()[0]:
            raise CodeGone
        _take(clave, asked.address, trail)
    clave.refresh_from_db()


def _take(clave: Clave, address: str, trail: Trail) -> None:
    """Under the lock. What the row holds now is what the change starts from."""
    rows = type(clave).objects.filter(pk=clave.pk, state__in=LIVE)
    stored = rows.first()
    if stored is None:
        raise CodeGone
    if undo_until(stored):
        raise TooSoon
    now = timezone.now()
    confirmed = stored.email if stored.email_confirmed_at else ""
    changes = bool(confirmed) and confirmed.lower() != address.lower()
    rows.update(
        email=address,
        email_confirmed_at=now,
        former_email=confirmed if changes else "",
        email_changed_at=now if changes else None,
    )
    note = Note.EMAIL_CHANGED if changes else Note.EMAIL_CONFIRMED
    record(clave.cuil, note, trail, clave_number=clave.pk)
    if changes:
        notices.tell_of(note, stored, changed=int(now.timestamp()))


# --- Undoing --------------------------------------------------------------------------------------


def undo_token(clave_number: int, changed: int) -> str:
    """For the link in the mail to the address before. `changed`: the second of the change it undoes."""
    return signing.dumps([clave_number, changed], salt=_SALT)


def to_undo(token: str) -> Clave:
    """Read a link: the key whose change of address can be undone now.

    Raises:
        Undone: the address is changed back already.
        UndoRefused: nothing to undo with it.
    """
    from accounts.models import Clave

    try:
        number, changed = signing.loads(token, salt=_SALT, max_age=notices.undo_life())
    except signing.BadSignature as refused:
        raise UndoRefused from refused
    clave = Clave.objects.live().filter(pk=number).first()
    if clave is not None and undo_until(clave) and _second_of_change(clave) == changed:
        return clave
    since = datetime.fromtimestamp(changed, tz=timezone.get_current_timezone())
    undone = ClaveEvent.objects.filter(clave_number=number, kind=Note.EMAIL_UNDONE, at__gte=since)
    raise Undone if undone.exists() else UndoRefused


def _second_of_change(clave: Clave) -> int:
    return int(clave.email_changed_at.timestamp()) if clave.email_changed_at else 0


@transaction.atomic
def undo(clave: Clave, trail: Trail) -> None:
    """The address before is the address again.

    Raises:
        UndoRefused: somebody was faster, or the time is over.
    """
    one_at_a_time(clave.cuil)
    same = type(clave).objects.filter(pk=clave.pk, state__in=LIVE, email_changed_at=clave.email_changed_at)
    if not undo_until(clave) or not same.update(
        email=clave.former_email, former_email="", email_changed_at=None
    ):
        raise UndoRefused
    AddressToConfirm.objects.filter(clave=clave.pk).delete()
    record(clave.cuil, Note.EMAIL_UNDONE, trail, clave_number=clave.pk)


def sweep() -> int:
    """Drop codes that are too old, and former addresses that can undo nothing any more. Returns how many."""
    from accounts.models import Clave

    now = timezone.now()
    old = AddressToConfirm.objects.filter(asked_at__lte=now - CODE_LIFE).delete()[0]
    late = Clave.objects.filter(email_changed_at__lte=now - notices.undo_life())
    return old + late.exclude(former_email="").update(former_email="", email_changed_at=None)
