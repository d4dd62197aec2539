"""PostgreSQL killed under the portal; and the control, in which it promises what it has not written."""

import random
import time
from collections.abc import Callable
from statistics import mean

from tests.faults.cluster import FORGETFUL
from tests.faults.crowd import Crowd, Heard
from tests.faults.judge import judge
from tests.faults.rows import Row, Size
from tests.faults.stage import CUILS, Stage, stage
from tests.faults.verdict import Verdict

_PATIENCE = 60
# Back within this, without anybody touching the portal.
_RECOVERY_SECONDS = 10


def run(size: Size) -> list[Row]:
    rows = []
    with stage() as here:
        heard, seconds = kill_often(here, here.cluster.kill_backend, size.of(300, 10))
        rows.append(_row("backends", "kill −9 of a PostgreSQL backend", heard, seconds, judge(heard.acks)))
    with stage() as here:
        heard, seconds = kill_often(here, lambda: kill_and_start(here), size.of(50, 3))
        rows.append(_row("postmaster", "kill −9 of the postmaster", heard, seconds, judge(heard.acks)))
    return [*rows, control(size)]


def control(size: Size) -> Row:
    """The same, where a commit is acknowledged before it is written: the harness has to notice."""
    with stage(**FORGETFUL) as here:
        heard, seconds = kill_often(here, lambda: kill_and_start(here, **FORGETFUL), size.of(10, 3))
        verdict = judge(heard.acks)
    row = _row("control: asynchronous commit", "kill −9 of the postmaster", heard, seconds, verdict)
    row.passed = bool(verdict.lost)
    return row


def kill_and_start(here: Stage, **settings: str) -> bool:
    here.cluster.kill_postmaster()
    here.cluster.start(**settings)
    return True


def kill_often(here: Stage, once: Callable[[], bool], times: int) -> tuple[Heard, list[float]]:
    """What people heard, and after each kill how long nobody who asked was served (seconds)."""
    seconds: list[float] = []
    with Crowd(here.portal.port, CUILS) as crowd:
        while len(seconds) < times:
            time.sleep(random.uniform(0.5, 1.5))
            killed_at = time.monotonic()
            if once():
                seconds.append(_served_again(crowd.heard, killed_at) - killed_at)
    here.cluster.wait()
    return crowd.heard, seconds


def _served_again(heard: Heard, since: float) -> float:
    """When the first one who asked after that moment got what they asked for."""
    seen = 0
    while time.monotonic() < since + _PATIENCE:
        answers = heard.answers[seen:]
        seen += len(answers)
        for answer in answers:
            if answer.status in {200, 409} and answer.at - answer.seconds > since:
                return answer.at
        time.sleep(0.02)
    return time.monotonic()


def _row(name: str, what: str, heard: Heard, seconds: list[float], verdict: Verdict) -> Row:
    more: dict[str, str | int | float] = {
        "served again after s, mean": round(mean(seconds), 1),
        "at most": round(max(seconds), 1),
        "slowest answer s": round(heard.slowest, 1),
    }
    passed = verdict.clean and max(seconds) <= _RECOVERY_SECONDS and not heard.given_up
    return Row(name, f"{len(seconds)} × {what}", passed, verdict, more)
