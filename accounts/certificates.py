"""Certificates of CUIL: what was given to whom is known by its code, and the code is not kept.

Whoever has the paper has the code. What is stored is a keyed hash of it, the CUIL and two dates.
"""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.checked_code import CheckedCode
from guards.keyed import stored_hash, stored_hashes

# 80 random bits: with a certificate in force for each of 45 million persons, one guess in 10^16 meets one.
CODES = CheckedCode("código de verificación", 17)
_PURPOSE = "certificate"


class Certificate(models.Model):
    """That this portal certified a CUIL. Valid through its last day."""

    code_hash = models.CharField("huella del código", max_length=64)
    cuil = models.CharField("CUIL", max_length=11)
    issued_on = models.DateField("emitida")
    last_day = models.DateField("vale hasta")

    class Meta:
        verbose_name = "constancia de CUIL"
        verbose_name_plural = "constancias de CUIL"
        indexes = [
            models.Index(name="certificate_cuil", fields=["cuil"]),
            models.Index(name="certificate_last_day", fields=["last_day"]),
        ]
        constraints = [models.UniqueConstraint(name="certificate_of_one_code", fields=["code_hash"])]

    def __str__(self) -> str:
        return f"constancia del {self.issued_on:%d/%m/%Y}"


def new_certificate(cuil: str) -> tuple[Certificate, str]:
    """A certificate that is not stored yet, and its code: to be printed now, and never to be had again."""
    code, today = CODES.new(), timezone.localdate()
    last_day = today + timedelta(days=settings.PORTAL_CERTIFICATE_DAYS)
    certificate = Certificate(
        code_hash=stored_hash(_PURPOSE, code), cuil=cuil, issued_on=today, last_day=last_day
    )
    return certificate, code


def certificate_in_force(code: str) -> Certificate | None:
    """None for a code that is of none, and for one whose last day has passed."""
    in_force = Certificate.objects.filter(last_day__gte=timezone.localdate())
    return in_force.filter(code_hash__in=stored_hashes(_PURPOSE, code)).first()


def sweep(today: date) -> int:
    """Delete what nobody can check any more. Their events stay. Returns how many."""
    return Certificate.objects.filter(last_day__lt=today).delete()[0]
