"""The events whole and in sixteen parts: the portal's own look-ups and its own purge on both, taking turns.

python bench/_scaling_partitions.py --serve | --purge      on the database of DATABASE_URL
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from _databases import Postgres, django_setup, on, psql
from _holders import Holder, in_turns, serve

PARTS = 16
SQL = Path(__file__).with_suffix(".sql")
# What a unique index that leaves out the CUIL is answered, were the keys divided as the events are.
_KEYS_TOO = """
    CREATE TABLE keys_too (LIKE accounts_clave) PARTITION BY HASH (cuil);
    CREATE UNIQUE INDEX ON keys_too (form_number) WHERE form_number <> ''
"""


def part_tables() -> list[str]:
    return [f"accounts_claveevent_{part}" for part in range(PARTS)]


def two_databases(server: str, full: Postgres) -> dict[str, Postgres]:
    """Copies of the full one, to which nobody may be connected; the events of the second are divided."""
    databases = {"whole": Postgres(server, "clave_whole"), "parts": Postgres(server, "clave_parts")}
    for database in databases.values():
        database.copy_from(full)
    divide(databases["parts"].url)
    for database in databases.values():
        psql(database.url, "SET client_min_messages = error", "VACUUM (ANALYZE)", "CHECKPOINT")
    return databases


def divide(url: str) -> None:
    subprocess.run(["psql", "-qX", "-o", "/dev/null", "-v", "ON_ERROR_STOP=1", "-f", SQL, url], check=True)


def refused(url: str, statement: str) -> bool:
    """Whether the database refuses it; what it did not refuse is taken back."""
    with psycopg.connect(url) as one:
        try:
            one.execute(statement)
        except psycopg.Error:
            return True
        finally:
            one.rollback()
    return False


def keys_cannot_be_divided(url: str) -> bool:
    return refused(url, _KEYS_TOO)


def truncating_a_part_is_refused(url: str) -> bool:
    return refused(url, "TRUNCATE accounts_claveevent_3")


def look_ups(
    databases: dict[str, Postgres], environment: dict[str, str], rounds: int
) -> dict[str, dict[str, float]]:
    """Action → which database → milliseconds, median of the rounds."""
    holders = {}
    try:
        for name, database in databases.items():
            holders[name] = Holder(__file__, database.url, **_without_address(environment))
        return {action: in_turns(holders, action, rounds) for action in _ACTIONS}
    finally:
        for holder in holders.values():
            holder.leave()


def purges(databases: dict[str, Postgres], environment: dict[str, str]) -> tuple[int, dict[str, float]]:
    """How many keys expired in each, and in how many seconds."""
    took, expired = {}, set()
    for name, database in databases.items():
        command = [sys.executable, __file__, "--purge"]
        env = on(database.url) | _without_address(environment)
        said = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
        expired.add(int(said[0]))
        took[name] = float(said[1])
    (number,) = expired
    return number, took


def _without_address(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name != "DATABASE_URL"}


# --- On one of them -------------------------------------------------------------------------------------


def _chain() -> None:
    from accounts.events import ClaveEvent

    assert list(ClaveEvent.objects.filter(cuil=_somebody()).order_by("seq"))


def _append() -> None:
    from django.db import transaction

    from accounts.events import Actor, Note, Trail, record

    with transaction.atomic():
        record(_somebody(), Note.SIGNED_IN, Trail(Actor.OWNER, "10.0.0.1"))


def _audit() -> None:
    from accounts.events import ClaveEvent

    assert list(ClaveEvent.objects.filter(kind="create_pending").order_by("-at")[:50])


_ACTIONS: dict[str, Callable[[], None]] = {
    "the chain of one person": _chain,
    "an event appended": _append,
    "the last 50 events of a kind": _audit,
}
_people: list[str] = []


def _somebody() -> str:
    """Each time the next of a thousand, spread over the table."""
    if not _people:
        from accounts.models import Clave

        every = max(1, Clave.objects.count() // 1000)
        _people.extend(Clave.objects.order_by("pk").values_list("cuil", flat=True)[::every])
    _people.append(_people.pop(0))
    return _people[0]


def _purge() -> None:
    from django.utils import timezone

    from accounts.purge import purge

    start = time.perf_counter()
    done = purge(timezone.localdate())
    print(done.expired, time.perf_counter() - start)


if __name__ == "__main__":
    django_setup()
    _purge() if sys.argv[1:] == ["--purge"] else serve(_ACTIONS)
