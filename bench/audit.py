"""Reading a million events and counting a million keys, beside the stock admin, in one run.

    python bench/audit.py [events]

The list: the first and a late page of the audit, by each of its filters, beside the stock admin's list
of the same events (which counts them all for its page numbers). The board: one count of everything.
The chains: `verify_audit` and `print_chain_heads`. On a test database that is made and removed;
`DATABASE_URL` chooses it. Wall-clock times, medians: PostgreSQL's own work is in them.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO

from _side_by_side import scratch_site, stock_admin

CHUNK = 10_000
YEAR = timedelta(days=365)
KINDS = {
    "signed_in": 60, "looked_up": 10, "create_verified": 6, "create_pending": 6, "quiz_opened": 6,
    "enable_online": 2, "case_opened": 6, "enable_in_office": 3, "raise_level": 1,
}  # fmt: skip
BY_STAFF = {"case_opened", "enable_in_office", "raise_level"}


def fill(events: int) -> None:
    """A year of events, ten to a person, with real chains; and as many keys as events."""
    from django.utils import timezone

    from tests.crowd import write_keys

    chance, start = random.Random(4), timezone.now() - YEAR
    write_events(events, chance, start)
    write_keys(events)
    write_rounds(events // 20, chance, start)


def write_events(events: int, chance: random.Random, start: datetime) -> None:
    from accounts.events import ClaveEvent
    from guards.bulk import insert
    from offices.models import Office

    Office.objects.bulk_create(
        Office(code=f"O{n}", name=f"OFICINA {n}", street="X 1", province="B") for n in range(300)
    )
    chains = max(1, events // 10)
    ends: dict[int, tuple[int, str]] = {}
    kinds, weights = list(KINDS), list(KINDS.values())
    for first in range(0, events, CHUNK):
        batch = []
        for number in range(first, min(first + CHUNK, events)):
            person = number % chains
            seq, mac = ends.get(person, (0, ""))
            kind = chance.choices(kinds, weights)[0]
            staff = kind in BY_STAFF
            event = ClaveEvent(
                cuil=f"20{person:09d}", seq=seq + 1, kind=kind, at=start + YEAR * (number / events),
                clave_number=person, actor="staff" if staff else "owner", address="200.45.1.2",
                staff_id=chance.randrange(2000) + 1 if staff else None,
                office=f"O{chance.randrange(300)}" if staff else "",
                evidence={"why": "thin"} if kind == "create_pending" else {},
            )  # fmt: skip
            event.mac = event.sealed(mac)
            ends[person] = seq + 1, event.mac
            batch.append(event)
        insert(batch)


def write_rounds(rounds: int, chance: random.Random, start: datetime) -> None:
    from guards.bulk import insert_like
    from identity.rounds import QuestionCard, QuizQuestion, QuizRound

    insert_like(
        QuestionCard(kind="employer", truth="X", decoys=[]), cuil=[f"20{n:09d}" for n in range(CHUNK)]
    )
    cards = list(QuestionCard.objects.values_list("pk", flat=True))
    insert_like(
        QuizRound(purpose="create", journey="x", closed_at=start),
        cuil=[f"20{n:09d}" for n in range(rounds)],
        opened_at=[start + YEAR * (n / rounds) for n in range(rounds)],
        outcome=[chance.choice(["passed", "failed", "timed_out"]) for _ in range(rounds)],
    )
    numbers = list(QuizRound.objects.values_list("pk", flat=True))
    for place in range(1, 5):
        insert_like(
            QuizQuestion(number=place, shown_at=start, answered_at=start),
            round_id=numbers,
            card_id=[chance.choice(cards) for _ in numbers],
            right=[chance.random() < 0.9 for _ in numbers],
        )


def pages() -> dict[str, Callable[[], object]]:
    """The yardstick first."""
    from django.utils import timezone

    from accounts.events import ClaveEvent
    from backoffice.audit import Filter, InWords, page_of

    day = timezone.localdate() - timedelta(days=200)
    filters = {
        "no filter": Filter(),
        "one CUIL": Filter(cuil="20000000007"),
        "one employee": Filter(staff_id=77),
        "one office": Filter(office="O7"),
        "a common kind": Filter(kind="signed_in"),
        "a rare kind": Filter(kind="raise_level"),
        "a kind that never happened": Filter(kind="restore"),
        "one day": Filter(since=day, until=day),
        "an office, a kind and a month": Filter(
            office="O7", kind="enable_in_office", since=day, until=day + timedelta(days=30)
        ),
    }
    late = ClaveEvent.objects.order_by("pk").values_list("pk", flat=True)[1000:1001][0]

    def page(chosen: Filter, before: int | None) -> Callable[[], object]:
        return lambda: InWords().tell(page_of(chosen, before)[0])

    columns = ("at", "cuil", "kind", "actor", "staff_id", "office")
    return (
        {"stock admin, first page": stock_admin(ClaveEvent, list_display=columns)}
        | {f"audit, {name}": page(chosen, None) for name, chosen in filters.items()}
        | {"audit, page 20,000": page(Filter(), late), "audit, page 20,000, a kind": page(
            Filter(kind="raise_level"), late)}
    )  # fmt: skip


def whole() -> dict[str, Callable[[], object]]:
    from django.core.management import call_command
    from django.utils import timezone

    from backoffice import board

    return {
        "board, counted anew": lambda: board.count(timezone.localdate()),
        "verify_audit": lambda: call_command("verify_audit", stdout=StringIO()),
        "print_chain_heads": lambda: call_command("print_chain_heads", stdout=StringIO()),
    }


def timed(actions: dict[str, Callable[[], object]], rounds: int) -> None:
    """Milliseconds of each, and against the first; the actions take turns."""
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            start = time.perf_counter()
            action()
            times[name].append((time.perf_counter() - start) * 1000)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    yardstick = next(iter(medians.values()))
    for name, milliseconds in medians.items():
        print(f"  {name:50}{milliseconds:10.1f} ms{milliseconds / yardstick:9.3f}")


def main() -> None:
    events = int(sys.argv[1]) if sys.argv[1:] else 1_000_000
    with scratch_site():
        from django.db import connection

        fill(events)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(f"{connection.vendor}: {events} events, {events} keys, {events // 20} rounds of questions")
        timed(pages(), 9)
        timed(whole(), 1)


if __name__ == "__main__":
    main()
