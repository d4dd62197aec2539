"""Says where to click in the demonstration."""

import csv
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.demo import DEMO_PASSWORD, STAFF, STAFF_PASSWORD
from guards.links import office_link
from identity.cuil import Cuil


class Command(BaseCommand):
    help = "Muestra adónde entrar, tres personas de demostración y el usuario de la oficina."

    def handle(self, *args: Any, **options: Any) -> None:
        with (Path(settings.BASE_DIR) / "demo" / "cases.csv").open(newline="", encoding="utf-8") as file:
            cases = list(csv.DictReader(file))
        self.stdout.write(f"\nClave, demostración: {settings.SITE_URL}")
        self.stdout.write(f"  Crear una clave:    {settings.SITE_URL}/crear/")
        self.stdout.write(f"  Personas y datos:   {settings.SITE_URL}/demo/")
        for case in self._three(cases):
            self.stdout.write(f"    {Cuil(case['cuil']).formatted}  {case['title']}")
        self.stdout.write(f"  Clave de las personas que ya tienen una: {DEMO_PASSWORD}")
        self.stdout.write(f"  Oficina:            {urljoin(settings.SITE_URL, office_link())}")
        for username, role in STAFF:
            self.stdout.write(f"    {username:12} {role} (clave: {STAFF_PASSWORD})")
        self.stdout.write("Para terminar: Ctrl+C\n")

    @staticmethod
    def _three(cases: list[dict[str, str]]) -> list[dict[str, str]]:
        """Two to create a key with, one to log in with."""
        with_key = [case for case in cases if case["case"] == "level-2"]
        return [*cases[:2], *with_key[:1]]
