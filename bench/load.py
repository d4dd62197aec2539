"""A country at the door: log-ins, pages, new keys and forms together, on nginx, gunicorn and PostgreSQL.

    python bench/load.py [--short] [--people 1000000] [--keep]

The rates are those of `RATES` and `PAGES`, for ten minutes; everything runs on this machine, this client
too. Every change that a visitor was told of is looked for afterwards, and every chain of events is verified.
Then the rates are lowered and raised in steps, to see where it bends. Ends with 1 when a change was lost or
a chain is broken; speed fails nothing.
"""

import argparse
import asyncio
import gc
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import cycle

import psycopg
from _side_by_side import ROOT

sys.path.insert(0, str(ROOT))

from _arrivals import Driven, Stream, drive, share
from _cluster import cluster, or_say_what_is_missing
from _crowd import Crowd, Someone, fill
from _figures import keep, load, machine
from _machine import environment, manage, processor_seconds, served
from _visits import SECONDS_AHEAD, Door, Readers, Records, Visit, visit

RATES = {"log-in": 25.0, "form USI-07": 3.0, "key on paper": 0.5, "key online": 0.5}
PAGES = 150.0
# Pages of a visit before the moment that counts; whoever only reads makes up the rest.
PAGES_OF = {"log-in": 1, "form USI-07": 2, "key on paper": 5, "key online": 10}
COLUMNS = [
    "rates", "seconds", "log-ins/s", "p50 ms", "p95 ms", "pages/s", "p95 ms", "PDF/s", "p95 ms", "keys made",
    "5xx or none", "others refused", "cores: site", "client",
]  # fmt: skip


@dataclass(frozen=True)
class Part:
    """So many seconds at this multiple of the rates."""

    factor: float
    seconds: float


WARM_UP = Part(0.5, 5)
FULL = (WARM_UP, Part(1, 600), Part(0.5, 60), Part(0.75, 60), Part(1.25, 60), Part(1.5, 60), Part(2, 60))
SHORT = (WARM_UP, Part(1, 60), Part(0.5, 15), Part(1.5, 15))


class Load:
    """The visitors of one run."""

    def __init__(self, door: Door, crowd: Crowd) -> None:
        self._door, self._readers = door, Readers(door)
        newcomers = iter(crowd.newcomers)
        self._who = {
            "log-in": cycle(map(Someone, crowd.holders)),
            "form USI-07": cycle(crowd.waiting),
            "key on paper": newcomers,
            "key online": newcomers,
        }
        self.acknowledged: list[tuple[str, str]] = []
        self.reasons: Counter[str] = Counter()
        # Of the last run: processor seconds a second of this client, and of everything that serves.
        self.cores = [0.0, 0.0]

    async def run(self, part: Part) -> Driven:
        brought = sum(RATES[kind] * PAGES_OF[kind] for kind in RATES)
        streams = [
            Stream(kind, rate * part.factor, self._start(kind), min(SECONDS_AHEAD[kind], part.seconds))
            for kind, rate in RATES.items()
        ]
        streams.append(Stream("page", (PAGES - brought) * part.factor, self._readers.read))
        before = processor_seconds()
        driven = await drive(streams, part.seconds)
        self.cores = [
            (now - was) / driven.seconds for now, was in zip(processor_seconds(), before, strict=True)
        ]
        for gone in driven.outcomes:
            if gone.acknowledged:
                self.acknowledged.append(gone.acknowledged)
            if gone.refused is not None:
                self.reasons[f"{gone.kind}: {gone.why}"] += 1
        return driven

    async def leave(self) -> None:
        await self._readers.leave()

    def _start(self, kind: str) -> Callable[[float], Awaitable[Visit]]:
        async def start(at: float) -> Visit:
            return await visit(kind, self._door, next(self._who[kind]), at)

        return start


def row(part: Part, driven: Driven) -> list:
    """One line of the table."""
    gone: list[Visit] = driven.outcomes
    took = {
        kind: [one.seconds * 1000 for one in gone if one.kind == kind and one.seconds and one.refused is None]
        for kind in (*RATES, "page")
    }
    pages = took["page"] + [seconds * 1000 for one in gone for seconds in one.pages]
    refused = [one.refused for one in gone if one.refused is not None]
    broken = sum(status in {0, -1} or status >= 500 for status in refused)
    return [
        f"{part.factor:g}×", part.seconds,
        len(took["log-in"]) / driven.seconds, share(took["log-in"], 50), share(took["log-in"], 95),
        len(pages) / driven.seconds, share(pages, 95),
        len(took["form USI-07"]) / driven.seconds, share(took["form USI-07"], 95),
        len(took["key on paper"]) + len(took["key online"]),
        broken, len(refused) - broken + driven.turned_away,
    ]  # fmt: skip


