"""Signing in and out, and when a session is over."""

import time
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.contrib.auth import (
    SESSION_KEY,
    authenticate,
    login,
    logout,
    update_session_auth_hash,
    user_logged_in,
    user_logged_out,
)
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from accounts import notices, open_sessions
from accounts.browser_words import browser_of
from accounts.events import Actor, Note, Trail, record
from accounts.hashing import a_place
from accounts.known_device import known_mark
from accounts.models import Clave, User, secret_matches
from accounts.representation import stop
from guards.address import client_address, network_of
from guards.limits import Limit
from guards.locks import one_at_a_time
from guards.signals import compared
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


@transaction.atomic(savepoint=False)
def _forget(limits: Counted) -> None:
    # In the order of _spend: two at once wait for each other and for nothing else.
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
    known = known_mark(request, cuil) is not None
    user = _holder(request, cuil, password, limits)
    if user is None or user.clave is None:
        return None
    _refuse_if_suspended(request, user)
    seen: dict[str, Any] = {"browser": browser_of(request)} | ({} if known else {"new_browser": True})
    with transaction.atomic():
        one_at_a_time(cuil)
        login(request, user)
        _forget(limits)
        record(cuil, Note.SIGNED_IN, Trail(Actor.OWNER, client_address(request), evidence=seen))
        if not known:
            notices.tell_of(Note.SIGNED_IN, user.clave, browser=seen["browser"], at=notices.moment())
    return user


def holder_of(request: HttpRequest, cuil: str, password: str) -> User | None:
    """Whose CUIL and key these are, without logging in; counted together with the log-ins.

    Raises:
        KeySuspended: the holder is under curatela; the count goes on.
        guards.limits.LimitReached: too many tries; this one was not made.
    """
    limits = login_limits(request, cuil)
    user = _holder(request, cuil, password, limits)
    if user is None:
        return None
    _refuse_if_suspended(request, user)
    _forget(limits)
    return user


def _holder(request: HttpRequest, cuil: str, password: str, limits: Counted) -> User | None:
    with a_place():  # whoever finds none has not tried
        _spend(limits)
        user = authenticate(request, cuil=cuil, password=password)
    compared.send(None, right=user is not None)
    return user if isinstance(user, User) else None


def stay_signed_in(request: HttpRequest, user: User) -> None:
    """The key of whoever is logged in has a new seal: this session goes on under another name, alone."""
    update_session_auth_hash(request, user)
    if user.clave is not None:
        open_sessions.go_on_with(user.clave, request.session)


def _refuse_if_suspended(request: HttpRequest, user: User) -> None:
    if under_curatela(str(user.cuil)):
        _remember_suspended(request, user)
        raise KeySuspended


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


def forget_in_browser(response: HttpResponse) -> HttpResponse:
    """The answer to leaving: nothing of the visit stays in the browser, its cookies aside."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@receiver(user_logged_in)
def stamp(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """Citizens and staff alike: a session knows when it began. A citizen's stands in their list too."""
    request.session[_SIGNED_IN] = request.session[_SEEN] = int(time.time())
    if user.is_staff:
        request.session[_OFFICE] = True
    if user.clave is not None:
        open_sessions.begin(request.session, user.clave, browser_of(request))


@receiver(user_logged_out)
def strike_off(sender: Any, request: HttpRequest, **_: Any) -> None:
    """However it ends, it is in the list no more."""
    open_sessions.end(request.session)


def _idle_minutes(request: HttpRequest) -> int:
    """An office's stays a quarter of an hour, whatever a deployment gives to citizens."""
    minutes: int = settings.PORTAL_IDLE_MINUTES
    return min(minutes, _OFFICE_IDLE_MINUTES) if _OFFICE in request.session else minutes


class Ended(StrEnum):
    """Why a session is over that this browser still had."""

    TIME = "time"  # left alone, or grown old
    CLOSED = "closed"  # from another session
    KEY = "key"  # the key is another one, or opens nothing any more


def seconds_left(request: HttpRequest) -> tuple[int, int]:
    """Until the session ends if it is left alone from now on, and until it ends in any case."""
    now = int(time.time())
    idle = _idle_minutes(request) * 60 - (now - request.session.get(_SEEN, 0))
    whole = settings.PORTAL_SESSION_HOURS * 3600 - (now - request.session.get(_SIGNED_IN, 0))
    return max(0, min(idle, whole)), max(0, whole)


class SessionEnds:
    """Ends a session left alone (15 minutes), grown old (12 hours) or closed from another one."""

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
        if why := _over(request, now, idle):
            logout(request)
            request.session_ended = why  # type: ignore[attr-defined]
            return
        if idle > _SEEN_GRAIN:
            request.session[_SEEN] = now
            open_sessions.touch(request.session)
        # What it is if the pages find nobody in it (accounts/backends.py, or the seal of the key).
        request.session_ended = Ended.KEY  # type: ignore[attr-defined]


def _over(request: HttpRequest, now: int, idle: int) -> Ended | None:
    age = now - request.session.get(_SIGNED_IN, 0)
    if idle > _idle_minutes(request) * 60 or age > settings.PORTAL_SESSION_HOURS * 3600:
        return Ended.TIME
    at_an_office = _OFFICE in request.session
    if at_an_office or open_sessions.is_open(request.session):
        return None
    return Ended.CLOSED if request.user.is_authenticated else Ended.KEY
