"""The counters behind the limits."""

from django.db import models


class Counter(models.Model):
    """How often something was tried. The key is a keyed hash: the table tells nobody about anybody."""

    key = models.CharField("clave del contador", max_length=64, primary_key=True)
    used = models.PositiveIntegerField("usos")
    resets_at = models.DateTimeField("vuelve a cero", db_index=True)
    opens_at = models.DateTimeField("se abre")

    class Meta:
        verbose_name = "contador"
        verbose_name_plural = "contadores"

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.used}"
