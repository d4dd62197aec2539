"""Keys in every state for the demonstration, each made by the real moves."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.events import Actor, Trail
from accounts.models import Clave

DEMO_PASSWORD = "Demo2026ab"  # noqa: S105 - printed on the demonstration's own page
# User name and role of each employee.
STAFF = (
    ("mesa", "Mesa de entrada"),
    ("uca", "UCA"),
    ("supervision", "Supervisor"),
    ("auditoria", "Auditor"),
    ("contenidos", "Contenidos"),
)
STAFF_PASSWORD = "mostrador-de-prueba"  # noqa: S105

_TRAIL = Trail(Actor.SYSTEM, evidence={"demo": True})


def _pending(cuil: str) -> Clave:
    return Clave.create_pending(cuil, **_content())


def _level_2(cuil: str) -> Clave:
    return Clave.create_verified(cuil, **_content())


def _level_3(cuil: str) -> Clave:
    clave = _level_2(cuil)
    clave.raise_level(trail=_TRAIL)
    return clave


def _expired(cuil: str) -> Clave:
    clave = _pending(cuil)
    # The one thing that real use does by waiting.
    Clave.objects.filter(pk=clave.pk).update(deadline=timezone.localdate() - timedelta(days=1))
    clave.expire(trail=_TRAIL)
    return clave


def _replaced(cuil: str) -> Clave:
    _level_2(cuil)
    return _level_2(cuil)


def _revoked(cuil: str) -> Clave:
    clave = _level_2(cuil)
    clave.revoke(trail=_TRAIL)
    return clave


MAKERS = {
    "pending": _pending,
    "level-2": _level_2,
    "level-3": _level_3,
    "expired": _expired,
    "forgotten": _replaced,
    "revoked": _revoked,
    "curador": _level_2,
    "suspended": _level_2,  # the curatela does that, and no state of the key
}


def make_keys(cases: dict[str, str]) -> int:
    """Give each CUIL the key its case tells of, unless it ever had one. Returns how many."""
    made = 0
    for cuil, case in cases.items():
        if case in MAKERS and not Clave.objects.filter(cuil=cuil).exists():
            MAKERS[case](cuil)
            made += 1
    return made


def _content() -> dict[str, object]:
    return {
        "password_hash": make_password(DEMO_PASSWORD),
        "policies": ("2019", timezone.now()),
        "trail": _TRAIL,
    }
