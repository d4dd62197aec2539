"""What one more person, one more log-in and one more machine cost: the figures of docs/scaling.md.

    python bench/scaling.py [--people 40000] [--keep]

On a PostgreSQL of its own: bytes of a row in each table that grows with persons; processor time of a log-in
and of a page, and from it how many nodes so many log-ins a second need; the events whole and divided by
CUIL; and how late a replica made by pg_basebackup is. Everything runs on this machine; speed fails nothing.
"""

import argparse
import asyncio
import os
import sys
import time

import psycopg
from _databases import Postgres
from _side_by_side import ROOT, processor_time

sys.path.insert(0, str(ROOT))

import _scaling_nodes as nodes
import _scaling_partitions as partitions
import _scaling_replica as replicas
import _scaling_rows as rows
from _cluster import cluster, or_say_what_is_missing, replica
from _crowd import PASSWORD, Crowd, fill
from _figures import keep, load, machine
from _machine import environment, manage, served

COLUMNS = ["what", "figure", "unit", "beside it", "what that is"]
TABLES = ("identity_person", "identity_fact", "accounts_user", "accounts_clave", "accounts_claveevent")
MAILS = "post_office_email"
# The nodes of the simulation, and the pages that go with each log-in.
CORES, PAGES, WITHIN = 8, 5, 0.5
RATES = (25, 100, 500, 2000)

Row = list[object]


def of_rows(sizes: dict[str, rows.Size]) -> list[Row]:
    told: list[Row] = [
        [f"a row of {table}", size.whole, "bytes", size.indexes, "of them in its indexes"]
        for table, size in sizes.items()
    ]
    facts = sizes["identity_fact"].rows / sizes["identity_person"].rows
    start, year = rows.country(sizes)
    return [
        *told,
        [f"{rows.PERSONS / 1e6:.0f} million persons, {rows.KEYS / 1e6:.0f} million keys", start, "GiB", facts,
         "facts a person"],
        ["more each year", year, "GiB", rows.EVENTS_A_YEAR, "events a key and year"],
    ]  # fmt: skip


def of_traffic(env: dict[str, str], database: str, crowd: Crowd, visits: int) -> list[Row]:
    from django.conf import settings
    from django.contrib.auth.hashers import check_password, make_password

    stored = make_password(PASSWORD)
    hashing = processor_time({"hash": lambda: check_password(PASSWORD, stored)}, 15)["hash"]
    manage(env, "collectstatic", "--no-input", "-v0")
    with served(env) as site:
        entered, read, connections = asyncio.run(nodes.costs(site, database, crowd.holders, visits))
    bound = settings.PORTAL_WORKERS * settings.PORTAL_THREADS
    return [
        ["a key checked (Argon2id)", hashing, "ms of a core", 1000 / hashing, "a second and core"],
        ["a log-in, three pages and a picture", entered.node * 1000, "ms of a core", entered.rest * 1000,
         "ms of nginx and PostgreSQL"],
        ["a page that is read", read.node * 1000, "ms of a core", read.rest * 1000,
         "ms of nginx and PostgreSQL"],
        ["log-ins", 1 / entered.node, "a second and core", 1 / read.node, "pages a second and core"],
        ["connections of a node to the database", connections, "", bound, "at most: workers × threads"],
        *of_nodes(entered.node + PAGES * read.node, settings.PORTAL_HASHING_PLACES),
    ]  # fmt: skip


def of_nodes(service: float, places: int) -> list[Row]:
    """`service`: seconds of a core that a log-in and the pages that go with it take."""
    node = nodes.Node(CORES, CORES * places)
    found = {rate: nodes.fewest(rate, node, service, WITHIN) for rate in RATES}
    return [
        [f"nodes of {CORES} cores for {rate} log-ins a second", number, "nodes", result.p95 * 1000,
         "ms, 95 in a hundred answered (simulated)"]
        for rate, (number, result) in found.items()
    ]  # fmt: skip


def of_a_replica(env: dict[str, str], people: list[str], writes: int) -> list[Row]:
    from accounts.events import ClaveEvent

    database = env["DATABASE_URL"]
    with replica(database) as copy:
        start, events = time.perf_counter(), ClaveEvent.objects.count()
        manage(env | {"DATABASE_URL": copy}, "verify_audit")
        took = time.perf_counter() - start
        quiet = replicas.lag(copy, people, writes)
        with replicas.bulk_writes(database):
            busy = replicas.lag(copy, people, writes)
    told: list[Row] = [["all chains verified on the replica", events / took, "events a second", took, "s"]]
    for when, lag in (("", quiet), (" during bulk writes", busy)):
        told += [
            [f"replica{when}: behind, half of the times", lag.p50, "ms", lag.p99, "ms, 99 in a hundred"],
            [
                f"replica{when}: not there at the first look",
                lag.missed * 100,
                "%",
                lag.longest,
                "ms, longest",
            ],
        ]
    return told


