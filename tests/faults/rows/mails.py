"""The sender of mails, killed while it sends to a server that at times does not want any."""

import random
import subprocess
import sys
import time
import uuid
from collections import Counter

from django.core.mail import send_mail
from django.db import transaction
from post_office.models import STATUS, Email

from accounts.events import Actor, Trail
from tests.builders import make_cuil
from tests.faults.portal import ROOT, environment
from tests.faults.rows import Row, Size
from tests.faults.site.moves import MOVES, address_of
from tests.faults.smtp import MailServer
from tests.faults.stage import tables
from tests.faults.verdict import Verdict

_OURS = [sys.executable, "manage.py", "send_notices"]
# As the library sends by itself: a hundred, and then a note of all.
_IN_BATCHES = [
    sys.executable, "-c",
    "import django; django.setup()\n"
    "from post_office.mail import get_queued, send_queued\n"
    "while get_queued().exists(): send_queued()",
]  # fmt: skip


def run(size: Size) -> list[Row]:
    mails, kills = size.of(1500), size.of(125)
    with tables() as (_folder, cluster), MailServer() as server:
        told, untold = queue_mails(mails)
        deliver_though_killed(_OURS, cluster.url, server, kills)
        rows = [
            _row("mails", f"{kills} × kill −9 of the sender, and a spell of 451", server, told, untold, kills)
        ]
        rows.append(_control_of_batches(cluster.url, size))
        rows.append(_control_of_haste(cluster.url))
    return rows


def queue_mails(count: int) -> tuple[set[str], set[str]]:
    """The addresses of moves that took place, and of as many tenths that were undone at the last moment."""
    told, untold = set(), set()
    for number in range(count + count // 10):
        request_id, undone = str(uuid.uuid4()), number % 11 == 10
        with transaction.atomic():
            trail = Trail(Actor.SYSTEM, evidence={"journey": request_id})
            MOVES["create_pending"](make_cuil(32_000_000 + number), trail)
            transaction.set_rollback(undone)
        (untold if undone else told).add(address_of(request_id))
    return told, untold


def deliver_though_killed(command: list[str], database: str, server: MailServer, kills: int) -> None:
    """Until the queue is empty; in the middle, the server is busy for a while."""
    share = max(1, waiting() // (kills + 1))
    for number in range(kills):
        sender = _start(command, database, server)
        wanted = len(server.took) + random.randint(1, share)
        if number == kills // 2:
            server.busy = True
            _wait(sender, lambda: server.refused >= 3)
            server.busy = False
        _wait(sender, lambda wanted=wanted: len(server.took) >= wanted)
        time.sleep(random.uniform(0, 0.005))
        sender.kill()
        sender.wait()
    while waiting():
        sender = _start(command, database, server)
        sender.wait()


def waiting() -> int:
    return Email.objects.filter(status__in=[STATUS.queued, STATUS.requeued]).count()


def _start(command: list[str], database: str, server: MailServer) -> "subprocess.Popen[bytes]":
    url = f"smtp://127.0.0.1:{server.port}"
    return subprocess.Popen(
        command, cwd=ROOT, env=environment(DATABASE_URL=database, EMAIL_URL=url), stdout=subprocess.DEVNULL
    )


def _wait(sender: "subprocess.Popen[bytes]", reached: object) -> None:
    """Or until the sender has nothing left to do."""
    while not reached() and sender.poll() is None:  # type: ignore[operator]
        time.sleep(0.001)


def _row(name: str, what: str, server: MailServer, told: set[str], untold: set[str], kills: int) -> Row:
    arrived = {address for _id, address in server.took}
    ids = Counter(message_id for message_id, _address in server.took)
    twice = sum(times - 1 for times in ids.values())
    verdict = Verdict(
        acknowledged=len(told), lost=sorted(told - arrived), wrong_mails=sorted(arrived & untold)
    )
    more: dict[str, str | int | float] = {"sent twice": twice, "answered 451": server.refused}
    return Row(name, what, verdict.clean and twice <= kills, verdict, more)


# --- Controls ---------------------------------------------------------------------------------------


def _control_of_batches(database: str, size: Size) -> Row:
    """Noted by the hundred: a kill has to send more than one mail again."""
    kills = size.of(10, 2)
    with MailServer() as server:
        told, untold = queue_mails(size.of(1500, 120))
        deliver_though_killed(_IN_BATCHES, database, server, kills)
        row = _row(
            "control: noted by the hundred", f"{kills} × kill −9 of the sender", server, told, untold, kills
        )
    row.passed = int(row.more["sent twice"]) > kills
    return row


def _control_of_haste(_database: str) -> Row:
    """Sent at once instead of queued, from transactions that are then undone: mails that tell of nothing."""
    untold = set()
    with MailServer() as server:
        for number in range(20):
            with transaction.atomic():
                address = address_of(str(number))
                send_mail("", "", None, [address], connection=_straight_to(server))
                transaction.set_rollback(True)
            untold.add(address)
        row = _row("control: sent before the commit", "20 × a transaction undone", server, set(), untold, 0)
    row.passed = bool(row.verdict and row.verdict.wrong_mails)
    return row


def _straight_to(server: MailServer) -> object:
    from django.core.mail import get_connection

    return get_connection(
        "django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=server.port, use_tls=False
    )
