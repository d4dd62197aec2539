"""«Cambiar mi clave» from inside (guide, step 10)."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from accounts.hashing import hashes
from accounts.known_device import remember
from accounts.secret import SecretGone
from accounts.session import stay_signed_in
from identity.cuil import Cuil
from identity.models import Person
from journeys.home.asking import AsksForKey
from journeys.home.base import BehindLogIn
from journeys.home.forms import WRONG_KEY, ChangeForm
from journeys.pages.changing import give_new_secret


@method_decorator(hashes, name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")
class ChangeFromInside(AsksForKey, BehindLogIn, FormView):
    """The other sessions end; this one goes on."""

    own_key_only = True
    template_name = "home/cambiar.html"
    form_class = ChangeForm
    success_url = reverse_lazy("mi-clave")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "person": Person.objects.get(cuil=self.clave.cuil)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cuil_formatted=Cuil(self.clave.cuil).formatted, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        user = self.given(form)
        try:
            changed = give_new_secret(self.request, user, form) if user else None
        except SecretGone:
            form.add_error("current", WRONG_KEY)
            changed = None
        if user is None or changed is None:
            return self.form_invalid(form)
        stay_signed_in(self.request, user)
        messages.success(
            self.request, "Cambiaste tu clave. Cerramos las otras sesiones; en esta seguís adentro."
        )
        response = super().form_valid(form)
        remember(self.request, response, changed)
        return response
