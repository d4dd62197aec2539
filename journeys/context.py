"""What every template knows of the portal."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True)
class Portal:
    notice: str
    organism: str
    phone: str
    phone_hours: str
    demo: bool
    repeats: str
    uca_address: str


def portal(request: HttpRequest) -> dict[str, Portal]:
    return {
        "portal": Portal(
            notice=settings.PORTAL_NOTICE,
            organism=settings.PORTAL_ORGANISM,
            phone=settings.PORTAL_PHONE,
            phone_hours=settings.PORTAL_PHONE_HOURS,
            demo=settings.PORTAL_DEMO,
            repeats=settings.PORTAL_REPEATS,
            uca_address=settings.PORTAL_UCA_ADDRESS,
        )
    }
