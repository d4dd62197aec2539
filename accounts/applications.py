"""The services that a key opens: the level each asks for, and the address where it is.

An address is a page of this portal, written as its path, or https elsewhere. It is opened by one gate
(journeys/applications/gate.py), which looks at the level of the key first.
"""

from typing import Any, Self
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.text import slugify

from accounts.questions import PAGES
from guards.links import public_path

# Pages of ours that an application may be: those that anybody may open, and those behind log-in.
OWN_PAGES = ("mis-datos", "constancia-de-cuil", *PAGES)
_is_https = URLValidator(schemes=["https"])


def own_addresses() -> list[str]:
    """The paths of OWN_PAGES."""
    return [public_path(name) for name in OWN_PAGES]


def refuse_impossible_address(address: str) -> None:
    """Neither a path that changes something or leads nowhere, nor a site that is not what it looks like.

    Raises:
        ValidationError: with a sentence for whoever typed it.
    """
    if address.startswith("/"):
        if address not in own_addresses():
            raise ValidationError(f"No hay una página «{address}». Hay: {', '.join(own_addresses())}")
        return
    try:
        _is_https(address)
    except ValidationError as wrong:
        raise ValidationError("Tiene que empezar con https:// y ser una dirección completa.") from wrong
    if "@" in urlsplit(address).netloc or "\\" in address:
        raise ValidationError("La dirección no puede llevar «@» antes del nombre del sitio, ni «\\».")


class ApplicationQuerySet(models.QuerySet["Application"]):
    def offered(self) -> Self:
        return self.filter(withdrawn=False)


class Application(models.Model):
    """A service that the key opens, and the level it asks for (guide, «excepto las siguientes»)."""

    name = models.CharField("nombre", max_length=80, unique=True)
    slug = models.SlugField(
        "nombre en la dirección", max_length=80, unique=True, blank=True,
        help_text="Como se ve en /aplicaciones/…/. Vacío: se arma con el nombre. Después no cambia.",
    )  # fmt: skip
    level = models.PositiveSmallIntegerField("nivel que pide", choices=[(2, "2"), (3, "3")])
    position = models.PositiveSmallIntegerField("orden")
    address = models.CharField(
        "dirección", max_length=200, blank=True, validators=[refuse_impossible_address],
        help_text="https://… en otro sitio, o una página de este. Vacía: se abre desde su propio sitio.",
    )  # fmt: skip
    has_clause = models.BooleanField(
        "con cláusula", default=False, help_text="Para pasar a nivel 3 por ella se acepta una cláusula."
    )
    withdrawn = models.BooleanField("retirada", default=False, help_text="Ya no se ofrece a nadie.")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "aplicación"
        verbose_name_plural = "aplicaciones"
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                name="application_level_is_2_or_3",
                condition=Q(level__in=[2, 3]),
                violation_error_message="El nivel es 2 o 3.",
            ),
            models.CheckConstraint(
                name="application_address_is_ours_or_https",
                condition=Q(address="") | Q(address__startswith="/") | Q(address__startswith="https://"),
                violation_error_message="La dirección es de este sitio o empieza con https://.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (nivel {self.level})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Whoever gives it no name in the address gets one made of its name."""
        self.slug = self.slug or self._free_slug()
        super().save(*args, **kwargs)

    def _free_slug(self) -> str:
        slug = made_of = slugify(self.name)[:70] or "aplicacion"
        number = 1
        while Application.objects.filter(slug=slug).exists():
            number += 1
            slug = f"{made_of}-{number}"
        return slug

    @property
    def opens_at(self) -> str:
        """Where the gate leads; empty where it has no address, or one that would be refused today."""
        if not self.address:
            return ""
        try:
            refuse_impossible_address(self.address)
        except ValidationError:
            return ""
        return self.address

    @property
    def site(self) -> str:
        """The name of the other site it is at; empty where it is here or nowhere."""
        return urlsplit(self.opens_at).hostname or ""
