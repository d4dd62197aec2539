"""What holds for every page, so that no page has to remember it."""

from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import bad_request

from guards.limits import LimitReached

_PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"


class PrivateByDefault:
    """No page is stored by a browser or a proxy, nor embedded by another site."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in {"utf-8", "utf8"}:  # Django would decode the form with it
            response: HttpResponse = bad_request(request, SuspiciousOperation("charset"))
        else:
            response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, LimitReached):
            return None
        response = render(request, "429.html", {"minutes": error.minutes_left}, status=429)
        response.headers["Retry-After"] = str(error.minutes_left * 60)
        return response
