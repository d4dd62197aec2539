"""The search box, the case, and what is done with it: form, confirming page, result."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from accounts.events import Actor, ClaveEvent, Note
from accounts.evidence import in_words
from accounts.lifecycle import Move
from backoffice.cases import Case, NotFound, NothingTyped, case_of, find, open_case, opened
from backoffice.deeds import DEEDS, Deed, NotNow
from backoffice.proposals import propose, waiting_for
from backoffice.site import allowed, employee_of
from backoffice.site import show as show_page
from backoffice.trails import count_deed, misses_limit, remember, staff_trail
from identity.cuil import Cuil
from offices.models import Office


@sensitive_post_parameters()
def search(request: HttpRequest) -> HttpResponse:
    """An exact hit opens the case at once. By POST: no number of anybody stands in an address."""
    if request.method != "POST":
        return redirect("admin:index")
    try:
        person = find(request.POST.get("q", ""))
    except NotFound as nobody:
        if not isinstance(nobody, NothingTyped):
            misses_limit().spend(str(employee_of(request).pk))
            remember(request, Note.LOOKUP_MISSED)
        messages.error(request, str(nobody))
        return redirect("admin:index")
    open_case(request, person)
    return redirect("admin:caso", person.pk)


def _case(request: HttpRequest, number: int) -> Case | None:
    person = opened(request, number)
    return case_of(request, person) if person else None


def show(request: HttpRequest, number: int) -> HttpResponse:
    case = _case(request, number)
    if case is None:
        messages.warning(request, "Ese caso no está abierto. Buscalo de nuevo.")
        return redirect("admin:index")
    return show_page(
        request,
        "backoffice/caso.html",
        title="Caso",
        case=case,
        cuil_formatted=Cuil(case.person.cuil).formatted,
        timeline=timeline_of(case.events),
        waiting=[(deed.label, proposal) for deed, proposal in waiting_for(case)],
        deeds=[
            {"slug": deed.slug, "label": deed.label, "why_not": _why_not(deed, case)}
            for deed in DEEDS.values()
            if allowed(request, deed.may)
        ],
    )


def _why_not(deed: Deed, case: Case) -> str:
    return "Nadie actúa sobre su propio CUIL." if case.is_own else deed.why_not(case)


def timeline_of(events: Sequence[ClaveEvent]) -> list[dict[str, Any]]:
    """Events in plain words, with who of the staff, which office, and what was seen.

    Of what a curador did, too: for whom and on the basis of what is what a judge will ask.
    """
    staff = get_user_model().objects.in_bulk([e.staff_id for e in events if e.staff_id])
    offices = dict(Office.objects.filter(code__in={e.office for e in events}).values_list("code", "name"))
    return [
        {
            "at": timezone.localtime(event.at),
            "what": event.get_kind_display(),
            "who": str(staff.get(event.staff_id, "")) or event.get_actor_display(),
            "office": offices.get(event.office, ""),
            "seen": list(in_words(event.evidence)) if event.staff_id or event.actor == Actor.CURADOR else [],
        }
        for event in events
    ]


@sensitive_post_parameters()
def act(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """The form with the evidence; then what will happen, to be confirmed; then the deed."""
    deed, case = DEEDS.get(slug), _case(request, number)
    if deed is None:
        raise Http404
    if not allowed(request, deed.may):
        raise PermissionDenied
    if case is None:
        messages.warning(request, "Ese caso no está abierto. Buscalo de nuevo.")
        return redirect("admin:index")
    if case.is_own:
        raise PermissionDenied
    if why_not := deed.why_not(case):
        messages.error(request, _by_whom(case, why_not))
        return redirect("admin:caso", number)
    return _ask(request, deed, case)


def _ask(request: HttpRequest, deed: Deed, case: Case) -> HttpResponse:
    form = deed.form(request.POST or None, case=case)
    ready = request.method == "POST" and form.is_valid()
    if ready and "confirmed" in request.POST:
        return _do(request, deed, case, form.evidence())
    return show_page(
        request,
        "backoffice/acto.html",
        title=deed.label,
        deed=deed,
        case=case,
        cuil_formatted=Cuil(case.person.cuil).formatted,
        form=form,
        confirming=ready and "back" not in request.POST,
        review=list(form.review()) if ready else [],
        needs_two=ready and deed.needs_two(form.evidence()),
    )


def _do(request: HttpRequest, deed: Deed, case: Case, evidence: dict[str, Any]) -> HttpResponse:
    employee = employee_of(request)
    try:
        count_deed(request)
        if deed.needs_two(evidence):
            propose(employee, deed, case, evidence, staff_trail(request, deed=deed.slug, **evidence))
            messages.success(
                request, "Quedó propuesto. Lo tiene que aprobar otra persona dentro de 24 horas."
            )
        else:
            deed.do(case, evidence, staff_trail(request, deed=deed.slug, **evidence))
            messages.success(request, f"Hecho: {deed.label}.")
    except NotNow as not_now:
        messages.error(request, f"No se hizo. {_by_whom(case, str(not_now))}")
    return redirect("admin:caso", case.person.pk)


def _by_whom(case: Case, why: str) -> str:
    """Of four employees at once three are told who was first: the newest move of a key of this person."""
    moves = ClaveEvent.objects.filter(cuil=case.person.cuil, kind__in=Move.values)
    last = moves.order_by("-seq").first()
    if last is None:
        return why
    told = timeline_of([last])[0]
    where = f", {told['office']}" if told["office"] else ""
    return f"{why} Lo último: {told['what']}. {told['who']}{where}, el {told['at']:%d/%m/%Y a las %H:%M}."
