"""Lets the portal's role use the tables."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.database_role import RoleRefused, Use, grant


class Command(BaseCommand):
    help = (
        "Le da a un rol de PostgreSQL lo que el portal necesita; los eventos los puede leer y agregar, nunca"
        " cambiar. Se corre con el dueño de las tablas, después de cada migrate."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", metavar="ROL", help="uno que ya exista, creado con CREATE ROLE")
        parser.add_argument("--read-only", action="store_true", help="sólo leer: para copias e informes")

    def handle(self, *args: Any, **options: Any) -> None:
        use = Use.READING if options["read_only"] else Use.PORTAL
        try:
            grant(options["role"], use)
        except RoleRefused as refused:
            raise CommandError(str(refused)) from None
        done = "leer" if use is Use.READING else "usar"
        self.stdout.write(
            f"El rol {options['role']} puede {done} las tablas, y no puede cambiar los eventos."
        )
