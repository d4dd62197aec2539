"""A thousand tamperings at random, by everybody who could: refused, or found and named by row."""

import json
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from accounts import triggers
from accounts.chain_heads import Sum, heads
from accounts.events import Actor, ClaveEvent, Note, Trail, broken_events, record
from tests.builders import make_clave, make_cuil

pytestmark = pytest.mark.django_db

TABLE = ClaveEvent._meta.db_table
FIELDS = [field.name for field in ClaveEvent._meta.fields if field.name != "id"]
Deed = Callable[[random.Random, ClaveEvent], Any]


@pytest.fixture
def events() -> list[ClaveEvent]:
    """Six chains of six events each, which fill every field."""
    for document in range(30111222, 30111228):
        cuil = make_cuil(document)
        make_clave(cuil, level=None).enable_in_office(
            trail=Trail(Actor.STAFF, "10.0.0.7", 7, "UDAI-1", {"document_type": "DU", "original_seen": True})
        )
        for number in range(4):
            with transaction.atomic():
                record(cuil, Note.SIGNED_IN, Trail(Actor.OWNER, "200.45.1.2", evidence={"round": number}))
    return list(ClaveEvent.objects.order_by("cuil", "seq"))


def another(chance: random.Random, event: ClaveEvent, field: str) -> Any:
    """A value that the field could hold and does not."""
    values: dict[str, Callable[[], Any]] = {
        "cuil": lambda: make_cuil(chance.randrange(10_000_000, 40_000_000)),
        "seq": lambda: chance.randrange(1, 200),
        "kind": lambda: chance.choice(Note.values),
        "at": lambda: event.at + timedelta(microseconds=chance.choice([-1, 1, 10**6, -(10**9), 10**11])),
        "clave_number": lambda: chance.choice([None, 0, chance.randrange(10**6)]),
        "source": lambda: chance.choice(["", "pending", "level_2", "level_3"]),
        "target": lambda: chance.choice(["", "pending", "level_2", "level_3"]),
        "actor": lambda: chance.choice(Actor.values),
        "staff_id": lambda: chance.choice([None, 0, 7, 8, chance.randrange(10**6)]),
        "office": lambda: chance.choice(["", "UDAI-1", "UDAI-2", event.office + " ", event.office.lower()]),
        "address": lambda: chance.choice(["", "10.0.0.7", "10.0.0.70", "::1", event.address + " "]),
        "evidence": lambda: chance.choice([
            {}, {**event.evidence, "round": str(event.evidence.get("round"))},
            {**event.evidence, "more": None},
            {key: value for key, value in event.evidence.items() if key != "document_type"},
            {"document_type": "du"},
        ]),
        "mac": lambda: chance.choice(["", f"{chance.getrandbits(256):064x}", event.mac.upper()]),
    }  # fmt: skip
    while (value := values[field]()) == getattr(event, field):
        pass
    return value


def some_changes(chance: random.Random, event: ClaveEvent) -> dict[str, Any]:
    """One field, seldom more."""
    chosen = chance.sample(FIELDS, chance.choice([1, 1, 1, 2, 5]))
    return {field: another(chance, event, field) for field in chosen}


def by_save(chance: random.Random, event: ClaveEvent) -> None:
    changed = ClaveEvent.objects.get(pk=event.pk)
    for field, value in some_changes(chance, event).items():
        setattr(changed, field, value)
    changed.save(force_update=True)


def by_update(chance: random.Random, event: ClaveEvent) -> None:
    ClaveEvent.objects.filter(pk=event.pk).update(**some_changes(chance, event))


def by_bulk_update(chance: random.Random, event: ClaveEvent) -> None:
    changed = ClaveEvent.objects.get(pk=event.pk)
    changes = some_changes(chance, event)
    for field, value in changes.items():
        setattr(changed, field, value)
    ClaveEvent.objects.bulk_update([changed], list(changes))


