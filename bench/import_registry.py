"""Rows per second and peak memory of import_registry, beside raw loads of the same rows.

    python bench/import_registry.py [--people 200000] [--rounds 1]

Each measurement is a process of its own, on a database of its own that is made and dropped here:
an SQLite file, and a database of the PostgreSQL server named by DATABASE_URL, if it names one.
Raw means what the database offers for the purpose, straight into the migrated tables: COPY by
psql, executemany by sqlite3; nothing is checked, hashed, compared or catalogued.
"""

import argparse
import csv
import json
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from _budgets import Figure
from _databases import Database, django_setup, kinds, maker, manage, on, psql

SCRATCH = "clave_bench_import"
FIRST, SECOND = "import_registry, first load", "import_registry, second run"
PEOPLE = (
    "cuil,surname,given_names,document_type,document_number,sex,birth_date,street,locality,"
    "postal_code,province,country,tramite_hash,death_date"
)
FACTS = "cuil,kind,value,since,until"


# --- Measured, each in its own process ----------------------------------------------------------


def ours(folder: Path) -> dict:
    django_setup()
    from identity.importer import run

    catalogue = 0.0
    rebuild = run.rebuild_choices

    def timed_rebuild() -> int:
        nonlocal catalogue
        start = time.perf_counter()
        count = rebuild()
        catalogue = time.perf_counter() - start
        return count

    run.rebuild_choices = timed_rebuild
    start = time.perf_counter()
    report = run.import_folder(folder)
    seconds = time.perf_counter() - start
    assert not report.rejects, report.rejects
    return {"seconds": seconds, "catalogue": catalogue}


def raw_copy(folder: Path) -> dict:
    url = os.environ["DATABASE_URL"]
    empty = "force_not_null (province, postal_code, tramite_hash)"
    start = time.perf_counter()
    psql(
        url,
        f"\\copy identity_person ({PEOPLE}) from '{folder}/people.csv' (format csv, header, {empty})",
        f"\\copy identity_fact ({FACTS}) from '{folder}/facts.csv' (format csv, header)",
    )
    return {"seconds": time.perf_counter() - start}


def raw_executemany(folder: Path) -> dict:
    connection = sqlite3.connect(urlsplit(os.environ["DATABASE_URL"]).path, isolation_level=None)
    # The table checks the CUIL with it; Django brings the same function.
    connection.create_function("REGEXP", 2, lambda rule, text: bool(re.search(rule, text)))
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA cache_size=-65536; PRAGMA foreign_keys=ON")
    start = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for name, columns in (("person", PEOPLE), ("fact", FACTS)):
        marks = ",".join(
            "nullif(?,'')" if column in {"since", "until", "death_date"} else "?"
            for column in columns.split(",")
        )
        source = {"person": "people.csv", "fact": "facts.csv"}[name]
        with (folder / source).open(newline="", encoding="utf-8") as stream:
            rows = csv.reader(stream)
            next(rows)
            connection.executemany(f"INSERT INTO identity_{name} ({columns}) VALUES ({marks})", rows)
    connection.execute("COMMIT")
    return {"seconds": time.perf_counter() - start}


MEASURED = {"ours": ours, "raw_copy": raw_copy, "raw_executemany": raw_executemany}


# --- The run ------------------------------------------------------------------------------------


def measured(what: str, folder: Path, url: str) -> dict:
    """Seconds, and the peak of the process's resident memory in MiB."""
    command = [sys.executable, __file__, "--measure", what, "--folder", folder]
    with subprocess.Popen(command, env=on(url), stdout=subprocess.PIPE, text=True) as child:
        output = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{what} failed")
    return json.loads(output.splitlines()[-1]) | {"memory": usage.ru_maxrss / 1024}


# By the name of the database: what is measured, and what it is called.
RAW = {"SQLite": ("raw_executemany", "sqlite3 executemany"), "PostgreSQL": ("raw_copy", "psql \\copy")}


def one_round(database: Database, folder: Path) -> dict[str, dict]:
    raw, name = RAW[database.name]
    database.fresh()
    found = {name: measured(raw, folder, database.url)}
    database.fresh()
    found[FIRST] = measured("ours", folder, database.url)
    found[SECOND] = measured("ours", folder, database.url)
    database.drop()
    return found


def median(rounds: list[dict[str, dict]], name: str, what: str) -> float:
    return statistics.median(one[name].get(what, 0.0) for one in rounds)


def report(database: Database, rounds: list[dict[str, dict]], rows: int) -> None:
    base = median(rounds, RAW[database.name][1], "seconds")
    for name in rounds[0]:
        seconds, catalogue = median(rounds, name, "seconds"), median(rounds, name, "catalogue")
        print(
            f"{database.name:11}{name:29}{seconds:8.1f}{catalogue:11.1f}{rows / seconds:10,.0f}"
            f"{median(rounds, name, 'memory'):9.0f}{seconds / base:8.2f}{(seconds - catalogue) / base:8.2f}"
        )


def register(folder: Path, database: Database, people: int) -> int:
    """A made-up register in this folder. Returns how many rows."""
    folder.mkdir(exist_ok=True)
    database.fresh()
    manage(database.url, "generate_registry", str(folder), "--people", str(people))
    database.drop()
    return sum(sum(1 for _ in (folder / name).open("rb")) - 1 for name in ("people.csv", "facts.csv"))


def figures(*, full: bool) -> list[Figure]:
    """P14's larger register is five times that of the others."""
    people, rounds = (200_000, 3) if full else (100_000, 1)
    with tempfile.TemporaryDirectory(prefix="clave-bench-") as name:
        folder, database = Path(name), maker(Path(name))(SCRATCH)
        rows = register(folder / "whole", database, people)
        found = [one_round(database, folder / "whole") for _ in range(rounds)]
        raw, size = median(found, RAW[database.name][1], "seconds"), f"{rows:,} rows"
        first, second = (median(found, what, "seconds") for what in (FIRST, SECOND))
        if database.name == "PostgreSQL":
            times = [Figure("P12", first, raw, "s", size), Figure("P12b", second, raw, "s", size)]
        else:
            times = [Figure("P13", first, raw, "s", size)]
        return [*times, memory(folder, database, people, median(found, FIRST, "memory"), full=full)]


def memory(folder: Path, database: Database, people: int, had: float, *, full: bool) -> Figure:
    """At five times the register, or else at a fifth of it, beside what the import of it had."""
    others = people * 5 if full else people // 5
    rows = register(folder / "other", database, others)
    database.fresh()
    other: float = measured("ours", folder / "other", database.url)["memory"]
    database.drop()
    more, less = (other, had) if full else (had, other)
    return Figure("P14", more, less, "MiB", f"{rows if full else 5 * rows:,} rows")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--measure", choices=MEASURED, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(MEASURED[options.measure](options.folder)))
        return
    with tempfile.TemporaryDirectory(prefix="clave-bench-") as name:
        folder = Path(name)
        there = [make(SCRATCH) for make in kinds(folder)]
        rows = register(folder, there[0], options.people)
        print(f"\n{rows:,} rows; ratios to the raw load; «load» leaves out the catalogue of decoys")
        print(f"{'':40}{'seconds':>8}{'catalogue':>11}{'rows/s':>10}{'MiB':>9}{'ratio':>8}{'load':>8}")
        for database in there:
            report(database, [one_round(database, folder) for _ in range(options.rounds)], rows)


if __name__ == "__main__":
    main()
