"""The purge beside visitors, beside itself, and killed in the middle."""

import os
import signal
import subprocess
import sys
from datetime import date, timedelta
from functools import partial

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone

from accounts import purge
from accounts.events import ClaveEvent, broken_events
from accounts.lifecycle import Move, MoveNotAllowed, State
from accounts.models import Clave, secret_matches
from tests.builders import PASSWORD, make_cuil, system
from tests.racing import at_once, failures

pytestmark = pytest.mark.django_db(transaction=True)
_HASH = make_password(PASSWORD)


def pending_keys(count: int) -> list[Clave]:
    content = {"password_hash": _HASH, "policies": ("2019", timezone.now()), "trail": system()}
    return [
        Clave.create_pending(make_cuil(31000000 + n), **content, email=f"n{n}@ejemplo.ar")
        for n in range(count)
    ]


def the_day_after() -> date:
    return timezone.localdate() + timedelta(days=settings.PORTAL_PENDING_DAYS + 1)


def expiries() -> int:
    return ClaveEvent.objects.filter(kind=Move.EXPIRE).count()


def mails() -> dict[str, int]:
    from post_office.models import Email

    rows = [row.to[0] for row in Email.objects.all() if row.context["mail"] == "expired"]
    return {address: rows.count(address) for address in rows}


def test_of_two_hundred_enablings_against_the_purge_none_that_was_acknowledged_is_lost() -> None:
    """The purge lives in the next day already, the visitor still in the last."""
    claves = pending_keys(200)
    for clave in claves:
        mine = Clave.objects.get(pk=clave.pk)
        enabled, purged = at_once(
            partial(mine.enable_online, trail=system()),
            partial(purge._expire_batch, [clave.pk], the_day_after()),
        )
        lost = failures([enabled, purged], MoveNotAllowed)
        stored = Clave.objects.get(pk=clave.pk)
        assert stored.state == (State.EXPIRED if lost else State.LEVEL_2)
        assert purged[0] == lost
        assert lost or secret_matches(PASSWORD, stored)
    assert list(broken_events()) == []


def test_while_the_purge_runs_over_many_whoever_enables_wins_or_is_told_no() -> None:
    claves = pending_keys(60)
    visitors = [Clave.objects.get(pk=clave.pk) for clave in claves[::6]]
    outcomes = at_once(
        partial(purge.purge, the_day_after()), *(partial(v.enable_online, trail=system()) for v in visitors)
    )
    done = outcomes[0]
    refused = failures(outcomes, MoveNotAllowed)
    live = Clave.objects.live().count()
    assert live == len(visitors) - refused
    assert done.failed == 0
    assert done.expired + done.left_for_later >= 60 - len(visitors)
    purge.purge(the_day_after())
    assert Clave.objects.live().count() == live
    assert expiries() == 60 - live
    assert list(broken_events()) == []


def test_two_purges_at_once_expire_each_key_once_and_tell_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "BATCH", 7)
    pending_keys(40)
    outcomes = at_once(*[partial(purge.purge, the_day_after())] * 2)
    failures(outcomes, MoveNotAllowed)
    assert [done.failed for done in outcomes] == [0, 0]
    purge.purge(the_day_after())
    assert Clave.objects.filter(state=State.EXPIRED).count() == expiries() == 40
    assert mails() == {f"n{n}@ejemplo.ar": 1 for n in range(40)}
    assert list(broken_events()) == []


_KILLED_IN_THE_THIRD_BATCH = """
import os, signal, sys
from datetime import date
import django
django.setup()
from accounts import purge
purge.BATCH = 5
through_the_door, batches = purge.pass_through, []

def dies(*args, **more):
    moved = through_the_door(*args, **more)
    batches.append(moved)
    if len(batches) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return moved

purge.pass_through = dies
purge.purge(date.fromisoformat(sys.argv[1]))
"""


def test_killed_in_the_middle_and_run_again_it_comes_to_the_same_end() -> None:
    claves = pending_keys(23)
    name = connection.settings_dict["NAME"]
    server = os.environ.get("DATABASE_URL", "").rpartition("/")[0]
    url = f"{server}/{name}" if connection.vendor == "postgresql" else f"sqlite:///{name}"
    killed = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", _KILLED_IN_THE_THIRD_BATCH, str(the_day_after())],
        env=os.environ | {"DATABASE_URL": url},
        cwd=settings.BASE_DIR,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert Clave.objects.filter(state=State.EXPIRED).count() == expiries() == len(mails()) == 10
    assert purge.purge(the_day_after()).expired == 13
    assert {Clave.objects.get(pk=clave.pk).state for clave in claves} == {State.EXPIRED}
    assert expiries() == 23
    assert mails() == {f"n{n}@ejemplo.ar": 1 for n in range(23)}
    assert list(broken_events()) == []
