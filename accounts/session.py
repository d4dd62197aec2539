"""Signing in and out, and when a session is over."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, authenticate, login, logout, user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from accounts.events import Actor, Note, Trail, record
from accounts.models import User
from guards.address import client_address
from guards.limits import Limit

_SIGNED_IN, _SEEN = "signed_in_at", "seen_at"
# A stamp younger than this is not written again: reading a page must not cost a write each time.
_SEEN_GRAIN = 30

LOGIN_FROM_HERE = Limit("login-cuil-address", free=5, window=timedelta(minutes=1))
# A stranger can make the owner wait, but never for more than a quarter of an hour.
LOGIN_ANYWHERE = Limit(
    "login-cuil",
    free=10,
    window=timedelta(hours=12),
    waits=tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15)),
)


def sign_in(request: HttpRequest, cuil: str, password: str) -> User | None:
    """Log a citizen in; None when CUIL and key do not belong together.

    Each try is counted before the key is looked at, for CUILs that exist and for those that don't.

    Raises:
        guards.limits.LimitReached: too many tries; this one was not made.
    """
    address = client_address(request)
    with transaction.atomic():
        LOGIN_FROM_HERE.spend(cuil, address)
        LOGIN_ANYWHERE.spend(cuil)
    user = authenticate(request, cuil=cuil, password=password)
    if not isinstance(user, User):
        return None
    login(request, user)
    with transaction.atomic():
        LOGIN_FROM_HERE.forget(cuil, address)
        LOGIN_ANYWHERE.forget(cuil)
        record(cuil, Note.SIGNED_IN, Trail(Actor.OWNER, address))
    return user


def sign_out(request: HttpRequest) -> None:
    """Log out and forget everything this browser was doing."""
    cuil = getattr(request.user, "cuil", None)
    logout(request)
    if cuil:
        with transaction.atomic():
            record(cuil, Note.SIGNED_OUT, Trail(Actor.OWNER, client_address(request)))


@receiver(user_logged_in)
def stamp(sender: Any, request: HttpRequest, **_: Any) -> None:
    """Citizens and staff alike: a session knows when it began."""
    request.session[_SIGNED_IN] = request.session[_SEEN] = int(time.time())


class SessionEnds:
    """Ends a session left alone (15 minutes) or grown old (12 hours), on the server's clock."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session:
            self._check(request)
        return self.get_response(request)

    @staticmethod
    def _check(request: HttpRequest) -> None:
        now = int(time.time())
        idle = now - request.session.get(_SEEN, 0)
        age = now - request.session.get(_SIGNED_IN, 0)
        if idle > settings.PORTAL_IDLE_MINUTES * 60 or age > settings.PORTAL_SESSION_HOURS * 3600:
            logout(request)
            request.session_ended = True  # type: ignore[attr-defined]
        elif idle > _SEEN_GRAIN:
            request.session[_SEEN] = now