def by_sql(chance: random.Random, event: ClaveEvent) -> None:
    """As the table's owner, around everything that Django knows."""
    changes = some_changes(chance, event)
    for field, value in changes.items():
        column = ClaveEvent._meta.get_field(field)
        given = json.dumps(value) if field == "evidence" else column.get_db_prep_value(value, connection)
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {TABLE} SET {field} = %s WHERE id = %s", [given, event.pk])  # noqa: S608


def by_deleting(chance: random.Random, event: ClaveEvent) -> None:
    ClaveEvent.objects.filter(pk=event.pk).delete()


def by_deleting_in_sql(chance: random.Random, event: ClaveEvent) -> None:
    """This one and what follows, or the chain whole."""
    since = chance.choice([event.seq, 1])
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE cuil = %s AND seq >= %s", [event.cuil, since])  # noqa: S608


def by_changing_places(chance: random.Random, event: ClaveEvent) -> None:
    """With the next of its chain, or with the first of it."""
    chain = ClaveEvent.objects.filter(cuil=event.cuil).exclude(pk=event.pk)
    other = chance.choice(list(chain))
    for pk, seq in ((event.pk, 999), (other.pk, event.seq), (event.pk, other.seq)):
        ClaveEvent.objects.filter(pk=pk).update(seq=seq)


def by_closing_the_hole(chance: random.Random, event: ClaveEvent) -> None:
    ClaveEvent.objects.filter(pk=event.pk).delete()
    for later in ClaveEvent.objects.filter(cuil=event.cuil, seq__gt=event.seq).order_by("seq"):
        ClaveEvent.objects.filter(pk=later.pk).update(seq=later.seq - 1)


def by_putting_another_person_s_in_its_place(chance: random.Random, event: ClaveEvent) -> None:
    other = chance.choice(list(ClaveEvent.objects.exclude(cuil=event.cuil)))
    values = {field: getattr(other, field) for field in FIELDS if field not in {"cuil", "seq"}}
    ClaveEvent.objects.filter(pk=event.pk).update(**values)


DEEDS: list[Deed] = [
    by_save, by_save, by_update, by_update, by_bulk_update, by_sql, by_sql, by_sql,
    by_deleting, by_deleting_in_sql, by_changing_places, by_closing_the_hole,
    by_putting_another_person_s_in_its_place,
]  # fmt: skip


def sum_of_heads() -> Sum:
    total = Sum()
    for head in heads(timezone.now() + timedelta(days=1)):
        total.add(head)
    return total


def attempt(deed: Deed, chance: random.Random, event: ClaveEvent, whole: Sum) -> str:
    """What came of it, and it is undone: «refused» by the triggers, «impossible» by a constraint, «found»
    by the audit, «the heads tell»; or «missed».
    """
    try:
        with transaction.atomic():
            deed(chance, event)
            outcome = "found" if list(broken_events()) else "missed"
            if outcome == "missed" and sum_of_heads() != whole:
                outcome = "the heads tell"
            transaction.set_rollback(True)
    except DatabaseError as error:
        if "los eventos no se modifican ni se borran" in str(error):
            return "refused"
        if not isinstance(error, IntegrityError):
            raise
        return "impossible"
    return outcome


def a_thousand(events: list[ClaveEvent]) -> dict[str, set[str]]:
    """What came of them, to the deeds it came to. What no table takes is none of the thousand."""
    chance, whole = random.Random(2026), sum_of_heads()
    came: dict[str, set[str]] = {}
    done = 0
    while done < 1000:
        deed, event = chance.choice(DEEDS), chance.choice(events)
        outcome = attempt(deed, chance, event, whole)
        came.setdefault(outcome, set()).add(deed.__name__)
        done += outcome != "impossible"
    assert sum_of_heads() == whole
    return came


def test_a_thousand_tamperings_past_the_triggers_are_all_found(events: list[ClaveEvent]) -> None:
    with triggers.lifted():
        came = a_thousand(events)
    assert set(came) <= {"found", "the heads tell", "impossible"}
    # A chain's last events, or all of it: nothing is left that would not follow.
    assert came["the heads tell"] == {"by_deleting", "by_deleting_in_sql", "by_closing_the_hole"}
    assert came["found"] | came["the heads tell"] == {deed.__name__ for deed in DEEDS}


