"""Offices, and the zones whose people each of them serves. Loaded by `import_registry`."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from guards.spelling import same
from offices.places import LONGEST_PLACE, digits_of, place_of
from offices.provinces import PROVINCES, province_called

_BY_NAME = sorted(PROVINCES.items(), key=lambda pair: same(pair[1]))
_KNOWN_PROVINCE = Q(province__in=list(PROVINCES))
_WRONG_PROVINCE = "No es la letra de una provincia (ISO 3166-2:AR)."


class LocatedQuerySet(models.QuerySet[Any]):
    def shown(self) -> Self:
        """What people are told of: nothing that was withdrawn."""
        return self.filter(withdrawn=False)


class Located(models.Model):
    """Something with a locality. `place` and `digits` are the same in the form that is searched.

    `save` fills them in; whoever writes rows in bulk does it with `offices.places`.
    """

    postal_code = models.CharField("código postal", max_length=8, blank=True)
    locality = models.CharField("localidad", max_length=80, blank=True)
    province = models.CharField("provincia", max_length=1, choices=_BY_NAME)
    place = models.CharField("localidad, para buscar", max_length=LONGEST_PLACE, blank=True, editable=False)
    digits = models.CharField("código postal, para buscar", max_length=4, blank=True, editable=False)
    # A load of the register leaves it as it is: it was decided here.
    withdrawn = models.BooleanField(
        "retirada", default=False, db_default=False, help_text="No se le muestra a nadie más."
    )

    objects = LocatedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:
        self.place, self.digits = place_of(self.locality), digits_of(self.postal_code)
        super().save(**options)

    @property
    def province_name(self) -> str:
        return PROVINCES[self.province]


class Office(Located):
    """A place people can go to (UDAI), or send papers to (UCA)."""

    class Kind(models.TextChoices):
        UDAI = "udai", "Oficina de atención (UDAI)"
        UCA = "uca", "Unidad Central de Apoyo (UCA)"

    code = models.CharField("código", max_length=16)
    name = models.CharField("nombre", max_length=80)
    kind = models.CharField("clase", max_length=4, choices=Kind, default=Kind.UDAI)
    street = models.CharField("calle y número", max_length=120)
    hours = models.CharField("horario", max_length=120, blank=True)
    phone = models.CharField("teléfono", max_length=40, blank=True)

    class Meta:
        verbose_name = "oficina"
        verbose_name_plural = "oficinas"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(name="office_code_unique", fields=["code"]),
            models.CheckConstraint(
                name="office_province_is_known", condition=_KNOWN_PROVINCE,
                violation_error_message=_WRONG_PROVINCE,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """On one line. The city that is a province is not named twice."""
        town = f"{self.postal_code} {self.locality}".strip()
        is_the_city = self.province == "C" == province_called(self.locality)
        return ", ".join([self.street, town, *([] if is_the_city else [self.province_name])])

    @property
    def phone_to_dial(self) -> str:
        """What a `tel:` link needs."""
        return "".join(c for c in self.phone if c.isdigit() or c == "+")


class Zone(Located):
    """Where the people live whom an office serves.

    A postal code with a locality; one of the two alone; or neither: the whole province. Where several
    fit, the one that says most counts, a postal code before a locality.
    """

    office = models.ForeignKey(
        Office, models.CASCADE, to_field="code", db_column="office_code", related_name="zones",
        verbose_name="oficina",
    )  # fmt: skip
    notice = models.CharField("aviso para quien vive ahí", max_length=400, blank=True)

    class Meta:
        verbose_name = "zona"
        verbose_name_plural = "zonas"
        indexes = [
            models.Index(name="zone_by_digits", fields=["digits"]),
            models.Index(name="zone_by_place", fields=["place"]),
        ]
        constraints = [
            # Serves the look-up of an address too.
            models.UniqueConstraint(name="zone_served_once", fields=["province", "digits", "place"]),
            models.CheckConstraint(
                name="zone_province_is_known", condition=_KNOWN_PROVINCE,
                violation_error_message=_WRONG_PROVINCE,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        where = f"{self.postal_code} {self.locality}".strip()
        return f"{where} ({self.province_name})" if where else f"provincia {self.province_name}"

    @property
    def title(self) -> str:
        """How a page names it."""
        if self.place:
            return f"{self.postal_code} {self.locality}".strip()
        if self.digits:
            return f"código postal {self.postal_code}"
        return self.province_name if self.province == "C" else f"provincia de {self.province_name}"
