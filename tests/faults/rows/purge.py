"""The purge, killed again and again while keys run out on both sides of today."""

import random
import subprocess
import sys
import time
import uuid
from datetime import date, timedelta

from django.db import connections
from django.utils import timezone

from accounts.events import Actor, ClaveEvent, Trail
from accounts.lifecycle import Move, State
from accounts.models import Clave
from tests.builders import make_cuil
from tests.faults.judge import judge
from tests.faults.portal import ROOT, environment
from tests.faults.rows import Row, Size
from tests.faults.site.moves import MOVES
from tests.faults.stage import tables

# In small batches, so that each run is killed between some; and on a machine whose clock may be wrong.
_PURGE = """
import sys
from datetime import UTC, datetime, timedelta
import django, time_machine
django.setup()
from django.core.management import call_command
from accounts import purge
purge.BATCH = 25
wrong, *options = sys.argv[1:]
with time_machine.travel(datetime.now(UTC) + timedelta(minutes=int(wrong)), tick=True):
    call_command("purge_expired_keys", *options)
"""


def run(size: Size) -> list[Row]:
    keys, kills = size.of(3000, 300), size.of(20, 5)
    with tables() as (_folder, cluster):
        today = timezone.localdate()
        due = make_keys(keys, today)
        skewed = [_purge(cluster.url, wrong, "--force-count").wait() for wrong in (6, -6)]
        refused = skewed == [1, 1] and not _expired()
        done = kill_often(cluster.url, kills)
        ended = _purge(cluster.url, 0, "--force-count").wait()
        connections.close_all()
        verdict, expired = judge([]), _expired()
        again = ClaveEvent.objects.filter(kind=Move.EXPIRE).count() - len(due)
    verdict.acknowledged = keys
    verdict.lost += [f"key {number} has not expired" for number in due - expired]
    verdict.half_states += [f"key {number} expired too early" for number in expired - due]
    passed = verdict.clean and refused and ended == 0 and not again and done == kills
    more: dict[str, str | int | float] = {
        "keys": keys,
        "due": len(due),
        "refused with a clock 6 minutes wrong, either way": "yes" if refused else "no",
    }
    return [Row("purge", f"{done} × kill −9 in the middle", passed, verdict, more)]


def make_keys(count: int, today: date) -> set[int]:
    """Pending ones whose last day is from two days ago to the day after tomorrow; those that are due."""
    due = set()
    for number in range(count):
        cuil, last_day = make_cuil(33_000_000 + number), today + timedelta(days=number % 5 - 2)
        MOVES["create_pending"](cuil, Trail(Actor.SYSTEM, evidence={"journey": str(uuid.uuid4())}))
        clave = Clave.objects.get(cuil=cuil)
        Clave.objects.filter(pk=clave.pk).update(deadline=last_day)
        if last_day < today:
            due.add(clave.pk)
    return due


def kill_often(database: str, kills: int) -> int:
    """Each after some more keys expired; how many were killed before they had come to their end."""
    done, share = 0, max(1, len(_due()) // (kills + 2))
    for _ in range(kills):
        wanted = len(_expired()) + random.randint(1, share)
        running = _purge(database, 0, "--force-count")
        while len(_expired()) < wanted and running.poll() is None:
            time.sleep(0.002)
        time.sleep(random.uniform(0, 0.01))
        done += running.poll() is None
        running.kill()
        running.wait()
    return done


def _due() -> set[int]:
    today = timezone.localdate()
    return set(Clave.objects.filter(state=State.PENDING, deadline__lt=today).values_list("pk", flat=True))


def _expired() -> set[int]:
    return set(Clave.objects.filter(state=State.EXPIRED).values_list("pk", flat=True))


def _purge(database: str, minutes_wrong: int, *options: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", _PURGE, str(minutes_wrong), *options],
        cwd=ROOT, env=environment(DATABASE_URL=database),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
