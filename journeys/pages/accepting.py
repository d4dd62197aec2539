"""A new version of the policies, shown after log-in to whoever accepted an older one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.views.generic import FormView

from accounts.events import Actor, Trail
from accounts.models import Clave
from accounts.policies import accept, current_policies, policies_to_accept
from guards.address import client_address
from journeys.forms import PoliciesForm
from journeys.pages.creating import version_shown
from journeys.pages.entering import log_out
from journeys.refusals import RedirectsRefusals


class AcceptNewPolicies(RedirectsRefusals, FormView):
    """ACEPTO leads on, NO ACEPTO logs out; there is no third way to what stands behind log-in."""

    http_method_names = ["get", "head", "post"]
    template_name = "journeys/politicas-nuevas.html"
    form_class = PoliciesForm
    success_url = reverse_lazy("inicio")
    clave: Clave

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        clave = getattr(request.user, "clave", None)
        if clave is None or policies_to_accept(clave) is None:
            return redirect("inicio")  # which sends whoever is not logged in to do that
        self.clave = clave
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(policies=current_policies(), **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        if form.cleaned_data["decision"] == "decline":
            return log_out(self.request, "No aceptaste las políticas. Cerramos tu sesión.")
        try:
            version = version_shown(form)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        accept(self.clave, version, Trail(Actor.OWNER, client_address(self.request)))
        return super().form_valid(form)
