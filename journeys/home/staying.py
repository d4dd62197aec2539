"""«Seguir conectado»: the session goes on, and the page learns for how long (static/js/session.js)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from accounts.session import seconds_left
from journeys.home.base import BehindLogIn


class Stay(BehindLogIn):
    """Coming here is what keeps the session. 0 seconds: the start page says what ended."""

    def _turned_away(self, request: HttpRequest) -> HttpResponse | None:
        elsewhere = super()._turned_away(request)
        if elsewhere is not None and _is_script(request):
            return JsonResponse({"seconds": 0, "whole": 0})
        return elsewhere

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("inicio")

    def post(self, request: HttpRequest) -> HttpResponse:
        if not _is_script(request):
            return redirect("inicio")
        seconds, whole = seconds_left(request)
        return JsonResponse({"seconds": seconds, "whole": whole})


def _is_script(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")
