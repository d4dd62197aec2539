"""The policies in their versions: who has a key accepted one of them, and a newer one is asked for again."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.events import Note, Trail, record
from accounts.lifecycle import LIVE
from guards.locks import one_at_a_time

if TYPE_CHECKING:
    from accounts.models import Clave


class PolicyVersion(models.Model):
    """A text to accept. From its publication on it stays as it is: somebody may have accepted it."""

    # As long as Clave.policies_version, which holds it: accepting must not depend on this table.
    name = models.CharField(
        "versión",
        max_length=20,
        unique=True,
        validators=[
            RegexValidator(r"^[0-9A-Za-z][0-9A-Za-z.\-]*\Z", "Sólo letras, números, puntos y guiones.")
        ],
        help_text="Por ejemplo, el año: 2019. Queda anotada en cada clave.",
    )
    text = models.TextField("texto", help_text="Un punto por renglón.")
    published_at = models.DateTimeField(
        "rige desde",
        null=True,
        blank=True,
        help_text=(
            "Día y hora: 31/12/2027 09:00. Vacío: es un borrador. "
            "Desde ese momento se pide al ingresar, y ya no se puede cambiar."
        ),
    )

    class Meta:
        verbose_name = "versión de las políticas"
        verbose_name_plural = "versiones de las políticas"
        ordering = [models.F("published_at").desc(nulls_first=True), "-pk"]  # drafts before
        constraints = [
            # Of two from the same moment nobody could say which is the newer.
            models.UniqueConstraint(
                name="policies_from_one_moment",
                fields=["published_at"],
                condition=Q(published_at__isnull=False),
                violation_error_message="Ya hay una versión que rige desde ese momento.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """«In force since» is never said of a time when nobody was asked; an hour is for writing it."""
        late = self.published_at is not None and self.published_at < timezone.now() - timedelta(hours=1)
        if late and not in_force().filter(pk=self.pk).exists():
            raise ValidationError({"published_at": "Tiene que ser ahora o más adelante."})

    @property
    def is_in_force(self) -> bool:
        return self.published_at is not None and self.published_at <= timezone.now()

    @property
    def points(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.strip()]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the points, one a line: says later which text it was."""
        return hashlib.sha256("\n".join(self.points).encode()).hexdigest()


def in_force() -> models.QuerySet[PolicyVersion]:
    """Newest first."""
    return PolicyVersion.objects.filter(published_at__lte=timezone.now()).order_by("-published_at")


def current_policies() -> PolicyVersion:
    """The version that a new key accepts. There is always one: a migration brings the first.

    Raises:
        PolicyVersion.DoesNotExist: somebody emptied the table.
    """
    version = in_force().first()
    if version is None:
        raise PolicyVersion.DoesNotExist("no policies are in force")
    return version


def policies_to_accept(clave: "Clave") -> PolicyVersion | None:
    """The version that the owner of this key has still to accept; None when it is the accepted one."""
    version = current_policies()
    return None if version.name == clave.policies_version else version


@transaction.atomic
def accept(clave: "Clave", version: PolicyVersion, trail: Trail) -> None:
    """Write down on the key, and in its chain, that its owner accepts this version.

    Twice is once; a key that was replaced or revoked meanwhile stays as it is.
    """
    one_at_a_time(clave.cuil)
    accepted = (
        type(clave)
        .objects.filter(pk=clave.pk, state__in=LIVE)
        .exclude(policies_version=version.name)
        .update(policies_version=version.name, policies_accepted_at=timezone.now())
    )
    if accepted:
        told = {**trail.evidence, "version": version.name, "sha256": version.fingerprint}
        record(clave.cuil, Note.POLICIES_ACCEPTED, replace(trail, evidence=told), clave_number=clave.pk)
