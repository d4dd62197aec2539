"""Who did it, from where, for the audit."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest

from accounts.events import OFFICE_CHAIN, Actor, Note, Trail, record
from backoffice.site import employee_of
from guards.address import client_address
from guards.limits import Limit


def staff_trail(request: HttpRequest, **evidence: Any) -> Trail:
    """The trail of the employee who is in.

    Raises:
        PermissionDenied: a user without an office.
    """
    employee_of(request)
    return user_trail(request, request.user, **evidence)


def user_trail(request: HttpRequest, user: Any, **evidence: Any) -> Trail:
    """The trail of a user of the office, also of one who has none or is not in yet (None: unknown).

    Raises:
        PermissionDenied: a citizen; nothing of theirs is done by staff.
    """
    if getattr(user, "cuil", None):
        raise PermissionDenied
    employee = getattr(user, "employee", None)
    return Trail(
        Actor.STAFF,
        client_address(request),
        staff_id=user.pk if user else None,
        office=employee.office.code if employee else "",
        evidence=evidence,
    )


def remember(request: HttpRequest, note: Note, *, user: Any = None, **evidence: Any) -> None:
    """What concerns nobody's key, in the office's own chain. `user`: who, if not the one who is in."""
    with transaction.atomic():
        record(OFFICE_CHAIN, note, user_trail(request, user or request.user, **evidence))


def misses_limit() -> Limit:
    """Whoever tries number after number is stopped: the search is for what is on a paper in the hand."""
    return Limit("misses-employee", settings.PORTAL_MISSES_PER_EMPLOYEE_HOUR, timedelta(hours=1))


def cases_limit() -> Limit:
    """Nor does a stolen session with a list of documents page through the register."""
    return Limit("cases-employee", settings.PORTAL_CASES_PER_EMPLOYEE_HOUR, timedelta(hours=1))


def count_deed(request: HttpRequest) -> None:
    """A stolen session does not raise a town. Long before the limit, an event says that it is many (T13).

    Raises:
        guards.limits.LimitReached: no more today.
    """
    limit = Limit("deeds-employee", settings.PORTAL_DEEDS_PER_EMPLOYEE_DAY, timedelta(days=1))
    who = str(employee_of(request).pk)
    done = limit.spend(who)
    if done == settings.PORTAL_DEEDS_ALARM:
        remember(request, Note.MANY_DEEDS, deeds=done)
