"""Marks the proposals that nobody decided within a day. For the cron job; safe twice at once."""

from typing import Any

from django.core.management.base import BaseCommand

from backoffice.models import Proposal
from backoffice.proposals import expire


class Command(BaseCommand):
    help = "Marca como vencidas las propuestas que nadie decidió en 24 horas."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Propuestas vencidas: {expire(Proposal.objects.all())}.")
