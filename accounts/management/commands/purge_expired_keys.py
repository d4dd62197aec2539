"""The cron job: pending keys past their last day expire."""

import sys
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import addresses, open_sessions, purge
from guards.tally import Job, count


class Command(BaseCommand):
    help = (
        "Vence las claves pendientes cuyo plazo pasó, borra los secretos que ya no sirven y elimina las"
        " claves vencidas hace mucho. Se puede correr dos veces a la vez. Sale con 1 si no hizo todo."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="dice cuántas serían; no cambia nada")
        parser.add_argument("--today", metavar="AAAA-MM-DD", help="como si hoy fuera ese día")
        parser.add_argument(
            "--force-clock", action="store_true", help="aunque los relojes difieran o el día no haya llegado"
        )
        parser.add_argument("--force-count", action="store_true", help="aunque sean demasiadas de una vez")

    def handle(self, *args: Any, **options: Any) -> None:
        today = _day(options["today"]) if options["today"] else timezone.localdate()
        _check(today, clock=not options["force_clock"], count=not options["force_count"])
        if options["dry_run"]:
            self.stdout.write(f"Simulación, sin cambios. {_summary(purge.forecast(today))}")
            return
        done = purge.purge(today)
        count(Job.EXPIRED, done.expired)
        self.stdout.write(_summary(done))
        if swept := open_sessions.sweep() + addresses.sweep():
            self.stdout.write(
                f"Sesiones terminadas, y códigos y correos anteriores, que se borraron: {swept}."
            )
        if done.left_for_later:
            self.stdout.write(f"En uso en este momento, quedan para la próxima: {done.left_for_later}.")
        if done.failed:
            self.stderr.write(f"No se pudieron vencer: {done.failed}. El motivo está en el registro.")
            sys.exit(1)
        count(Job.PURGE)


_WAY_OUT = "Si está bien así, repetilo con --force-clock o --force-count."


def _check(today: date, *, clock: bool, count: bool) -> None:
    try:
        if clock:
            purge.check_clock(today)
        if count:
            purge.check_count(today)
    except purge.Refused as refused:
        raise CommandError(f"{refused} No se cambió nada. {_WAY_OUT}") from None


def _summary(done: purge.Done) -> str:
    return (
        f"Claves vencidas: {done.expired}. Claves reemplazadas cuyo secreto se borró: {done.erased}."
        f" Claves vencidas que se eliminaron: {done.deleted}."
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--today {text} no es una fecha: escribila como 2026-02-21.") from None
