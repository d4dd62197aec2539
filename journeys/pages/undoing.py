"""Undoing a change of address, with the link in the mail to the address before."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from accounts import addresses
from accounts.addresses import Undone, UndoRefused, masked_email
from accounts.events import Actor, Trail
from guards.address import client_address


class UndoAddress(TemplateView):
    """Asks by GET, acts by POST. Never asks for the key."""

    http_method_names = ["get", "head", "post"]
    template_name = "home/correo-deshacer.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            clave = addresses.to_undo(kwargs["token"])
        except Undone:
            return self.render_to_response({"outlook": "undone"})
        except UndoRefused:
            return self.render_to_response({"outlook": "refused"}, status=410)
        return self.render_to_response({"outlook": "undo", "former": masked_email(clave.former_email)})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        # Refused: the page says how things stand.
        with suppress(UndoRefused):
            addresses.undo(addresses.to_undo(token), Trail(Actor.VISITOR, client_address(request)))
        return redirect("deshacer-correo", token)
