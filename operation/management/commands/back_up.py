"""A copy of the database, for the cron job of the night and before each change of version."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from operation.copies import CopyRefused, back_up
from operation.dumps import DumpFailed


class Command(BaseCommand):
    help = (
        "Copia la base, mientras el portal funciona, en una carpeta nueva dentro de CARPETA, con un"
        " manifiesto sellado. No copia SECRET_KEY ni PORTAL_DATA_KEY: guardalas en otro lado."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="CARPETA", type=Path)
        parser.add_argument(
            "--keep", type=_number, metavar="N", help="deja las últimas N copias y borra las otras"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            copy = back_up(options["folder"], options["keep"])
        except (CopyRefused, DumpFailed) as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"Copia hecha: {copy}")


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise CommandError("--keep: poné cuántas copias dejar, 1 o más.")
    return int(text)
