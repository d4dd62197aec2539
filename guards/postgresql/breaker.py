"""After a connection failed, the next ones are refused at once for a moment, and then tried one at a time.

Otherwise each thread of a process would wait out its own time-out, again and again, and pages that need no
database would find no thread.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import psycopg

PAUSE = 1.0  # seconds


class Breaker:
    """Of one process, for one database."""

    def __init__(self, pause: float = PAUSE) -> None:
        self._pause = pause
        self._lock = threading.Lock()
        self._shut_until: float | None = None
        self._one_tries = False

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Around connecting.

        Raises:
            psycopg.OperationalError: it failed a moment ago, or somebody else is finding out.
        """
        self._enter()
        worked = False
        try:
            yield
            worked = True
        finally:
            with self._lock:
                self._one_tries = False
                self._shut_until = None if worked else monotonic() + self._pause

    def _enter(self) -> None:
        with self._lock:
            if self._shut_until is None:
                return
            if self._one_tries or monotonic() < self._shut_until:
                raise psycopg.OperationalError("no connection a moment ago; not tried again yet")
            self._one_tries = True
