"""After a change of PORTAL_DATA_KEY: what is still under a key before, and how that ends.

Nothing is written. What the portal keeps are hashes of what it does not keep (numbers of trámites, codes of
papers), so none can be made anew from its own tables; and an event stays as it was sealed.
"""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from operation.rekeying import needs


class Command(BaseCommand):
    help = "Dice qué está hecho todavía con cada PORTAL_DATA_KEY anterior. Sale con 1 si falta alguna clave."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(needs())
        for need in found:
            key = need.key or "con una clave que no está puesta, o de antes de que se marcaran"
            self.stdout.write(f"{key}: {need.number} {need.things}; {need.how_it_ends}.")
        if not found:
            self.stdout.write("Todo está hecho con PORTAL_DATA_KEY: las anteriores se pueden quitar.")
        if any(not need.key for need in found):
            self.stderr.write(
                "Poné esa clave en PORTAL_DATA_KEY_FALLBACKS (si se filtró, también en"
                " PORTAL_DATA_KEY_RETIRED): sin ella eso no se comprueba."
            )
            sys.exit(1)
