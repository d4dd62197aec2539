"""The checks, run beside the request: a dead database keeps none waiting, a flood of probes costs nothing."""

import time
from concurrent.futures import Future
from threading import Lock, Thread

from django.db import connection

from guards.patience import as_in_a_request
from operation.checks import Report, look, silent_database

# Seconds. A report is shown for so long; nobody waits longer than that for a new one.
FRESH = 1.0
PATIENCE = 2.0


class Readiness:
    """The last report, and the run that makes the next: at most one at a time in a process.

    A thread with a connection of its own, opened for the purpose: what it meets is what a new visitor meets.
    A daemon: a process may end while the database keeps it waiting.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._run: Future[Report] | None = None
        self._began = 0.0

    def report(self) -> Report:
        with self._lock:
            if self._run is None or (self._run.done() and time.monotonic() - self._began >= FRESH):
                self._run, self._began = Future(), time.monotonic()
                Thread(target=_fill, args=(self._run,), name="readiness", daemon=True).start()
            run, deadline = self._run, self._began + PATIENCE
        try:
            return run.result(timeout=max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            return silent_database()

    def forget(self) -> None:
        """The next report is a new one."""
        with self._lock:
            self._run = None


def _fill(run: "Future[Report]") -> None:
    try:
        # Or one answer that never comes would keep all later reports from being made.
        with as_in_a_request():
            run.set_result(look())
    except BaseException as error:  # noqa: BLE001 - whoever waits for the report gets it
        run.set_exception(error)
    finally:
        connection.close()


readiness = Readiness()
