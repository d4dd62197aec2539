"""One change at a time for one person."""

from django.db import connection


def one_at_a_time(cuil: str) -> None:
    """Until this transaction ends, nobody else changes what belongs to this CUIL.

    PostgreSQL: an advisory lock whose number is the CUIL itself. SQLite: the transaction is
    IMMEDIATE, so it is already alone. Take it first, before any row, so that two transactions
    cannot wait for each other.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("one_at_a_time() only means something inside a transaction")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(cuil)])
