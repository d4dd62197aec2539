"""The register (facts only, loaded from files) and the questions drawn from it."""

from datetime import date

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_countries import countries

from identity.cuil import Cuil
from identity.kinds import KINDS
from identity.rounds import QuestionCard, QuizQuestion, QuizRound
from identity.shown import FactsShown

__all__ = [
    "Choice", "CorrectionRequest", "Curatela", "Fact", "FactsShown", "Person", "QuestionCard",
    "QuizQuestion", "QuizRound", "WrongDataReport",
]  # fmt: skip


class Person(models.Model):
    """Somebody the agency knows. Written by `import_registry` and by nobody else."""

    class DocumentType(models.TextChoices):
        DU = "DU", "DNI"
        LE = "LE", "Libreta de Enrolamiento"
        LC = "LC", "Libreta Cívica"
        CI = "CI", "Cédula de Identidad"
        PAS = "PAS", "Pasaporte"

    class Sex(models.TextChoices):
        F = "F", "Femenino"
        M = "M", "Masculino"
        X = "X", "No binario"

    cuil = models.CharField("CUIL", max_length=11)
    surname = models.CharField("apellido", max_length=60)
    given_names = models.CharField("nombres", max_length=80)
    document_type = models.CharField("tipo de documento", max_length=3, choices=DocumentType)
    document_number = models.CharField("número de documento", max_length=20)
    sex = models.CharField("sexo", max_length=1, choices=Sex)
    birth_date = models.DateField("fecha de nacimiento")
    street = models.CharField("calle y número", max_length=120)
    locality = models.CharField("localidad", max_length=80)
    postal_code = models.CharField("código postal", max_length=8)
    province = models.CharField("provincia (ISO 3166-2:AR)", max_length=1, blank=True)
    country = models.CharField("país (ISO 3166-1)", max_length=2, default="AR")
    tramite_hash = models.CharField("trámite del DNI (hash con clave)", max_length=64, blank=True)
    death_date = models.DateField("fecha de fallecimiento", null=True, blank=True)

    class Meta:
        verbose_name = "persona"
        verbose_name_plural = "personas"
        # Declared here and not on the field: there PostgreSQL would get a second, pattern index
        # each, which nothing uses and which every import would have to fill.
        indexes = [models.Index(name="person_document", fields=["document_number"])]
        constraints = [
            models.UniqueConstraint(name="person_cuil_unique", fields=["cuil"]),
            models.CheckConstraint(
                name="person_cuil_is_11_digits",
                condition=Q(cuil__regex=r"^[0-9]{11}\Z"),
                violation_error_message="El CUIL tiene que tener 11 números.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.surname}, {self.given_names} ({Cuil(self.cuil).formatted})"

    @property
    def country_name(self) -> str:
        """Argentina is not in the portal's list of countries abroad."""
        return "Argentina" if self.country == "AR" else str(countries.name(self.country))

    @property
    def has_tramite(self) -> bool:
        return bool(self.tramite_hash)


class Fact(models.Model):
    """Something the agency knows of a person, and a question can ask. `kind` is a name in KINDS."""

    person = models.ForeignKey(
        Person, models.CASCADE, to_field="cuil", db_column="cuil", db_index=False,
        related_name="known_facts", verbose_name="persona",
    )  # fmt: skip
    kind = models.CharField("clase", max_length=16, choices=[(name, name) for name in KINDS])
    value = models.CharField("valor", max_length=120)
    since = models.DateField("desde", null=True, blank=True)
    until = models.DateField("hasta", null=True, blank=True)

    class Meta:
        verbose_name = "hecho"
        verbose_name_plural = "hechos"
        constraints = [
            # Begins with the person, so it also serves every look-up of somebody's facts.
            models.UniqueConstraint(
                "person",
                "kind",
                "value",
                Coalesce("since", Value(date.min)),
                name="fact_known_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"


class Curatela(models.Model):
    """Who answers before the agency for whom, by order of a judge (CCyC arts. 32, 43, 138)."""

    curador = models.ForeignKey(
        Person, models.CASCADE, to_field="cuil", db_column="curador_cuil", related_name="curados",
    )  # fmt: skip
    curado = models.ForeignKey(
        Person, models.CASCADE, to_field="cuil", db_column="curado_cuil", related_name="curadores",
    )  # fmt: skip
    since = models.DateField("desde")
    until = models.DateField("hasta", null=True, blank=True)
    court_file = models.CharField("expediente", max_length=60)

    class Meta:
        verbose_name = "curatela"
        verbose_name_plural = "curatelas"
        constraints = [
            models.UniqueConstraint(
                name="curatela_recorded_once", fields=["curador", "curado", "since"]
            ),
            models.CheckConstraint(
                name="curatela_of_another", condition=~Q(curador=F("curado")),
                violation_error_message="Nadie es curador de sí mismo.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.curador_id} por {self.curado_id}"

    @staticmethod
    def in_force_on(day: date) -> Q:
        """First and last day included."""
        return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))


class Choice(models.Model):
    """A value that some fact holds, ready to be a wrong answer for somebody else.

    `pool` joins values that look alike (kind, class of name, size, region); within it they are
    numbered 0..n-1 in random order, so a decoy is one index look-up, whatever the size of the table.
    `persons` of the register have it. Rebuilt by `import_registry`.
    """

    kind = models.CharField("clase", max_length=16)
    value = models.CharField("valor", max_length=120)
    pool = models.CharField("grupo", max_length=48)
    place = models.PositiveIntegerField("lugar en el grupo")
    persons = models.PositiveIntegerField("personas", default=1)

    class Meta:
        verbose_name = "opción"
        verbose_name_plural = "opciones"
        constraints = [
            models.UniqueConstraint(name="choice_listed_once", fields=["kind", "value"]),
            models.UniqueConstraint(name="choice_has_its_place", fields=["pool", "place"]),
        ]

    def __str__(self) -> str:
        return f"{self.pool}[{self.place}] {self.value}"


class WrongDataReport(models.Model):
    """What somebody told of a CUIL, as a task for the office.

    That the data shown for it are wrong (INCORRECTOS, R11), or that they do not recognise something that
    was done with its key.
    """

    class Kind(models.TextChoices):
        WRONG_DATA = "wrong_data", "Datos incorrectos"
        NOT_ME = "not_me", "«No fui yo»"

    class State(models.TextChoices):
        OPEN = "open", "Abierto"
        TAKEN = "taken", "Tomado"
        CLOSED = "closed", "Resuelto"

    class Result(models.TextChoices):
        CORRECTED = "corrected", "Se corrigió en el registro"
        RIGHT = "right", "Los datos estaban bien"
        ABSENT = "absent", "La persona no vino"
        SECURED = "secured", "Se aseguró la clave"
        OWN = "own", "Había sido la misma persona"

    RESULTS = {
        Kind.WRONG_DATA: (Result.CORRECTED, Result.RIGHT, Result.ABSENT),
        Kind.NOT_ME: (Result.SECURED, Result.OWN, Result.ABSENT),
    }

    cuil = models.CharField("CUIL", max_length=11, db_index=True)
    kind = models.CharField("de qué", max_length=10, choices=Kind, default=Kind.WRONG_DATA)
    reported_at = models.DateTimeField("avisado", default=timezone.now)
    state = models.CharField("estado", max_length=6, choices=State, default=State.OPEN)
    # A number and no more: users stand in a layer above.
    taken_by = models.BigIntegerField("lo tomó (empleado)", null=True, blank=True)
    taken_at = models.DateTimeField("tomado", null=True, blank=True)
    closed_at = models.DateTimeField("resuelto", null=True, blank=True)
    result = models.CharField("resultado", max_length=9, choices=Result, blank=True)

    class Meta:
        verbose_name = "aviso a la oficina"
        verbose_name_plural = "avisos a la oficina"
        # The queue of the office, page by page. One index of (kind, state, id) is not enough: PostgreSQL
        # may take the primary key instead, and walk past every report in another state.
        indexes = [
            models.Index(name="report_open", fields=["kind", "id"], condition=Q(state="open")),
            models.Index(name="report_taken", fields=["kind", "id"], condition=Q(state="taken")),
            models.Index(name="report_closed", fields=["kind", "id"], condition=Q(state="closed")),
        ]
        constraints = [
            # Anyone can type a CUIL: a hundred reports are still one task.
            models.UniqueConstraint(
                name="one_open_report_per_cuil", fields=["cuil", "kind"], condition=Q(closed_at=None)
            ),
            models.CheckConstraint(
                name="report_says_who_and_how_it_ended",
                condition=Q(state="open", taken_by=None, taken_at=None, closed_at=None, result="")
                | Q(state="taken", taken_by__isnull=False, taken_at__isnull=False, closed_at=None, result="")
                | Q(
                    state="closed",
                    taken_by__isnull=False,
                    taken_at__isnull=False,
                    closed_at__isnull=False,
                )
                & (
                    Q(kind="wrong_data", result__in=["corrected", "right", "absent"])
                    | Q(kind="not_me", result__in=["secured", "own", "absent"])
                ),
                violation_error_message="Un aviso lo toma alguien, y se resuelve con un resultado.",
            ),
        ]

    def __str__(self) -> str:
        return f"{Cuil(self.cuil).formatted} {self.reported_at:%d/%m/%Y}"

    @classmethod
    def open_for(cls, cuil: str, kind: "WrongDataReport.Kind") -> "WrongDataReport":
        """The one that waits or is being seen to; a new one where there is none."""
        return cls.objects.get_or_create(cuil=cuil, kind=kind, closed_at=None)[0]


class CorrectionRequest(models.Model):
    """Whoever is logged in says which datum is wrong, and how (Ley 25.326 art. 16).

    It belongs to a report: what several say of one CUIL is one task for the office, with one number.
    """

    class Datum(models.TextChoices):
        NAMES = "names", "Apellido o nombres"
        DOCUMENT = "document", "CUIL o documento"
        SEX = "sex", "Sexo"
        BIRTH = "birth", "Fecha de nacimiento"
        ADDRESS = "address", "Domicilio"
        WORK = "work", "Trabajo"
        HEALTH = "health", "Obra social"
        PAYMENTS = "payments", "Lugar de cobro"
        FAMILY = "family", "Grupo familiar"
        CURATELA = "curatela", "Curatela"
        OTHER = "other", "Otro dato"

    LONGEST = 1000

    report = models.ForeignKey(WrongDataReport, models.CASCADE, related_name="requests", verbose_name="aviso")
    # Whose key it was: the person's own, or their curador's.
    asked_by = models.CharField("CUIL de quien lo pidió", max_length=11)
    asked_at = models.DateTimeField("pedido", default=timezone.now)
    datum = models.CharField("dato", max_length=8, choices=Datum)
    text = models.TextField("qué hay que corregir", max_length=LONGEST, blank=True)

    class Meta:
        verbose_name = "pedido de corrección"
        verbose_name_plural = "pedidos de corrección"

    def __str__(self) -> str:
        return f"pedido de corrección {self.pk}"
