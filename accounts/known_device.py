"""Browsers from which a key was used before: there, a stranger's failures do not make its owner wait.

The cookie names nobody: it is a keyed hash of CUIL and seal, and dies with the key. A part of it proves
that it is ours before anybody says whose it is.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from accounts.models import Clave
from guards.keyed import keyed_hashes

_YEAR = 365 * 24 * 60 * 60
# A family shares one; beyond that the oldest is forgotten.
_MOST = 5
_NAME, _PROOF = 32, 32  # hex digits: 128 bits each
_LENGTH = _NAME + _PROOF


def mark_of(clave: Clave) -> str:
    return _marks_of(clave)[0]


def known_mark(request: HttpRequest, cuil: str) -> str | None:
    """The mark this browser carries of the live key of this CUIL; None when it carries none."""
    marks = genuine_marks(request)
    clave = Clave.objects.live().filter(cuil=cuil).first() if marks else None
    ours = _marks_of(clave) if clave else []
    return next((mark for mark in ours if any(constant_time_compare(mark, each) for each in marks)), None)


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
    return [each for each in whole if _is_proved(each)]


def _marks_of(clave: Clave) -> list[str]:
    """The one that is given today, and those that were given under each data key before."""
    names = [each[:_NAME] for each in keyed_hashes("known-device", clave.cuil, clave.seal)]
    return [_proved(name)[number] for number, name in enumerate(names)]


def _is_proved(mark: str) -> bool:
    return any(constant_time_compare(mark, ours) for ours in _proved(mark[:_NAME]))


def _proved(name: str) -> list[str]:
    return [name + each[:_PROOF] for each in keyed_hashes("known-device-proof", name)]


def _name() -> str:
    return "__Host-conocido" if settings.SESSION_COOKIE_SECURE else "conocido"
