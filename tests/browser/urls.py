"""The portal's addresses, and one for each page that only a failure shows."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils import timezone
from django.views.defaults import bad_request, permission_denied, server_error

from guards.limits import Limit, LimitReached


def bad(request: HttpRequest) -> HttpResponse:
    return bad_request(request, ValueError())


def forbidden(request: HttpRequest) -> HttpResponse:
    return permission_denied(request, PermissionError())


def too_often(request: HttpRequest) -> HttpResponse:
    limit = Limit("test", free=1, window=timedelta(minutes=5))
    raise LimitReached(limit, timezone.now() + limit.window)


urlpatterns = [
    path("prueba/400/", bad),
    path("prueba/403/", forbidden),
    path("prueba/429/", too_often),
    path("prueba/500/", server_error),
    path("", include("clave_portal.urls")),
]
