"""What happened to the keys of a CUIL: append-only, and chained so that a change shows.

Each event carries a keyed hash over itself and the hash before it, one chain per CUIL. Triggers
refuse UPDATE and DELETE (accounts/triggers.py); `verify_audit` finds what went past them.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from accounts.evidence import check_names
from accounts.lifecycle import Move, State
from guards.bulk import insert
from guards.keyed import EVENTS, data_keys, key_number, keyed_hash
from guards.locks import one_at_a_time
from guards.signals import happened

_BATCH = 2000
# Made once: json.dumps makes one a call, which would take longer than the hash.
_as_text = json.JSONEncoder(sort_keys=True).encode

# The chain of what concerns nobody's key: who entered the office, who changed an employee or a content,
# who read the audit. No CUIL is all zeros.
OFFICE_CHAIN = "0" * 11


class Note(models.TextChoices):
    """What is worth remembering of a CUIL besides the moves of its keys."""

    LOOKED_UP = "looked_up", "Alguien consultó los datos para crear una clave"
    DATA_REPORTED = "data_reported", "Avisaron que los datos son incorrectos"
    DATA_SEEN = "data_seen", "Se mostraron todos los datos del registro"
    DATA_DOWNLOADED = "data_downloaded", "Se descargaron los datos del registro"
    CORRECTION_ASKED = "correction_asked", "Se pidió corregir un dato del registro"
    CERTIFICATE_ISSUED = "certificate_issued", "Se emitió una constancia de CUIL"
    TRAMITE_WRONG = "tramite_wrong", "El número de trámite no coincidió"
    QUIZ_OPENED = "quiz_opened", "Empezaron las preguntas de identidad"
    QUIZ_PASSED = "quiz_passed", "Las preguntas de identidad se respondieron bien"
    QUIZ_FAILED = "quiz_failed", "Las preguntas de identidad no se respondieron bien"
    FORM_DOWNLOADED = "form_downloaded", "Se descargó el formulario USI-07"
    CASE_OPENED = "case_opened", "Una oficina abrió el caso"
    DEED_PROPOSED = "deed_proposed", "Una oficina propuso un cambio, que espera a otra persona"
    DEED_REJECTED = "deed_rejected", "Otra persona de la oficina rechazó el cambio propuesto"
    DEED_EXPIRED = "deed_expired", "Nadie decidió a tiempo el cambio propuesto"
    PAPERS_RECEIVED = "papers_received", "Llegaron los papeles del exterior"
    PAPERS_OBSERVED = "papers_observed", "A los papeles del exterior les falta algo"
    ATTEMPTS_RESET = "attempts_reset", "Una oficina restableció los intentos"
    REPORT_TAKEN = "report_taken", "Una oficina tomó un aviso"
    REPORT_CLOSED = "report_closed", "Una oficina resolvió un aviso"
    POLICIES_ACCEPTED = "policies_accepted", "Aceptó una versión nueva de las políticas"
    AUDIT_READ = "audit_read", "Se leyó la auditoría"
    AUDIT_EXPORTED = "audit_exported", "Se exportó la auditoría"
    SIGNED_IN = "signed_in", "Ingreso con la clave"
    SIGNED_OUT = "signed_out", "Salida"
    KEY_SUSPENDED = "key_suspended", "La clave no abrió: su titular está bajo curatela"
    ACTING_BEGAN = "acting_began", "Un curador empezó a actuar por una persona a su cargo"
    ACTING_ENDED = "acting_ended", "Un curador dejó de actuar por una persona a su cargo"
    SESSION_CLOSED = "session_closed", "Se cerró una sesión desde otra"
    KEY_CHANGED = "key_changed", "Se cambió la clave por otra, con el mismo nivel"
    EMAIL_CONFIRMED = "email_confirmed", "Se confirmó el correo"
    EMAIL_CHANGED = "email_changed", "Se cambió el correo"
    EMAIL_UNDONE = "email_undone", "Se deshizo el cambio de correo"
    BLOCKED = "blocked", "Se bloqueó el acceso"
    UNBLOCKED = "unblocked", "Una oficina desbloqueó el acceso"
    NOT_ME = "not_me", "Avisaron que algo no lo hizo el titular"
    STAFF_IN = "staff_in", "Alguien entró a la oficina"
    STAFF_KEY_RIGHT = "staff_key_right", "Alguien dio bien la clave de la oficina; faltaba el código"
    STAFF_REFUSED = "staff_refused", "Alguien no pudo entrar a la oficina"
    STAFF_OUT = "staff_out", "Alguien salió de la oficina"
    FACTOR_TIED = "factor_tied", "Un empleado asoció su teléfono"
    FACTOR_RESET = "factor_reset", "Se desvinculó el teléfono de un empleado"
    EMPLOYEE_CHANGED = "employee_changed", "Se cambió algo de un empleado"
    CONTENT_CHANGED = "content_changed", "Se cambió un contenido"
    LOOKUP_MISSED = "lookup_missed", "Se buscó un número que no es de nadie"
    MANY_DEEDS = "many_deeds", "Un empleado hizo más actos en el día que lo habitual"


class Actor(models.TextChoices):
    VISITOR = "visitor", "Alguien por internet"
    OWNER = "owner", "El titular, con su clave"
    CURADOR = "curador", "El curador, con su propia clave"
    STAFF = "staff", "Personal de una oficina"
    SYSTEM = "system", "El sistema"


@dataclass(frozen=True)
class Trail:
    """Who does something, from where, and on what evidence (accounts/evidence.py).

    Raises:
        ValueError: evidence that is not in the list there.
    """

    actor: Actor
    address: str = ""
    staff_id: int | None = None
    office: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_names(self.evidence)

    @property
    def both(self) -> list[str]:
        """The CUILs of whoever acts for somebody else and of that person; empty otherwise."""
        return [self.evidence[name] for name in ("curado", "curador") if name in self.evidence]


class ClaveEvent(models.Model):
    """One thing that happened. It outlives the key, which it names by number only."""

    cuil = models.CharField("CUIL", max_length=11)
    seq = models.PositiveIntegerField("orden en la cadena del CUIL")
    kind = models.CharField("qué pasó", max_length=20, choices=[*Move.choices, *Note.choices])
    at = models.DateTimeField("cuándo")
    clave_number = models.BigIntegerField("clave", null=True)
    source = models.CharField("estado anterior", max_length=10, choices=State, blank=True)
    target = models.CharField("estado nuevo", max_length=10, choices=State, blank=True)
    actor = models.CharField("quién", max_length=10, choices=Actor)
    staff_id = models.BigIntegerField("empleado", null=True)
    office = models.CharField("oficina", max_length=20, blank=True)
    address = models.CharField("dirección de red", max_length=45, blank=True)
    evidence = models.JSONField("constancias", default=dict)
    mac = models.CharField("sello de la cadena", max_length=64)

    class Meta:
        verbose_name = "evento"
        verbose_name_plural = "eventos"
        # What the audit and the board ask for (backoffice/audit.py, board.py); those of offices stay small.
        indexes = [
            models.Index(name="event_by_moment", fields=["at"]),
            models.Index(name="event_by_kind", fields=["kind", "at"]),
            models.Index(
                name="event_by_employee", fields=["staff_id", "at"], condition=Q(staff_id__isnull=False)
            ),
            models.Index(
                name="event_by_office", fields=["office", "at"], condition=Q(staff_id__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="event_has_its_place", fields=["cuil", "seq"]),
            models.CheckConstraint(
                name="event_cuil_is_11_digits",
                condition=Q(cuil__regex=r"^[0-9]{11}\Z"),
                violation_error_message="El CUIL tiene que tener 11 números.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.at:%d/%m/%Y %H:%M})"

    def sealed(self, previous: str) -> str:
        """The keyed hash this event must carry after `previous` (empty for the first)."""
        return keyed_hash(EVENTS, previous, self.content)

    def key_after(self, previous: str) -> int | None:
        """The number of the key under which it carries that hash (`data_keys`); None: it does not."""
        return key_number(self.mac, EVENTS, previous, self.content)

    @property
    def content(self) -> str:
        """What the seal is over, besides the one before."""
        content = [
            self.cuil, self.seq, self.kind, self.at.astimezone(UTC).isoformat(), self.clave_number,
            self.source, self.target, self.actor, self.staff_id, self.office, self.address,
            self.evidence,
        ]  # fmt: skip
        return _as_text(content)


@dataclass(frozen=True)
class Happening:
    """One thing to be remembered of one CUIL."""

    cuil: str
    kind: Move | Note
    clave_number: int | None = None
    source: str = ""
    target: str = ""


def record(cuil: str, kind: Note, trail: Trail, *, clave_number: int | None = None) -> ClaveEvent:
    """Append one note to the chain of a CUIL. Only inside the transaction of what it tells.

    What somebody does for a person in their care stands in the chains of both: no page has to
    remember it.
    """
    chains = dict.fromkeys([cuil, *trail.both])
    return record_all([Happening(one, kind, clave_number) for one in chains], trail)[0]


def record_all(happenings: Sequence[Happening], trail: Trail) -> list[ClaveEvent]:
    """Append one event to the chain of each CUIL, all with the same trail."""
    cuils = [one.cuil for one in happenings]
    one_at_a_time(*cuils)
    if len(set(cuils)) != len(cuils):
        raise ValueError("one event at a time for one CUIL")
    ends = _ends_of_chains(cuils)
    now, events = timezone.now(), []
    for one in happenings:
        seq, mac = ends.get(one.cuil, (0, ""))
        event = ClaveEvent(
            cuil=one.cuil,
            seq=seq + 1,
            kind=one.kind,
            at=now,
            clave_number=one.clave_number,
            source=one.source,
            target=one.target,
            actor=trail.actor,
            staff_id=trail.staff_id,
            office=trail.office,
            address=trail.address,
            evidence=trail.evidence,
        )
        event.mac = event.sealed(mac)
        events.append(event)
    insert(events)
    kinds = Counter(str(one.kind) for one in happenings)
    transaction.on_commit(lambda: happened.send(ClaveEvent, kinds=kinds), robust=True)
    return events


def _ends_of_chains(cuils: Sequence[str]) -> dict[str, tuple[int, str]]:
    """CUIL → number and seal of its last event."""
    if len(cuils) == 1:
        rows = ClaveEvent.objects.filter(cuil=cuils[0]).order_by("-seq")[:1]
    else:
        last = ClaveEvent.objects.filter(cuil=OuterRef("cuil")).order_by("-seq").values("seq")[:1]
        rows = ClaveEvent.objects.filter(cuil__in=cuils, seq=Subquery(last))
    return {cuil: (seq, mac) for cuil, seq, mac in rows.values_list("cuil", "seq", "mac")}


def broken_events() -> Iterator[ClaveEvent]:
    """Events that do not follow from the one before: changed, inserted, or after a hole.

    What was cut off at the end of a chain leaves no event behind to show it: for that, compare with
    a copy of the chains' heads kept elsewhere (accounts/chain_heads.py).
    """
    return (event for event, whole in checked_events() if not whole)


def events_by_key() -> Counter[int]:
    """How many events each data key sealed: 0 the one in use, 1 and on those before, -1 none of them."""
    found: Counter[int] = Counter()
    cuil, mac = "", ""
    for event in _chain_by_chain():
        mac = mac if event.cuil == cuil else ""
        key = event.key_after(mac)
        found[-1 if key is None else key] += 1
        cuil, mac = event.cuil, event.mac
    return found


def checked_events() -> Iterator[tuple[ClaveEvent, bool]]:
    """Every event, chain by chain, and whether it follows from the one before.

    A retired key seals nothing after a chain has gone on under a later one: somebody else has it.
    """
    keys = data_keys()
    cuil, seq, mac, latest = "", 0, "", len(keys)
    for event in _chain_by_chain():
        if event.cuil != cuil:
            cuil, seq, mac, latest = event.cuil, 0, "", len(keys)
        key = event.key_after(mac) if event.seq == seq + 1 else None
        whole = key is not None and (key <= latest or not keys[key].retired)
        yield event, whole
        seq, mac = event.seq, event.mac
        if whole and key is not None:
            latest = min(latest, key)


def _chain_by_chain() -> Iterator[ClaveEvent]:
    """In batches, each a query of its own: one over all of them would outlast the database's patience.

    The row's number decides last: whoever put two events into one place took the constraint away first.
    """
    rest = Q()
    while batch := list(ClaveEvent.objects.filter(rest).order_by("cuil", "seq", "pk")[:_BATCH]):
        yield from batch
        cuil, seq, number = batch[-1].cuil, batch[-1].seq, batch[-1].pk
        later = Q(cuil__gt=cuil) | Q(cuil=cuil, seq__gt=seq) | Q(cuil=cuil, seq=seq, pk__gt=number)
        rest = Q(cuil__gte=cuil) & later
