"""Who did it, from where, for the audit."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.events import Actor, Trail
from backoffice.site import employee_of
from guards.address import client_address
from guards.limits import Limit


def staff_trail(request: HttpRequest, **evidence: Any) -> Trail:
    """The trail of the employee who is in."""
    employee = employee_of(request)
    return Trail(
        Actor.STAFF,
        client_address(request),
        staff_id=employee.user_id,
        office=employee.office.code,
        evidence=evidence,
    )


def deeds_limit() -> Limit:
    """A stolen session does not raise a town: so many deeds an employee a day."""
    return Limit("deeds-employee", settings.PORTAL_DEEDS_PER_EMPLOYEE_DAY, timedelta(days=1))
