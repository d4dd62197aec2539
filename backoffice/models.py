"""Employees, and what waits for a second one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from backoffice.roles import LABELS
from identity.cuil import Cuil
from offices.models import Office


class Employee(models.Model):
    """Somebody who works at an office. The user name and the second factor are Django's."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="employee", verbose_name="usuario"
    )
    office = models.ForeignKey(Office, models.PROTECT, related_name="employees", verbose_name="oficina")
    # Their own: nobody acts on the key of themselves.
    cuil = models.CharField("CUIL propio", max_length=11, unique=True)

    class Meta:
        verbose_name = "empleado"
        verbose_name_plural = "empleados"
        default_permissions = ()
        permissions = [(may.value, label) for may, label in LABELS.items()]
        constraints = [
            models.CheckConstraint(
                name="employee_cuil_is_11_digits",
                condition=Q(cuil__regex=r"^[0-9]{11}\Z"),
                violation_error_message="El CUIL tiene que tener 11 números.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.office.name})"


class Proposal(models.Model):
    """A deed that a second person must approve before it happens (ruling R16)."""

    class Decision(models.TextChoices):
        WAITING = "waiting", "Espera"
        APPROVED = "approved", "Aprobada"
        REJECTED = "rejected", "Rechazada"
        EXPIRED = "expired", "Vencida"

    cuil = models.CharField("CUIL", max_length=11)
    action = models.CharField("qué", max_length=20)
    evidence = models.JSONField("constancias")
    # Of the sealed event that says the same; 0 for none.
    event_number = models.BigIntegerField("evento", default=0)
    office = models.ForeignKey(Office, models.PROTECT, verbose_name="oficina")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="proposals", verbose_name="propuso"
    )
    proposed_at = models.DateTimeField("propuesta", default=timezone.now)
    decision = models.CharField("decisión", max_length=8, choices=Decision, default=Decision.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="decisions", verbose_name="decidió"
    )
    decided_at = models.DateTimeField("decidida", null=True)

    class Meta:
        verbose_name = "propuesta"
        verbose_name_plural = "propuestas"
        default_permissions = ()
        # What an office has to decide; those decided, which stay for ever, are not in it.
        indexes = [
            models.Index(
                name="proposal_waiting_at_office",
                fields=["office", "proposed_at"],
                condition=Q(decision="waiting"),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="second_person_is_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                violation_error_message="Quien propuso no puede decidir.",
            ),
            models.CheckConstraint(
                name="proposal_decided_by_somebody",
                condition=Q(decision="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | Q(decision="expired", decided_by__isnull=True, decided_at__isnull=False)
                | Q(
                    decision__in=["approved", "rejected"], decided_by__isnull=False, decided_at__isnull=False
                ),
                violation_error_message="Una decisión es de alguien; de lo vencido no decidió nadie.",
            ),
            models.UniqueConstraint(
                name="one_waiting_proposal_per_cuil",
                fields=["cuil", "action"],
                condition=Q(decision="waiting"),
                violation_error_message="Ya hay una propuesta igual que espera.",
            ),
        ]

    def __str__(self) -> str:
        return f"{Cuil(self.cuil).formatted}: {self.action}"
