"""The budgets, each beside its yardstick in the same run, as one table (`make bench`).

    python bench/run.py [--full] [--keep] [--only P9,P11]

On SQLite, and on PostgreSQL: the server that DATABASE_URL names, or one of its own where PostgreSQL is
installed. A run takes minutes; `--full` takes the sizes that the budgets name, and longer. `--keep` writes
docs/figures/bench.json. A budget that is missed is told and nothing else: this never fails.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from importlib import import_module
from string import ascii_letters

from _budgets import BUDGETS, ELSEWHERE, Figure
from _cluster import NotInstalled, cluster
from _figures import FOLDER, keep, load, machine
from _side_by_side import ROOT

# Script → what of the budgets it measures. Those of NO_DATABASE ask none that would matter: once is enough.
SCRIPTS = {
    "pages": ["P1", "P2"],
    "code_image": ["P3"],
    "usi07": ["P7", "P8"],
    "purge": ["P9", "P9m", "P10"],
    "overdue": ["P11"],
    "import_registry": ["P12", "P12b", "P13", "P14"],
    "quiz": ["P15", "P16"],
    "office": ["P17", "P18"],
    "log_in_page": ["P20"],
}
NO_DATABASE = {"usi07"}
COLUMNS = ["#", "database", "A", "B", "of A", "of B", "A / B", "limit", "within", "at"]
NOTES = [
    "Medians; A and B take turns. ms CPU is the portal's own process: what PostgreSQL's server works is not"
    " in it, what SQLite works is. Everything else is wall-clock time.",
    "P4, P5, P6: `make flood`. A line without a limit is no budget: it shows a part of the one above it.",
    "P19, a search by name: there is none, an office finds people by exact numbers only.",
]

Row = list[str | float | bool]


def databases(stack: ExitStack) -> dict[str, str]:
    """Name → address. A PostgreSQL of our own ends with the stack."""
    there = {"SQLite": f"sqlite:///{ROOT}/var/bench.sqlite3"}
    given = os.environ.get("DATABASE_URL", "")
    try:
        server = given if given.startswith("postgres") else stack.enter_context(cluster())
    except NotInstalled as missing:
        print(f"PostgreSQL: skipped. {missing}", file=sys.stderr)
        return there
    return there | {"PostgreSQL": server}


def measured(script: str, url: str, *, full: bool) -> list[Figure]:
    """In a process of its own, on this database; empty, and told, where it could not be measured."""
    command = [sys.executable, __file__, "--measure", script, *["--full"] * full]
    run = subprocess.run(
        command, env=os.environ | {"DATABASE_URL": url}, stdout=subprocess.PIPE, text=True, check=False
    )
    if run.returncode:
        print(f"{script}: not measured, the reason is above", file=sys.stderr)
        return []
    return [Figure(**figure) for figure in json.loads(run.stdout.splitlines()[-1])]


def rows(chosen: list[str], servers: dict[str, str], *, full: bool) -> Iterator[Row]:
    for script in chosen:
        for database, url in servers.items():
            if script in NO_DATABASE and database != "SQLite":
                continue
            print(f"{script}, {database} …", file=sys.stderr)
            for figure in measured(script, url, full=full):
                yield row(figure, database)


def row(figure: Figure, database: str) -> Row:
    budget = BUDGETS[figure.number]
    limit, holds = budget.limit_on(database), budget.holds(figure.ratio, database)
    return [
        figure.number, database, budget.a, budget.b,
        f"{figure.a:.3g} {figure.unit}", f"{figure.b:.3g} {figure.unit}",
        figure.ratio, "" if limit is None else limit, "" if holds is None else holds, figure.size,
    ]  # fmt: skip


def in_order(one: Row) -> tuple[int, str, str]:
    number = str(one[0])
    return int(number.strip(ascii_letters)), number, str(one[1])


def show(table: list[Row]) -> None:
    shown = [COLUMNS, *([f"{cell:.3g}" if isinstance(cell, float) else _word(cell) for cell in one]
                        for one in table)]  # fmt: skip
    widths = [max(len(one[place]) for one in shown) for place in range(len(COLUMNS))]
    for one in shown:
        print("  ".join(cell.ljust(width) for cell, width in zip(one, widths, strict=True)).rstrip())
    for number, what in ELSEWHERE.items():
        print(f"{number}  {what}: see make flood")


def _word(cell: str | float) -> str:
    return ("yes" if cell else "NO") if isinstance(cell, bool) else str(cell)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="the sizes that the budgets name")
    parser.add_argument("--keep", action="store_true", help="write docs/figures/bench.json")
    parser.add_argument("--only", default="", help="some budgets or scripts, separated by commas")
    parser.add_argument("--measure", choices=SCRIPTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        found = import_module(options.measure).figures(full=options.full)
        print(json.dumps([figure.stored() for figure in found]))
        return
    wanted = set(options.only.split(",")) - {""}
    chosen = [name for name, numbers in SCRIPTS.items() if not wanted or wanted & {name, *numbers}]
    before = load()
    with ExitStack() as stack:
        table = sorted(rows(chosen, databases(stack), full=options.full), key=in_order)
    show(table)
    if options.keep:
        full = " ARGS=--full" * options.full
        keep(
            "bench", title="Budgets", command=f"make bench{full}", machine=machine(), columns=COLUMNS,
            rows=sorted([*table, *not_measured_now(table)], key=in_order), notes=[*NOTES, before],
        )  # fmt: skip


def not_measured_now(table: list[Row]) -> list[Row]:
    """What an earlier run kept of other budgets: `--only` leaves it."""
    kept = FOLDER / "bench.json"
    now = {(one[0], one[1]) for one in table}
    before = json.loads(kept.read_text(encoding="utf-8"))["rows"] if kept.exists() else []
    return [one for one in before if (one[0], one[1]) not in now]


if __name__ == "__main__":
    main()
