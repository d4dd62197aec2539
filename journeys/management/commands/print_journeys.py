"""Prints the table of journeys for the README: the code is the one place where the order stands."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from journeys.facts import always
from journeys.flows import JOURNEYS

_HEAD = ("| paso | dirección | da | cuándo |", "|---|---|---|---|")


def table() -> Iterator[str]:
    """Markdown, line by line."""
    for journey in JOURNEYS:
        yield f"**{journey.title}** (`/{journey.slug}/`)"
        yield ""
        yield from _HEAD
        for number, step in enumerate(journey.steps, start=1):
            gives = ", ".join(f"`{name}`" for name in step.gives) or "el resultado"
            when = "siempre" if step.when is always else f"`{step.when.__name__}`"
            sealed = "; cierra los anteriores" if step.seals else ""
            yield f"| {number} {step.slug} | {journey.url(step)} | {gives}{sealed} | {when} |"
        yield ""


class Command(BaseCommand):
    help = "Imprime la tabla de trámites del README."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("\n".join(table()).rstrip())
