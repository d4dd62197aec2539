"""«Mis datos»: what is held about the person, and where it comes from (Ley 25.326, art. 14).

A key of level 2 shows neither what the identity questions ask nor what would tell it; a key of level 3
does, when asked to, and then nothing is asked of that person for a while (docs/decisions/0018).
"""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from accounts.dossier import Dossier, as_plain, dossier_of
from accounts.events import Note, record
from accounts.representation import trail_of
from forms_usi07.my_data import render_my_data
from guards.keyed import keyed_hash
from guards.limits import Limit
from identity.models import CorrectionRequest
from identity.shown import burn
from journeys.applications.gate import BehindGate
from journeys.files import attachment, hand_over

# The application whose pages these are.
SLUG = "mis-datos"
ALL_DATA_LEVEL = 3
_KEY = "all-data"
_SECONDS = 10 * 60


class AboutMyData(BehindGate):
    """Of whom: of the person they act for. `sees_all`: they asked to, a moment ago, with such a key."""

    slug = SLUG

    @property
    def sees_all(self) -> bool:
        kept = self.request.session.get(_KEY)
        return (
            self.clave.level == ALL_DATA_LEVEL
            and kept is not None
            and kept["until"] > time.time()
            and kept["person"] == self._mark()
        )

    def see_all(self) -> None:
        self.request.session[_KEY] = {"person": self._mark(), "until": time.time() + _SECONDS}

    def _mark(self) -> str:
        """Whose data, without naming them: a session holds no CUIL."""
        return keyed_hash(_KEY, self.acting.subject)


class MyData(AboutMyData, TemplateView):
    http_method_names = ["get", "head"]
    template_name = "applications/mis-datos.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = CorrectionRequest.objects.filter(report__cuil=self.acting.subject).select_related("report")
        return super().get_context_data(
            dossier=dossier_of(self.acting.subject, whole=self.sees_all),
            may_see_all=self.clave.level == ALL_DATA_LEVEL,
            requests=asked.order_by("-pk")[:10],
            **kwargs,
        )


class AllMyData(AboutMyData, TemplateView):
    """What it means to see everything, and the button."""

    template_name = "applications/mis-datos-completos.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(rest_days=settings.PORTAL_QUIZ_REST_DAYS, **kwargs)

    def _stopped_at_the_gate(self, request: HttpRequest) -> HttpResponse | None:
        stopped = super()._stopped_at_the_gate(request)
        return stopped if stopped is not None else self.needs_level(ALL_DATA_LEVEL)

    def post(self, request: HttpRequest) -> HttpResponse:
        subject = self.acting.subject
        with transaction.atomic():
            burn(subject)
            record(subject, Note.DATA_SEEN, trail_of(request, self.acting))
        self.see_all()
        return redirect("mis-datos")


class Download(AboutMyData):
    """What the page shows, as a file; in JSON with the events. `kind` is of the address: pdf or json."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        if _nobody_asked(request):
            return redirect("mis-datos")
        name, content_type = f"mis-datos.{kind}", f"application/{kind}"
        if request.method == "HEAD":
            return attachment(b"", name, content_type)
        subject, whole = self.acting.subject, self.sees_all

        def remember() -> None:
            trail = trail_of(request, self.acting, file=kind, all_data=whole)
            record(subject, Note.DATA_DOWNLOADED, trail)

        limit = Limit("my-data-downloads", settings.PORTAL_DOWNLOADS_PER_CUIL_DAY, timedelta(days=1))
        content = hand_over(limit, subject, lambda: _MAKERS[kind](dossier_of(subject, whole=whole)), remember)
        return attachment(content, name, content_type)


def _nobody_asked(request: HttpRequest) -> bool:
    """A link on somebody else's site, or a browser that fetches ahead: neither may spend a download."""
    elsewhere = request.headers.get("Sec-Fetch-Site") == "cross-site"
    return elsewhere or "prefetch" in request.headers.get("Sec-Purpose", "")


def _as_json(dossier: Dossier) -> bytes:
    return json.dumps(as_plain(dossier), ensure_ascii=False, indent=2).encode()


_MAKERS: dict[str, Callable[[Dossier], bytes]] = {"pdf": render_my_data, "json": _as_json}
