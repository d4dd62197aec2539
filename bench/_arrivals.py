"""Arrivals that do not wait for answers: who comes is decided by the clock, as with people.

A client that waits for each answer before it asks again slows down with the server and then reports
short waits. Here the plan is drawn first, and each wait is counted from the planned moment.
"""

import asyncio
import heapq
import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

# Beyond it whoever comes is counted as turned away: this process would measure itself.
MOST_AT_ONCE = 3000


@dataclass(frozen=True)
class Stream:
    """`start` is called `ahead` seconds before each planned moment, with that moment."""

    name: str
    a_second: float
    start: Callable[[float], Awaitable[object]]
    ahead: float = 0.0


@dataclass
class Driven:
    """What came of it, and how late this process itself was."""

    outcomes: list = field(default_factory=list)
    turned_away: int = 0
    late: list[float] = field(default_factory=list)
    # From `origin`, when the plan begins, to the last answer: longer than planned where answers lag behind.
    seconds: float = 0.0
    origin: float = 0.0


def moments(a_second: float, seconds: float, seed: str) -> Iterator[float]:
    """Independent of each other, as many a second on average (a Poisson process)."""
    drawn, now = random.Random(seed), 0.0
    while a_second and (now := now + drawn.expovariate(a_second)) < seconds:
        yield now


async def drive(streams: list[Stream], seconds: float) -> Driven:
    """All streams together for so long; ends when the last visit did."""
    loop, driven, running = asyncio.get_running_loop(), Driven(), set()
    origin = loop.time() + max(stream.ahead for stream in streams)

    def done(task: asyncio.Task) -> None:
        running.discard(task)
        driven.outcomes.append(task.result())

    for begin, moment, stream in _plan(streams, seconds):
        await asyncio.sleep(max(0.0, origin + begin - loop.time()))
        driven.late.append(loop.time() - origin - begin)
        if len(running) >= MOST_AT_ONCE:
            driven.turned_away += 1
            continue
        task = asyncio.ensure_future(stream.start(origin + moment))
        running.add(task)
        task.add_done_callback(done)
    while running:
        await asyncio.wait(running)
    await asyncio.sleep(0)  # the last callbacks
    driven.origin = origin
    driven.seconds = max(seconds, loop.time() - origin)
    return driven


def _plan(streams: list[Stream], seconds: float) -> Iterator[tuple[float, float, Stream]]:
    """(When to begin, the planned moment, which), in the order of beginning."""

    def of(stream: Stream) -> Iterator[tuple[float, float, Stream]]:
        for moment in moments(stream.a_second, seconds, stream.name):
            yield moment - stream.ahead, moment, stream

    return heapq.merge(*map(of, streams), key=lambda entry: entry[0])


def share(values: list[float], hundredths: float) -> float | None:
    """The value that this part of them does not exceed; None when there are none."""
    if not values:
        return None
    return sorted(values)[min(len(values) - 1, int(len(values) * hundredths / 100))]
