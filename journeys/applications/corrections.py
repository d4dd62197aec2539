"""Asking for a correction of one's own data (Ley 25.326, art. 16): which datum, and what is wrong with it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView

from accounts.events import Note, record
from accounts.representation import trail_of
from guards.limits import Limit
from identity.corrections import ask_for_correction
from identity.models import CorrectionRequest
from journeys.applications.gate import BehindGate
from journeys.applications.my_data import SLUG
from journeys.refusals import RedirectsRefusals

_LONGEST = CorrectionRequest.LONGEST


class WordsField(forms.CharField):
    """Several lines of text. A line's end counts as one character, whatever the browser sends."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\r\n", "\n").replace("\x00", " ") if value else value)


class CorrectionForm(forms.Form):
    datum = forms.ChoiceField(
        label="¿Qué dato está mal?",
        choices=[("", "Elegí un dato"), *CorrectionRequest.Datum.choices],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Elegí qué dato está mal"),
    )
    text = WordsField(
        label="Contanos qué dice y qué tendría que decir",
        help_text=f"Hasta {_LONGEST} letras. No escribas tu clave.",
        max_length=_LONGEST,
        error_messages={
            "required": "Contanos qué hay que corregir",
            "max_length": "Puede tener hasta %(limit_value)d letras. Escribiste %(show_value)d.",
        },
    )


@method_decorator(sensitive_post_parameters(), name="dispatch")
class AskForCorrection(RedirectsRefusals, BehindGate, FormView):
    slug = SLUG
    template_name = "applications/corregir.html"
    form_class = CorrectionForm
    private = ("text",)
    keeps = ("datum",)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        subject, typed = self.acting.subject, form.cleaned_data
        limit = Limit("corrections-cuil", settings.PORTAL_CORRECTIONS_PER_CUIL_DAY, timedelta(days=1))
        if not limit.left(subject):
            form.add_error(None, "Hoy ya hiciste varios pedidos. Probá de nuevo mañana.")
            return self.form_invalid(form)
        with transaction.atomic():
            limit.spend(subject)
            request = ask_for_correction(subject, asked_by=self.acting.holder, **typed)
            trail = trail_of(self.request, self.acting, report=request.report_id, datum=request.datum)
            record(subject, Note.CORRECTION_ASKED, trail)
        return redirect("mis-datos-pedido", request.pk)


class AskedCorrection(BehindGate, TemplateView):
    """One request: its number, what happens next, and how it ended. Nobody else's can be opened."""

    slug = SLUG
    http_method_names = ["get", "head"]
    template_name = "applications/pedido.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        theirs = CorrectionRequest.objects.filter(report__cuil=self.acting.subject).select_related("report")
        asked = theirs.filter(pk=self.kwargs["number"]).first()
        if asked is None:
            raise Http404
        return super().get_context_data(asked=asked, **kwargs)
