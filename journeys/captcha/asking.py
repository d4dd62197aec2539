"""Whether logging in asks for the code: always; or, with PORTAL_CAPTCHA=adaptive, where there is a reason to.

The reasons: a browser from which no key was ever used, wrong keys from this browser, many wrong keys
from this address. The CUIL is no reason and is not even looked at: whether the code is asked for
cannot tell who has a key, nor in which state. Where no cookie is kept it is asked for every time.
"""

from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from accounts.known_device import genuine_marks, mark_of
from accounts.models import Clave
from guards.address import client_address, network_of
from guards.limits import Limit, LimitReached


def asks_for_code(request: HttpRequest) -> bool:
    """What the page shows, and what the next try has to bring."""
    if settings.PORTAL_CAPTCHA == "always":
        return True
    marks = genuine_marks(request)
    if not marks or not all(_without_code().left(mark) for mark in marks):
        return True
    return not _wrong_here().left(_here(request))


def may_try_without_code(request: HttpRequest) -> bool:
    """Count one try that brought no code, before its key is looked at; False when there is none left.

    Exact, as all limits are: of tries at the same moment no more pass than are free.
    """
    try:
        with transaction.atomic():
            for mark in sorted(genuine_marks(request)):  # one order for all: no deadlock
                _without_code().spend(mark)
    except LimitReached:
        return False
    return True


def note_wrong_key(request: HttpRequest) -> None:
    """It counts for the address, whatever browser it came from."""
    if settings.PORTAL_CAPTCHA == "adaptive":
        with suppress(LimitReached):  # hot already
            _wrong_here().spend(_here(request))


def note_right_key(request: HttpRequest, clave: Clave, *, with_code: bool) -> None:
    """With the code, the browser starts anew; without it, only this try was no failure.

    Otherwise whoever has a key of their own could clear the count with it, and go on guessing.
    """
    if settings.PORTAL_CAPTCHA == "always":
        return
    marks = genuine_marks(request)
    if with_code:
        for mark in (*marks, mark_of(clave)):
            _without_code().forget(mark)
    else:
        for mark in marks:
            _without_code().give_back(mark)


def _without_code() -> Limit:
    return Limit("login-without-code", settings.PORTAL_CAPTCHA_FREE_TRIES, timedelta(hours=12))


def _wrong_here() -> Limit:
    return Limit("wrong-keys-address", settings.PORTAL_CAPTCHA_HOT_ADDRESS, timedelta(hours=1))


def _here(request: HttpRequest) -> str:
    return network_of(client_address(request))