# --- What must be there afterwards --------------------------------------------------------------------


def lost(acknowledged: list[tuple[str, str]], since: str) -> int:
    """How many changes that a visitor was told of are not in the database."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            "SELECT e.cuil, e.kind, count(*) FROM accounts_claveevent e WHERE e.at >= %s AND"
            # A key that was made must also be there, in the state in which it is born.
            " (e.kind NOT LIKE 'create%%' OR EXISTS (SELECT FROM accounts_clave c WHERE c.id = e.clave_number"
            " AND c.cuil = e.cuil AND c.state = e.target)) GROUP BY 1, 2",
            [since],
        )
        found = {(cuil, kind): number for cuil, kind, number in cursor.fetchall()}
    told = Counter(acknowledged)
    return sum(max(0, number - found.get(change, 0)) for change, number in told.items())


def chains_are_whole(env: dict[str, str]) -> bool:
    try:
        print(f"  {manage(env, 'verify_audit').strip()}", file=sys.stderr)
    except subprocess.CalledProcessError as broken:
        print(broken.stdout, file=sys.stderr)
        return False
    return True


# --- The run --------------------------------------------------------------------------------------------


async def visitors(
    port: int, database: str, crowd: Crowd, parts: tuple[Part, ...]
) -> tuple[list, list, Load]:
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        everybody = Load(Door(port, Records(connection)), crowd)
        rows, late = [], []
        for part in parts:
            driven = await everybody.run(part)
            if part is WARM_UP:
                continue
            client, site = everybody.cores
            rows.append([*row(part, driven), site, client])
            late += driven.late
            print("  " + line(rows[-1]), file=sys.stderr, flush=True)
        await everybody.leave()
        return rows, late, everybody


def line(cells: list) -> str:
    return "".join(f"{cell:>12.4g}" if isinstance(cell, float) else f"{cell!s:>12}" for cell in cells)


def main() -> None:
    options = arguments()
    parts = (Part(1, options.seconds),) if options.seconds else SHORT if options.short else FULL
    # Three forms a second, each person's once; the rest is for chance.
    wanted = int(sum(part.seconds * part.factor for part in parts) * 4) + 50
    with cluster() as database:
        env = environment(database)
        os.environ.update(env)
        import django

        django.setup()
        crowd = fill(env, options.people, wanted=wanted)
        manage(env, "collectstatic", "--no-input", "-v0")
        since = sql_now()
        with served(env) as site:
            gc.freeze()  # the crowd is not looked through again and again while the clock runs
            rows, late, everybody = asyncio.run(visitors(site.port, database, crowd, parts))
            version = psycopg.connect(database).info.server_version // 10000
        gone = lost(everybody.acknowledged, since)
        whole = chains_are_whole(env)
    report(options, rows, [
        f"{options.people:,} persons and as many keys in PostgreSQL {version}; client, nginx, gunicorn and"
        " PostgreSQL on the same cores.",
        "Arrivals do not wait for answers (Poisson); each wait counts from the planned moment. A log-in"
        " counts from INGRESAR to the page behind it, a PDF from the click to its last byte.",
        f"{len(everybody.acknowledged):,} changes acknowledged, {gone} of them lost; chains of events:"
        f" {'all whole' if whole else 'BROKEN'}.",
        f"99 % of the visits were begun at most {1000 * (share(late, 99) or 0):.0f} ms late by the client.",
        load(),
    ])  # fmt: skip
    for why, number in everybody.reasons.most_common(10):
        print(f"  {number} × {why}", file=sys.stderr)
    sys.exit(bool(gone) or not whole)


def sql_now() -> str:
    from django.utils import timezone

    return timezone.now().isoformat()


def report(options: argparse.Namespace, rows: list, notes: list[str]) -> None:
    wide = [COLUMNS, *rows]
    print("\n".join(line(cells) for cells in wide))
    print("\n".join(f"  {note}" for note in notes))
    if options.keep:
        command = "make load LOAD=--short" if options.short else "make load"
        keep(
            "load", title="Load", command=command, machine=machine(), columns=COLUMNS, rows=rows, notes=notes
        )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--short", action="store_true", help="a minute instead of ten")
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, help="only this long, without steps")
    parser.add_argument("--keep", action="store_true", help="write docs/figures/load.json")
    parser.add_argument("--show-log", action="store_true", help="print what gunicorn and nginx said")
    return parser.parse_args()


if __name__ == "__main__":
    or_say_what_is_missing(main)
