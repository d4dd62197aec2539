"""Prints the table of roles for the README: the code is the one place where it stands."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from backoffice.roles import LABELS, ROLES


def table() -> Iterator[str]:
    """Markdown, line by line: a column for each role."""
    yield f"| | {' | '.join(ROLES)} |"
    yield "|---|" + "---|" * len(ROLES)
    for may, label in LABELS.items():
        marks = " | ".join("sí" if may in allowed else "" for allowed in ROLES.values())
        yield f"| {label} | {marks} |"


class Command(BaseCommand):
    help = "Imprime la tabla de funciones del README."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("\n".join(table()))
