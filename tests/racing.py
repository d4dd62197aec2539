"""Several things at the same moment, in threads that have connections of their own."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connections


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """What came of each job, in their order: its result, or the exception it ended with."""
    outcomes: list[Any] = [None] * len(jobs)
    start = Barrier(len(jobs))

    def run(place: int) -> None:
        try:
            start.wait()
            outcomes[place] = jobs[place]()
        except Exception as error:  # noqa: BLE001 - the test judges it
            outcomes[place] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(place,)) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def failures(outcomes: list[Any], kind: type[Exception]) -> int:
    """How many ended with this exception; any other exception fails the test."""
    unexpected = [o for o in outcomes if isinstance(o, Exception) and not isinstance(o, kind)]
    assert not unexpected, unexpected
    return sum(isinstance(o, kind) for o in outcomes)
