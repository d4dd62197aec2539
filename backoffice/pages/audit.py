"""The audit: a list to read, and a file to take along.

Filters are sent by POST and kept nowhere: a CUIL never stands in an address or a session. Who reads
the events, and who takes a file, becomes an event: of the CUIL they asked for, or of the office.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from accounts.events import OFFICE_CHAIN, ClaveEvent, Note, record
from accounts.lifecycle import Move
from backoffice.audit import COLUMNS, Filter, InWords, all_of, newest, page_of
from backoffice.deeds import DEED_LABELS
from backoffice.roles import May
from backoffice.sheets import as_file
from backoffice.site import allowed
from backoffice.site import show as show_page
from backoffice.trails import staff_trail
from identity.cuil import Cuil, InvalidCuil
from offices.models import Office

_BIGGEST = 2**63 - 1
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
_WRONG_YEAR = "El año tiene que estar entre 2000 y 2199"


class DayField(forms.DateField):
    def __init__(self, label: str) -> None:
        super().__init__(
            label=label,
            help_text="Por ejemplo: 31/12/2026",
            required=False,
            input_formats=["%d/%m/%Y", "%Y-%m-%d"],
            validators=[
                MinValueValidator(_FIRST_DAY, _WRONG_YEAR),
                MaxValueValidator(_LAST_DAY, _WRONG_YEAR),
            ],
            error_messages={"invalid": f"{label}: escribí el día, el mes y el año, así: 31/12/2026"},
        )


class FilterForm(forms.Form):
    cuil = forms.CharField(label="CUIL", required=False, max_length=40)
    employee = forms.CharField(label="Empleado", required=False, max_length=150)
    office = forms.ChoiceField(label="Oficina", required=False)
    kind = forms.ChoiceField(
        label="Qué pasó",
        required=False,
        choices=[("", "Todo"), *sorted([*Move.choices, *Note.choices], key=lambda choice: choice[1])],
    )
    since = DayField("Desde el día")
    until = DayField("Hasta el día")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [("", "Todas"), *Office.objects.values_list("code", "name")]  # type: ignore[attr-defined]

    def clean_cuil(self) -> str:
        typed: str = self.cleaned_data["cuil"]
        try:
            return Cuil.parse(typed) if typed.strip() else ""
        except InvalidCuil as wrong:
            raise ValidationError(str(wrong)) from wrong

    def clean_employee(self) -> int | None:
        """Whoever works, or worked, at an office; the name as it is typed to enter."""
        typed = self.cleaned_data["employee"].strip()
        if not typed:
            return None
        number = (
            get_user_model().objects.filter(username=typed, cuil=None).values_list("pk", flat=True).first()
        )
        if number is None:
            raise ValidationError("No hay ningún empleado con ese nombre")
        return number

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("since") and given.get("until") and given["since"] > given["until"]:
            self.add_error("until", "El último día tiene que ser igual o posterior al primero")
        return given

    @property
    def chosen(self) -> Filter:
        given = dict(self.cleaned_data)
        return Filter(staff_id=given.pop("employee"), **given)

    @property
    def sent(self) -> list[tuple[str, str]]:
        """What the buttons below the list send again."""
        return [(name, self.data[name]) for name in self.fields if self.data.get(name)]


@sensitive_post_parameters()
def read(request: HttpRequest) -> HttpResponse:
    """The newest events, or those the form asks for, fifty at a time."""
    form = FilterForm(request.POST if request.method == "POST" else None)
    if form.is_bound and not form.is_valid():
        return _page(request, form, [], None)
    chosen = form.chosen if form.is_bound else Filter()
    events, more = page_of(chosen, _number(request.POST.get("before", "")))
    _remember(request, Note.AUDIT_READ, chosen)
    return _page(request, form, events, more)


def _page(request: HttpRequest, form: FilterForm, events: list[ClaveEvent], more: int | None) -> HttpResponse:
    return show_page(
        request,
        "backoffice/auditoria.html",
        title="Error: Auditoría" if form.errors else "Auditoría",
        form=form,
        lines=InWords(DEED_LABELS).tell(events),
        more=more,
        sent=form.sent,
        is_later_page=bool(_number(request.POST.get("before", ""))),
        may_export=allowed(request, May.EXPORT) and not form.errors,
    )


def _number(text: str) -> int | None:
    return min(int(text), _BIGGEST) if text.isascii() and text.isdigit() and len(text) < 20 else None


@sensitive_post_parameters()
def export(request: HttpRequest) -> HttpResponseBase:
    """The chosen events as a file, up to the newest one of this moment."""
    form = FilterForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return redirect("admin:auditoria")
    first = newest()
    _remember(request, Note.AUDIT_EXPORTED, form.chosen, newest=first and first.pk)
    return as_file(_rows(form.chosen, first), f"auditoria-{timezone.localdate():%Y-%m-%d}")


def _remember(request: HttpRequest, note: Note, chosen: Filter, **more: Any) -> None:
    """In the chain of the CUIL that was read; of a reading that is nobody's, in the office's own."""
    with transaction.atomic():
        record(chosen.cuil or OFFICE_CHAIN, note, staff_trail(request, **chosen.told, **more))


def _rows(chosen: Filter, first: ClaveEvent | None) -> Iterator[list[str | int]]:
    yield list(COLUMNS)
    words = InWords(DEED_LABELS)
    for batch in all_of(chosen, first):
        yield from (line.cells for line in words.tell(batch))
