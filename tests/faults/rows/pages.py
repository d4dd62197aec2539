"""Workers killed while people ask for a key on the portal's own pages."""

import random
import time

from accounts.events import ClaveEvent
from accounts.lifecycle import Move, State
from accounts.models import Clave
from tests.builders import make_person
from tests.faults.judge import judge
from tests.faults.page_people import PageCrowd
from tests.faults.rows import Row, Size
from tests.faults.stage import stage


def run(size: Size) -> list[Row]:
    """Whoever reached the page with the number of the form has a pending key, and the events to it."""
    with stage() as here:
        people = [make_person(34_000_000 + number) for number in range(size.of(300, 12))]
        kills = 0
        with PageCrowd(here.portal.port, people) as crowd:
            while crowd.busy:
                time.sleep(random.uniform(0.5, 1.5))
                kills += here.portal.kill_worker()
        verdict = judge([], mails=False)
        verdict.acknowledged = len(crowd.acks)
        born = set(ClaveEvent.objects.filter(kind=Move.CREATE_PENDING).values_list("cuil", flat=True))
        stored = set(Clave.objects.filter(state=State.PENDING).values_list("cuil", flat=True))
        verdict.lost = [cuil for cuil in crowd.acks if cuil not in born & stored]
    passed = verdict.clean and len(crowd.acks) == len(people)
    more: dict[str, str | int | float] = {"walks broken off": crowd.broken_off}
    return [Row("pages", f"{kills} × kill −9 of a worker", passed, verdict, more)]
