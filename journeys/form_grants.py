"""Who may download a form USI-07, and for how long.

The address holds a random token and nothing of the person; it opens only in the browser that was
given it, for `PORTAL_FORM_MINUTES`, and only a few times.
"""

import secrets
import time
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Clave
from guards.limits import Limit

_KEY = "usi07"
_DOWNLOADS = 10


def downloads(token: str) -> tuple[Limit, str]:
    """What a download is counted against."""
    return Limit("usi07-downloads", _DOWNLOADS, timedelta(minutes=settings.PORTAL_FORM_MINUTES)), token


def grant(request: HttpRequest, clave: Clave) -> None:
    """This browser may download the form of this pending key; what it could before is forgotten."""
    request.session[_KEY] = {
        "token": secrets.token_urlsafe(16),
        "clave": clave.pk,
        "until": time.time() + settings.PORTAL_FORM_MINUTES * 60,
    }


def forget_grant(request: HttpRequest) -> None:
    """Whoever comes next to this browser is somebody else."""
    request.session.pop(_KEY, None)


def granted(request: HttpRequest, token: str) -> Clave | None:
    """The pending key whose form the address opens here; None when it opens nothing."""
    kept = _kept(request)
    if kept is None or not secrets.compare_digest(kept["token"].encode(), token.encode()):
        return None
    return Clave.objects.pending().filter(pk=kept["clave"]).first()


def form_url(request: HttpRequest) -> str | None:
    """Where this browser downloads the form it was granted; None when there is none."""
    kept = _kept(request)
    return reverse("usi-07-pdf", args=[kept["token"]]) if kept else None


def form_granted(request: HttpRequest) -> Clave | None:
    """The pending key of the granted form."""
    kept = _kept(request)
    return Clave.objects.pending().filter(pk=kept["clave"]).first() if kept else None


def _kept(request: HttpRequest) -> dict[str, str] | None:
    kept = request.session.get(_KEY)
    return kept if kept and kept["until"] > time.time() else None
