"""How long a request may wait for the database, everything together.

The server's own limits (statement_timeout and others) end what it works on too long. Of a server that has
gone silent nothing is heard, and a proxy or a firewall in between may go on acknowledging what is sent: that
is for this side to end.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from django.core.signals import request_finished, request_started

# Seconds. In all, with two in the queue for a thread (clave_portal/worker.py) and one more try to connect
# (connect_timeout), it stays under the 15 of a proxy in front.
IN_ALL = 9.0
# Longer than the server's statement_timeout: what still answers is let finish or fail by itself.
ONE_ANSWER = 4.0


class _Waiting(threading.local):
    until: float | None = None
    one_answer = ONE_ANSWER


_waiting = _Waiting()


def left() -> float | None:
    """Seconds that this thread may wait for one answer; 0 when all is used up, None outside a request."""
    if _waiting.until is None:
        return None
    return max(0.0, min(_waiting.one_answer, _waiting.until - monotonic()))


@contextmanager
def one_long_answer() -> Iterator[None]:
    """For the few pages that count what takes long: one answer may take all that the request has."""
    _waiting.one_answer = IN_ALL
    try:
        yield
    finally:
        _waiting.one_answer = ONE_ANSWER


def _begin(**_: Any) -> None:
    _waiting.one_answer, _waiting.until = ONE_ANSWER, monotonic() + IN_ALL


def end(**_: Any) -> None:
    """Nobody is being answered in this thread (any more)."""
    _waiting.until = None


@contextmanager
def as_in_a_request() -> Iterator[None]:
    """The same bounds for a thread that works for those who ask, beside their requests."""
    _begin()
    try:
        yield
    finally:
        end()


def watch_requests() -> None:
    request_started.connect(_begin, dispatch_uid="guards.patience")
    request_finished.connect(end, dispatch_uid="guards.patience")
