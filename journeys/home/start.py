"""The start page behind log-in (guide, step 10): the key, what it opens, and what somebody asked for."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import TemplateView

from accounts.disavowal import cancel, pending_replacement
from accounts.events import Actor, Trail
from accounts.lifecycle import MoveNotAllowed
from guards.address import client_address
from identity.cuil import Cuil
from identity.models import Person
from journeys.applications.shelf import shelf
from journeys.home.base import BehindLogIn


class Home(BehindLogIn, TemplateView):
    """What the key is, and what it opens. Read from the database on every visit."""

    template_name = "home/inicio.html"
    asks_for_whom = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = Person.objects.get(cuil=self.clave.cuil)
        level = self.clave.level or 0
        return super().get_context_data(
            person_name=f"{person.given_names} {person.surname}",
            cuil_formatted=Cuil(person.cuil).formatted,
            level=level,
            replacement=pending_replacement(person.cuil),
            told_where=self.clave.email_confirmed_at is not None,
            level_since=timezone.localtime(self.clave.state_since).date(),
            applications=shelf(level),
            **kwargs,
        )


class CancelReplacement(BehindLogIn):
    """«No fui yo», after log-in: the pending key that somebody asked for is called off.

    It is about the holder's own key, whoever they act for: the warning must not wait until they return.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("inicio")

    def post(self, request: HttpRequest) -> HttpResponse:
        asked_for = pending_replacement(self.acting.holder)
        if asked_for is not None:
            with suppress(MoveNotAllowed):  # enabled, replaced or called off a moment ago
                cancel(asked_for, Trail(Actor.OWNER, client_address(request), evidence={"disavowed": True}))
                messages.success(request, "Cancelamos el pedido. Tu clave de siempre sigue funcionando.")
        return redirect("inicio")
