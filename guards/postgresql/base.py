"""The engine itself: Django's, with a breaker before connecting and a bound on each answer."""

from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.errors import _WaitTimeout

from guards import patience
from guards.postgresql.breaker import Breaker


class DatabaseWrapper(base.DatabaseWrapper):
    breaker = Breaker()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Raises psycopg.OperationalError at once where the request has no time left (guards/patience.py)."""
        left = patience.left()
        if left == 0:
            raise psycopg.OperationalError("this request has waited long enough")
        if left is None:
            conn_params = _of_a_command(conn_params)
        with self.breaker.attempt():
            connection = super().get_new_connection(conn_params)
        return _impatient(connection)


def _of_a_command(conn_params: dict[str, Any]) -> dict[str, Any]:
    """Without the end that the server puts to a page's statement after seconds.

    What sweeps or counts what a country left behind would be ended each night, and have more to do the next.
    It waits for a lock no longer than a page does: whoever comes after waits behind it.
    """
    options = f"{conn_params.get('options', '')} -c statement_timeout=0".strip()
    return {**conn_params, "options": options}


def _impatient(connection: "psycopg.Connection[Any]") -> "psycopg.Connection[Any]":
    """Everything that psycopg asks of the server passes through `wait`."""
    wait = connection.wait

    def wait_no_longer(gen: Any, *args: Any, **options: Any) -> Any:
        seconds = patience.left()
        if seconds is None:
            return wait(gen, *args, **options)
        try:
            return wait(gen, *args, **{"timeout": seconds, **options})
        except _WaitTimeout:
            # In the middle of an answer: nothing else can be asked over it.
            connection.close()
            raise psycopg.OperationalError("the database does not answer") from None

    connection.wait = wait_no_longer  # type: ignore[method-assign]
    return connection
