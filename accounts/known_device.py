"""Browsers from which a key was used before: there, a stranger's failures do not make its owner wait.

The cookie names nobody: it is a keyed hash of CUIL and seal, and dies with the key. A part of it proves
that it is ours before anybody says whose it is.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from accounts.models import Clave
from guards.keyed import keyed_hash

_YEAR = 365 * 24 * 60 * 60
# A family shares one; beyond that the oldest is forgotten.
_MOST = 5
_NAME, _PROOF = 32, 32  # hex digits: 128 bits each
_LENGTH = _NAME + _PROOF


def mark_of(clave: Clave) -> str:
    return _proved(keyed_hash("known-device", clave.cuil, clave.seal)[:_NAME])


def known_mark(request: HttpRequest, cuil: str) -> str | None:
    """The mark this browser carries of the live key of this CUIL; None when it carries none."""
    marks = genuine_marks(request)
    clave = Clave.objects.live().filter(cuil=cuil).first() if marks else None
    mark = mark_of(clave) if clave else ""
    carried = any(constant_time_compare(mark, each) for each in marks)
    return mark if mark and carried else None


def remember(request: HttpRequest, response: HttpResponse, clave: Clave) -> None:
    """After a log-in with the right key."""
    mark = mark_of(clave)
    marks = [mark, *(each for each in genuine_marks(request) if each != mark)][:_MOST]
    response.set_cookie(
        _name(), ".".join(marks), max_age=_YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True,
        samesite="Lax",
    )  # fmt: skip


def genuine_marks(request: HttpRequest) -> list[str]:
    """The marks that this portal gave to this browser, the latest first: whose, and whether their keys
    are still live, is not looked at.
    """
    carried = request.COOKIES.get(_name(), "")[: _MOST * (_LENGTH + 1)].split(".")
    whole = (each for each in carried if len(each) == _LENGTH)
    return [each for each in whole if constant_time_compare(each, _proved(each[:_NAME]))]


def _proved(name: str) -> str:
    return name + keyed_hash("known-device-proof", name)[:_PROOF]


def _name() -> str:
    return "__Host-conocido" if settings.SESSION_COOKIE_SECURE else "conocido"
