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
from accounts.known_device import known_mark
from accounts.models import Clave, User, secret_matches
from accounts.representation import stop
from guards.address import client_address, network_of
from guards.limits import Limit
from identity.register import under_curatela

_SIGNED_IN, _SEEN, _OFFICE = "signed_in_at", "seen_at", "office"
_OFFICE_IDLE_MINUTES = 15
# A stamp younger than this is not written again: reading a page must not cost a write each time.
_SEEN_GRAIN = 30

_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))


Counted = list[tuple[Limit, tuple[str, ...]]]


@transaction.atomic
def _spend(limits: Counted) -> None:
    for limit, names in limits:
        limit.spend(*names)


@transaction.atomic
def _forget(limits: Counted) -> None:
    for limit, names in limits:
        limit.forget(*names)


def login_limits(request: HttpRequest, cuil: str) -> Counted:
    """What one try is counted against, and under which names.

    Per CUIL and connection; and per CUIL from anywhere, with waits that grow to a quarter of an hour. A
    stranger who never stops could keep the second one shut: a browser from which this very key was
    used before has a count of its own instead.
    """
    here = Limit("login-cuil-address", settings.PORTAL_LOGINS_PER_MINUTE, timedelta(minutes=1))
    free, window = settings.PORTAL_LOGINS_BEFORE_WAIT, timedelta(hours=12)
    mark = known_mark(request, cuil)
    if mark:
        device = Limit("login-known-device", free, window, _WAITS)
        return [(device, (mark,))]
    anywhere = Limit("login-cuil", free, window, _WAITS)
    return [(here, (cuil, network_of(client_address(request)))), (anywhere, (cuil,))]


class KeySuspended(Exception):
    """CUIL and secret belong together, but a curatela is in force: while it lasts the key opens nothing."""


def sign_in(request: HttpRequest, cuil: str, password: str) -> User | None:
    """Log a citizen in; None when CUIL and key do not belong together.

    Each try is counted before the key is looked at, for CUILs that exist and for those that don't. The
    register is asked about a curatela only once the secret was right: nobody else learns of it.

    Raises:
        KeySuspended: the holder is under curatela (docs/decisions/0015); the count goes on.
        guards.limits.LimitReached: too many tries; this one was not made.
    """
    limits = login_limits(request, cuil)
    _spend(limits)
    user = authenticate(request, cuil=cuil, password=password)
    if not isinstance(user, User):
        return None
    if under_curatela(cuil):
        _remember_suspended(request, user)
        raise KeySuspended
    login(request, user)
    with transaction.atomic():
        _forget(limits)
        record(cuil, Note.SIGNED_IN, Trail(Actor.OWNER, client_address(request)))
    return user


class AlreadyEnabled(Exception):
    """CUIL and secret belong together, and the key is live: there is nothing to enable."""


def pending_clave_opened_with(request: HttpRequest, cuil: str, password: str) -> Clave | None:
    """The pending key that this secret opens; None when there is none such.

    Counted together with the log-ins, and one comparison whatever there is, so that it tells a
    stranger as little as they do. Where somebody has both a live and a pending key, the pending one
    is meant.

    Raises:
        AlreadyEnabled: the secret is that of the live key.
        guards.limits.LimitReached: too many tries; this one was not made.
    """
    limits = login_limits(request, cuil)
    _spend(limits)
    clave = (
        Clave.objects.pending().filter(cuil=cuil).first() or Clave.objects.live().filter(cuil=cuil).first()
    )
    if not secret_matches(password, clave):
        return None
    if clave is not None and clave.level is not None:
        _forget(limits)
        raise AlreadyEnabled
    # The count goes on: it guards the live key, and a pending one is anybody's to ask for.
    return clave


def end_if_suspended(request: HttpRequest) -> bool:
    """Whoever is in and came under curatela is out. Whether that happened."""
    user = request.user
    if not (isinstance(user, User) and user.cuil and under_curatela(user.cuil)):
        return False
    _remember_suspended(request, user)
    logout(request)
    return True


@transaction.atomic
def _remember_suspended(request: HttpRequest, user: User) -> None:
    number = user.clave.pk if user.clave else None
    trail = Trail(Actor.OWNER, client_address(request))
    record(str(user.cuil), Note.KEY_SUSPENDED, trail, clave_number=number)


def sign_out(request: HttpRequest) -> None:
    """Log out and forget everything this browser was doing."""
    cuil = getattr(request.user, "cuil", None)
    if cuil:
        with transaction.atomic():
            stop(request, cuil, "left")
            record(cuil, Note.SIGNED_OUT, Trail(Actor.OWNER, client_address(request)))
    logout(request)


@receiver(user_logged_in)
def stamp(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """Citizens and staff alike: a session knows when it began."""
    request.session[_SIGNED_IN] = request.session[_SEEN] = int(time.time())
    if user.is_staff:
        request.session[_OFFICE] = True


def _idle_minutes(request: HttpRequest) -> int:
    """An office's stays a quarter of an hour, whatever a deployment gives to citizens."""
    minutes: int = settings.PORTAL_IDLE_MINUTES
    return min(minutes, _OFFICE_IDLE_MINUTES) if _OFFICE in request.session else minutes


class SessionEnds:
    """Ends a session left alone (15 minutes) or grown old (12 hours), on the server's clock."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not (request.session.session_key or "none").isalnum():
            # No cookie of ours. PostgreSQL would refuse to look for one with a NUL in it.
            request.session = type(request.session)()
        if SESSION_KEY in request.session:
            self._check(request)
        return self.get_response(request)

    @staticmethod
    def _check(request: HttpRequest) -> None:
        now = int(time.time())
        idle = now - request.session.get(_SEEN, 0)
        age = now - request.session.get(_SIGNED_IN, 0)
        if idle > _idle_minutes(request) * 60 or age > settings.PORTAL_SESSION_HOURS * 3600:
            logout(request)
            request.session_ended = True  # type: ignore[attr-defined]
        elif idle > _SEEN_GRAIN:
            request.session[_SEEN] = now
