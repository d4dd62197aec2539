"""Checks the chain of every event."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from accounts import triggers
from accounts.events import checked_events


class Command(BaseCommand):
    help = "Verifica la cadena de eventos de cada CUIL. Sale con 1 y nombra la fila si alguna fue tocada."

    def handle(self, *args: Any, **options: Any) -> None:
        unguarded = triggers.missing()
        if unguarded:
            self.stderr.write("La tabla de eventos está sin sus disparadores: corré migrate.")
        read = broken = 0
        for event, whole in checked_events():
            read += 1
            if not whole:
                broken += 1
                self.stderr.write(f"Fila {event.pk}: no coincide con la cadena (orden {event.seq}).")
        if broken or unguarded:
            sys.exit(1)
        self.stdout.write(f"{read} eventos, todas las cadenas bien.")
