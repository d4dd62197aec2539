"""What a flood of log-ins does to everybody else, on nginx, gunicorn and PostgreSQL of this machine.

    python bench/flood.py [--short] [--people 20000] [--keep]

First A beside B, taking turns: our configuration, the plainest gunicorn (two synchronous workers), and
ours without the bound on hashing, each under twelve connections that log in; beside them what two bare
processes could verify. Then five times more log-ins than we can check, from one address with nginx's
limits in front and from many without them, while others read pages and log in. Nothing leaves this
machine; every count and time is bounded.
"""

import argparse
import asyncio
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import psycopg
from _side_by_side import ROOT

sys.path.insert(0, str(ROOT))

from _arrivals import Driven, Stream, drive, share
from _cluster import cluster, or_say_what_is_missing
from _crowd import PASSWORD, Someone, fill
from _figures import keep, load, machine
from _machine import OURS, PLAIN, UNBOUND, Site, environment, manage, served
from _storm import WRONG_PASSWORD, Answered, Try, light_pages, stock, storm
from _visits import READ, Door, Readers, Records, Visit, visit

LIGHT = "/accesibilidad/"
LOGGING_IN = 12
# Tries a second of these: more than any machine of two cores checks, and no refusal is asked for in a hurry.
MOST = 150.0
COLUMNS = ["what", "A", "B", "A / B", "budget"]
# Of the flood: pages and log-ins that others ask for meanwhile, a second; and the flood's connections.
PAGES, LOG_INS, CONNECTIONS, TIMES = 120.0, 2.0, 64, 5.0
# With nginx's limits in front, or without.
FROM = (("many addresses", False), ("one address", True))
# Seconds: of watching afterwards, and of a visit before INGRESAR.
CALM, AHEAD = 15.0, 1.0


@dataclass(frozen=True)
class Times:
    """Seconds of a storm of one variant, how often they take turns, and seconds of a flood."""

    storm: float
    rounds: int
    flood: float


FULL, SHORT, TINY = Times(10, 3, 300), Times(6, 1, 30), Times(1, 1, 2)


# --- A beside B -------------------------------------------------------------------------------------------


@dataclass
class Variant:
    """A way to serve; its figures, a value a round."""

    arguments: tuple[str, ...]
    light_p99: list[float] = field(default_factory=list)
    log_ins: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


def bare_verifies(seconds: float) -> float:
    """Argon2 verifications a second of two processes that do nothing else."""
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        return sum(pool.map(_verify_for, [seconds] * 2))


def _verify_for(seconds: float) -> float:
    import argon2

    verifier = argon2.PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
    stored = verifier.hash(PASSWORD)
    start, done = time.perf_counter(), 0
    while (spent := time.perf_counter() - start) < seconds:
        verifier.verify(stored, PASSWORD)
        done += 1
    return done / spent


def one_turn(variant: Variant, env: dict[str, str], cuils: Iterator[str], seconds: float) -> None:
    """Log-ins alone, then beside a light page; then on many connections, and what that leaves in memory."""
    with served(env, *variant.arguments) as site:

        def log_ins(connections: int) -> Coroutine[Any, Any, Answered]:
            tries = tries_for(cuils, seconds, MOST)
            return storm(site.port, tries, connections=connections, seconds=seconds, a_second=MOST)

        asyncio.run(light_pages(site.port, LIGHT, connections=4, seconds=min(1, seconds)))
        variant.log_ins.append(asyncio.run(log_ins(LOGGING_IN)).a_second(302))
        pages = asyncio.run(_beside(log_ins(LOGGING_IN), site, seconds))
        variant.light_p99.append(1000 * (share(pages.times(200), 99) or seconds))
        asyncio.run(log_ins(CONNECTIONS))
        variant.memory.append(site.resident())


