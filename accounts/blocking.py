"""«Bloquear acceso»: nobody enters with the key of this person, until an office has seen who they are.

It is no state of a key (design, §5) but a column of the person: a key made or restored meanwhile must not be
a way around it. Whoever is logged in is read with that column on every request.
"""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from accounts import notices, open_sessions
from accounts.events import Note, Trail, record
from accounts.lifecycle import AccessBlocked
from guards.locks import one_at_a_time


def is_blocked(cuil: str) -> bool:
    return get_user_model().objects.filter(cuil=cuil, blocked_at__isnull=False).exists()


def refuse_if_blocked(cuil: str) -> None:
    """Under the lock of that CUIL.

    Raises:
        AccessBlocked: it is.
    """
    if is_blocked(cuil):
        raise AccessBlocked("El acceso está bloqueado: lo desbloquea una oficina.")


@transaction.atomic
def block(cuil: str, trail: Trail) -> bool:
    """From now on nobody enters. Twice is once. Returns whether it was this call."""
    one_at_a_time(cuil)
    people = get_user_model().objects
    if not people.filter(cuil=cuil, blocked_at__isnull=True).update(blocked_at=timezone.now()):
        return False
    # Otherwise a browser that waits would be inside again once the block is lifted.
    open_sessions.close_all(cuil)
    _tell(cuil, Note.BLOCKED, trail)
    return True


@transaction.atomic
def unblock(cuil: str, trail: Trail) -> bool:
    """An office has seen who it is. Returns whether there was a block to lift."""
    one_at_a_time(cuil)
    if not get_user_model().objects.filter(cuil=cuil, blocked_at__isnull=False).update(blocked_at=None):
        return False
    _tell(cuil, Note.UNBLOCKED, trail)
    return True


def _tell(cuil: str, note: Note, trail: Trail) -> None:
    from accounts.models import Clave

    clave = Clave.objects.live().filter(cuil=cuil).first()
    record(cuil, note, trail, clave_number=clave.pk if clave else None)
    if clave is not None:
        notices.tell_of(note, clave)
