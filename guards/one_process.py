"""One process at a time for a job, on however many machines."""

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


@contextmanager
def one_process(job: str) -> Iterator[bool]:
    """Whether the job is ours to do: False while another process does it. Nobody waits.

    Either lock ends with the process, however that ends. PostgreSQL: an advisory lock of the
    connection, with two numbers, so that it never meets those of guards/locks.py, which have one.
    SQLite lives on one machine: a lock on a file beside the database.
    """
    with _in_the_database(job) if connection.vendor == "postgresql" else _on_a_file(job) as ours:
        yield ours


@contextmanager
def _in_the_database(job: str) -> Iterator[bool]:
    numbers = [zlib.crc32(b"clave") & 0x7FFFFFFF, zlib.crc32(job.encode()) & 0x7FFFFFFF]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", numbers)
        ours = bool(cursor.fetchone()[0])
    try:
        yield ours
    finally:
        if ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", numbers)


@contextmanager
def _on_a_file(job: str) -> Iterator[bool]:
    with Path(f"{connection.settings_dict['NAME']}.{job}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
