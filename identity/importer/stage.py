"""Rows → temporary tables, in bulk. The only place that knows which database it is.

A temporary table belongs to this connection: filling it changes nothing that anybody else sees.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction

Batch = Sequence[tuple[int, tuple[str, ...]]]

# «An import», in the space of two-part advisory locks, which nothing else here uses.
_IMPORT_LOCK = "17228, 1"
_FOREIGN_KEYS = """
    SELECT quote_ident(conname), pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_class t ON t.oid = conrelid
    WHERE t.oid = '{table}'::regclass AND contype = 'f' AND pg_has_role(relowner, 'USAGE')
"""
# Those that no constraint hangs on.
_PLAIN_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class t ON t.oid = indrelid
    WHERE t.oid = '{table}'::regclass AND pg_has_role(relowner, 'USAGE')
    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
"""


class Busy(Exception):
    """Another import is running."""


@dataclass(frozen=True)
class Field:
    """A column of a temporary table: text, or a date that may be absent."""

    name: str
    is_date: bool = False


class Stage:
    """What differs between the databases. Rows come as (line, values), an absent value being ''."""

    distinct: str
    line_type: str
    no_date: str
    inserts_in_order: bool

    @contextmanager
    def session(self) -> Iterator[None]:
        """Around everything: temporary tables, limits of this connection.

        Raises:
            Busy: somebody else is importing.
        """
        raise NotImplementedError

    @contextmanager
    def filling(self) -> Iterator[None]:
        """Around the filling of temporary tables."""
        yield

    def fill(self, table: str, fields: Sequence[Field], batches: Iterable[Batch]) -> None:
        """Put rows into a table made by `create`."""
        raise NotImplementedError

    def prepare(self, table: str, key: Sequence[Field]) -> bool:
        """Make look-ups by the key fast, once the table is full. True: no key comes twice."""
        raise NotImplementedError

    @contextmanager
    def first_load(self, table: str) -> Iterator[None]:
        """Around the first filling of a real table, which is empty."""
        yield

    def settle(self, table: str) -> None:
        """After a real table was changed."""

    def stored(self, field: Field) -> str:
        """SQL: the value of a staged row as the real table holds it."""
        raise NotImplementedError

    def create(self, table: str, fields: Sequence[Field]) -> None:
        columns = "".join(f", {f.name} {'date' if f.is_date else 'text'}" for f in fields)
        self.run(f"DROP TABLE IF EXISTS {table}")
        self.run(f"CREATE TEMPORARY TABLE {table} (line {self.line_type}{columns})")

    def comparable(self, alias: str, field: Field) -> str:
        """SQL: a value that equals itself even when absent."""
        value = f"{alias}.{field.name}"
        return f"COALESCE({value}, '{self.no_date}')" if field.is_date else value

    def same(self, one: str, other: str, fields: Sequence[Field]) -> str:
        """SQL: whether two rows agree in these fields."""
        pairs = ((self.comparable(one, f), self.comparable(other, f)) for f in fields)
        return " AND ".join(f"{a} = {b}" for a, b in pairs)

    def run(self, sql: str) -> int:
        """Execute; how many rows were touched."""
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return int(cursor.rowcount)

    def numbers(self, sql: str) -> tuple[int, ...]:
        """The only row of a query for numbers."""
        return self.rows(sql)[0]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query that has few."""
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())


class SqliteStage(Stage):
    distinct = "IS NOT"
    line_type = "integer PRIMARY KEY"
    no_date = ""
    inserts_in_order = True  # an index then grows at its end: a fifth faster

    @contextmanager
    def session(self) -> Iterator[None]:
        usual = self.numbers("PRAGMA cache_size")[0]
        self.run("PRAGMA cache_size = -65536")
        try:
            yield
        finally:
            self.run(f"PRAGMA cache_size = {usual}")

    @contextmanager
    def filling(self) -> Iterator[None]:
        if connection.in_atomic_block:
            yield
            return
        # Not atomic(): that would shut out every other writer while the files are read, although
        # only temporary tables are written. A deferred BEGIN locks nothing else.
        self.run("BEGIN")
        try:
            yield
        finally:
            self.run("COMMIT")

    def fill(self, table: str, fields: Sequence[Field], batches: Iterable[Batch]) -> None:
        marks = ", ".join(["%s"] * (1 + len(fields)))
        sql = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 - names are our own
        with self.filling(), connection.cursor() as cursor:
            for batch in batches:
                cursor.executemany(sql, [(line, *values) for line, values in batch])

    def prepare(self, table: str, key: Sequence[Field]) -> bool:
        names = ", ".join(field.name for field in key)
        try:
            self.run(f"CREATE UNIQUE INDEX {table}_key ON {table} ({names})")
        except IntegrityError:
            self.run(f"CREATE INDEX {table}_key ON {table} ({names})")
            return False
        return True

    def stored(self, field: Field) -> str:
        return f"NULLIF(s.{field.name}, '')" if field.is_date else f"s.{field.name}"


class PostgresStage(Stage):
    distinct = "IS DISTINCT FROM"
    line_type = "bigint"
    no_date = "0001-01-01"
    inserts_in_order = False

    @contextmanager
    def session(self) -> Iterator[None]:
        with transaction.atomic():
            # The limits of a web request would end an import after seconds.
            self.run("SET LOCAL lock_timeout = '60s'")
            self.run("SET LOCAL idle_in_transaction_session_timeout = 0")
            self.run("SET LOCAL work_mem = '64MB'")
            # Whatever is asked for here is read to its end.
            self.run("SET LOCAL cursor_tuple_fraction = 1")
            self.run("SET CONSTRAINTS ALL IMMEDIATE")
            if not self.numbers(f"SELECT pg_try_advisory_xact_lock({_IMPORT_LOCK})")[0]:
                raise Busy
            yield

    def fill(self, table: str, fields: Sequence[Field], batches: Iterable[Batch]) -> None:
        # No value holds a control character, so with these marks nothing ever needs escaping.
        texts = ", ".join(f.name for f in fields if not f.is_date)
        sql = (
            f"COPY {table} FROM STDIN (FORMAT csv, DELIMITER E'\\t', QUOTE E'\\x01',"
            f" FORCE_NOT_NULL ({texts}))"
        )
        tab = "\t"
        with connection.cursor() as cursor, cursor.copy(sql) as copy:
            for batch in batches:
                copy.write("".join([f"{line}\t{tab.join(values)}\n" for line, values in batch]))

    def prepare(self, table: str, key: Sequence[Field]) -> bool:
        # Nobody else will: a temporary table is not seen by autovacuum.
        self.run(f"ANALYZE {table}")
        return False

    @contextmanager
    def first_load(self, table: str) -> Iterator[None]:
        """Foreign keys and indexes are made when the rows are in: in half the time.

        Where the tables belong to somebody else, they stay and the load takes its time.
        """
        keys = self.rows(_FOREIGN_KEYS.format(table=table))
        indexes = self.rows(_PLAIN_INDEXES.format(table=table))
        for name, _ in keys:
            self.run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _ in indexes:
            self.run(f"DROP INDEX {name}")
        yield
        for _, definition in indexes:
            self.run(definition)
        for name, definition in keys:
            self.run(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")

    def settle(self, table: str) -> None:
        # Autovacuum will count what is new, but after the transaction, and the catalogue comes before.
        self.run(f"ANALYZE {table}")

    def stored(self, field: Field) -> str:
        return f"s.{field.name}"


def stage() -> Stage:
    """The one that fits the database in use."""
    return PostgresStage() if connection.vendor == "postgresql" else SqliteStage()
