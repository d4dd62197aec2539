"""«No fui yo» in a mail that tells of anything but a replacement: it blocks the access and tells an office.

The link names the key, what it may do, and the moment of what the mail tells; it is signed. It does nothing
where an office has decided since then, having seen a document; and where the key was replaced meanwhile, it
is as good as the link that tells of that (accounts/disavowal.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.db import models, transaction
from django.utils import timezone

from accounts import blocking
from accounts.disavowal import Disavowal, LinkRefused, Outlook, tell_an_office
from accounts.events import ClaveEvent, Note, Trail
from accounts.lifecycle import LIVE, Move, MoveNotAllowed, State
from accounts.mail import Power, is_mark_of
from guards.locks import one_at_a_time

if TYPE_CHECKING:
    from accounts.models import Clave

_SALT = "clave.no-fui-yo.aviso"
_BY_DOCUMENT = (Note.UNBLOCKED, Move.ENABLE_IN_OFFICE, Move.RAISE_LEVEL)


def denial_token(clave: int, power: str, since: float, to: str) -> str:
    """For the link of a mail. Its time runs from the moment the mail leaves. `to`: accounts.mail.mark_of."""
    return signing.dumps([clave, power, since, to], salt=_SALT)


@dataclass(frozen=True)
class Denial:
    """The key that a mail told of, as it is now; it may be gone."""

    clave: Clave | None
    power: Power
    since: datetime
    to: str

    @classmethod
    def of(cls, token: str) -> Denial:
        """Read a link.

        Raises:
            LinkRefused: it is not ours, or older than PORTAL_DISAVOWAL_HOURS.
        """
        from accounts.models import Clave

        try:
            age = timedelta(hours=settings.PORTAL_DISAVOWAL_HOURS)
            number, power, since, to = signing.loads(token, salt=_SALT, max_age=age)
            may, moment = Power(power), datetime.fromtimestamp(since, tz=timezone.get_current_timezone())
        except (signing.BadSignature, ValueError) as refused:
            raise LinkRefused from refused
        return cls(Clave.objects.filter(pk=number).first(), may, moment, to)

    @property
    def outlook(self) -> Outlook:
        if self.clave is None:
            return Outlook.OVERTAKEN
        if self.power is Power.REPORT or self._went_astray():
            return Outlook.REPORTED if self._has_happened(Note.NOT_ME) else Outlook.REPORT
        if self.clave.state == State.REPLACED:
            return Disavowal(None, self.clave).outlook
        if self._has_happened(Move.RESTORE):
            return Outlook.RESTORED
        if blocking.is_blocked(self.clave.cuil):
            return Outlook.BLOCKED
        return Outlook.BLOCK if self._is_the_last() and not self._office_knows() else Outlook.OVERTAKEN

    @transaction.atomic
    def act(self, answered: str, trail: Trail) -> None:
        """Do what was asked and answered, if that is still the question; an office is told of it.

        Raises:
            MoveNotAllowed: it is not, or there is nothing to do; look again.
        """
        if self.clave is None:
            raise MoveNotAllowed(Outlook.OVERTAKEN)
        one_at_a_time(self.clave.cuil)
        match self.outlook:
            case Outlook.RESTORE:
                Disavowal(None, self.clave).act(answered, trail)
            case Outlook.BLOCK if answered == Outlook.BLOCK:
                tell_an_office(self.clave.cuil, trail, clave_number=self.clave.pk)
                blocking.block(self.clave.cuil, trail)
            case Outlook.REPORT if answered == Outlook.REPORT:
                tell_an_office(self.clave.cuil, trail, clave_number=self.clave.pk)
            case other:
                raise MoveNotAllowed(other)

    def _went_astray(self) -> bool:
        """The address it went to was taken back since: it had been somebody else's."""
        assert self.clave is not None  # noqa: S101 - the caller looked
        return self._has_happened(Note.EMAIL_UNDONE) and not is_mark_of(self.to, self.clave.email)

    def _is_the_last(self) -> bool:
        """The key works; or it was revoked, and nothing took its place."""
        assert self.clave is not None  # noqa: S101 - the caller looked
        if self.clave.state in LIVE:
            return True
        others = type(self.clave).objects.live().filter(cuil=self.clave.cuil)
        return self.clave.state == State.REVOKED and not others.exists()

    def _office_knows(self) -> bool:
        """Somebody there saw a document since then: a mail does not outweigh that."""
        return self._events().filter(kind__in=_BY_DOCUMENT).exists()

    def _has_happened(self, kind: Move | Note) -> bool:
        number = self.clave.pk if self.clave else 0
        return self._events().filter(kind=kind, clave_number=number).exists()

    def _events(self) -> models.QuerySet[ClaveEvent]:
        """Of that person, since then."""
        cuil = self.clave.cuil if self.clave else ""
        return ClaveEvent.objects.filter(cuil=cuil, at__gt=self.since)
