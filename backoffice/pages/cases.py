"""The search box, the case, and what is done with it: form, confirming page, result."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters

from accounts.events import ClaveEvent, Note
from accounts.lifecycle import Move
from backoffice.audit import InWords
from backoffice.cases import Case, NotFound, NothingTyped, case_of, find, open_case, opened
from backoffice.deeds import DEED_LABELS, DEEDS, Deed, NotNow
from backoffice.proposals import propose, waiting_for
from backoffice.site import allowed, employee_of
from backoffice.site import show as show_page
from backoffice.trails import count_deed, misses_limit, remember, staff_trail
from identity.cuil import Cuil


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
    waiting = waiting_for(case)
    proposed = {deed.slug for deed, _ in waiting}
    return show_page(
        request,
        "backoffice/caso.html",
        title="Caso",
        case=case,
        cuil_formatted=Cuil(case.person.cuil).formatted,
        timeline=InWords(DEED_LABELS).tell(case.events),
        waiting=[(deed.label, proposal) for deed, proposal in waiting],
        deeds=[
            {"slug": deed.slug, "label": deed.label, "why_not": _why_not(deed, case, proposed)}
            for deed in DEEDS.values()
            if allowed(request, deed.may)
        ],
    )


def _why_not(deed: Deed, case: Case, proposed: set[str]) -> str:
    if case.is_own:
        return "Nadie actúa sobre su propio CUIL."
    return "Ya está propuesto: espera a otra persona." if deed.slug in proposed else deed.why_not(case)


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
        messages.error(request, by_whom(case.person.cuil, why_not))
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
        title=f"Error: {deed.label}" if form.errors else deed.label,
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
            deed.perform(case, evidence, staff_trail(request, deed=deed.slug, **evidence))
            messages.success(request, f"Hecho: {deed.label}.")
    except NotNow as not_now:
        messages.error(request, f"No se hizo. {by_whom(case.person.cuil, str(not_now))}")
    return redirect("admin:caso", case.person.pk)


def by_whom(cuil: str, why: str) -> str:
    """Of four employees at once three are told who was first: the newest move of a key of this person."""
    moves = ClaveEvent.objects.filter(cuil=cuil, kind__in=Move.values)
    last = moves.order_by("-seq").first()
    if last is None:
        return why
    (line,) = InWords().tell([last])
    who = ", ".join(filter(None, [line.employee or line.who, line.office]))
    return f"{why} Lo último: {line.what}. {who}, el {line.at[:10]} a las {line.at[11:16]}."
