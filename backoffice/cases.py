"""Finding a person by what is on paper, and all that an employee sees of the case."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.events import ClaveEvent, Note, record
from accounts.form_number import InvalidFormNumber, parse_form_number
from accounts.lifecycle import CURRENT, LIVE, State
from accounts.models import Clave, User
from backoffice.site import employee_of
from backoffice.trails import cases_limit, staff_trail
from guards.keyed import keyed_hash
from identity.cuil import Cuil, InvalidCuil
from identity.models import Person
from identity.quiz import attempts_left
from identity.register import under_curatela
from identity.rounds import Purpose
from identity.shown import burnt_until
from identity.tramite import tries_left

_OPEN = "office-cases"
_OPEN_SECONDS = 30 * 60
_MOST_OPEN = 20
_TIMELINE = 100
_FORMER_KEYS = 20


class NotFound(Exception):
    """Nothing has exactly that number. The message says what to look at."""


class NothingTyped(NotFound):
    """Nobody was looked for."""


def find(text: str) -> Person:
    """The person of a form number, a CUIL or a document number, typed or scanned; at most 3 queries,
    each answered by an index however many there are.

    Raises:
        NotFound: nobody, or several with that document.
    """
    bare = re.sub(r"[\s.\-/\x00]", "", text).upper()[:64]
    if not bare:
        raise NothingTyped("Escribí o escaneá un número")
    return _by_form(bare) or _by_cuil(bare) or _by_document(bare)


def _by_form(bare: str) -> Person | None:
    """A CUIL has eleven digits, a document fewer; a form thirteen characters."""
    try:
        number = parse_form_number(bare)
    except InvalidFormNumber:
        return None
    clave = Clave.objects.with_form(number).only("cuil").first()
    return Person.objects.filter(cuil=clave.cuil).first() if clave else None


def _by_cuil(bare: str) -> Person | None:
    try:
        cuil = Cuil.parse(bare)
    except InvalidCuil:
        return None
    return Person.objects.filter(cuil=cuil).first()


def _by_document(bare: str) -> Person:
    found = list(Person.objects.filter(document_number=bare)[:2])
    if not found:
        raise NotFound("No hay nadie con exactamente ese número. Revisá que esté completo y bien copiado.")
    if len(found) > 1:
        raise NotFound("Hay más de una persona con ese número de documento. Buscá por CUIL.")
    return found[0]


# --- Open cases -----------------------------------------------------------------------------------


def open_case(request: HttpRequest, person: Person, **evidence: Any) -> None:
    """From here on this employee may see this case, for half an hour; that they did is an event.

    Raises:
        guards.limits.LimitReached: too many in an hour.
    """
    cases_limit().spend(str(employee_of(request).pk))
    with transaction.atomic():
        record(person.cuil, Note.CASE_OPENED, staff_trail(request, **evidence))
    kept = {number: until for number, until in _kept(request).items() if until > time.time()}
    newest = dict(sorted(kept.items(), key=lambda item: item[1])[-(_MOST_OPEN - 1) :])
    request.session[_OPEN] = {**newest, str(person.pk): time.time() + _OPEN_SECONDS}


def opened(request: HttpRequest, number: int) -> Person | None:
    """The person of an open case: without a look-up nobody pages through the register."""
    if _kept(request).get(str(number), 0) <= time.time():
        return None
    return Person.objects.filter(pk=number).first()


def _kept(request: HttpRequest) -> dict[str, float]:
    kept: dict[str, float] = request.session.get(_OPEN, {})
    return kept


# --- The case -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One person, their keys, what stands in the way, and what happened."""

    person: Person
    claves: list[Clave]
    is_own: bool
    employee_cuil: str = ""

    def again(self) -> "Case":
        """As the database has it now: whoever decides takes the turn of this CUIL first, then looks."""
        person = Person.objects.get(pk=self.person.pk)
        return replace(self, person=person, claves=_claves_of(person))

    @property
    def document_seal(self) -> str:
        """Of the register's document: evidence says by it which one was compared, without its number."""
        return keyed_hash("document", self.person.document_type, self.person.document_number)[:32]

    @property
    def pending(self) -> Clave | None:
        """A pending key that can still be enabled."""
        today = timezone.localdate()
        return next(
            (c for c in self.claves if c.state == State.PENDING and c.deadline and c.deadline >= today), None
        )

    @property
    def live(self) -> Clave | None:
        return next((c for c in self.claves if c.state in LIVE), None)

    @property
    def days_left(self) -> int | None:
        pending = self.pending
        return (pending.deadline - timezone.localdate()).days if pending and pending.deadline else None

    @property
    def may_hold_a_key(self) -> bool:
        return self.person.death_date is None and not self.under_curatela

    @property
    def under_curatela(self) -> bool:
        return under_curatela(self.person.cuil)

    @cached_property
    def blocked_since(self) -> datetime | None:
        """Since when the holder, or a mail to them, keeps everybody out (accounts/blocking.py)."""
        blocked = User.objects.filter(cuil=self.person.cuil, blocked_at__isnull=False)
        return blocked.values_list("blocked_at", flat=True).first()

    @property
    def blocks(self) -> list[str]:
        """What does not go on online, and who may lift it."""
        return [*self._shut(), *self._used_up()]

    def _shut(self) -> Iterator[str]:
        if self.person.death_date:
            yield "Figura como fallecida. Lo corrige el registro."
        if self.under_curatela:
            yield (
                "Está bajo una Relación de Curatela: no puede tener clave, y la que tenga está suspendida"
                " mientras dure. Actúa su curador."
            )
        if self.blocked_since:
            since = f"{timezone.localtime(self.blocked_since):%d/%m/%Y}"
            yield f"El acceso está bloqueado desde el {since}. Lo desbloquea una mesa de entrada."

    def _used_up(self) -> Iterator[str]:
        if not attempts_left(self.person.cuil, Purpose.CREATE):
            yield "Usó todos los intentos de preguntas para crear. Los restablece un supervisor."
        elif not attempts_left(self.person.cuil, Purpose.ENABLE):
            yield "Usó los intentos de preguntas para habilitar. Los restablece un supervisor."
        if self.person.has_tramite and not tries_left(self.person.cuil):
            yield "Usó los intentos del número de trámite por hoy. Los restablece un supervisor."
        if rested := burnt_until(self.person.cuil):
            until = f"{timezone.localtime(rested):%d/%m/%Y}"
            yield f"Se mostraron todos los datos: no hay preguntas por internet hasta el {until}."

    @property
    def events(self) -> list[ClaveEvent]:
        return list(ClaveEvent.objects.filter(cuil=self.person.cuil).order_by("-seq")[:_TIMELINE])


def case_of(request: HttpRequest, person: Person) -> Case:
    """What this employee sees of the person."""
    employee = employee_of(request)
    return Case(person, _claves_of(person), is_own=employee.cuil == person.cuil, employee_cuil=employee.cuil)


def _claves_of(person: Person) -> list[Clave]:
    """The keys that count first, then the former ones, each newest first."""
    theirs = Clave.objects.filter(cuil=person.cuil).order_by("-pk")
    # What may be acted on is never crowded out by what was asked for and replaced.
    current = list(theirs.filter(state__in=CURRENT))
    return [*current, *theirs.exclude(state__in=CURRENT)[:_FORMER_KEYS]]
