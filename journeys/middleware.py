"""What holds for every page, so that no page has to remember it."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from accounts.hashing import HashingBusy
from accounts.session import end_if_suspended
from forms_usi07.paper import PressBusy
from guards.limits import LimitReached

_PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"


class PrivateByDefault:
    """No page is stored by a browser or a proxy, nor embedded by another site."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in {"utf-8", "utf8"}:
            # Django would decode the form with it; its own view for this would, too, to check the token.
            response = render(request, "400.html", status=400)
        else:
            response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            # Django's own refusal says nothing to whoever reads it.
            response.content = render_to_string("405.html")
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, LimitReached):
            return _wait(request, "429.html", 429, minutes=error.minutes_left)
        if isinstance(error, PressBusy):
            return _wait(request, "503.html", 503, minutes=1)
        if isinstance(error, HashingBusy):
            return _come_again(request)
        return None


class SuspendedKeys:
    """A curatela suspends the key of whoever is in, whatever they click next; a page says why (R12)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session and end_if_suspended(request):
            return redirect("aviso", "clave-suspendida")
        return self.get_response(request)


def _come_again(request: HttpRequest) -> HttpResponse:
    """In some seconds a place is free."""
    response = render(request, "503.html", status=503)
    response.headers["Retry-After"] = "10"
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - no line of log for each try
    return response


def _wait(request: HttpRequest, template: str, status: int, minutes: int) -> HttpResponse:
    response = render(request, template, {"minutes": minutes}, status=status)
    response.headers["Retry-After"] = str(minutes * 60)
    return response
