"""Bytes of a row, with its indexes, in the tables that grow with persons; and a country of them."""

from dataclasses import dataclass
from datetime import timedelta

import psycopg

PERSONS, KEYS = 45_000_000, 25_000_000
# A key and year: a log-in a month and its end, and what else happens to it. Events stay for ever.
EVENTS_A_YEAR, MAILS_A_YEAR = 12 * 2 + 2, 2
_GIB = 2**30
_AT_ONCE = 1000


@dataclass(frozen=True)
class Size:
    """Of one table: bytes a row takes in the table and in all its indexes, as PostgreSQL holds it on disk."""

    rows: int
    table: float
    indexes: float

    @property
    def whole(self) -> float:
        return self.table + self.indexes


def write_log_ins(people: list[str], each: int = 3) -> None:
    """So many log-ins of everybody, and the ends of their sessions, by the portal's own code."""
    from django.db import transaction

    from accounts.events import Actor, Happening, Note, Trail, record_all

    seen = {Note.SIGNED_IN: {"browser": "Chrome en Android"}, Note.SIGNED_OUT: {}}
    for start in range(0, len(people), _AT_ONCE):
        for kind in (*seen,) * each:
            with transaction.atomic():
                record_all(
                    [Happening(cuil, kind) for cuil in people[start : start + _AT_ONCE]],
                    Trail(Actor.OWNER, "200.123.145.67", evidence=seen[kind]),
                )


def size_of(database: str, *tables: str) -> Size:
    """The size of a table, or of all parts of one that is divided.

    Raises:
        ValueError: it is empty.
    """
    with psycopg.connect(database) as one:
        found = [_measured(one, table) for table in tables]
    rows = sum(rows for rows, _, _ in found)
    if not rows:
        raise ValueError(f"no row in {tables}")
    return Size(
        rows, sum(table for _, table, _ in found) / rows, sum(indexes for *_, indexes in found) / rows
    )


def _measured(one: "psycopg.Connection", table: str) -> tuple[int, int, int]:
    name = psycopg.sql.Identifier(table)
    (rows,) = one.execute(psycopg.sql.SQL("SELECT count(*) FROM {}").format(name)).fetchone()
    sizes = one.execute("SELECT pg_table_size(%s), pg_indexes_size(%s)", [table, table]).fetchone()
    return rows, *sizes


def country(sizes: dict[str, Size]) -> tuple[float, float]:
    """GiB on the first day, and GiB more each year; `sizes` by table."""
    person, fact, key, user = (
        sizes[name] for name in ("identity_person", "identity_fact", "accounts_clave", "accounts_user")
    )
    facts = fact.rows / person.rows
    from accounts.delivery import KEPT

    mails = MAILS_A_YEAR * (KEPT / timedelta(days=365)) * sizes["post_office_email"].whole
    start = PERSONS * (person.whole + facts * fact.whole) + KEYS * (key.whole + user.whole + mails)
    year = KEYS * EVENTS_A_YEAR * sizes["accounts_claveevent"].whole
    return start / _GIB, year / _GIB
