"""Facts that were shown to whoever was logged in prove nothing for a while: they are not asked about.

Otherwise a thief with somebody's key would read here what a later quiz asks, and keep the way to a new key
when this one is changed (docs/decisions/0018).
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from guards.locks import one_at_a_time
from identity.rounds import Outcome, QuizRound


class FactsShown(models.Model):
    """When the facts of a CUIL were last shown in full."""

    cuil = models.CharField("CUIL", max_length=11)
    last_at = models.DateTimeField("última vez que se mostraron")

    class Meta:
        verbose_name = "muestra de los datos"
        verbose_name_plural = "muestras de los datos"
        constraints = [models.UniqueConstraint(name="facts_shown_once_per_cuil", fields=["cuil"])]

    def __str__(self) -> str:
        return f"mostrados el {self.last_at:%d/%m/%Y}"


@transaction.atomic
def burn(cuil: str) -> None:
    """Call it before they are shown. A round still open elsewhere ends: its answers are about to be known."""
    one_at_a_time(cuil)
    FactsShown.objects.update_or_create(cuil=cuil, defaults={"last_at": timezone.now()})
    for open_round in QuizRound.objects.filter(cuil=cuil, outcome=Outcome.OPEN):
        open_round.close(Outcome.ABANDONED)


def burnt_until(cuil: str) -> datetime | None:
    """Until when nothing is asked of this CUIL; None when its facts can prove something."""
    shown = FactsShown.objects.filter(cuil=cuil).values_list("last_at", flat=True).first()
    rested = shown + timedelta(days=settings.PORTAL_QUIZ_REST_DAYS) if shown else None
    return rested if rested and rested > timezone.now() else None
