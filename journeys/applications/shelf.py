"""The applications as the start page lists them."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.applications import Application


@dataclass(frozen=True)
class Shown:
    """`url`: its gate. `opens`: whether an address is behind it. `site`: the other site it is at, or ""."""

    name: str
    level: int
    allowed: bool
    url: str
    opens: bool
    site: str


def shelf(level: int) -> list[Shown]:
    """Every application on offer, for a key of this level (0: none)."""
    return [
        Shown(
            name=application.name,
            level=application.level,
            allowed=application.level <= level,
            url=reverse("aplicacion", args=[application.slug]),
            opens=bool(application.opens_at),
            site=application.site,
        )
        for application in Application.objects.offered()
    ]
