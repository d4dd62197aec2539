"""The heads of all chains: what a copy kept elsewhere needs to show that nothing was cut off.

`broken_events` finds what was changed, put in or taken from the middle. Whoever takes the last events
of a chain, or a chain whole, leaves nothing behind to find: only a head noted before tells.

A chain only grows. So what its head was at the end of a day is the same whenever it is asked, unless
an event of that day or of an earlier one was touched.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Subquery

from accounts.events import ClaveEvent
from guards.keyed import keyed_hash

_CHAINS_AT_ONCE = 1000


@dataclass(frozen=True)
class Head:
    """The last event of one chain. `row` is its number in the table, `chain` hides the CUIL."""

    chain: str
    events: int
    row: int
    mac: str

    def __str__(self) -> str:
        return f"{self.chain} {self.events} {self.row} {self.mac}"


@dataclass
class Sum:
    """All heads in one: how many chains and events there are, and one hash over them by CUIL."""

    chains: int = 0
    events: int = 0
    hash: str = ""

    def add(self, head: Head) -> None:
        self.chains += 1
        self.events += head.events
        self.hash = keyed_hash("chain-heads", self.hash, head.chain, head.events, head.mac)


def heads(before: datetime) -> Iterator[Head]:
    """The head that each chain had at that moment, by CUIL. Reads some chains at a time.

    The events are counted, not numbered by the last: one missing from the middle changes the head too.
    """
    cuil = ""
    while chains := _chains(cuil, before):
        for cuil, events, row, mac in chains:
            yield Head(keyed_hash("chain", cuil)[:32], events, row, mac)


def _chains(after: str, before: datetime) -> list[tuple[str, int, int, str]]:
    """CUIL, events, row and seal of the last one, of the chains that follow this CUIL."""
    earlier = ClaveEvent.objects.filter(at__lt=before)
    rows = (
        earlier.filter(cuil__gt=after)
        .values("cuil")
        .annotate(events=Count("pk"))
        .order_by("cuil")
        .values_list("cuil", "events")[:_CHAINS_AT_ONCE]
    )
    counted = dict(rows)
    # Only the last of each: a chain may be long (that of the offices is).
    last_of_chain = earlier.filter(cuil=OuterRef("cuil")).order_by("-seq").values("seq")[:1]
    lasts = earlier.filter(cuil__in=counted, seq=Subquery(last_of_chain))
    ends = {cuil: (row, mac) for cuil, row, mac in lasts.values_list("cuil", "pk", "mac")}
    return [(cuil, events, *ends[cuil]) for cuil, events in counted.items()]
