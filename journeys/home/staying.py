"""«Seguir conectado»: the session goes on, and the page learns for how long (static/js/session.js)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from accounts.session import seconds_left


def stay(request: HttpRequest) -> HttpResponse:
    """Coming here is what keeps the session (accounts/session.py). 0 seconds: it was over already."""
    if request.method != "POST" or "application/json" not in request.headers.get("Accept", ""):
        return redirect("inicio")
    if not getattr(request.user, "cuil", None):
        return JsonResponse({"seconds": 0, "whole": 0})
    seconds, whole = seconds_left(request)
    return JsonResponse({"seconds": seconds, "whole": whole})
