"""What is shown when something fails: what happened, and what to do."""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import server_error

_log = logging.getLogger(__name__)
_RETRY_SECONDS = 10


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page stood open too long, or cookies are off. The reason is for developers, not shown."""
    return render(request, "403_csrf.html", status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """Whatever no page expected, in a middleware too: Django calls it while it handles the exception."""
    error = sys.exc_info()[1]
    if isinstance(error, (OperationalError, InterfaceError)):
        return _without_database(request, error)
    return server_error(request)


def _without_database(request: HttpRequest, error: Exception) -> HttpResponse:
    """A page that asks it nothing. One line in the log: a traceback for each visitor would fill the disk.

    It names the page, since what took too long or waited for a lock ends here too.
    """
    page = f"/{request.resolver_match.route}" if request.resolver_match else "-"
    reason = str(error).partition("\n")[0]
    _log.error("the database gave no answer, for %s: %s: %s", page, type(error).__name__, reason)
    response = HttpResponse(render_to_string("errors/database.html"), status=503)
    response.headers["Retry-After"] = str(_RETRY_SECONDS)
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - django.utils.log's mark
    return response
