"""The register from its files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from identity.importer.run import FileReport, ImportRefused, Report, import_folder


class Command(BaseCommand):
    help = "Carga el registro desde los archivos CSV de una carpeta. Todo o nada."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="carpeta con people.csv")
        parser.add_argument("--dry-run", action="store_true", help="hace todo y al final no cambia nada")

    def handle(self, *, folder: Path, dry_run: bool, **_options: Any) -> None:
        try:
            report = import_folder(folder, dry_run=dry_run)
        except ImportRefused as refused:
            raise CommandError(str(refused)) from None
        for line in summary(report, dry_run=dry_run):
            self.stdout.write(line)


def summary(report: Report, *, dry_run: bool) -> list[str]:
    """The run in a few lines. Numbers only: nothing of anybody's data."""
    lines = [_line(file) for file in report.files]
    if report.choices is not None:
        lines.append(f"Catálogo de respuestas: {report.choices} opciones")
    if report.rejects:
        lines.append(report.rejects)
    end = "Era una prueba: no se cambió nada." if dry_run else "Listo."
    return [*lines, f"{end} {report.seconds:.1f} segundos"]


def _line(file: FileReport) -> str:
    name = f"{file.name:14}"
    done = file.outcome
    if done is None:
        return f"{name} no está en la carpeta: eso queda como estaba"
    return (
        f"{name} {file.read} leídas: {done.new} nuevas, {done.changed} cambiadas,"
        f" {done.unchanged} iguales, {done.removed} quitadas, {file.rejected} rechazadas"
    )