def test_a_thousand_tamperings_with_the_triggers_in_place_are_all_refused(events: list[ClaveEvent]) -> None:
    came = a_thousand(events)
    assert set(came) == {"refused"}


def test_the_audit_names_the_touched_row_and_nobody(events: list[ClaveEvent]) -> None:
    chance = random.Random(7)
    for _ in range(20):
        event = chance.choice(events)
        point = transaction.savepoint()
        with triggers.lifted():
            by_update(chance, event)
        err = StringIO()
        with pytest.raises(SystemExit):
            call_command("verify_audit", stderr=err)
        transaction.savepoint_rollback(point)
        assert f"Fila {event.pk}:" in err.getvalue()
        assert event.cuil not in err.getvalue()


def test_the_audit_reads_every_event_however_many_go_into_a_batch(
    events: list[ClaveEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    for size in (1, 2, 5, 6, 7, 36, 37):
        monkeypatch.setattr("accounts.events._BATCH", size)
        out = StringIO()
        call_command("verify_audit", stdout=out)
        assert out.getvalue() == "36 eventos, todas las cadenas bien.\n", size


# --- Heads ----------------------------------------------------------------------------------------


def printed(*options: str) -> list[str]:
    out = StringIO()
    call_command("print_chain_heads", *options, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def yesterday(events: list[ClaveEvent]) -> Iterator[str]:
    """The events happened on this day, and it is over."""
    day = timezone.localdate()
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        yield f"{day}"


def test_the_line_of_a_day_says_how_many_chains_and_events_it_covers(yesterday: str) -> None:
    (line,) = printed()
    day, chains, count, digest = line.split()
    assert (day, chains, count, len(digest)) == (yesterday, "6", "36", 64)


def test_the_line_of_a_day_stays_the_same_while_the_chains_grow(yesterday: str) -> None:
    before = printed("--all")
    with transaction.atomic():
        record(make_cuil(30111222), Note.SIGNED_IN, Trail(Actor.OWNER))
        record(make_cuil(30119999), Note.SIGNED_IN, Trail(Actor.OWNER))
    assert printed("--all", "--day", yesterday) == before


@pytest.mark.parametrize("size", [1, 2, 5, 6, 7])
def test_the_line_does_not_depend_on_how_many_chains_are_read_at_once(
    yesterday: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = printed("--all")
    monkeypatch.setattr("accounts.chain_heads._CHAINS_AT_ONCE", size)
    assert printed("--all") == before


@pytest.mark.parametrize("seq", [1, 3, 6])
def test_what_is_cut_off_changes_the_line_and_the_chain_is_named_without_its_cuil(
    yesterday: str, events: list[ClaveEvent], seq: int
) -> None:
    before = printed("--all")
    with triggers.lifted():
        ClaveEvent.objects.filter(cuil=events[0].cuil, seq__gte=seq).delete()
    after = printed("--all")
    assert after[-1] != before[-1]
    assert len(set(before) - set(after)) == 2  # the chain's line and the last one
    assert not any(make_cuil(document) in " ".join(before) for document in range(30111222, 30111228))


def test_a_cut_end_grown_again_to_the_same_length_shows(yesterday: str, events: list[ClaveEvent]) -> None:
    before = printed()
    with triggers.lifted():
        ClaveEvent.objects.filter(cuil=events[0].cuil, seq=6).delete()
    with transaction.atomic():
        record(events[0].cuil, Note.SIGNED_OUT, Trail(Actor.OWNER))
    assert list(broken_events()) == []
    assert printed("--day", yesterday) != before


def test_a_day_that_is_not_over_has_no_line(events: list[ClaveEvent]) -> None:
    for day in (timezone.localdate(), timezone.localdate() + timedelta(days=1)):
        with pytest.raises(CommandError, match="todavía no terminó"):
            call_command("print_chain_heads", "--day", f"{day}")


def test_before_the_first_event_there_is_a_line_of_noughts(events: list[ClaveEvent]) -> None:
    assert printed("--day", "2020-01-01") == ["2020-01-01 0 0 -"]
