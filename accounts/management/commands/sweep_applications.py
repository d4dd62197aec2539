"""Drops certificates that ran out, and the words of requests that were dealt with long ago."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.certificates import sweep
from identity.corrections import erase_old_words


class Command(BaseCommand):
    help = "Borra las constancias vencidas y el texto de los pedidos de corrección viejos; para el cron."

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        self.stdout.write(f"Constancias borradas: {sweep(today)}. Textos borrados: {erase_old_words(today)}.")
