"""How many may have a secret hashed at once: one at a time in a process, a few waiting, and nobody else.

A hash takes a core for some 30 ms and 19 MiB, on purpose. Without a bound a flood of log-ins would hold every
thread and every core: pages that hash nothing would wait behind it (docs/decisions/0028).
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from guards.signals import full

T = TypeVar("T")
P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)

# While both want the same core, what hashes gets a third of what a page gets; and all that is left over. Much
# more of it, and an import or a backup on the same machine would keep everybody from logging in.
_NICENESS = 5


class HashingBusy(Exception):
    """As many as may wait are waiting. Nothing was counted, used up or computed."""


class _Hashing:
    """Of one process: its places, and the one thread that hashes."""

    def __init__(self) -> None:
        self.places = threading.BoundedSemaphore(settings.PORTAL_HASHING_PLACES)
        self.thread = ThreadPoolExecutor(1, "hashing", initializer=_step_back)


class _Here(threading.local):
    has_a_place = False


_here = _Here()
_process: _Hashing | None = None
_making = threading.Lock()


def _forget() -> None:
    global _process, _making
    _process, _making = None, threading.Lock()


os.register_at_fork(after_in_child=_forget)


def _of_this_process() -> _Hashing:
    global _process
    with _making:
        if _process is None:
            _process = _Hashing()
        return _process


def _step_back() -> None:
    """A machine that forbids it does without: a thread that could not begin would shut every log-in out."""
    if sys.platform != "linux":  # where a thread has no niceness of its own
        return
    me = threading.get_native_id()
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, me, min(19, os.getpriority(os.PRIO_PROCESS, me) + _NICENESS))


@contextmanager
def a_place() -> Iterator[None]:
    """Hashing within it is not refused. Asked for before anything is used up by a try.

    Raises:
        HashingBusy: there is none.
    """
    if _here.has_a_place:
        yield
        return
    places = _of_this_process().places
    if not places.acquire(blocking=False):
        full.send(a_place, place="hashing")
        raise HashingBusy
    _here.has_a_place = True
    try:
        yield
    finally:
        _here.has_a_place = False
        places.release()


def in_turn(compute: Callable[[], T]) -> T:
    """What it computes, by the thread that hashes.

    Raises:
        HashingBusy: too many wait already.
    """
    with a_place():
        return _of_this_process().thread.submit(compute).result()


def hashes(view: Callable[Concatenate[HttpRequest, P], R]) -> Callable[Concatenate[HttpRequest, P], R]:
    """A page whose form makes us hash: it is refused at once, with nothing used up, where there is no place.

    Raises:
        HashingBusy: journeys/middleware.py answers it.
    """

    @wraps(view)
    def with_a_place(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with a_place():
            return view(request, *args, **kwargs)

    return with_a_place
