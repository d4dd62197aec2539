"""Finding the overdue keys, among so many keys and among a tenth of them, in one run (P11).

    python bench/overdue.py [keys]

A thousand are overdue in either database: what grows is what must not be looked at. Wall-clock times. On
SQLite, and on PostgreSQL if DATABASE_URL names a server.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from _budgets import Figure
from _databases import Database, django_setup, kinds, maker, on
from _holders import Holder, in_turns, serve
from purge import fill

OVERDUE, SHARE, ROUNDS = 1000, 10, 25
LOOK_UP = "overdue keys"


def look_up() -> list[int]:
    """As the purge begins."""
    from django.utils import timezone

    from accounts.models import Clave, overdue
    from accounts.purge import numbers_of

    return numbers_of(Clave.objects.filter(overdue(timezone.localdate())))


def one_kind(make: Callable[[str], Database], keys: int) -> Figure:
    sizes = {"few": keys // SHARE, "many": keys}
    databases = {name: make(f"clave_bench_overdue_{name}") for name in sizes}
    holders: dict[str, Holder] = {}
    try:
        for name, database in databases.items():
            database.fresh()
            command = [sys.executable, __file__, "--fill", str(sizes[name])]
            subprocess.run(command, env=on(database.url), check=True)
            holders[name] = Holder(__file__, database.url)
        found = in_turns(holders, LOOK_UP, ROUNDS)
    finally:
        for holder in holders.values():
            holder.leave()
        for database in databases.values():
            database.drop()
    return Figure("P11", found["many"], found["few"], "ms", f"{keys:,} keys")


def figures(*, full: bool) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="clave-bench-") as folder:
        return [one_kind(maker(Path(folder)), 10_000_000 if full else 1_000_000)]


def main() -> None:
    if sys.argv[1:2] == ["--fill"]:
        keys = int(sys.argv[2])
        fill(keys, one_in=keys // OVERDUE, events=False)
    elif sys.argv[1:2] == ["--serve"]:
        django_setup()
        assert len(look_up()) == OVERDUE
        serve({LOOK_UP: look_up})
    else:
        with tempfile.TemporaryDirectory(prefix="clave-bench-") as folder:
            for make in kinds(Path(folder)):
                one = one_kind(make, int(sys.argv[1]) if sys.argv[1:] else 1_000_000)
                print(f"{one.size}: {one.a:.2f} ms beside {one.b:.2f}: {one.ratio:.2f}")


if __name__ == "__main__":
    main()
