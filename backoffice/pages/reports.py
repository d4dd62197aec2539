"""The queue of what people told (INCORRECTOS, «no fui yo»), and one of it. Addresses hold its number only."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from backoffice import reports
from backoffice.audit import InWords
from backoffice.cases import open_case
from backoffice.deeds import NotNow
from backoffice.reports import PAGE, Kind, Report, Result, State
from backoffice.roles import May
from backoffice.site import allowed, employee_of, show
from backoffice.trails import staff_trail
from identity.models import CorrectionRequest, Person
from identity.register import masked_cuil

_KINDS = {"no-fui-yo": Kind.NOT_ME, "datos": Kind.WRONG_DATA}
_TABS = {"abiertos": State.OPEN, "tomados": State.TAKEN, "resueltos": State.CLOSED}
# Of a number of the database; a longer one would not fit it.
_LONGEST = 18


class ResultForm(forms.Form):
    result = forms.ChoiceField(
        label="¿Cómo terminó?",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Elegí cómo terminó"),
    )

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        results = Report.RESULTS[Kind(report.kind)]
        self.fields["result"].choices = [(result.value, result.label) for result in results]  # type: ignore[attr-defined]


def reports_page(request: HttpRequest) -> HttpResponse:
    """Fifty at a time, by kind and state."""
    kind = _one_of(_KINDS, request.GET.get("de", ""))
    tab = _one_of(_TABS, request.GET.get("estado", ""))
    found = list(reports.queue(_KINDS[kind], _TABS[tab], _number(request.GET.get("despues", ""))))
    rows, more = found[:PAGE], found[PAGE:]
    names, asked = reports.names_of(rows), reports.asked_for(rows)
    return show(
        request,
        "backoffice/avisos.html",
        title=f"Avisos: {_KINDS[kind].label.lower()}, {tab}",
        kind=kind,
        kinds=[(name, each.label) for name, each in _KINDS.items()],
        tab=tab,
        tabs=list(_TABS),
        rows=[
            {"report": row, "cuil": masked_cuil(row.cuil), "by": names[row.pk], "asked": row.pk in asked}
            for row in rows
        ],
        next_after=rows[-1].pk if more else None,
    )


def _one_of(names: Iterable[str], asked: str) -> str:
    """The name that was asked for; the first where it is none of them."""
    return asked if asked in names else next(iter(names))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None


def report_page(request: HttpRequest, number: int) -> HttpResponse:
    """What it is about, and its next step. What the register says of the person is in the case."""
    report = get_object_or_404(Report, pk=number)
    if report.cuil == employee_of(request).cuil:
        raise PermissionDenied
    if request.method == "POST":
        return _act(request, report)
    return _show(request, report, ResultForm(report=report))


def _show(request: HttpRequest, report: Report, form: forms.Form) -> HttpResponse:
    is_mine = report.taken_by == employee_of(request).user_id
    return show(
        request,
        "backoffice/aviso.html",
        title=f"Aviso {report.pk}",
        report=report,
        cuil=masked_cuil(report.cuil),
        by=reports.names_of([report])[report.pk],
        is_mine=is_mine,
        requests=[_told(request) for request in report.requests.order_by("pk")] if is_mine else [],
        may_act=allowed(request, May.REPORTS),
        not_recognised=InWords().tell(reports.not_recognised(report)) if is_mine else [],
        form=form,
    )


def _told(request: CorrectionRequest) -> dict[str, Any]:
    """A request, and whose key it was where it was not the person's own."""
    curador = "" if request.asked_by == request.report.cuil else masked_cuil(request.asked_by)
    return {"request": request, "curador": curador}


def _act(request: HttpRequest, report: Report) -> HttpResponse:
    if "open" in request.POST:
        return _open(request, report)
    try:
        if "take" in request.POST:
            reports.take(report, employee_of(request), staff_trail(request))
            messages.success(request, "Lo tomaste vos.")
        elif (form := ResultForm(request.POST, report=report)).is_valid():
            _close(request, report, form.cleaned_data)
        else:
            return _show(request, report, form)
    except NotNow as not_now:
        messages.error(request, f"No se hizo. {not_now}")
    return redirect("admin:aviso", report.pk)


def _close(request: HttpRequest, report: Report, typed: dict[str, Any]) -> None:
    reports.close(report, employee_of(request), Result(typed["result"]), staff_trail(request))
    messages.success(request, "Quedó resuelto.")


def _open(request: HttpRequest, report: Report) -> HttpResponse:
    """To the case, which says what the register has; that it was opened is an event."""
    person = Person.objects.filter(cuil=report.cuil).first()
    if person is None or not allowed(request, May.LOOK_UP):
        messages.error(request, "No se puede abrir el caso: esa persona ya no está en el registro.")
        return redirect("admin:aviso", report.pk)
    open_case(request, person, report=report.pk)
    return redirect("admin:caso", person.pk)
