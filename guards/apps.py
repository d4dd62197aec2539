from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class GuardsConfig(AppConfig):
    name = "guards"
    verbose_name = "Límites"

    def ready(self) -> None:
        from guards.patience import watch_requests

        watch_requests()
        pre_migrate.connect(_let_statements_take_their_time, dispatch_uid="guards.migrate")
        post_migrate.connect(_bound_statements_again, dispatch_uid="guards.migrate")


def _let_statements_take_their_time(using: str, **_: Any) -> None:
    """A migration may build an index for an hour. It still waits for a lock no longer than a page does, since
    all who come after wait behind it: it fails, and is run again (docs/decisions/0020).
    """
    _set(using, "SET statement_timeout = 0")


def _bound_statements_again(using: str, **_: Any) -> None:
    _set(using, "RESET statement_timeout")


def _set(using: str, statement: str) -> None:
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute(statement)
