"""What the portal's own role may do in PostgreSQL: everything it needs, and nothing to the events.

Triggers refuse to change an event (accounts/triggers.py), but whoever owns a table can take them away. So
the tables belong to a role that only migrates, and the portal comes with another, which can add events
and read them.
"""

from collections.abc import Iterator
from enum import StrEnum

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from accounts.events import ClaveEvent

_EVENTS = ClaveEvent._meta.db_table  # noqa: SLF001 - documented
# Of which no row may ever change, and what `migrate` has written down.
_FINAL = {_EVENTS: "SELECT, INSERT", "django_migrations": "SELECT"}
_FORBIDDEN = ["UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]


class Use(StrEnum):
    """What a role is for; the value is what it may do with an ordinary table."""

    PORTAL = "SELECT, INSERT, UPDATE, DELETE"
    READING = "SELECT"


class RoleRefused(Exception):
    """Nothing was granted. The message is a sentence for whoever installs the portal."""


def grant(role: str, use: Use) -> None:
    """Let a role use the tables there are and those that later migrations make. Run twice, it does the same.

    As the owner of the tables. What the role had before on tables of this schema is taken away first, in the
    same transaction.

    Raises:
        RoleRefused: it is no PostgreSQL, there is no such role, we do not own the tables, or the role could
            change events all the same: as a superuser, as their owner, or through another role.
    """
    if connection.vendor != "postgresql":
        raise RoleRefused("Sólo PostgreSQL tiene roles: con SQLite no hay nada que dar.")
    with transaction.atomic(), connection.cursor() as cursor:
        _check_ourselves(cursor)
        _check_powers(cursor, role)
        for statement in _statements(cursor, role, use):
            cursor.execute(statement)
        _check_what_is_left(cursor, role)


def _statements(cursor: CursorWrapper, role: str, use: Use) -> Iterator[str]:
    """In this order: the exceptions come after what holds for all."""
    cursor.execute("SELECT current_schema(), current_database()")
    schema, database = (connection.ops.quote_name(name) for name in cursor.fetchone())
    to = connection.ops.quote_name(role)
    # Temporary tables are what the register is loaded through.
    yield f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {to}"
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {to}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {to}"
    for things, allowed in (("TABLES", str(use)), ("SEQUENCES", _only("USAGE, SELECT", use))):
        yield f"REVOKE ALL ON ALL {things} IN SCHEMA {schema} FROM {to}"
        yield f"GRANT {allowed} ON ALL {things} IN SCHEMA {schema} TO {to}"
        later = f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema}"
        yield f"{later} REVOKE ALL ON {things} FROM {to}"
        yield f"{later} GRANT {allowed} ON {things} TO {to}"
    for table, allowed in _FINAL.items():
        yield f"REVOKE ALL ON {schema}.{table} FROM {to}"
        yield f"GRANT {_only(allowed, use)} ON {schema}.{table} TO {to}"


def _only(allowed: str, use: Use) -> str:
    return "SELECT" if use is Use.READING else allowed


def _check_ourselves(cursor: CursorWrapper) -> None:
    cursor.execute(
        "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass(%s)", [_EVENTS]
    )
    row = cursor.fetchone()
    if row is None:
        raise RoleRefused("Faltan las tablas: corré migrate primero.")
    if not row[0]:
        raise RoleRefused("Las tablas son de otro rol: corré esto con el dueño, el que corre migrate.")


def _check_powers(cursor: CursorWrapper, role: str) -> None:
    """Powers that no REVOKE takes away; a superuser counts as a member of every role."""
    cursor.execute(
        """
        SELECT rolcreaterole OR rolreplication OR pg_has_role(
            rolname, (SELECT relowner FROM pg_class WHERE oid = to_regclass(%s)), 'MEMBER')
        FROM pg_roles WHERE rolname = %s
        """,
        [_EVENTS, role],
    )
    row = cursor.fetchone()
    if row is None:
        raise RoleRefused(f"No hay un rol {role}: crealo con CREATE ROLE y una contraseña.")
    if row[0]:
        raise RoleRefused(
            f"El rol {role} podría cambiar los eventos: es el dueño de las tablas, pertenece a él o"
            " administra la base. Usá otro."
        )


def _check_what_is_left(cursor: CursorWrapper, role: str) -> None:
    """Whatever it may do in the end counts, also by what everybody may or another role that it belongs to."""
    cursor.execute(
        "SELECT string_agg(kind, ', ') FROM unnest(%s::text[]) kind WHERE has_table_privilege(%s, %s, kind)",
        [_FORBIDDEN, role, _EVENTS],
    )
    if left := cursor.fetchone()[0]:
        raise RoleRefused(
            f"El rol {role} podría cambiar los eventos igual ({left}), por lo que puede PUBLIC u otro rol"
            " al que pertenece."
        )
