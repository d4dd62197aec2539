"""What every template knows of the portal."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.representation import Acting, acting_for
from accounts.session import seconds_left
from offices.hours import Hours, Line


@dataclass(frozen=True)
class Portal:
    notice: str
    organism: str
    phone: str
    phone_hours: Hours
    demo: bool
    repeats: str
    uca_address: str
    idle_minutes: int

    @property
    def phone_now(self) -> str:
        """Whether somebody answers, in Argentine time: worked out where a page says it."""
        return Line(self.phone_hours, settings.PORTAL_PHONE_CLOSED).now(timezone.localtime())


def portal(request: HttpRequest) -> dict[str, Any]:
    return {
        # Of the session; called by the page that warns before it ends.
        "session_clock": lambda: seconds_left(request),
        "portal": Portal(
            notice=settings.PORTAL_NOTICE,
            organism=settings.PORTAL_ORGANISM,
            phone=settings.PORTAL_PHONE,
            phone_hours=settings.PORTAL_PHONE_HOURS,
            demo=settings.PORTAL_DEMO,
            repeats=settings.PORTAL_REPEATS,
            uca_address=settings.PORTAL_UCA_ADDRESS,
            idle_minutes=settings.PORTAL_IDLE_MINUTES,
        ),
    }


def acting(request: HttpRequest) -> dict[str, SimpleLazyObject]:
    """For whom the visitor acts; nothing where nobody is logged in. For the bar of every page, failures too.

    Asked only by a page that shows it, and only where the page did not find out itself.
    """

    def find() -> Acting | None:
        cuil = getattr(getattr(request, "user", None), "cuil", None)
        return acting_for(request, cuil) if cuil else None

    return {"acting": SimpleLazyObject(find)}
