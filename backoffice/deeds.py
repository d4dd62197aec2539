"""What an office may do with a case: who, when, on what evidence. One entry each.

A deed never edits a row: it goes through the moves of the key, with a trail that says who did it, at
which office, and what was shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import blocking, notices
from accounts.events import Note, Trail, record
from accounts.lifecycle import MoveNotAllowed
from accounts.models import Clave
from backoffice import forms
from backoffice.cases import Case
from backoffice.forms import is_document_of
from backoffice.roles import May
from guards.locks import one_at_a_time
from identity.models import QuizRound
from identity.tramite import tramite_limits

Evidence = dict[str, Any]


class NotNow(Exception):
    """The deed is not possible any more. The message is a sentence for the employee."""


@dataclass(frozen=True)
class Deed:
    """`why_not` gives "" where it applies to a case, otherwise the reason; `do` makes the change, which
    `effect` tells before it is confirmed.

    `by_two`: where the deployment asks for it, a second person must approve (ruling R16).
    """

    slug: str
    label: str
    may: May
    form: type[forms.EvidenceForm]
    why_not: Callable[[Case], str]
    do: Callable[[Case, Evidence, Trail], None]
    effect: str
    by_two: bool = False

    @transaction.atomic
    def perform(self, case: Case, evidence: Evidence, trail: Trail) -> None:
        """Do it, if it still applies once it is this CUIL's turn.

        Raises:
            NotNow: it does not, any more.
        """
        one_at_a_time(case.person.cuil)
        now = case.again()
        if why_not := self.why_not(now) or self.doubts(now, evidence):
            raise NotNow(why_not)
        self.do(now, evidence, trail)

    def doubts(self, case: Case, evidence: Evidence) -> str:
        """What of the evidence is not so, or not so any more, also in the eyes of a second person."""
        kind = evidence.get("document_type")
        if kind and (kind, evidence.get("compared")) != (case.person.document_type, case.document_seal):
            return "El documento que se comparó ya no es el del registro. Empezá de nuevo."
        if is_document_of(evidence.get("attorney_document", ""), case.employee_cuil):
            return "El apoderado tiene que ser otra persona."
        return ""

    def needs_two(self, evidence: Evidence) -> bool:
        """What opens something to somebody does; receiving papers does not."""
        opens = self.by_two or evidence.get("step") == forms.PostForm.ENABLED
        return opens and settings.PORTAL_TWO_PERSONS


# --- When -----------------------------------------------------------------------------------------


def _needs_pending(case: Case) -> str:
    if not case.may_hold_a_key:
        return "Esta persona no puede tener clave."
    return "" if case.pending else "No hay una clave pendiente."


def _needs_level_2(case: Case) -> str:
    if not case.may_hold_a_key:
        return "Esta persona no puede tener clave."
    if case.live is None:
        return "No hay una clave habilitada."
    if case.blocked_since:
        return "El acceso está bloqueado: primero hay que desbloquearlo."
    return "La clave ya es de nivel 3." if case.live.level == 3 else ""


def _needs_block(case: Case) -> str:
    if not case.may_hold_a_key:
        return "Esta persona no puede tener clave."
    return "" if case.blocked_since else "El acceso no está bloqueado."


def _needs_pending_abroad(case: Case) -> str:
    why = _needs_pending(case)
    if why or (case.pending and case.pending.country):
        return why
    return "La clave pendiente no es de una persona que vive en el exterior."


def _needs_any_key(case: Case) -> str:
    return "" if case.pending or case.live else "No hay ninguna clave pendiente ni habilitada."


def _needs_used_attempts(case: Case) -> str:
    used = QuizRound.objects.filter(cuil=case.person.cuil, forgiven_at=None).exists()
    tries = any(limit.left(case.person.cuil) < limit.free for limit in tramite_limits())
    return "" if used or tries else "No hay intentos usados."


# --- Deeds ----------------------------------------------------------------------------------------


def _enable(case: Case, evidence: Evidence, trail: Trail) -> None:
    """Only the key of the form that was shown: another one asked for meanwhile is another's perhaps."""
    clave = Clave.objects.filter(cuil=case.person.cuil, form_number=evidence["form_number"]).first()
    if clave is None:
        raise NotNow("Ese formulario no es de esta persona.")
    _move(clave.enable_in_office, trail)


