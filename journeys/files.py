"""Files that are made when they are asked for, given at once and stored nowhere."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpResponse

from guards.limits import Limit


def hand_over(limit: Limit, who: str, make: Callable[[], bytes], remember: Callable[[], object]) -> bytes:
    """The file, counted and remembered in one transaction; one that could not be made costs nothing.

    Raises:
        guards.limits.LimitReached, forms_usi07.paper.PressBusy: nothing was counted.
    """
    content = make() if limit.left(who) else b""
    with transaction.atomic():
        limit.spend(who)
        remember()
    return content


def attachment(content: bytes, name: str, content_type: str = "application/pdf") -> HttpResponse:
    """To be saved, not shown: browsers show a PDF in ways that our policy forbids."""
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
