"""What grows with the country: the same actions at one, ten and a hundred times the rows, in one run.

    python bench/growth.py [--rows 2000] [--keep]

Three databases of their own, filled alike (tests/crowd.py: as many persons, users, keys, events, reports and
proposals), each held by a process; they take turns. Wall-clock medians, and their ratio to the smallest.
Verifying the audit reads every event: its time is given for each thousand of them. On SQLite, and on
PostgreSQL: the one that DATABASE_URL names, or one of its own. `--keep` writes docs/figures/growth.json.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count
from pathlib import Path

from _cluster import NotInstalled, cluster
from _databases import Database, Postgres, Sqlite, django_setup, on
from _figures import keep, load, machine
from _holders import Action, Holder, in_turns, serve

TIMES = (1, 10, 100)
ROUNDS = 9
OVERDUE = 20
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.settings"}


# --- What is measured, in a process that holds one database -----------------------------------------


def fill(rows: int) -> None:
    """With a person who logs in, and as many overdue keys whatever the size."""
    django_setup()
    from django.db import connection
    from django.utils import timezone

    from accounts.models import Clave, overdue
    from tests.builders import make_clave, make_person
    from tests.crowd import fill as write

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
    write(rows)
    today = timezone.localdate()
    late = Clave.objects.filter(overdue(today)).order_by("pk").values_list("pk", flat=True)
    spare = list(late[OVERDUE:])
    for first in range(0, len(spare), 500):
        Clave.objects.filter(pk__in=spare[first : first + 500]).update(deadline=today)
    make_clave(make_person(99_111_222).cuil)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def actions() -> dict[str, Action]:
    from django.core.management import call_command
    from django.utils import timezone

    from accounts.models import Clave, overdue
    from accounts.purge import numbers_of
    from backoffice.audit import Filter, InWords, page_of
    from backoffice.cases import find
    from tests.builders import make_cuil

    call_command("collectstatic", interactive=False, verbosity=0)
    cuil = make_cuil(99_111_222)
    last = Clave.objects.order_by("-pk").values_list("cuil", flat=True)[1]
    due = Clave.objects.filter(overdue(timezone.localdate()))
    return {
        "log-in, page and POST": lambda: log_in(cuil),
        "creating a key, its event and mail": creating(),
        "overdue keys": lambda: numbers_of(due),
        "office: first page of the audit": lambda: InWords().tell(page_of(Filter(), None)[0]),
        "office: search by CUIL": lambda: find(last),
        "drawing a quiz": drawing(cuil),
        "verifying the audit, a thousand events": verifying(),
    }


def log_in(cuil: str) -> None:
    from tests.builders import PASSWORD
    from tests.visitor import Visitor
    from tests.walker import type_code

    who = Visitor()
    who.open("/")
    who.fill("Número de CUIL", cuil).fill("Clave de Seguridad Social", PASSWORD)
    type_code(who)
    address, form = who.form("INGRESAR")
    assert who.client.post(address, form).status_code == 302


def creating() -> Action:
    """Each time of somebody who has none."""
    from tests.builders import make_clave, make_cuil

    documents = count(50_000_000)
    return lambda: make_clave(make_cuil(next(documents)))


def drawing(cuil: str) -> Action:
    from django.db import connection

    from identity.quiz import can_be_quizzed

    def draw() -> None:
        with connection.cursor() as cursor:  # so that every round is drawn for the first time
            cursor.execute("DELETE FROM identity_questioncard")
        assert can_be_quizzed(cuil)

    return draw


def verifying() -> Action:
    """Chains from the first on: those of the crowd hold no true seals, which costs the same to find."""
    from itertools import islice

    from accounts.events import checked_events

    return lambda: sum(1 for _ in islice(checked_events(), 1000))


# --- The run ----------------------------------------------------------------------------------------


def measured(make: Callable[[str], Database], rows: int) -> dict[str, list[float]]:
    """Action → milliseconds at each of the sizes."""
    databases = {str(times): make(f"clave_bench_growth_{times}") for times in TIMES}
    holders: dict[str, Holder] = {}
    try:
        for times, database in databases.items():
            database.fresh()
            command = [sys.executable, __file__, "--fill", str(rows * int(times))]
            subprocess.run(command, env=on(database.url) | SETTINGS, check=True)
            holders[times] = Holder(__file__, database.url, **SETTINGS)
        names = next(iter(holders.values())).offers
        return {name: list(in_turns(holders, name, ROUNDS).values()) for name in names}
    finally:
        for holder in holders.values():
            holder.leave()
        for database in databases.values():
            database.drop()


def table(rows: int, folder: Path, server: str) -> list[list[str | float]]:
    makers: dict[str, Callable[[str], Database]] = {"SQLite": lambda name: Sqlite(folder, name)}
    if server:
        makers["PostgreSQL"] = lambda name: Postgres(server, name)
    return [
        [database, what, *(round(one, 3) for one in times), times[1] / times[0], times[2] / times[0]]
        for database, make in makers.items()
        for what, times in measured(make, rows).items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=2000, help="at the smallest of the three sizes")
    parser.add_argument("--keep", action="store_true", help="write docs/figures/growth.json")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--fill", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fill:
        fill(options.fill)
        return
    if options.serve:
        django_setup()
        serve(actions())
        return
    before = load()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clave-bench-")))
        try:
            server = stack.enter_context(cluster())
        except NotInstalled as missing:
            print(f"PostgreSQL: skipped. {missing}", file=sys.stderr)
            server = ""
        found = table(options.rows, folder, server)
    sizes = [f"{options.rows * times:,} rows, ms" for times in TIMES]
    columns = ["database", "what", *sizes, "×10", "×100"]
    for row in (columns, *found):
        print("  ".join(f"{cell:>14.3g}" if isinstance(cell, float) else f"{cell:<38}" for cell in row))
    if options.keep:
        keep(
            "growth", title="Growth with the rows", command="make growth", machine=machine(), columns=columns,
            rows=found, notes=["Wall-clock medians; the three sizes take turns.", before],
        )  # fmt: skip


if __name__ == "__main__":
    main()
