"""How late a read replica is: what a page would not find there right after it was written on the primary."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from _arrivals import share

_PATIENCE = 30  # seconds


@dataclass(frozen=True)
class Lag:
    """Milliseconds from a commit to its being visible; `missed` of all first looks did not find it."""

    p50: float
    p99: float
    longest: float
    missed: float


def lag(replica: str, people: list[str], writes: int) -> Lag:
    """So many events appended by the portal's own code, each looked for on the replica at once."""
    from django.db import transaction

    from accounts.events import Actor, Note, Trail, record

    waits, missed = [], 0
    with psycopg.connect(replica, autocommit=True) as there:
        for number in range(writes):
            with transaction.atomic():
                event = record(people[number % len(people)], Note.SIGNED_IN, Trail(Actor.OWNER, "10.0.0.1"))
            wait, looks = _seen(there, event.cuil, event.seq)
            waits.append(wait * 1000)
            missed += looks > 1
    p50, p99 = (share(waits, percent) or 0.0 for percent in (50, 99))
    return Lag(p50, p99, max(waits), missed / writes)


def _seen(there: psycopg.Connection, cuil: str, seq: int) -> tuple[float, int]:
    """Seconds until the event is there, and how often it was looked for.

    Raises:
        TimeoutError: the replica does not follow.
    """
    start, looks = time.perf_counter(), 0
    while time.perf_counter() - start < _PATIENCE:
        looks += 1
        found = there.execute("SELECT 1 FROM accounts_claveevent WHERE cuil = %s AND seq = %s", [cuil, seq])
        if found.fetchone():
            return time.perf_counter() - start, looks
    raise TimeoutError("the replica does not follow")


@contextmanager
def bulk_writes(primary: str) -> Iterator[None]:
    """Meanwhile rows are written by the ten thousand, as an import of the register does."""
    over = threading.Event()

    def write() -> None:
        with psycopg.connect(primary, autocommit=True) as one:
            one.execute("CREATE TABLE bulk (LIKE identity_fact)")
            while not over.is_set():
                one.execute("INSERT INTO bulk SELECT * FROM identity_fact LIMIT 20000")
                one.execute("TRUNCATE bulk")
            one.execute("DROP TABLE bulk")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        over.set()
        writer.join()
