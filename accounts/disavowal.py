"""«No fui yo»: whoever did not ask for a new key calls it off, by the link of a mail or after log-in.

The link names two keys by their numbers, the new one and the one it replaces, and is signed. What it
does depends on how far the replacement has come by the time it is used.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.door import pass_through
from accounts.events import ClaveEvent, Note, Trail, record
from accounts.lifecycle import LIVE, Move, MoveNotAllowed, State
from guards.locks import one_at_a_time
from identity.models import WrongDataReport

if TYPE_CHECKING:
    from accounts.models import Clave

_SALT = "clave.no-fui-yo"


class LinkRefused(Exception):
    """Not a link of ours, or one that is too old."""


class Outlook(StrEnum):
    """What the link stands before."""

    CANCEL = "cancel"  # a pending key waits: it can be revoked
    RESTORE = "restore"  # the new key works already: the former one can come back
    BLOCK = "block"  # anything else happened to the key: the access can be blocked
    REPORT = "report"  # the address is nobody's for sure: an office can be told
    CANCELLED = "cancelled"
    RESTORED = "restored"
    BLOCKED = "blocked"
    REPORTED = "reported"
    OVERTAKEN = "overtaken"  # nothing left to do with this link


def token_for(new: int, former: int) -> str:
    """For the link of a mail. `new` is 0 where the mail tells of a replacement that took place.

    Its time runs from the moment the mail leaves: a mail server that was down costs nobody their days.
    """
    return signing.dumps([new, former], salt=_SALT)


@dataclass(frozen=True)
class Disavowal:
    """The two keys as they are now; either may be gone."""

    new: Clave | None
    former: Clave | None

    @classmethod
    def of(cls, token: str) -> Disavowal:
        """Read a link.

        Raises:
            LinkRefused: it is not ours, or older than PORTAL_DISAVOWAL_HOURS.
        """
        from accounts.models import Clave

        try:
            age = timedelta(hours=settings.PORTAL_DISAVOWAL_HOURS)
            new, former = signing.loads(token, salt=_SALT, max_age=age)
        except (signing.BadSignature, ValueError) as refused:
            raise LinkRefused from refused
        found = Clave.objects.in_bulk([new, former])
        return cls(found.get(new), found.get(former))

    @property
    def outlook(self) -> Outlook:
        """The new key first: where it still waits, nothing has been replaced yet."""
        if self.new and self.new.state == State.PENDING:
            in_time = self.new.deadline is not None and self.new.deadline >= timezone.localdate()
            return Outlook.CANCEL if in_time else Outlook.OVERTAKEN
        if self.former and self.former.state == State.REPLACED:
            return Outlook.RESTORE if _may_come_back(self.former) else Outlook.OVERTAKEN
        if self.former and self.former.state in LIVE:
            return self._what_was_done()
        return Outlook.OVERTAKEN

    @transaction.atomic
    def act(self, answered: str, trail: Trail) -> None:
        """Do what was asked and answered, if that is still the question; an office is told of it.

        Raises:
            MoveNotAllowed: it is not, or there is nothing to do, or somebody was faster; look again.
        """
        match self.outlook:
            case Outlook.CANCEL if self.new and answered == Outlook.CANCEL:
                tell_an_office(self.new.cuil, trail, clave_number=self.new.pk)
                cancel(self.new, trail)
            case Outlook.RESTORE if self.former and answered == Outlook.RESTORE:
                tell_an_office(self.former.cuil, trail, clave_number=self.former.pk)
                self.former.restore(trail=trail)
            case other:
                raise MoveNotAllowed(other)

    def _what_was_done(self) -> Outlook:
        former = self.former.pk if self.former else 0
        if ClaveEvent.objects.filter(clave_number=former, kind=Move.RESTORE).exists():
            return Outlook.RESTORED
        if self.new is None:
            return Outlook.OVERTAKEN
        return Outlook.CANCELLED if self.new.state == State.REVOKED else Outlook.OVERTAKEN


def pending_replacement(cuil: str) -> Clave | None:
    """The pending key that waits to take the place of a live one; None when there is no such pair."""
    from accounts.models import Clave

    if not Clave.objects.live().filter(cuil=cuil).exists():
        return None
    return Clave.objects.pending().filter(cuil=cuil).first()


def cancel(clave: Clave, trail: Trail) -> None:
    """Revoke a pending key, and only a pending one: enabled meanwhile, it would be the only key left.

    Raises:
        MoveNotAllowed: it is no longer pending; nothing changed.
    """
    from accounts.models import ERASED

    if not pass_through([clave], Move.REVOKE, trail, only_if=Q(state=State.PENDING), **ERASED):
        raise MoveNotAllowed(f"{Move.REVOKE.label}: {clave.get_state_display()}")
    clave.refresh_from_db()


def tell_an_office(cuil: str, trail: Trail, *, clave_number: int | None = None, **evidence: Any) -> None:
    """Somebody says that it was not them: an event, and a case for whoever sees to them. In a transaction."""
    one_at_a_time(cuil)
    # The case first: what it is about is what was said since it was opened.
    WrongDataReport.open_for(cuil, WrongDataReport.Kind.NOT_ME)
    told = replace(trail, evidence={**trail.evidence, **evidence})
    record(cuil, Note.NOT_ME, told, clave_number=clave_number)


def _may_come_back(former: Clave) -> bool:
    """In time, and no office has decided meanwhile."""
    from accounts.models import office_has_decided

    in_time = former.state_since >= timezone.now() - timedelta(hours=settings.PORTAL_DISAVOWAL_HOURS)
    return in_time and not office_has_decided(former.cuil, since=former.state_since)
