"""What is put into the queue of mails.

The queue is django-post-office's table: a mail is a row written in the transaction of what it tells,
and leaves later (accounts/delivery.py). The row holds the name of its template and what fills it in,
never a link: those are made when it leaves, so that the table opens nothing to whoever reads it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import make_msgid, parseaddr
from enum import StrEnum

from django.conf import settings
from post_office.models import PRIORITY, STATUS, Email, EmailTemplate

from guards.bulk import insert_like
from guards.keyed import is_keyed_hash, keyed_hash
from identity.register import masked_cuil

# Name of templates/mail/<name>.txt and .html, and the subject.
SUBJECTS = {
    "pending": "Tu Clave de la Seguridad Social está pendiente de habilitación",
    "requested": "Pidieron una Clave nueva con tu CUIL",
    "created": "Ya tenés tu Clave de la Seguridad Social",
    "enabled": "Tu Clave de la Seguridad Social quedó habilitada",
    "replaced": "Otra Clave reemplazó a la tuya",
    "raised": "Tu Clave de la Seguridad Social pasó a nivel 3",
    "reminder": "Tu Clave de la Seguridad Social todavía no está habilitada",
    "expired": "Tu Clave de la Seguridad Social venció",
    "voided": "Tu formulario USI-07 ya no sirve: hay otro pedido",
    "received": "Llegaron los papeles para habilitar tu Clave",
    "observed": "Falta algo en los papeles para habilitar tu Clave",
    "revoked": "Se dio de baja una Clave de la Seguridad Social",
    "restored": "Tu Clave anterior volvió a funcionar",
    "new_browser": "Ingresaron con tu Clave desde un navegador nuevo",
    "changed": "Cambiaron tu Clave de la Seguridad Social",
    "email_changed": "Cambiaron el correo de tu Clave de la Seguridad Social",
    "blocked": "Se bloqueó el acceso con tu Clave",
    "unblocked": "Se desbloqueó el acceso con tu Clave",
    "questions_failed": "Alguien respondió mal las preguntas sobre vos",
    "code": "Tu código para confirmar este correo",
}


class Power(StrEnum):
    """What the «No fui yo» of a mail may do."""

    BLOCK = "block"  # its address is the holder's
    REPORT = "report"  # somebody typed it: it tells an office, and takes nothing from anybody


def is_mark_of(mark: str, address: str) -> bool:
    """Whether a link went to this address, under the data key of today or of its day."""
    return is_keyed_hash(mark, "denial", address.lower())


def mark_of(address: str) -> str:
    """By which a link knows the address it went to, without naming it."""
    return keyed_hash("denial", address.lower())


# One row of the library's templates serves all mails: the files are the source.
_ENVELOPE = {
    "name": "clave",
    "subject": "{{ subject }}",
    "content": '{% with file="mail/"|add:mail|add:".txt" %}{% include file %}{% endwith %}',
    "html_content": '{% with file="mail/"|add:mail|add:".html" %}{% include file %}{% endwith %}',
}


@dataclass(frozen=True)
class Letter:
    """One mail. `fill` is what its template names besides the masked CUIL; it must fit into JSON."""

    name: str
    to: str
    cuil: str
    fill: Mapping[str, str | int | float] = field(default_factory=dict)
    # What somebody must learn at once goes before what a cron job writes by the thousand.
    urgent: bool = False
    # From then on it would tell something untrue: it is dropped instead of sent.
    until: datetime | None = None


def queue(letters: Sequence[Letter]) -> int:
    """Write the mails that have an address into the queue. Returns how many."""
    addressed = [letter for letter in letters if letter.to]
    if not addressed:
        return 0
    pattern = Email(  # type: ignore[no-untyped-call]
        from_email=settings.DEFAULT_FROM_EMAIL, template=_envelope(), status=STATUS.queued
    )
    domain = _domain()
    insert_like(
        pattern,
        to=[[letter.to] for letter in addressed],
        context=[_filled_in(letter) for letter in addressed],
        priority=[PRIORITY.high if letter.urgent else PRIORITY.low for letter in addressed],
        expires_at=[letter.until for letter in addressed],
        # From the start: a mail that leaves twice is one mail to whoever gets it.
        message_id=[make_msgid(domain=domain) for _ in addressed],
    )
    return len(addressed)


def _domain() -> str:
    """Of the sender: the name of the machine is nobody's business, and asking for it can take seconds."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]


def _filled_in(letter: Letter) -> dict[str, str | int | float]:
    subject = SUBJECTS[letter.name]
    return {"mail": letter.name, "subject": subject, "cuil": masked_cuil(letter.cuil), **letter.fill}


def _envelope() -> EmailTemplate:
    """The stored template. Two made at the same moment do no harm: each is as good as the other."""
    return EmailTemplate.objects.filter(**_ENVELOPE).first() or EmailTemplate.objects.create(**_ENVELOPE)
