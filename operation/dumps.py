"""The whole database into a file and back, by each database's own means, while the portal works."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

# The rows, one by one: a country's do not fit into memory.
Query = Callable[[str], Iterable[tuple[Any, ...]]]


_AT_ONCE = 10_000
# Whose the tables are is decided where they come back to.
_BARE = ("--no-owner", "--no-privileges")


class DumpFailed(Exception):
    """The database's own tool did not do it. The message is a sentence for the operator."""


def file_name() -> str:
    return "base.sqlite3" if connection.vendor == "sqlite" else "base.dump"


@contextmanager
def dumped(file: Path) -> Iterator[Query]:
    """Write the database into the file; what is asked meanwhile is answered from the state in it.

    Raises:
        DumpFailed: pg_dump is missing or failed.
    """
    with _sqlite_dumped(file) if connection.vendor == "sqlite" else _postgresql_dumped(file) as query:
        yield query


def load(file: Path) -> None:
    """Fill the empty database from the file.

    Raises:
        DumpFailed: pg_restore is missing or failed; nothing was left behind.
    """
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            copy.backup(connection.connection)
    else:
        _run("pg_restore", "--single-transaction", "--exit-on-error", *_BARE, file=str(file))


def here(sql: str) -> Iterator[tuple[Any, ...]]:
    """Asks this database itself."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(_AT_ONCE):
            yield from rows


@contextmanager
def _sqlite_dumped(file: Path) -> Iterator[Query]:
    """SQLite's online copy, in one step: writers go on beside it, and are in it whole or not at all."""
    name = Path(connection.settings_dict["NAME"]).resolve()
    with (
        closing(sqlite3.connect(f"{name.as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(file)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without companions
        yield copy.execute


@contextmanager
def _postgresql_dumped(file: Path) -> Iterator[Query]:
    """pg_dump and our own questions look at one snapshot."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", *_BARE, file=f"--file={file}")
        yield here


def _run(tool: str, *options: str, file: str) -> None:
    """The password goes by the environment: arguments are seen by everybody on the machine."""
    if shutil.which(tool) is None:
        raise DumpFailed(f"Falta {tool}: sudo apt-get install postgresql-client")
    arguments, secrets = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    server, database = arguments[1:-1], arguments[-1]
    done = subprocess.run(  # noqa: S603 - the database's own tool, no shell
        [tool, *options, *server, f"--dbname={database}", file],
        env={**os.environ, **(secrets or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DumpFailed(f"{tool} no pudo: {done.stderr.strip()}")