def _raise(case: Case, evidence: Evidence, trail: Trail) -> None:
    if case.live is None:
        raise NotNow("No hay una clave habilitada.")
    if case.live.pk != evidence["clave"]:
        raise NotNow("La clave habilitada ya es otra. Empezá de nuevo.")
    _move(case.live.raise_level, trail)


def _post(case: Case, evidence: Evidence, trail: Trail) -> None:
    """The papers are those of one form: a key asked for meanwhile, perhaps by another, is not meant."""
    clave = case.pending
    if clave is None or clave.form_number != evidence["form_number"]:
        raise NotNow("Ese formulario ya no es el de la clave pendiente.")
    step = evidence["step"]
    if step == forms.PostForm.ENABLED:
        _enable(case, evidence, trail)
        return
    note = Note.PAPERS_RECEIVED if step == forms.PostForm.RECEIVED else Note.PAPERS_OBSERVED
    record(clave.cuil, note, trail, clave_number=clave.pk)
    notices.tell_of_papers(note, clave, missing=evidence.get("observation", ""))


def _unblock(case: Case, evidence: Evidence, trail: Trail) -> None:
    if not blocking.unblock(case.person.cuil, trail):
        raise NotNow("El acceso no está bloqueado.")


def _reset(case: Case, evidence: Evidence, trail: Trail) -> None:
    QuizRound.objects.filter(cuil=case.person.cuil, forgiven_at=None).update(forgiven_at=timezone.now())
    for limit in tramite_limits():
        limit.forget(case.person.cuil)
    record(case.person.cuil, Note.ATTEMPTS_RESET, trail)


def _revoke(case: Case, evidence: Evidence, trail: Trail) -> None:
    """Whatever opened or could open something when it was decided: the pending key and the live one."""
    claves = [clave for clave in (case.pending, case.live) if clave]
    if any(clave.pk > evidence["newest_clave"] for clave in claves):
        raise NotNow("Hay una clave nueva, que no estaba cuando empezaste. Mirá el caso de nuevo.")
    for clave in claves:
        _move(clave.revoke, trail)


def _move(move: Callable[..., None], trail: Trail) -> None:
    try:
        move(trail=trail)
    except MoveNotAllowed as elsewhere:
        raise NotNow("La clave cambió mientras tanto.") from elsewhere


DEEDS = {
    deed.slug: deed
    for deed in (
        Deed("habilitar", "Habilitar con USI-07", May.ENABLE, forms.EnableForm,
             _needs_pending, _enable, "La clave queda habilitada con nivel 3.", by_two=True),
        Deed("elevar", "Elevar a nivel 3", May.RAISE, forms.RaiseForm,
             _needs_level_2, _raise, "La clave pasa a nivel 3.", by_two=True),
        Deed("apoderado", "Habilitar por apoderado", May.ATTORNEY, forms.AttorneyForm,
             _needs_pending, _enable, "La clave queda habilitada con nivel 3.", by_two=True),
        Deed("correo", "Correo del exterior", May.POST, forms.PostForm,
             _needs_pending_abroad, _post, "Queda registrado, y a la persona le llega un correo."),
        Deed("desbloquear", "Desbloquear el acceso", May.UNBLOCK, forms.DocumentForm,
             _needs_block, _unblock, "La persona puede volver a entrar.", by_two=True),
        Deed("restablecer", "Restablecer intentos", May.RESET, forms.ReasonForm,
             _needs_used_attempts, _reset, "La persona puede volver a intentar por internet."),
        Deed("revocar", "Revocar la clave", May.REVOKE, forms.RevokeForm,
             _needs_any_key, _revoke, "Deja de servir en el acto, y no se puede deshacer."),
    )
}  # fmt: skip
DEED_LABELS = {deed.slug: deed.label for deed in DEEDS.values()}
