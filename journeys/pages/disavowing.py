"""«No fui yo», the link of a mail. Looking changes nothing: programs that check mail open every link."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from accounts.denial import Denial
from accounts.disavowal import Disavowal, LinkRefused
from accounts.events import Actor, Trail
from accounts.lifecycle import MoveNotAllowed
from guards.address import client_address


class Disavow(TemplateView):
    """Asks by GET, acts by POST, and tells what came of it by GET again. Never asks for the key."""

    http_method_names = ["get", "head", "post"]
    template_name = "journeys/no-fui-yo.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            outlook = _read(kwargs["token"]).outlook
        except LinkRefused:
            return self.render_to_response({"outlook": "refused"}, status=410)
        return self.render_to_response({"outlook": outlook.value})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        trail = Trail(Actor.VISITOR, client_address(request), evidence={"disavowed": True})
        # Refused or overtaken: the page says how things stand.
        with suppress(LinkRefused, MoveNotAllowed):
            _read(token).act(request.POST.get("answer", ""), trail)
        return redirect("no-fui-yo", token)


def _read(token: str) -> Disavowal | Denial:
    """Of a replacement, or of anything else that happened to a key; the signature tells which.

    Raises:
        LinkRefused: of neither.
    """
    try:
        return Disavowal.of(token)
    except LinkRefused:
        return Denial.of(token)
