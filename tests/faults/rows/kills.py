"""Workers of the portal, killed while they answer."""

import random
import time

from tests.faults.crowd import Crowd
from tests.faults.judge import judge
from tests.faults.rows import Row, Size
from tests.faults.stage import CUILS, Stage, stage


def run(size: Size) -> list[Row]:
    """One of four, after every five to fifteen changes that were acknowledged; a new one takes its place."""
    kills = size.of(1000)
    with stage() as here:
        start = time.monotonic()
        with Crowd(here.portal.port, CUILS) as crowd:
            done = kill_workers(here, crowd, kills, (5, 15))
        seconds = time.monotonic() - start
        heard, verdict = crowd.heard, judge(crowd.heard.acks)
    more: dict[str, str | int | float] = {
        "requests cut off": heard.broken_off,
        "asked again and done": sum(ack.again > 0 for ack in heard.acks),
        "slowest answer s": round(heard.slowest, 1),
        "seconds": round(seconds),
    }
    passed = verdict.clean and not heard.given_up
    return [Row("workers", f"{done:,} × kill −9 of a worker", passed, verdict, more), _control(size)]


def _control(size: Size) -> Row:
    """The same kills where no move is one transaction, and whoever asks again is not asked what was done."""
    with stage(portal={"FAULTS_CARELESS": "1"}) as here:
        with Crowd(here.portal.port, CUILS) as crowd:
            done = kill_workers(here, crowd, size.of(60, 20), (2, 6))
        verdict = judge(crowd.heard.acks)
    passed = bool(verdict.half_states and verdict.double_effects)
    return Row("control: each statement for itself", f"{done} × kill −9 of a worker", passed, verdict)


def kill_workers(here: Stage, crowd: Crowd, times: int, between: tuple[int, int]) -> int:
    """`between`: how many acknowledged changes lie between two kills, at least and at most."""
    done = 0
    while done < times:
        crowd.wait_for_more(random.randint(*between))
        time.sleep(random.uniform(0, 0.1))  # not just when an answer has left
        done += here.portal.kill_worker()
    return done