def of_partitions(database: str, env: dict[str, str], rounds: int) -> tuple[list[Row], rows.Size]:
    """Beside each figure of the divided table that of the whole one; and the size of a mail."""
    full = Postgres(database, "postgres")
    both = partitions.two_databases(database, full)
    if not partitions.truncating_a_part_is_refused(both["parts"].url):
        sys.exit("a part of the events can be emptied")
    if not partitions.keys_cannot_be_divided(both["parts"].url):
        sys.exit("docs/scaling.md says that keys cannot be divided as they are: they can")
    told: list[Row] = [
        [f"events in {partitions.PARTS} parts: {action}", took["parts"], "ms", took["whole"], "ms, whole"]
        for action, took in partitions.look_ups(both, env, rounds).items()
    ]
    for each in both.values():
        with psycopg.connect(each.url) as one:
            one.execute("UPDATE accounts_clave SET deadline = current_date - 1 WHERE state = 'pending'")
    keys, took = partitions.purges(both, env)
    sizes = {
        "whole": rows.size_of(both["whole"].url, TABLES[-1]),
        "parts": rows.size_of(both["parts"].url, *partitions.part_tables()),
    }
    return [
        *told,
        [f"events in {partitions.PARTS} parts: the purge of {keys:,} keys", took["parts"], "s", took["whole"],
         "s, whole"],
        [f"events in {partitions.PARTS} parts: a row", sizes["parts"].whole, "bytes", sizes["whole"].whole,
         "bytes, whole"],
    ], rows.size_of(both["whole"].url, MAILS)  # fmt: skip


def measure(options: argparse.Namespace) -> tuple[list[Row], str]:
    with cluster(fsync=options.fsync) as database:
        env = environment(database)
        os.environ.update(env)
        import django

        django.setup()
        from django.db import connection, connections

        crowd = fill(env, options.people, wanted=50)
        rows.write_log_ins(crowd.holders)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE) accounts_claveevent")
        sizes = {table: rows.size_of(database, table) for table in TABLES}
        connections.close_all()  # those of the node are counted
        traffic = of_traffic(env, database, crowd, options.visits) if options.visits else []
        late = of_a_replica(env, crowd.holders, options.looks)
        version = connection.pg_version // 10000
        connections.close_all()
        divided, mail = of_partitions(database, env, options.rounds)
        return [*of_rows(sizes | {MAILS: mail}), *traffic, *divided, *late], f"PostgreSQL {version}"


def main() -> None:
    options = arguments()
    found, version = measure(options)
    notes = [
        f"{options.people:,} generated persons with their facts, a key each and its events. A country is"
        f" {rows.PERSONS:,} of them, {rows.KEYS:,} keys and, a key and year, {rows.EVENTS_A_YEAR} events and"
        f" {rows.MAILS_A_YEAR} mails: assumptions.",
        "Processor time of gunicorn, and beside it that of nginx and PostgreSQL, which stand elsewhere in a"
        f" country. Simulated: a log-in brings {PAGES} pages more; Poisson arrivals, each to the next node,"
        f" which has one queue for its {CORES} cores; the fewest with which 95 in a hundred are answered"
        f" within {WITHIN * 1000:.0f} ms and nobody is refused.",
        "Primary and replica are on one disk and one machine: a network adds its own time.",
        load(),
    ]  # fmt: skip
    for row in (COLUMNS, *found):
        print(
            "".join(f"{cell:>14.4g}" if isinstance(cell, float) else f"{cell!s:>14}" for cell in row[1:]),
            row[0],
        )
    print("\n".join(f"  {note}" for note in notes))
    if options.keep:
        keep(
            "scaling", title="Scaling", command="make scaling ARGS=--keep",
            machine=machine(version), columns=COLUMNS, rows=found, notes=notes,
        )  # fmt: skip


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=40_000)
    parser.add_argument("--visits", type=int, default=100, help="log-ins, and pages, that are measured")
    parser.add_argument("--looks", type=int, default=200, help="at the replica")
    parser.add_argument("--rounds", type=int, default=15, help="of the look-ups")
    parser.add_argument("--fsync", default="on", help="off says less of writes: for the tests")
    parser.add_argument("--keep", action="store_true", help="write docs/figures/scaling.json")
    return parser.parse_args()


if __name__ == "__main__":
    or_say_what_is_missing(main)
