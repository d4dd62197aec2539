"""What the database holds after a run, beside what was promised during it.

Reads with the portal's own models, so it needs Django set up on the database of the run.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from django.db import connections
from post_office.models import Email

from accounts.events import ClaveEvent, Note, broken_events
from accounts.lifecycle import BIRTHS, LIVE, MOVES, Move, State
from accounts.models import Clave
from tests.faults.crowd import Ack
from tests.faults.site.moves import address_of
from tests.faults.verdict import Verdict


def judge(acks: Iterable[Ack], *, mails: bool = True) -> Verdict:
    """`mails`: whether the queue was left alone, so that each mail can be counted in it."""
    connections.close_all()  # to a server that may have been killed since
    acks = list(acks)
    events = list(ClaveEvent.objects.order_by("cuil", "seq"))
    done = Counter((event.evidence["journey"], event.kind) for event in events if "journey" in event.evidence)
    life = Life()
    for event in events:
        life.happens(event)
    return Verdict(
        acknowledged=len(acks),
        events=len(events),
        lost=[f"{ack.move} {ack.id}" for ack in acks if not done[ack.id, ack.move]],
        half_states=[*life.impossible, *life.other_than_stored()],
        broken_chains=[str(event.pk) for event in broken_events()],
        double_effects=[f"{ack.move} {ack.id}" for ack in acks if done[ack.id, ack.move] > 1],
        wrong_mails=list(_wrong(life.told)) if mails else [],
    )


class Life:
    """The keys as the events alone tell them, replayed one after another."""

    def __init__(self) -> None:
        self.states: dict[int, str] = {}
        self.impossible: list[str] = []
        # Address and name of the mail: how many there have to be.
        self.told: Counter[tuple[str, str]] = Counter()
        self._address: dict[int, str] = {}
        self._live: dict[str, int] = {}

    def happens(self, event: ClaveEvent) -> None:
        number = event.clave_number
        if number is None:
            return
        if event.kind in BIRTHS:
            self._address[number] = address_of(event.evidence.get("journey", ""))
        elif event.kind in MOVES and self.states.get(number) != event.source:
            self.impossible.append(f"event {event.pk}: {event.source} was {self.states.get(number)}")
        self._tell(event, number)
        if event.target:
            self.states[number] = event.target
            self._note_live(event.cuil, number, event.target)

    def other_than_stored(self) -> Iterator[str]:
        """Keys whose row says something else than their events, or that have no events, or no row."""
        stored = dict(Clave.objects.values_list("pk", "state"))
        for number in stored.keys() | self.states.keys():
            if stored.get(number) != self.states.get(number):
                yield f"key {number}: row {stored.get(number)}, events {self.states.get(number)}"

    def _note_live(self, cuil: str, number: int, state: str) -> None:
        if state in LIVE:
            self._live[cuil] = number
        elif self._live.get(cuil) == number:
            del self._live[cuil]

    def _tell(self, event: ClaveEvent, number: int) -> None:
        """Every key of these runs has a confirmed address of its own: so each is told of everything."""
        name = _mail_of(event)
        if name and number in self._address:
            self.told[self._address[number], name] += 1
        live = self._live.get(event.cuil)
        if event.kind == Move.CREATE_PENDING and live is not None:
            self.told[self._address[live], "requested"] += 1


_MAILS = {
    Move.CREATE_PENDING: "pending", Move.CREATE_VERIFIED: "created", Move.ENABLE_ONLINE: "enabled",
    Move.ENABLE_IN_OFFICE: "enabled", Move.RAISE_LEVEL: "raised", Move.RESTORE: "restored",
    Move.REVOKE: "revoked", Move.EXPIRE: "expired", Note.KEY_CHANGED: "changed",
}  # fmt: skip


def _mail_of(event: ClaveEvent) -> str | None:
    if event.kind == Move.REPLACE:
        return "voided" if event.source == State.PENDING else "replaced"
    return _MAILS.get(event.kind)  # type: ignore[call-overload,no-any-return]


def _wrong(told: Counter[tuple[str, str]]) -> Iterator[str]:
    """Mails of which there are more or fewer than events that they tell of."""
    queued = Counter((email.to[0], email.context["mail"]) for email in Email.objects.only("to", "context"))
    for key in told.keys() | queued.keys():
        if told[key] != queued[key]:
            yield f"{key[1]} to {key[0]}: {queued[key]} queued, {told[key]} events"
