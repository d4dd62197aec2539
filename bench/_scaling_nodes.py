"""What a visit costs in processor time, and how many nodes a rate of log-ins needs: a queue, simulated."""

import asyncio
import heapq
import random
from dataclasses import dataclass
from itertools import count, cycle

import psycopg
from _arrivals import share
from _client import Remote
from _machine import Site, processor_seconds, seconds_below
from _visits import READ, Door, Records, log_in

_AT_ONCE = 2


@dataclass(frozen=True)
class Cost:
    """Processor seconds of one visit: of the node (gunicorn), and of nginx and PostgreSQL together."""

    node: float
    rest: float


async def _nothing() -> None:
    """The moment to press the button is now."""


async def _log_in(door: Door, cuil: str) -> None:
    who = Remote(door.port)
    try:
        await log_in(door, cuil, who, _nothing)
    finally:
        await who.line.hang_up()


async def _read(door: Door, url: str) -> None:
    who = Remote(door.port)
    try:
        await who.open(url)
    finally:
        await who.line.hang_up()


async def _cost(site: Site, visits: list) -> Cost:
    """Of each of these, a few at a time."""
    turn = asyncio.Semaphore(_AT_ONCE)

    async def one(visit: object) -> None:
        async with turn:
            await visit

    node, (_, everybody) = seconds_below(site.server.pid), processor_seconds()
    await asyncio.gather(*map(one, visits))
    node = seconds_below(site.server.pid) - node
    everybody = processor_seconds()[1] - everybody
    return Cost(node / len(visits), max(0.0, everybody - node) / len(visits))


async def costs(site: Site, database: str, holders: list[str], visits: int) -> tuple[Cost, Cost, int]:
    """Of a log-in, from the first page to the one behind it; of a page that is read; and how many
    connections to the database this node holds when more come at once than it has threads.
    """
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as records:
        door = Door(site.port, Records(records))
        pages = cycle(READ)
        await _cost(site, [_read(door, next(pages)) for _ in range(2 * len(READ))])  # warm
        read = await _cost(site, [_read(door, next(pages)) for _ in range(visits)])
        entered = await _cost(site, [_log_in(door, cuil) for cuil in holders[:visits]])
        await asyncio.gather(*(_read(door, "/") for _ in range(100)))
        found = await records.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        (connections,) = await found.fetchone()
    return entered, read, connections


# --- The queue --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Served:
    """Seconds from coming to the answer, 95 in a hundred; and which share found no place to wait."""

    p95: float
    refused: float


@dataclass(frozen=True)
class Node:
    """`places`: how many may be in it at once, whichever core they wait for."""

    cores: int
    places: int


def simulate(rate: float, nodes: int, node: Node, service: float, seconds: float = 20.0) -> Served:
    """Poisson arrivals that go round the nodes; in each one queue for all cores, and `service` seconds of
    a core for each. Whoever finds all places taken is refused. The same each time: the seed is fixed.
    """
    chance, now = random.Random(1), 0.0
    # By node: when each of those inside leaves, and when each core is free.
    inside: list[list[float]] = [[] for _ in range(nodes)]
    free = [[0.0] * node.cores for _ in range(nodes)]
    took, refused = [], 0
    for number in count():
        now += chance.expovariate(rate)
        if now > seconds:
            break
        here = inside[number % nodes]
        while here and here[0] <= now:
            heapq.heappop(here)
        if len(here) >= node.places:
            refused += 1
            continue
        leaves = max(now, free[number % nodes][0]) + service
        heapq.heapreplace(free[number % nodes], leaves)
        heapq.heappush(here, leaves)
        took.append(leaves - now)
    return Served(share(took, 95) or 0.0, refused / max(1, refused + len(took)))


def fewest(rate: float, node: Node, service: float, within: float) -> tuple[int, Served]:
    """Nodes with which 95 in a hundred have their answer within so many seconds, and nobody is refused.

    Raises:
        ValueError: not even an idle node answers within that time.
    """
    if service > within:
        raise ValueError("one visit alone takes longer")
    nodes = max(1, int(rate * service / node.cores))
    while (served := simulate(rate, nodes, node, service)).p95 > within or served.refused:
        nodes += 1
    return nodes, served
