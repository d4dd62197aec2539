"""The counters behind the limits, and those of the jobs."""

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


class Tally(models.Model):
    """How much of a job was done in all, and when last (guards/tally.py). About nobody."""

    job = models.CharField("tarea", max_length=20, primary_key=True)
    number = models.PositiveBigIntegerField("cuánto en total")
    last = models.DateTimeField("última vez")

    class Meta:
        verbose_name = "cuenta de una tarea"
        verbose_name_plural = "cuentas de tareas"

    def __str__(self) -> str:
        return f"{self.job}: {self.number}"
