"""On PostgreSQL the portal's role lives its whole life, and cannot touch what happened."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from accounts import database_role, triggers
from accounts.database_role import RoleRefused, Use
from accounts.events import ClaveEvent, broken_events
from accounts.lifecycle import Move, State
from accounts.models import Clave
from accounts.purge import purge
from identity.models import Person
from tests.builders import EMAIL, make_clave, make_person
from tests.identity.registry_folder import MARTA, RegistryFolder
from tests.visitor import Visitor
from tests.walker import ENABLING, log_in, walk

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles: run it on PostgreSQL"),
]

FORBIDDEN = [
    "UPDATE accounts_claveevent SET actor = 'system'",
    "DELETE FROM accounts_claveevent",
    "TRUNCATE accounts_claveevent",
    "ALTER TABLE accounts_claveevent DISABLE TRIGGER ALL",
    "DROP TRIGGER event_is_final ON accounts_claveevent",
    "DROP TRIGGER event_table_is_final ON accounts_claveevent",
    "DROP TABLE accounts_claveevent",
    "CREATE RULE nothing AS ON INSERT TO accounts_claveevent DO INSTEAD NOTHING",
    "CREATE OR REPLACE FUNCTION accounts_event_is_final() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RETURN OLD; END $$",
    "SET session_replication_role = replica",
    "ALTER TABLE accounts_claveevent OWNER TO CURRENT_USER",
    "DELETE FROM django_migrations",
    "CREATE TABLE of_a_stranger (id int)",
]
# Ways to change an event without being given the right; with what takes each back.
POWERS = {
    "ALTER ROLE {role} SUPERUSER": "ALTER ROLE {role} NOSUPERUSER",
    "ALTER ROLE {role} CREATEROLE": "ALTER ROLE {role} NOCREATEROLE",
    "GRANT {owner} TO {role}": "REVOKE {owner} FROM {role}",
    "GRANT pg_write_all_data TO {role}": "REVOKE pg_write_all_data FROM {role}",
    "GRANT UPDATE ON accounts_claveevent TO PUBLIC": "REVOKE UPDATE ON accounts_claveevent FROM PUBLIC",
}


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def role() -> Iterator[str]:
    """A new role of the server, gone after the test."""
    name = f"portal_{secrets.token_hex(6)}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            pytest.skip("the user of DATABASE_URL may not create roles")
    run(f"CREATE ROLE {name} LOGIN PASSWORD '{name}'")
    yield name
    run(f"DROP OWNED BY {name}", f"DROP ROLE {name}")


@contextmanager
def connected_as(role: str) -> Iterator[None]:
    """A connection of that role's own, as the portal opens it: SET ROLE could be taken back."""
    ours = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(USER=role, PASSWORD=role)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(USER=ours["USER"], PASSWORD=ours["PASSWORD"])


def test_the_portal_creates_enables_logs_in_and_purges_under_its_role(role: str, visitor: Visitor) -> None:
    database_role.grant(role, Use.PORTAL)
    marta, pablo = make_person(), make_person(30222333, given_names="PABLO")
    with connected_as(role):
        make_clave(pablo.cuil, level=None)
        walk(visitor, marta)
        walk(Visitor(), pablo, route=ENABLING)
        log_in(visitor, marta)
        assert visitor.url == "/inicio/"
        late = make_clave(make_person(30333444).cuil, level=None)
        assert late.deadline
        purge(late.deadline + timedelta(days=1))
        call_command("send_notices")
        call_command("verify_audit")
    states = dict(Clave.objects.values_list("cuil", "state"))
    assert states == {marta.cuil: State.LEVEL_2, pablo.cuil: State.LEVEL_2, late.cuil: State.EXPIRED}
    assert ClaveEvent.objects.filter(kind=Move.EXPIRE).count() == 1
    assert list(broken_events()) == []


def test_the_portals_role_loads_the_register(role: str, tmp_path: Path) -> None:
    database_role.grant(role, Use.PORTAL)
    folder = RegistryFolder(tmp_path)
    folder.people({"cuil": MARTA})
    with connected_as(role):
        folder.load()
    assert Person.objects.get().cuil == MARTA


def refused(statement: str) -> bool:
    try:
        run(statement)
    except ProgrammingError as error:
        return type(error.__cause__).__name__ == "InsufficientPrivilege"
    return False


def test_the_portals_role_can_neither_change_events_nor_take_their_guards_away(role: str) -> None:
    database_role.grant(role, Use.PORTAL)
    make_clave(make_person().cuil)
    with connected_as(role):
        assert [statement for statement in FORBIDDEN if not refused(statement)] == []
    assert ClaveEvent.objects.exists()
    assert not triggers.missing()


def test_the_owner_of_the_tables_would_not_have_been_refused_all_of_that() -> None:
    with transaction.atomic():
        run("ALTER TABLE accounts_claveevent DISABLE TRIGGER ALL")
        assert triggers.missing()
        transaction.set_rollback(True)


def test_granting_twice_comes_to_the_same_and_a_later_table_is_the_portals_too(role: str) -> None:
    for _ in range(2):
        database_role.grant(role, Use.PORTAL)
    run("CREATE TABLE made_later (id int GENERATED BY DEFAULT AS IDENTITY, word text)")
    try:
        with connected_as(role):
            run("INSERT INTO made_later (word) VALUES ('one')", "UPDATE made_later SET word = 'two'")
    finally:
        run("DROP TABLE made_later")


def test_a_role_for_reading_reads_everything_and_writes_nothing(role: str) -> None:
    make_clave(make_person().cuil)
    database_role.grant(role, Use.PORTAL)
    database_role.grant(role, Use.READING)
    with connected_as(role):
        assert Clave.objects.filter(email=EMAIL).exists()
        assert ClaveEvent.objects.exists()
        for statement in ("UPDATE accounts_clave SET cuil = ''", "DELETE FROM identity_person"):
            assert refused(statement)
        assert refused("INSERT INTO accounts_claveevent (cuil) VALUES ('00000000000')")


def test_a_role_that_could_change_events_anyway_is_given_nothing(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        names = {"role": role, "owner": cursor.fetchone()[0]}
    for power, taken_back in POWERS.items():
        run(power.format(**names))
        try:
            with pytest.raises(RoleRefused, match="podría cambiar los eventos"):
                database_role.grant(role, Use.PORTAL)
        finally:
            run(taken_back.format(**names))
    with connected_as(role):
        assert refused("SELECT 1 FROM accounts_clave")


def test_nobody_but_the_owner_of_the_tables_gives(role: str) -> None:
    database_role.grant(role, Use.PORTAL)
    with connected_as(role), pytest.raises(CommandError, match="otro rol"):
        call_command("grant_database_role", role)


def test_a_role_that_does_not_exist_is_named() -> None:
    with pytest.raises(CommandError, match="No hay un rol nadie"):
        call_command("grant_database_role", "nadie")
