"""What is shown when something fails: what happened, and what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page stood open too long, or cookies are off. The reason is for developers, not shown."""
    return render(request, "403_csrf.html", status=403)
