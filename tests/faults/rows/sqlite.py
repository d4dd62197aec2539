"""The embedded default: four processes that write to one file at once."""

import json
import subprocess
import sys
import tempfile
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from tests.faults.crowd import Ack
from tests.faults.judge import judge
from tests.faults.portal import ROOT, environment, manage
from tests.faults.rows import Row, Size

_WRITERS = 4
# security.md G7. A share of all moves, in seconds.
_SHARE, _LONGEST = 0.99, 1.0


def run(size: Size) -> list[Row]:
    """Django in this process reads the file that DATABASE_URL names."""
    seconds = size.of(60, 4)
    url = f"sqlite:///{settings.DATABASES['default']['NAME']}"
    assert manage(url, "migrate", "-v0").returncode == 0
    acks, took, locked = write(url, seconds)
    verdict = judge(acks)
    slow = sorted(took)[int(len(took) * _SHARE)]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        whole = cursor.fetchone()[0] == "ok"
    passed = verdict.clean and not locked and slow <= _LONGEST and whole
    more: dict[str, str | int | float] = {
        "«locked»": locked,
        "99 % within s": round(slow, 2),
        "slowest s": round(max(took), 2),
        "integrity": "ok" if whole else "BROKEN",
    }
    row = Row("SQLite", f"{_WRITERS} writers for {seconds} s", passed, verdict, more)
    return [row, _control(size.of(20, 4))]


def write(url: str, seconds: int, **more: str) -> tuple[list[Ack], list[float], int]:
    """What all writers together say: moves made, seconds each took, how often the file was locked."""
    with tempfile.TemporaryDirectory() as folder:
        outs = [Path(folder, f"{number}.json") for number in range(_WRITERS)]
        writers = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.faults.writer", str(seconds), str(out)],
                cwd=ROOT, env=environment(DATABASE_URL=url, **more),
            )
            for out in outs
        ]  # fmt: skip
        assert [writer.wait() for writer in writers] == [0] * _WRITERS
        told: list[dict[str, Any]] = [json.loads(out.read_text(encoding="utf-8")) for out in outs]
    acks = [Ack(**ack) for ack in chain.from_iterable(one["acks"] for one in told)]
    return acks, list(chain.from_iterable(one["took"] for one in told)), sum(one["locked"] for one in told)


def _control(seconds: int) -> Row:
    """Transactions that ask for the right to write only when they come to it, as Django does by default."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/control.sqlite3"
        assert manage(url, "migrate", "-v0").returncode == 0
        acks, _took, locked = write(url, seconds, FAULTS_DEFERRED="1")
    more: dict[str, str | int | float] = {"made": len(acks), "«locked»": locked}
    what = f"{_WRITERS} writers for {seconds} s"
    return Row("control: SQLite, deferred transactions", what, bool(locked), more=more)
