"""Loads the demonstration: register, keys in every state, an employee of each role."""

import csv
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from accounts.demo import STAFF, make_keys
from backoffice.demo import make_employees


class Command(BaseCommand):
    help = "Carga el registro de demostración y claves en todos los estados. Se puede repetir."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PORTAL_DEMO:
            raise CommandError("Esto no es una demostración: PORTAL_DEMO está apagado.")
        demo = Path(settings.BASE_DIR) / "demo"
        call_command("import_registry", str(demo / "registry"), stdout=self.stdout)
        with (demo / "cases.csv").open(newline="", encoding="utf-8") as file:
            cases = {row["cuil"]: row["case"] for row in csv.DictReader(file)}
        made = make_keys(cases)
        with (demo / "registry" / "people.csv").open(newline="", encoding="utf-8") as file:
            crowd = [row["cuil"] for row in csv.DictReader(file) if row["cuil"] not in cases]
        make_employees(crowd[-len(STAFF) :])
        self.stdout.write(f"Claves de demostración nuevas: {made}.")
