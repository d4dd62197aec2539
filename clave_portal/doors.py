"""The two doors of the portal: what each process serves, and whom it knows (PORTAL_DOOR)."""

from dataclasses import dataclass
from urllib.parse import SplitResult

from clave_portal.env import refuse

CITIZENS, STAFF = "accounts.backends.ClaveBackend", "accounts.backends.StaffBackend"


@dataclass(frozen=True)
class Door:
    """`backends` decide who can be in: a session of the other door is nobody's at this one.

    `templates` are looked at first; the office has its own error pages, which lead nowhere in the portal.
    """

    urls: str
    backends: tuple[str, ...]
    log_in: str
    session_cookie: str = "sesion"
    csrf_cookie: str = "csrf"
    templates: tuple[str, ...] = ()


PUBLIC_URLS = "clave_portal.public_urls"

DOORS = {
    "public": Door(PUBLIC_URLS, (CITIZENS,), "entrar"),
    "office": Door(
        "clave_portal.office_urls", (STAFF,), "admin:login", "oficina", "oficina-csrf", ("templates/office",),
    ),
    # One process for everything: the demonstration, and whoever develops.
    "both": Door("clave_portal.urls", (CITIZENS, STAFF), "entrar"),
}  # fmt: skip


def own_site(door: str, public: SplitResult, office: SplitResult, *, plain_http: bool) -> SplitResult:
    """Where this process is met. `plain_http`: the demonstration, on one machine by several ports.

    Exits with a sentence where the office has no address, one without https, or the portal's own host:
    browsers keep cookies by host, so one host would bring the sessions of both doors to each.
    """
    if door == "office" and not office.hostname:
        refuse("PORTAL_DOOR=office necesita PORTAL_OFFICE_URL, por ejemplo https://oficina.ejemplo.ar")
    if not plain_http:
        _refuse_what_only_a_demonstration_may(door, public, office)
    return office if door == "office" else public


def _refuse_what_only_a_demonstration_may(door: str, public: SplitResult, office: SplitResult) -> None:
    for name, site in (("SITE_URL", public), ("PORTAL_OFFICE_URL", office)):
        if site.scheme == "http":
            refuse(f"{name} tiene que empezar con https:// fuera de la demostración.")
    if door != "both" and office.hostname == public.hostname:
        refuse(
            "PORTAL_OFFICE_URL y SITE_URL tienen que estar en nombres distintos: las sesiones no se mezclan."
        )
