"""Brings a copy back, into an empty database."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from operation.copies import CopyRefused, restore
from operation.dumps import DumpFailed


class Command(BaseCommand):
    help = (
        "Restaura una copia de back_up en una base vacía: comprueba el manifiesto, restaura, compara lo que"
        " quedó y verifica la auditoría. Hace falta la PORTAL_DATA_KEY con la que se hizo."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "copy", metavar="CARPETA", type=Path, help="la de una copia, con su manifest.json"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore(options["copy"])
        except (CopyRefused, DumpFailed) as refused:
            raise CommandError(str(refused)) from None
        made = timezone.localtime(datetime.fromisoformat(manifest.made_at))
        rows = manifest.rows
        self.stdout.write(
            f"Restaurada la copia del {made:%d/%m/%Y a las %H:%M}: {rows['identity_person']} personas,"
            f" {rows['accounts_clave']} claves,"
            f" {rows['accounts_claveevent']} eventos en {manifest.chains} cadenas."
        )
        call_command("verify_audit", stdout=self.stdout, stderr=self.stderr)
        if connection.vendor == "postgresql":
            self.stdout.write("Falta darle permisos al rol del portal: manage.py grant_database_role ROL")
