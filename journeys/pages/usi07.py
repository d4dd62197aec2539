"""Downloading the form USI-07, at once or again later, and the specific power of attorney."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe
from django.views.generic import FormView

from accounts.events import Note, record
from accounts.form_number import grouped
from accounts.models import Clave
from forms_usi07.usi07 import render as render_form
from forms_usi07.usi07 import usi07_of
from guards.address import client_address
from journeys.files import attachment, hand_over
from journeys.form_grants import downloads, form_granted, form_url, grant, granted
from journeys.forms import RecoverForm
from journeys.pages.creating import lookup_limits, visitor
from journeys.refusals import RedirectsRefusals

_NAME = "formulario-usi-07.pdf"


@require_safe
def download(request: HttpRequest, token: str) -> HttpResponse:
    """The PDF, for the browser that was granted it."""
    clave = granted(request, token)
    if clave is None:
        return redirect("aviso", "formulario-vencido")
    if request.method == "HEAD":
        return attachment(b"", _NAME)

    def remember() -> None:
        record(clave.cuil, Note.FORM_DOWNLOADED, visitor(request), clave_number=clave.pk)

    limit, who = downloads(token)
    return attachment(hand_over(limit, who, lambda: render_form(usi07_of(clave)), remember), _NAME)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class RecoverUsi07(RedirectsRefusals, FormView):
    """«Ya creé mi clave»: with the number on the form, the CUIL and the picture, the form again."""

    http_method_names = ["get", "head", "post"]
    template_name = "journeys/usi-07.html"
    form_class = RecoverForm
    private = ("form_number", "cuil")
    success_url = reverse_lazy("usi-07-listo")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: Form) -> HttpResponse:
        cuil = form.cleaned_data["cuil"]
        for limit, who in lookup_limits(client_address(self.request), cuil):
            limit.spend(who)
        number = form.cleaned_data["form_number"]
        clave = Clave.objects.pending().filter(cuil=cuil, form_number=number).first()
        if clave is None:
            form.add_error(None, RecoverForm.WRONG)
            return self.form_invalid(form)
        grant(self.request, clave)
        return super().form_valid(form)


@require_safe
def recovered(request: HttpRequest) -> HttpResponse:
    """The form is at hand in this browser."""
    clave = form_granted(request)
    if clave is None:
        return redirect("usi-07")
    context = {
        "form_url": form_url(request),
        "form_number": grouped(clave.form_number),
        "deadline": clave.deadline,
    }
    return render(request, "journeys/usi-07-listo.html", context)
