"""«Actividad de mi clave»: the chain of one's own CUIL, as people who are not at home in it understand it.

Of the staff the office is told and not who; of anybody the network address is not: it says nothing to most
people, and of a stranger it is theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.disavowal import tell_an_office
from accounts.events import Actor, ClaveEvent, Note, Trail
from accounts.evidence import LABELS
from guards.locks import one_at_a_time
from offices.models import Office

MOST = 100

# What is said otherwise to the person than to an office; the rest is said alike.
_WHAT = {
    Note.LOOKED_UP: "Alguien escribió tu CUIL para crear una clave, y vio tus datos con partes tapadas",
    Note.DATA_REPORTED: "Alguien avisó que tus datos son incorrectos",
    Note.TRAMITE_WRONG: "Alguien escribió un número de trámite que no es el de tu DNI",
    Note.QUIZ_OPENED: "Alguien empezó a responder las preguntas de identificación",
    Note.QUIZ_PASSED: "Alguien respondió bien las preguntas de identificación",
    Note.QUIZ_FAILED: "Alguien no respondió bien las preguntas de identificación",
    Note.CASE_OPENED: "Una oficina miró los datos de tu clave",
    Note.AUDIT_READ: "Un auditor leyó lo que pasó con tu clave",
    Note.AUDIT_EXPORTED: "Un auditor guardó una copia de lo que pasó con tu clave",
    Note.POLICIES_ACCEPTED: "Aceptaste una versión nueva de las políticas",
    Note.SIGNED_IN: "Ingresaron con tu clave",
    Note.SIGNED_OUT: "Salieron con el botón SALIR",
    Note.KEY_SUSPENDED: "Tu clave no abrió: estás bajo curatela",
    Note.NOT_ME: "Avisaste que algo no lo hiciste vos",
}
_WHO = {
    Actor.OWNER: "Con tu clave",
    Actor.VISITOR: "Por internet, sin ingresar",
    Actor.CURADOR: "Tu curador, con su propia clave",
    Actor.STAFF: "Una oficina",
    Actor.SYSTEM: "Automático",
}
# What of the evidence says something to whoever wonders.
_TOLD = ("browser", "new_browser")


@dataclass(frozen=True)
class Line:
    """One event in words. `number` is its place in the chain."""

    number: int
    at: datetime
    what: str
    # By whom and how: «Por internet, sin ingresar», «Con Chrome en Android».
    how: str
    # Whether «No reconozco esto» was said of it, and whether it can be.
    denied: bool
    deniable: bool


def recent(cuil: str) -> list[Line]:
    """The last hundred, newest first."""
    return _lines(ClaveEvent.objects.filter(cuil=cuil).order_by("-seq")[:MOST], cuil)


def one(cuil: str, number: int) -> Line | None:
    """One of them; None where the chain of this CUIL has no such place."""
    return next(iter(_lines(ClaveEvent.objects.filter(cuil=cuil, seq=number), cuil)), None)


@transaction.atomic
def deny(cuil: str, number: int, trail: Trail) -> bool:
    """«No reconozco esto». Twice is once. Returns whether there is such a thing to deny."""
    one_at_a_time(cuil)
    line = one(cuil, number)
    if line is None or not line.deniable:
        return False
    if not line.denied:
        tell_an_office(cuil, trail, event=number)
    return True


def _lines(rows: QuerySet[ClaveEvent], cuil: str) -> list[Line]:
    events = list(rows)
    offices = dict(Office.objects.filter(code__in={e.office for e in events}).values_list("code", "name"))
    said = ClaveEvent.objects.filter(cuil=cuil, kind=Note.NOT_ME).values_list("evidence", flat=True)
    denied = {evidence.get("event") for evidence in said}
    return [
        Line(
            number=event.seq,
            at=timezone.localtime(event.at),
            what=_WHAT.get(event.kind, event.get_kind_display()),  # type: ignore[call-overload]
            how=". ".join([*_who(event, offices), *_details(event)]),
            denied=event.seq in denied,
            deniable=event.kind != Note.NOT_ME,
        )
        for event in events
    ]


def _who(event: ClaveEvent, offices: Mapping[str, str]) -> list[str]:
    """Of a log-in the words say already that it was with the key."""
    if event.kind in {Note.SIGNED_IN, Note.SIGNED_OUT}:
        return []
    if event.evidence.get("curador") == event.cuil:
        return ["Vos, por una persona a tu cargo"]
    return [offices.get(event.office) or _WHO[Actor(event.actor)]]


def _details(event: ClaveEvent) -> list[str]:
    shown = [name for name in _TOLD if event.evidence.get(name)]
    return [
        LABELS[name] if event.evidence[name] is True else f"{LABELS[name]} {event.evidence[name]}"
        for name in shown
    ]
