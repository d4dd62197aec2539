"""Drawing a whole quiz: beside one ORDER BY random(), and among ten times as many employers, in one run.

    python bench/quiz.py [employers]

Two databases of their own, one with a tenth of the employers, each held by a process; they take turns. P15:
beside one `ORDER BY random() LIMIT 4` of the fuller one. P16: beside the same quiz in the other. Wall-clock
times: the database's own work is in them. On SQLite, and on PostgreSQL if DATABASE_URL names a server.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from _budgets import Figure
from _databases import Database, django_setup, kinds, maker, on
from _holders import Holder, in_turns, serve

EMPLOYERS, SHARE, ROUNDS = 500_000, 10, 15
WHOLE, RANDOM = "a whole quiz", "ORDER BY random() LIMIT 4"


def fill(employers: int) -> None:
    django_setup()
    from django.db import transaction

    from guards.bulk import insert_like
    from identity.models import Choice
    from tests.builders import make_person

    make_person()
    listed = Choice.objects.filter(kind="employer").count()
    with transaction.atomic():
        for first in range(listed, employers, 10_000):
            places = range(first, min(first + 10_000, employers))
            insert_like(
                Choice(kind="employer", pool="employer"),
                value=[f"COMPAÑIA {place} S A" for place in places],
                place=list(places),
            )


def actions() -> dict[str, Callable[[], object]]:
    from django.db import connection

    from identity.models import Person
    from identity.quiz import can_be_quizzed

    cuil = Person.objects.get().cuil

    def draw() -> None:
        with connection.cursor() as cursor:  # so that every round is drawn for the first time
            cursor.execute("DELETE FROM identity_questioncard")
        assert can_be_quizzed(cuil)

    def at_random() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT value FROM identity_choice ORDER BY random() LIMIT 4")
            cursor.fetchall()

    return {WHOLE: draw, RANDOM: at_random}


def one_kind(make: Callable[[str], Database], employers: int) -> list[Figure]:
    sizes = {"few": employers // SHARE, "many": employers}
    databases = {name: make(f"clave_bench_quiz_{name}") for name in sizes}
    holders: dict[str, Holder] = {}
    try:
        for name, database in databases.items():
            database.fresh()
            command = [sys.executable, __file__, "--fill", str(sizes[name])]
            subprocess.run(command, env=on(database.url), check=True)
            holders[name] = Holder(__file__, database.url)
        drawn, at_random = in_turns(holders, WHOLE, ROUNDS), in_turns(holders, RANDOM, ROUNDS)
    finally:
        for holder in holders.values():
            holder.leave()
        for database in databases.values():
            database.drop()
    size = f"{employers:,} employers"
    return [
        Figure("P15", drawn["many"], at_random["many"], "ms", size),
        Figure("P16", drawn["many"], drawn["few"], "ms", size),
    ]


def figures(*, full: bool) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="clave-bench-") as folder:
        return one_kind(maker(Path(folder)), EMPLOYERS)


def main() -> None:
    if sys.argv[1:2] == ["--fill"]:
        fill(int(sys.argv[2]))
    elif sys.argv[1:2] == ["--serve"]:
        django_setup()
        serve(actions())
    else:
        with tempfile.TemporaryDirectory(prefix="clave-bench-") as folder:
            for make in kinds(Path(folder)):
                for one in one_kind(make, int(sys.argv[1]) if sys.argv[1:] else EMPLOYERS):
                    print(f"{one.number} {one.size}: {one.a:.2f} ms beside {one.b:.2f}: {one.ratio:.4f}")


if __name__ == "__main__":
    main()
