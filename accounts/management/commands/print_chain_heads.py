"""Prints what the chains of events were at the end of a day, to be kept where nobody here can write.

Every day, after midnight, by cron, towards a printer, a mail or a machine of somebody else:

    python manage.py print_chain_heads

    2026-11-22 1204 8351 9f0c…            day, chains, events, hash over the heads of all chains

To compare, on any later day: ask again for that day. The line must be the same to the letter.

    python manage.py print_chain_heads --day 2026-11-22

If it differs, an event of that day or an earlier one was changed, taken away or put in: `verify_audit`
names what was changed; what was cut off shows by comparing, with `diff`, what `--all` printed then and
prints now. It adds a line for each chain: its name (a keyed hash: no CUIL), events, row, seal.

The hashes are keyed with PORTAL_DATA_KEY: another key prints other lines.
"""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.chain_heads import Sum, heads


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} no es un día: escribilo así, 2026-12-31") from None


class Command(BaseCommand):
    help = "Imprime el resumen de todas las cadenas de eventos al final de un día, para guardar en otro lado."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--day", type=_day, help="AAAA-MM-DD; si no se dice, el día de ayer")
        parser.add_argument("--all", action="store_true", help="además, un renglón por cadena, sin el CUIL")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        day: date = options["day"] or today - timedelta(days=1)
        if day >= today:
            raise CommandError("Ese día todavía no terminó: sus cadenas pueden crecer.")
        total = Sum()
        for head in heads(timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))):
            total.add(head)
            if options["all"]:
                self.stdout.write(str(head))
        self.stdout.write(f"{day} {total.chains} {total.events} {total.hash or '-'}")
