"""«Sesiones abiertas»: where a key is in use now, and how to end that from elsewhere.

A row for each session of a citizen, whose number the session holds; without the row the session is over. No
address and no name of a session is kept; of the browser, two words. What ended is not in the list, and its
row goes soon after.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import Clave

_KEY = "open_session"


class OpenSession(models.Model):
    cuil = models.CharField("CUIL", max_length=11, db_index=True)
    # Of the key as it was at log-in: with another secret, or another key, the session is over.
    seal = models.CharField("sello", max_length=32)
    browser = models.CharField("navegador y sistema", max_length=60)
    opened_at = models.DateTimeField("abierta", default=timezone.now)
    seen_at = models.DateTimeField("usada por última vez", default=timezone.now)

    class Meta:
        verbose_name = "sesión abierta"
        verbose_name_plural = "sesiones abiertas"
        indexes = [models.Index(fields=["seen_at"], name="open_session_seen")]

    def __str__(self) -> str:
        return f"{self.browser}, {self.opened_at:%d/%m/%Y %H:%M}"


def begin(session: SessionBase, clave: Clave, browser: str) -> None:
    """At log-in."""
    OpenSession.objects.filter(_over(), cuil=clave.cuil).delete()
    row = OpenSession.objects.create(cuil=clave.cuil, seal=clave.seal, browser=browser)
    session[_KEY] = row.pk


def number_of(session: SessionBase) -> int:
    """0 where it has none: then it is over."""
    number = session.get(_KEY, 0)
    return number if isinstance(number, int) else 0


def is_open(session: SessionBase) -> bool:
    return OpenSession.objects.filter(pk=number_of(session)).exists()


def touch(session: SessionBase) -> None:
    OpenSession.objects.filter(pk=number_of(session)).update(seen_at=timezone.now())


def end(session: SessionBase) -> None:
    """Before the session itself is forgotten."""
    OpenSession.objects.filter(pk=number_of(session)).delete()


def of(clave: Clave) -> models.QuerySet[OpenSession]:
    """Where this key is in use now, the one used last first."""
    return OpenSession.objects.exclude(_over()).filter(cuil=clave.cuil, seal=clave.seal).order_by("-seen_at")


def close(clave: Clave, number: int) -> int:
    """End one session of this key. Returns how many ended: none, if it was another's or over already."""
    return of(clave).filter(pk=number).delete()[0]


def close_others(clave: Clave, session: SessionBase) -> int:
    """End all sessions of this key but this one."""
    return of(clave).exclude(pk=number_of(session)).delete()[0]


def close_all(cuil: str) -> None:
    """End every session of this person, whatever key it was opened with."""
    OpenSession.objects.filter(cuil=cuil).delete()


def go_on_with(clave: Clave, session: SessionBase) -> None:
    """The key has a new seal: this session goes on. Those with the one before are over, and say why."""
    OpenSession.objects.filter(pk=number_of(session)).update(seal=clave.seal)


def sweep() -> int:
    """Drop the rows of whatever ended by itself. Returns how many."""
    return OpenSession.objects.filter(_over()).delete()[0]


def _over() -> Q:
    """Left alone, or grown old: the limits of accounts/session.py."""
    now = timezone.now()
    alone = now - timedelta(minutes=settings.PORTAL_IDLE_MINUTES)
    old = now - timedelta(hours=settings.PORTAL_SESSION_HOURS)
    return Q(seen_at__lt=alone) | Q(opened_at__lt=old)
