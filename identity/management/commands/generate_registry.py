"""A synthetic register, for rehearsals and measurements."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from identity.synthetic.files import write_files

MOST = 45_000_000


class Command(BaseCommand):
    help = "Escribe un registro inventado, de cualquier tamaño, en una carpeta."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="carpeta donde escribir")
        parser.add_argument("--people", metavar="N", type=int, required=True, help="cuántas personas")
        parser.add_argument(
            "--seed", metavar="S", type=int, default=1, help="otro número, otra población (1)"
        )

    def handle(self, *, folder: Path, people: int, seed: int, **_options: Any) -> None:
        if not 1 <= people <= MOST:
            raise CommandError(f"--people tiene que estar entre 1 y {MOST}.")
        if seed < 0:
            raise CommandError("--seed no puede ser negativo.")
        started = time.monotonic()
        try:
            rows = write_files(folder, people=people, seed=seed)
        except OSError as error:
            raise CommandError(f"No se pudo escribir en {folder} ({error.strerror}).") from None
        for name, count in rows.items():
            self.stdout.write(f"{name:14} {count} filas")
        self.stdout.write(f"Listo. {time.monotonic() - started:.1f} segundos")