async def _beside(log_ins: Coroutine[Any, Any, Answered], site: Site, seconds: float) -> Answered:
    light = light_pages(site.port, LIGHT, connections=2, seconds=seconds)
    _, pages = await asyncio.gather(log_ins, light)
    return pages


def tries_for(
    cuils: Iterator[str], seconds: float, a_second: float, password: str = PASSWORD
) -> Iterator[Try]:
    number = int(seconds * a_second) + 2 * CONNECTIONS
    return iter(stock([next(cuils) for _ in range(number)], password))


def side_by_side(env: dict[str, str], cuils: Iterator[str], times: Times) -> tuple[list, float]:
    """Rows of the table, and the log-ins a second that ours can check."""
    ours, plain, unbound = Variant(OURS), Variant(PLAIN), Variant(UNBOUND)
    bare = []
    for _ in range(times.rounds):
        bare.append(bare_verifies(times.storm / 2))
        for variant in (ours, plain, unbound):
            one_turn(variant, env, cuils, times.storm)
    log_ins = statistics.median(ours.log_ins)
    return [
        ratio(
            "P4 p99 of a light page while 12 connections log in, ms: ours / two synchronous workers",
            (ours.light_p99, plain.light_p99),
            "≤ 0.15",
        ),
        ratio(
            "P5 log-ins a second over HTTP / bare verifications of two processes",
            (ours.log_ins, bare),
            "≥ 0.75",
        ),
        ratio(
            "P6 MiB of memory after the storm: ours / without the bound on hashing",
            (ours.memory, unbound.memory),
            "≤ 0.5",
        ),
    ], log_ins


def ratio(what: str, both: tuple[list[float], list[float]], budget: str) -> list:
    """Medians; the ratio is the median of the ratios of each round."""
    ratios = [one / other for one, other in zip(*both, strict=True)]
    return [what, *map(statistics.median, both), statistics.median(ratios), budget]


# --- The flood --------------------------------------------------------------------------------------------


@dataclass
class Flooded:
    """What the flood was answered, and what everybody else met during it and after it."""

    answered: Answered
    during: Driven
    after: Driven


class Others:
    """Whoever comes meanwhile: they read, and some log in."""

    def __init__(self, door: Door, holders: Iterator[str]) -> None:
        self._door, self._holders = door, holders
        # The log-in page is the one that is flooded.
        self._readers = Readers(door, tuple(page for page in READ if page != "/"))

    async def come(self, seconds: float, log_ins: float) -> Driven:
        streams = [
            Stream("page", PAGES, self._readers.read),
            Stream("log-in", log_ins, self._enter, ahead=AHEAD),
        ]
        return await drive(streams, seconds)

    async def leave(self) -> None:
        await self._readers.leave()

    async def _enter(self, at: float) -> Visit:
        return await visit("log-in", self._door, Someone(next(self._holders)), at)


async def flood(site: Site, database: str, holders: Iterator[str], seconds: float, **attack: Any) -> Flooded:
    """`attack` goes to `storm`."""
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        others = Others(Door(site.port, Records(connection)), holders)
        await others.come(min(3.0, seconds), LOG_INS)  # connections are open, pages are warm

        async def attacked() -> Answered:
            await asyncio.sleep(AHEAD)
            return await storm(site.port, connections=CONNECTIONS, seconds=seconds, **attack)

        answered, during = await asyncio.gather(attacked(), others.come(seconds, LOG_INS))
        after = await others.come(min(CALM, seconds), 2 * LOG_INS)
        await others.leave()
        return Flooded(answered, during, after)


