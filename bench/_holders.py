"""Processes that hold one database or one site each, and are asked in turns."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping

from _databases import on

# A turn ends after so many seconds or repetitions, whatever comes first.
TURN, MOST_REPEATED = 0.05, 50

Action = Callable[[], object]
Clock = Callable[[], float]


class Holder:
    """A script started with `--serve` on this database. It answers each line of JSON with one."""

    def __init__(self, script: str, url: str, *arguments: str, **environment: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, script, "--serve", *arguments],
            env=on(url) | environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.offers = self._answer()

    def ask(self, *question: str) -> object:
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> object:
        line = self._process.stdout.readline()
        if not line:
            sys.exit("It ended early: the reason is above.")
        return json.loads(line)

    def leave(self) -> None:
        self._process.stdin.close()
        self._process.wait()


def answer(question: Callable[..., object], offers: object = None) -> None:
    """The other end: says what it offers, then answers line by line until nobody asks any more."""
    print(json.dumps(offers), flush=True)
    for line in sys.stdin:
        print(json.dumps(question(*json.loads(line))), flush=True)


def turn(action: Action, clock: Clock = time.perf_counter) -> float:
    """Milliseconds of the fastest repetition: the others waited for the processor, or for a first page."""
    taken: list[float] = []
    end = time.perf_counter() + TURN
    while not taken or (time.perf_counter() < end and len(taken) < MOST_REPEATED):
        start = clock()
        action()
        taken.append((clock() - start) * 1000)
    return min(taken)


def serve(actions: Mapping[str, Action], clock: Clock = time.perf_counter) -> None:
    """Offers the actions by their names; asked for one, it answers how long it took."""
    for action in actions.values():
        action()
    answer(lambda name: turn(actions[name], clock), list(actions))


def in_turns(holders: Mapping[str, Holder], name: str, rounds: int) -> dict[str, float]:
    """Holder's name → median milliseconds of this action."""
    taken: dict[str, list[float]] = {which: [] for which in holders}
    for _ in range(rounds):
        for which, holder in holders.items():
            taken[which].append(float(holder.ask(name)))
    return {which: statistics.median(times) for which, times in taken.items()}
