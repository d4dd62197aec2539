"""The one way into an application: whoever's key is of too low a level is told how to get the other."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.applications import Application
from journeys.home.base import BehindLogIn


class BehindGate(BehindLogIn):
    """A page of an application. Ours name theirs in `slug`; their address is the application's own.

    Being withdrawn or raised to level 3 takes effect on the next click, here as well.
    """

    slug = ""
    application: Application

    def _turned_away(self, request: HttpRequest) -> HttpResponse | None:
        elsewhere = super()._turned_away(request)
        return elsewhere if elsewhere is not None else self._stopped_at_the_gate(request)

    def _stopped_at_the_gate(self, request: HttpRequest) -> HttpResponse | None:
        slug = self.slug or self.kwargs["slug"]
        application = Application.objects.offered().filter(slug=slug).first()
        if application is None:
            raise Http404
        self.application = application
        return self.needs_level(application.level)

    def needs_level(self, level: int) -> HttpResponse | None:
        """The page that says how to get a key of this level; None for whoever has one."""
        if (self.clave.level or 0) >= level:
            return None
        context = {"application": self.application, "level": level, "acting": self.acting}
        return render(self.request, "applications/falta-nivel.html", context, status=403)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(application=self.application, **kwargs)


class Open(BehindGate):
    """To its address. That it was opened is no event: what is done in it may be."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        if self.application.opens_at:
            return redirect(self.application.opens_at)
        return render(request, "applications/sin-direccion.html", self.get_context_data())
