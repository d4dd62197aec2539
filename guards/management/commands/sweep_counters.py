"""Drops the counters of limits that hold nobody back any more."""

from typing import Any

from django.core.management.base import BaseCommand

from guards.limits import sweep


class Command(BaseCommand):
    help = "Borra los contadores de intentos que ya no frenan a nadie; para el cron."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Contadores borrados: {sweep()}.")
