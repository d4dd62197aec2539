"""One change at a time for one person."""

from django.db import connection


def one_at_a_time(*cuils: str) -> None:
    """Until this transaction ends, nobody else changes what belongs to these CUILs.

    PostgreSQL: an advisory lock whose number is the CUIL itself. SQLite: the transaction is
    IMMEDIATE, so it is already alone. Take it first, before any row, so that two transactions
    cannot wait for each other; of several CUILs, the locks are taken in the order of the numbers.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("one_at_a_time() only means something inside a transaction")
    if connection.vendor == "postgresql":
        numbers = sorted({int(cuil) for cuil in cuils})
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(number) FROM unnest(%s::bigint[]) AS number", [numbers]
            )


def nobody_s_turn(cuils: list[str]) -> list[str]:
    """Of these CUILs, those that nobody is changing now; from here on it is this transaction's turn.

    For work that can wait: what is taken is left out instead of waited for.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("nobody_s_turn() only means something inside a transaction")
    if connection.vendor != "postgresql":
        return cuils
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number FROM unnest(%s::bigint[]) AS number WHERE pg_try_advisory_xact_lock(number)",
            [[int(cuil) for cuil in cuils]],
        )
        return [f"{number:011d}" for (number,) in cursor.fetchall()]
