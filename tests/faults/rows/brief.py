"""What the suite runs: a little of the runs on PostgreSQL, one after another on one cluster."""

from tests.faults.cluster import FORGETFUL
from tests.faults.crowd import Crowd, Heard
from tests.faults.judge import judge
from tests.faults.rows import Row, Size
from tests.faults.rows.kills import kill_workers
from tests.faults.rows.postgres import kill_and_start, kill_often
from tests.faults.stage import CUILS, Stage, stage
from tests.faults.verdict import Verdict

# A control that lost nothing is tried again: what it loses is a matter of chance.
_CONTROLS = 6


def run(size: Size) -> list[Row]:
    """Each is judged by all that was promised until then: what one run keeps, the next must not lose."""
    rows = []
    with stage() as here:
        promised = Heard()
        for name, what, broken in (
            ("workers", "kill −9 of a worker", _kill_workers),
            ("backends", "kill −9 of a PostgreSQL backend", _kill_backends),
            ("postmaster", "kill −9 of the postmaster", _kill_postmaster),
        ):
            heard, times = broken(here)
            promised.acks += heard.acks
            verdict = judge(promised.acks)
            more: dict[str, str | int | float] = {"given up": len(heard.given_up)}
            rows.append(Row(name, f"{times} × {what}", verdict.clean, verdict, more))
        rows.append(_control(here))
    return rows


def _kill_workers(here: Stage) -> tuple[Heard, int]:
    with Crowd(here.portal.port, CUILS) as crowd:
        done = kill_workers(here, crowd, 15, (2, 6))
    return crowd.heard, done


def _kill_backends(here: Stage) -> tuple[Heard, int]:
    heard, seconds = kill_often(here, here.cluster.kill_backend, 3)
    return heard, len(seconds)


def _kill_postmaster(here: Stage) -> tuple[Heard, int]:
    heard, seconds = kill_often(here, lambda: kill_and_start(here), 1)
    return heard, len(seconds)


def _control(here: Stage) -> Row:
    """Once with a PostgreSQL that acknowledges what it has not written."""
    here.cluster.kill_postmaster()
    here.cluster.start(**FORGETFUL)
    acks, verdict, times = [], Verdict(), 0
    while not verdict.lost and times < _CONTROLS:
        heard, _seconds = kill_often(here, lambda: kill_and_start(here, **FORGETFUL), 1)
        acks += heard.acks
        verdict, times = judge(acks), times + 1
    what = f"{times} × kill −9 of the postmaster"
    return Row("control: asynchronous commit", what, bool(verdict.lost), verdict)
