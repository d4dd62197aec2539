"""What is stored of a quiz: the card of each fact, the round, its questions."""

import math
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from guards.keyed import keyed_hash
from guards.spelling import same as same
from identity.kinds import KINDS, Kind

# Kind and comparable value: what a fact is, however the file spells it this time.
Key = tuple[str, str]


class QuestionCard(models.Model):
    """One fact of one person, ready to be asked: its wrong answers are chosen once and for ever.

    Seeing the question again teaches nothing: the same options come back in the same order.
    """

    cuil = models.CharField("CUIL", max_length=11)
    kind = models.CharField("clase", max_length=16)
    truth = models.CharField("respuesta", max_length=120)
    decoys = models.JSONField("otras opciones")
    last_asked_at = models.DateTimeField("última vez que se preguntó", null=True)

    class Meta:
        verbose_name = "tarjeta de pregunta"
        verbose_name_plural = "tarjetas de preguntas"
        constraints = [
            models.UniqueConstraint(name="card_made_once", fields=["cuil", "kind", "truth"]),
        ]

    def __str__(self) -> str:
        return f"tarjeta {self.pk}"

    @property
    def key(self) -> Key:
        """A fact spelled anew keeps its card: other decoys would give the truth away."""
        return self.kind, same(self.truth)

    @property
    def wording(self) -> Kind:
        return KINDS[self.kind]

    @property
    def options(self) -> list[str]:
        """The truth among the decoys, in the order fixed for this card."""
        place = {o: keyed_hash("order", self.cuil, self.kind, self.truth, o) for o in self._all()}
        return sorted(place, key=place.__getitem__)

    def _all(self) -> list[str]:
        return [self.truth, *self.decoys]


class Purpose(models.TextChoices):
    CREATE = "create", "Crear la clave"
    ENABLE = "enable", "Habilitar la clave"


class Outcome(models.TextChoices):
    OPEN = "open", "En curso"
    PASSED = "passed", "Aprobada"
    FAILED = "failed", "No aprobada"
    TIMED_OUT = "timed_out", "Se terminó el tiempo"
    ABANDONED = "abandoned", "Abandonada"


class QuizRound(models.Model):
    """One attempt to prove who one is. It exists, and is charged, before the first question shows."""

    cuil = models.CharField("CUIL", max_length=11)
    purpose = models.CharField("para qué", max_length=6, choices=Purpose)
    # Keyed hash of the journey it was opened in: another browser's round cannot be answered here.
    journey = models.CharField("trámite", max_length=64)
    opened_at = models.DateTimeField("empezó", default=timezone.now)
    closed_at = models.DateTimeField("terminó", null=True)
    outcome = models.CharField("resultado", max_length=9, choices=Outcome, default=Outcome.OPEN)
    proof_used_at = models.DateTimeField("usada", null=True)
    forgiven_at = models.DateTimeField("perdonada", null=True)

    class Meta:
        verbose_name = "ronda de preguntas"
        verbose_name_plural = "rondas de preguntas"
        indexes = [
            models.Index(fields=["cuil", "opened_at"], name="round_by_cuil"),
            models.Index(fields=["opened_at"], name="round_by_moment"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_open_round_per_cuil", fields=["cuil"], condition=Q(outcome="open")
            ),
            models.CheckConstraint(name="round_outcome_is_known", condition=Q(outcome__in=list(Outcome))),
        ]

    def __str__(self) -> str:
        return f"ronda {self.pk}: {self.get_outcome_display()}"

    def close(self, outcome: Outcome) -> None:
        """Decide the round, once: a closed one keeps its outcome."""
        now = timezone.now()
        if QuizRound.objects.filter(pk=self.pk, outcome=Outcome.OPEN).update(outcome=outcome, closed_at=now):
            self.outcome, self.closed_at = outcome, now

    def use_proof(self, cuil: str, purpose: Purpose) -> bool:
        """Spend a passed round, once, for the person and purpose it was opened for, while fresh."""
        fresh = timezone.now() - timedelta(minutes=settings.PORTAL_PROOF_MINUTES)
        unused = QuizRound.objects.filter(
            pk=self.pk, cuil=cuil, purpose=purpose, outcome=Outcome.PASSED,
            closed_at__gte=fresh, proof_used_at=None,
        )  # fmt: skip
        return bool(unused.update(proof_used_at=timezone.now()))


class QuizQuestion(models.Model):
    """One question of a round. What was answered is not kept, only whether it was right."""

    round = models.ForeignKey(QuizRound, models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField("número")
    card = models.ForeignKey(QuestionCard, models.PROTECT)
    shown_at = models.DateTimeField("mostrada", null=True)
    extended = models.BooleanField("con más tiempo", default=False)
    answered_at = models.DateTimeField("respondida", null=True)
    right = models.BooleanField("bien", null=True)

    class Meta:
        verbose_name = "pregunta"
        verbose_name_plural = "preguntas"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="question_has_its_number", fields=["round", "number"]),
        ]

    def __str__(self) -> str:
        return f"pregunta {self.number} de la ronda {self.round_id}"

    @property
    def ends_at(self) -> datetime | None:
        """When its time is over, on the server's clock; None before it was shown."""
        if self.shown_at is None:
            return None
        times = 2 if self.extended else 1
        return self.shown_at + timedelta(seconds=settings.PORTAL_QUIZ_SECONDS * times)

    @property
    def seconds_left(self) -> int:
        """Whole seconds, the one that runs included; 0 when the time is over."""
        if self.ends_at is None:
            return settings.PORTAL_QUIZ_SECONDS
        return max(0, math.ceil((self.ends_at - timezone.now()).total_seconds()))
