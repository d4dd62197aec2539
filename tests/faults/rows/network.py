"""What the portal leans on, gone or wrong for a while: the database, its disk, the clock, the mail server."""

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.faults.children import free_port
from tests.faults.crowd import Crowd, Heard
from tests.faults.judge import judge
from tests.faults.portal import manage
from tests.faults.rows import Row, Size
from tests.faults.stage import CUILS, Stage, stage

# security.md G4: nobody waits longer for an answer, of whatever kind; and failures end soon after the fault.
_LONGEST_ANSWER, _FAILURES_END = 15.0, 5.0
_TIMES, _REST = 3, 7.0


@dataclass(frozen=True)
class Fault:
    name: str
    what: str
    begin: Callable[[Stage], None]
    end: Callable[[Stage], None]
    seconds: float
    # A page must not notice it at all.
    unnoticed: bool = False


def _line(mode: str) -> Callable[[Stage], None]:
    return lambda here: here.proxy.turn(mode)


def _set_clock(seconds: int, here: Stage) -> None:
    here.clock.write_text(str(seconds))


def _send_to_nobody(here: Stage) -> None:
    """The sender meets a server that is gone; it must take that calmly, and the pages not notice."""
    sender = manage(here.cluster.url, "send_notices", EMAIL_URL=f"smtp://127.0.0.1:{free_port()}")
    if sender.returncode != 0:
        raise RuntimeError(sender.stderr)


FAULTS = [
    Fault("database silent", "20 s of no answer", _line("blackhole"), _line("ok"), 20),
    Fault("database cut off", "6 s without a connection", _line("cut"), _line("ok"), 6),
    Fault("database slow", "10 s with 200 ms more for each block", _line("latency"), _line("ok"), 10),
    Fault(
        "clock jumps", "6 s of a clock one day ahead",
        partial(_set_clock, 24 * 3600), partial(_set_clock, 0), 6, unnoticed=True,
    ),
    Fault("mail server dead", "a run of the sender", _send_to_nobody, lambda _here: None, 3, unnoticed=True),
]  # fmt: skip


def run(size: Size) -> list[Row]:
    rows = []
    for fault in FAULTS:
        with stage(through_proxy=True) as here:
            rows.append(suffer(here, fault, size))
    return [*rows, disk_full(size)]


def suffer(here: Stage, fault: Fault, size: Size) -> Row:
    """The fault three times, each with some rest after it; the suite: once, and shorter."""
    times = size.of(_TIMES)
    ends = []
    with Crowd(here.portal.port, CUILS) as crowd:
        for _ in range(times):
            time.sleep(1)
            fault.begin(here)
            time.sleep(fault.seconds * min(1, size.scale * 3))
            fault.end(here)
            ends.append(time.monotonic())
            time.sleep(_REST)
    heard = crowd.heard
    verdict = judge(heard.acks)
    late = after_the_end(heard, ends)
    failures = len(heard.server_errors()) + heard.broken_off
    passed = (
        verdict.clean and not heard.given_up and heard.slowest <= _LONGEST_ANSWER and late <= _FAILURES_END
    )
    if fault.unnoticed:
        passed = passed and not failures
    more: dict[str, str | int | float] = {
        "slowest answer s": round(heard.slowest, 1),
        "5xx or broken off": failures,
        "the last after the fault s": round(late, 1),
    }
    return Row(fault.name, f"{times} × {fault.what}", passed, verdict, more)


def after_the_end(heard: Heard, ends: list[float]) -> float:
    """How many seconds after the end of its fault the last request that failed was begun."""
    late = 0.0
    for number, end in enumerate(ends):
        until = ends[number + 1] - 1 if number + 1 < len(ends) else float("inf")
        until = min(until, end + _REST)
        began = [a.at - a.seconds for a in heard.answers if a.status == 0 or a.status >= 500]
        late = max([late, *(start - end for start in began if end <= start < until)])
    return late


# --- A full disk ------------------------------------------------------------------------------------


def disk_full(size: Size) -> Row:
    """The cluster on a disk of its own, of 220 MB: filled to the last block, then freed."""
    name, what = "disk full", f"{size.of(_TIMES)} × 6 s without a free block"
    if os.geteuid() != 0:
        return Row(name, what, passed=True, why_not="only root mounts a small disk")
    with small_disk() as disk:
        if disk is None:
            return Row(name, what, passed=True, why_not="this machine does not let a disk be mounted")
        with stage(through_proxy=True, disk=disk) as here:
            fault = Fault(name, "6 s without a free block", _fill, _free, 6)
            return suffer(here, fault, size)


@contextmanager
def small_disk() -> Iterator[Path | None]:
    folder = Path(tempfile.mkdtemp(prefix="fallas-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=220m,mode=755", "tmpfs", folder],
        capture_output=True,
        check=False,
    )
    try:
        yield folder if mounted.returncode == 0 else None
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", folder], check=False)
        folder.rmdir()


def _fill(here: Stage) -> None:
    """Every block, and again whatever PostgreSQL gives back meanwhile."""
    with suppress(OSError), (here.disk / "ballast").open("wb", buffering=0) as ballast:
        while True:
            ballast.write(bytes(1 << 16))


def _free(here: Stage) -> None:
    """And start PostgreSQL where it gave up, as its service manager does."""
    (here.disk / "ballast").unlink()
    here.cluster.revive()
