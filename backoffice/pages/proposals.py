"""What waits for a second person."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.evidence import in_words
from backoffice.cases import case_of, open_case
from backoffice.deeds import DEEDS, NotNow
from backoffice.models import Proposal
from backoffice.pages.cases import by_whom
from backoffice.proposals import decide, waiting_at, with_names
from backoffice.roles import May
from backoffice.site import allowed, employee_of, show
from backoffice.trails import count_deed, staff_trail
from identity.cuil import Cuil
from identity.models import Person
from identity.register import masked_cuil


def proposals(request: HttpRequest) -> HttpResponse:
    """Those of the employee's own office; for whoever only reads, of all."""
    rows = [
        {
            "number": proposal.pk,
            "label": DEEDS[proposal.action].label,
            "cuil": masked_cuil(proposal.cuil),
            "by": proposal.proposed_by,
            "at": proposal.proposed_at,
            "is_mine": proposal.proposed_by_id == request.user.pk,
        }
        for proposal in with_names(_seen_by(request))
    ]
    return show(request, "backoffice/propuestas.html", rows=rows, title="Esperan a otra persona")


def proposal(request: HttpRequest, number: int) -> HttpResponse:
    """Looking at it is looking at the case: an event. POST decides."""
    employee = employee_of(request)
    found = get_object_or_404(_seen_by(request), pk=number)
    if found.cuil == employee.cuil:
        raise PermissionDenied
    person = get_object_or_404(Person, cuil=found.cuil)
    if request.method == "POST":
        return _decide(request, found, person)
    open_case(request, person)
    return show(
        request,
        "backoffice/propuesta.html",
        title=DEEDS[found.action].label,
        proposal=found,
        case=case_of(request, person),
        cuil_formatted=Cuil(person.cuil).formatted,
        evidence=list(in_words(found.evidence)),
        is_mine=found.proposed_by_id == employee.user_id,
        effect=DEEDS[found.action].effect,
        may_decide=allowed(request, May.APPROVE),
    )


def _seen_by(request: HttpRequest) -> QuerySet[Proposal]:
    return waiting_at(employee_of(request).office if allowed(request, May.APPROVE) else None)


def _decide(request: HttpRequest, found: Proposal, person: Person) -> HttpResponse:
    approve = "approve" in request.POST
    if not approve and "reject" not in request.POST:
        return redirect("admin:propuesta", found.pk)
    evidence = {
        **found.evidence,
        "deed": found.action,
        "proposal": found.pk,
        "proposed_by": found.proposed_by_id,
    }
    try:
        count_deed(request)
        decide(
            found, employee_of(request), case_of(request, person), staff_trail(request, **evidence),
            approve=approve,
        )  # fmt: skip
    except NotNow as not_now:
        messages.error(request, f"No se hizo. {by_whom(person.cuil, str(not_now))}")
    else:
        messages.success(request, "Aprobado y hecho." if approve else "Rechazado.")
    return redirect("admin:propuestas")
