"""The database itself refuses to change or delete an event, whoever asks."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_REFUSAL = "los eventos no se modifican ni se borran"

_INSTALL = {
    "postgresql": (
        f"""
        CREATE OR REPLACE FUNCTION accounts_event_is_final() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$
        """,
        """
        CREATE OR REPLACE TRIGGER event_is_final BEFORE UPDATE OR DELETE ON accounts_claveevent
        FOR EACH ROW EXECUTE FUNCTION accounts_event_is_final()
        """,
        """
        CREATE OR REPLACE TRIGGER event_table_is_final BEFORE TRUNCATE ON accounts_claveevent
        FOR EACH STATEMENT EXECUTE FUNCTION accounts_event_is_final()
        """,
    ),
    # INSERT OR REPLACE meets the DELETE trigger only with PRAGMA recursive_triggers=ON (settings).
    "sqlite": (
        f"""
        CREATE TRIGGER IF NOT EXISTS event_is_final BEFORE UPDATE ON accounts_claveevent
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END
        """,
        f"""
        CREATE TRIGGER IF NOT EXISTS event_table_is_final BEFORE DELETE ON accounts_claveevent
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END
        """,
    ),
}

_REMOVE = {
    "postgresql": (
        "DROP TRIGGER event_is_final ON accounts_claveevent",
        "DROP TRIGGER event_table_is_final ON accounts_claveevent",
    ),
    "sqlite": ("DROP TRIGGER event_is_final", "DROP TRIGGER event_table_is_final"),
}

_LIST = {
    "postgresql": (
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'accounts_claveevent'::regclass AND tgenabled <> 'D'"
    ),
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'accounts_claveevent'",
}


def _run(database: BaseDatabaseWrapper, statements: Mapping[str, tuple[str, ...]]) -> None:
    with database.cursor() as cursor:
        for statement in statements[database.vendor]:
            cursor.execute(statement)


def install(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    _run(editor.connection, _INSTALL)


def remove(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    _run(editor.connection, _REMOVE)


def ensure(**_: object) -> None:
    """After every `migrate`: SQLite rebuilds a table to change it, and forgets its triggers."""
    if "accounts_claveevent" in connection.introspection.table_names():
        _run(connection, _INSTALL)


def missing() -> set[str]:
    """Triggers that should guard the events and don't."""
    with connection.cursor() as cursor:
        cursor.execute(_LIST[connection.vendor])
        return {"event_is_final", "event_table_is_final"} - {name for (name,) in cursor.fetchall()}


@contextmanager
def lifted() -> Iterator[None]:
    """For emptying a test database between tests; nothing in the portal calls it."""
    _run(connection, _REMOVE)
    try:
        yield
    finally:
        _run(connection, _INSTALL)