def rows_of(name: str, flooded: Flooded) -> list:
    """`A` is what was found, `B` what was asked for."""
    answered, during = flooded.answered, flooded.during
    refused = answered.times(429, 503)
    others = len(answered.tries) - len(refused) - len(answered.times(200, 302))
    pages = of_kind(during, "page")
    good = [one.seconds for one in pages if one.refused is None]
    entering = of_kind(during, "log-in")
    rows = (
        ("log-ins a second: checked / tried", answered.a_second(200, 302),
         len(answered.tries) / answered.seconds, ""),
        ("refused with 429 or 503, of the tries; p99 of these, s", share(refused, 99), None, "≤ 1"),
        ("tries without an answer or with another error", others, None, "0"),
        ("other pages a second: answered / asked for", len(good) / during.seconds, PAGES, "≥ 100"),
        ("p99 of the other pages, ms", 1000 * (share(good, 99) or 0), None, "≤ 500"),
        ("other pages refused or broken", len(pages) - len(good), None, "0"),
        ("log-ins of others within a second / begun", sum(map(in_time, entering)), len(entering), ""),
        ("seconds until log-ins are as before", recovery(flooded.after), None, "≤ 10"),
    )  # fmt: skip
    return [[f"{name}: {what}", one, other, None, budget] for what, one, other, budget in rows]


def of_kind(driven: Driven, kind: str) -> list[Visit]:
    return [gone for gone in driven.outcomes if gone.kind == kind]


def in_time(gone: Visit) -> bool:
    return gone.refused is None and gone.seconds is not None and gone.seconds <= 1


def recovery(after: Driven) -> float:
    """When the last log-in was planned that was refused or took over a second; 0 when none was."""
    bad = [gone.at for gone in of_kind(after, "log-in") if not in_time(gone)]
    return max(bad, default=after.origin) - after.origin


# --- The run ------------------------------------------------------------------------------------------------


def main() -> None:
    options = arguments()
    times = TINY if options.tiny else SHORT if options.short else FULL
    with cluster() as database:
        env = environment(database)
        os.environ.update(env)
        import django

        django.setup()
        crowd = fill(env, options.people, wanted=10)
        manage(env, "collectstatic", "--no-input", "-v0")
        cuils = cycle(crowd.holders)
        rows, log_ins = side_by_side(env, cuils, times)
        a_second = TIMES * max(log_ins, 1)
        for name, one_address in FROM[: 1 if options.tiny else 2]:
            tries = tries_for(cuils, times.flood, a_second, WRONG_PASSWORD)
            with served(env, *OURS, limits=one_address) as site:
                attack = {"tries": tries, "a_second": a_second, "one_address": one_address}
                flooded = asyncio.run(flood(site, database, cuils, times.flood, **attack))
            rows += rows_of(name, flooded)
    report(options, rows, times)


def report(options: argparse.Namespace, rows: list, times: Times) -> None:
    notes = [
        f"{LOGGING_IN} connections for {times.storm:g} s a turn, {times.rounds} turns, medians. The flood:"
        f" {TIMES:g} times what can be checked, on {CONNECTIONS} connections with wrong keys and right codes,"
        f" for {times.flood:g} s.",
        "One address: with nginx's limits in front. Many addresses: without them.",
        "Client, nginx, gunicorn and PostgreSQL on the same cores.",
        load(),
    ]  # fmt: skip
    for what, *cells in [COLUMNS, *rows]:
        print(f"{what:86}" + "".join(_cell(cell) for cell in cells))
    print("\n".join(f"  {note}" for note in notes))
    if options.keep:
        command = "make flood FLOOD=--short" if options.short else "make flood"
        keep("flood", title="A flood of log-ins", command=command, machine=machine(), columns=COLUMNS,
             rows=rows, notes=notes)  # fmt: skip


def _cell(cell: object) -> str:
    return f"{cell:>10.3g}" if isinstance(cell, float) else f"{'–' if cell is None else cell!s:>10}"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--short", action="store_true", help="half a minute of flood instead of five")
    parser.add_argument("--tiny", action="store_true", help="two seconds: whether it runs at all")
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--keep", action="store_true", help="write docs/figures/flood.json")
    parser.add_argument("--show-log", action="store_true", help="print what gunicorn and nginx said")
    return parser.parse_args()


if __name__ == "__main__":
    or_say_what_is_missing(main)
