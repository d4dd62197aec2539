"""What happened stays written: nobody changes or removes an event, and who gets past that is found."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from accounts import triggers
from accounts.events import Actor, ClaveEvent, Note, Trail, broken_events, record
from accounts.models import Clave
from tests.builders import make_clave, make_cuil, system
from tests.racing import at_once, failures

CUIL, OTHER = make_cuil(30111222), make_cuil(20222333)

pytestmark = pytest.mark.django_db
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="the words of SQLite")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="the words of PostgreSQL")


def note(cuil: str = CUIL, kind: Note = Note.SIGNED_IN, **evidence: Any) -> ClaveEvent:
    with transaction.atomic():
        return record(cuil, kind, Trail(Actor.OWNER, "200.45.1.2", evidence=evidence))


def a_chain(cuil: str = CUIL) -> list[ClaveEvent]:
    """Six events that fill every field."""
    clave = make_clave(cuil, level=None)
    clave.enable_in_office(trail=Trail(Actor.STAFF, "10.0.0.7", 7, "UDAI-1", {"document_type": "DU"}))
    for number in range(4):
        note(cuil, round=number)
    return list(ClaveEvent.objects.filter(cuil=cuil).order_by("seq"))


def stored() -> list[dict[str, Any]]:
    return list(ClaveEvent.objects.order_by("pk").values())


@contextmanager
def unlocked() -> Iterator[None]:
    """As somebody with full rights over the database would."""
    with triggers.lifted():
        yield


def found() -> list[int]:
    return [event.pk for event in broken_events()]


# --- Final ------------------------------------------------------------------------------------------

IN_THE_WORDS_OF_DJANGO: dict[str, Callable[[ClaveEvent], Any]] = {
    "save": lambda e: ClaveEvent(**{**ClaveEvent.objects.values().get(pk=e.pk), "office": "X"}).save(),
    "update": lambda e: ClaveEvent.objects.filter(pk=e.pk).update(office="X"),
    "update all": lambda e: ClaveEvent.objects.update(actor=Actor.SYSTEM),
    "bulk update": lambda e: ClaveEvent.objects.bulk_update([e], ["mac"]),
    "upsert": lambda e: ClaveEvent.objects.bulk_create(
        [e], update_conflicts=True, unique_fields=["cuil", "seq"], update_fields=["office"]
    ),
    "delete": lambda e: e.delete(),
    "delete all": lambda e: ClaveEvent.objects.all().delete(),
    "raw delete": lambda e: ClaveEvent.objects.all()._raw_delete("default"),
}

IN_THE_WORDS_OF_BOTH = [
    "UPDATE EVENTS SET office = 'X'",
    "UPDATE EVENTS SET mac = mac",
    "UPDATE EVENTS SET seq = seq + 1 WHERE seq = (SELECT max(seq) FROM EVENTS)",
    "DELETE FROM EVENTS",
    "DELETE FROM EVENTS WHERE seq = 2",
]
IN_THE_WORDS_OF_SQLITE = [
    "INSERT OR REPLACE INTO EVENTS SELECT * FROM EVENTS WHERE seq = 2",
    "REPLACE INTO EVENTS SELECT * FROM EVENTS",
    "UPDATE OR REPLACE EVENTS SET seq = 1 WHERE seq = 2",
    "UPDATE OR IGNORE EVENTS SET office = 'X'",
    "INSERT INTO EVENTS SELECT * FROM EVENTS WHERE 1 ON CONFLICT (id) DO UPDATE SET office = 'X'",
]
IN_THE_WORDS_OF_POSTGRESQL = [
    "TRUNCATE EVENTS",
    "TRUNCATE accounts_application, EVENTS CASCADE",
    "INSERT INTO EVENTS SELECT * FROM EVENTS ON CONFLICT (id) DO UPDATE SET office = 'X'",
    "WITH gone AS (DELETE FROM EVENTS RETURNING *) SELECT count(*) FROM gone",
    "MERGE INTO EVENTS e USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
]


def expect_refusal(write: Callable[[], Any]) -> None:
    before = stored()
    with pytest.raises(DatabaseError, match="los eventos no se modifican ni se borran"), transaction.atomic():
        write()
    assert stored() == before
    assert found() == []


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("EVENTS", ClaveEvent._meta.db_table))


@pytest.mark.parametrize("way", IN_THE_WORDS_OF_DJANGO)
def test_no_way_of_django_changes_or_removes_an_event(way: str) -> None:
    event = a_chain()[2]
    expect_refusal(lambda: IN_THE_WORDS_OF_DJANGO[way](event))


@pytest.mark.parametrize("sql", IN_THE_WORDS_OF_BOTH)
def test_no_statement_changes_or_removes_an_event(sql: str) -> None:
    a_chain()
    expect_refusal(lambda: run(sql))


@on_sqlite
@pytest.mark.parametrize("sql", IN_THE_WORDS_OF_SQLITE)
def test_no_statement_of_sqlite_changes_or_removes_an_event(sql: str) -> None:
    a_chain()
    expect_refusal(lambda: run(sql))


@on_postgresql
@pytest.mark.parametrize("sql", IN_THE_WORDS_OF_POSTGRESQL)
def test_no_statement_of_postgresql_changes_or_removes_an_event(sql: str) -> None:
    a_chain()
    expect_refusal(lambda: run(sql))


def test_an_event_outlives_its_key() -> None:
    clave = make_clave(CUIL)
    Clave.objects.filter(pk=clave.pk).delete()
    assert ClaveEvent.objects.get().clave_number == clave.pk
    assert found() == []


def test_what_did_not_happen_is_not_told() -> None:
    def tell_and_fail() -> None:
        with transaction.atomic():
            record(CUIL, Note.SIGNED_IN, system())
            raise KeyError

    with pytest.raises(KeyError):
        tell_and_fail()
    assert not ClaveEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_of_any_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError):
        record(CUIL, Note.SIGNED_IN, system())
    assert not ClaveEvent.objects.exists()


def test_no_event_holds_a_secret() -> None:
    clave = make_clave(CUIL)
    clave.raise_level(trail=system())
    everything = repr(stored())
    assert "argon2" not in everything
    assert clave.seal not in everything


# --- Chained ----------------------------------------------------------------------------------------


def test_chains_of_many_persons_are_whole() -> None:
    for document in range(30111222, 30111232):
        a_chain(make_cuil(document))
    assert ClaveEvent.objects.count() == 60
    assert found() == []


def test_each_chain_counts_from_one_without_a_hole() -> None:
    for cuil in (CUIL, OTHER, CUIL, OTHER, CUIL):
        note(cuil)
    for cuil, count in ((CUIL, 3), (OTHER, 2)):
        events = ClaveEvent.objects.filter(cuil=cuil).order_by("seq")
        assert [event.seq for event in events] == list(range(1, count + 1))


def test_the_moment_of_an_event_survives_the_database_to_the_microsecond() -> None:
    made = note()
    assert ClaveEvent.objects.get().at == made.at
    assert made.at.utcoffset() is not None


TOUCHED: dict[str, Callable[[ClaveEvent], Any]] = {
    "cuil": lambda e: OTHER,
    "seq": lambda e: e.seq + 100,
    "kind": lambda e: Note.LOOKED_UP if e.kind != Note.LOOKED_UP else Note.SIGNED_OUT,
    "at": lambda e: e.at + timedelta(microseconds=1),
    "clave_number": lambda e: (e.clave_number or 0) + 1,
    "source": lambda e: "level_3" if e.source != "level_3" else "",
    "target": lambda e: "revoked" if e.target != "revoked" else "",
    "actor": lambda e: Actor.SYSTEM if e.actor != Actor.SYSTEM else Actor.STAFF,
    "staff_id": lambda e: 8,
    "office": lambda e: e.office + " ",
    "address": lambda e: "10.0.0.8",
    "evidence": lambda e: {**e.evidence, "more": None},
    "mac": lambda e: e.mac[:-1] + ("0" if e.mac[-1] != "0" else "1"),
}


def test_every_field_of_an_event_is_among_the_touched_ones() -> None:
    assert set(TOUCHED) == {field.name for field in ClaveEvent._meta.fields} - {"id"}


@pytest.mark.parametrize("place", [0, 2, 5], ids=["first", "middle", "last"])
@pytest.mark.parametrize("field", TOUCHED)
def test_a_single_field_touched_is_found_and_the_audit_names_the_row(field: str, place: int) -> None:
    event = a_chain()[place]
    with unlocked():
        ClaveEvent.objects.filter(pk=event.pk).update(**{field: TOUCHED[field](event)})
    assert event.pk in found()
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", stdout=out, stderr=err)
    assert ended.value.code == 1
    assert f"Fila {event.pk}:" in err.getvalue()
    assert out.getvalue() == ""
    assert CUIL not in err.getvalue()


@pytest.mark.parametrize("gone", [1, 2, 3, 4, 5])
def test_an_event_removed_from_the_beginning_or_the_middle_is_missed_by_the_next(gone: int) -> None:
    chain = a_chain()
    with unlocked():
        ClaveEvent.objects.filter(seq=gone).delete()
    assert found() == [chain[gone].pk]


def test_a_hole_closed_by_counting_anew_is_found() -> None:
    chain = a_chain()
    with unlocked():
        ClaveEvent.objects.filter(seq=3).delete()
        for event in chain[3:]:
            ClaveEvent.objects.filter(pk=event.pk).update(seq=event.seq - 1)
    assert chain[3].pk in found()


def test_two_events_that_changed_places_are_found() -> None:
    chain = a_chain()
    with unlocked():
        for event, seq in ((chain[2], 99), (chain[3], 3), (chain[2], 4)):
            ClaveEvent.objects.filter(pk=event.pk).update(seq=seq)
    assert {chain[2].pk, chain[3].pk} <= set(found())


def test_an_event_put_in_without_the_key_is_found() -> None:
    last = a_chain()[-1]
    with override_settings(PORTAL_DATA_KEY="a guess of the one who puts it in, long enough"):
        forged = note()
    assert found() == [forged.pk]
    assert forged.seq == last.seq + 1


def test_an_event_copied_from_another_chain_is_found() -> None:
    a_chain(CUIL)
    note(OTHER)
    copied = ClaveEvent.objects.filter(cuil=CUIL).order_by("seq").values()[1]
    del copied["id"]
    alien = ClaveEvent.objects.create(**{**copied, "cuil": OTHER})
    assert found() == [alien.pk]


def test_two_hundred_tamperings_at_random_are_all_found() -> None:
    chance = random.Random(2019)
    for document in range(30111222, 30111230):
        a_chain(make_cuil(document))
    events = list(ClaveEvent.objects.all())
    missed = []
    with unlocked():
        for _ in range(200):
            event, field = chance.choice(events), chance.choice(sorted(TOUCHED))
            point = transaction.savepoint()
            ClaveEvent.objects.filter(pk=event.pk).update(**{field: _random_value(chance, event, field)})
            if event.pk not in found():
                missed.append((event.seq, field))
            transaction.savepoint_rollback(point)
    assert missed == []
    assert found() == []


def _random_value(chance: random.Random, event: ClaveEvent, field: str) -> Any:
    """Other than the one that stands there, of any size."""
    values = {
        "cuil": make_cuil(chance.randrange(40000000, 49000000)),
        "seq": chance.randrange(100, 10**6),
        "kind": chance.choice([kind for kind in Note if kind != event.kind]),
        "at": event.at + timedelta(microseconds=chance.choice([-1, 1]) * chance.randrange(1, 10**12)),
        "clave_number": (event.clave_number or 0) + chance.randrange(1, 10**6),
        "source": chance.choice([s for s in ("", "pending", "level_2") if s != event.source]),
        "target": chance.choice([s for s in ("", "pending", "level_2") if s != event.target]),
        "actor": chance.choice([actor for actor in Actor if actor != event.actor]),
        "staff_id": chance.choice([n for n in (None, 0, 1, 7, 9) if n != event.staff_id]),
        "office": event.office + chance.choice(["x", " ", "\t"]),
        "address": event.address[:-1] + chance.choice("abc"),
        "evidence": {**event.evidence, str(chance.random()): chance.choice([None, False, 0, "", []])},
        "mac": f"{chance.getrandbits(256):064x}",
    }
    return values[field]


def test_the_audit_of_whole_chains_says_how_many_events_it_read() -> None:
    a_chain()
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue() == "6 eventos, todas las cadenas bien.\n"


# --- At once ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_events_of_many_persons_told_at_once_keep_every_chain_whole() -> None:
    cuils = [make_cuil(document) for document in range(30111222, 30111227)]

    def tell(start: int) -> None:
        for number in range(15):
            note(cuils[(start + number) % len(cuils)], round=number)

    outcomes = at_once(*[lambda start=start: tell(start) for start in range(6)])
    assert failures(outcomes, KeyError) == 0
    assert ClaveEvent.objects.count() == 90
    assert found() == []


@pytest.mark.django_db(transaction=True)
def test_events_of_one_person_told_at_once_stand_in_one_chain() -> None:
    outcomes = at_once(*[lambda: note() for _ in range(8)])
    assert failures(outcomes, KeyError) == 0
    assert sorted(ClaveEvent.objects.values_list("seq", flat=True)) == list(range(1, 9))
    assert found() == []


@pytest.mark.django_db(transaction=True)
def test_a_rebuilt_table_gets_its_triggers_back_and_until_then_the_audit_complains() -> None:
    """SQLite rebuilds a table to change it, and forgets what hung on it."""
    with triggers.lifted():
        assert triggers.missing() == {"event_is_final", "event_table_is_final"}
        with pytest.raises(SystemExit):
            call_command("verify_audit")
        call_command("migrate", verbosity=0)
        assert not triggers.missing()
