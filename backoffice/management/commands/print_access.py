"""Prints who may open which page of the office, for docs/oficina.md: the site says it, nothing else."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from backoffice.access import WHO, doors


def table() -> Iterator[str]:
    """Markdown, line by line: a row for each address."""
    yield f"| dirección | {' | '.join(WHO)} | además |"
    yield "|---|" + "---|" * len(WHO) + "---|"
    for door in doors():
        marks = " | ".join(door.mark(who) for who in WHO)
        yield f"| `{door.plain_address}` | {marks} | {door.besides} |"


class Command(BaseCommand):
    help = "Imprime qué páginas de la oficina abre cada función."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("\n".join(table()))
