"""The other cron job: reminders, and then the queue of mails."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.delivery import Delivery, deliver, forget
from accounts.reminders import remind
from guards.tally import Job, count


class Command(BaseCommand):
    help = (
        "Avisa 30, 7 y 1 días antes del último día de cada clave pendiente, cada vez una sola vez, y envía"
        " los correos en cola. Un servidor de correo caído no es un error: los correos esperan."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        reminders = remind(timezone.localdate())
        delivery = deliver()
        forgotten = forget()
        count(Job.NOTICES)
        self.stdout.write(f"Recordatorios nuevos: {reminders}. {_told(delivery)}")
        if forgotten:
            self.stdout.write(f"Correos viejos borrados: {forgotten}.")


def _told(delivery: Delivery) -> str:
    if delivery.busy:
        return f"Otro proceso está enviando. Correos en cola: {delivery.waiting}."
    told = f"Correos enviados: {delivery.sent}. En cola: {delivery.waiting}."
    if delivery.refused:
        told += f" Rechazados esta vez: {delivery.refused}."
    return f"El servidor de correo no contesta. {told}" if delivery.silent else told
