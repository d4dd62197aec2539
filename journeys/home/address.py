"""The address for notices: the key and a new address, then the code that went there."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from accounts import addresses
from accounts.addresses import (
    AddressToConfirm,
    CodeGone,
    CodeWrong,
    TooSoon,
    masked_email,
)
from guards.limits import LimitReached
from identity.cuil import Cuil
from journeys.home.asking import AsksForKey
from journeys.home.base import BehindLogIn
from journeys.home.forms import AddressForm, CodeForm
from journeys.home.key import owner
from journeys.refusals import RedirectsRefusals

_MANY = "Ya te mandamos varios códigos. Probá de nuevo mañana."


@method_decorator(sensitive_post_parameters(), name="dispatch")
class Address(AsksForKey, BehindLogIn, FormView):
    """Which one it is, and another one."""

    own_key_only = True
    template_name = "home/correo.html"
    form_class = AddressForm
    private = ("email",)
    success_url = reverse_lazy("mi-clave-correo-codigo")

    def get_initial(self) -> dict[str, Any]:
        typed_and_not_confirmed = "" if self.clave.email_confirmed_at else self.clave.email
        return {"email": typed_and_not_confirmed}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            cuil_formatted=Cuil(self.clave.cuil).formatted,
            email=masked_email(self.clave.email) if self.clave.email_confirmed_at else "",
            shut_until=addresses.undo_until(self.clave),
            **kwargs,
        )

    def form_valid(self, form: Form) -> HttpResponse:
        if self.given(form) is None:
            return self.form_invalid(form)
        try:
            addresses.ask(self.clave, form.cleaned_data["email"])
        except LimitReached:
            form.add_error("email", _MANY)
            return self.form_invalid(form)
        except TooSoon:  # changed in another tab: the page says until when
            return redirect("mi-clave-correo")
        return super().form_valid(form)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class AddressCode(RedirectsRefusals, BehindLogIn, FormView):
    """The code of the mail. Where none waits, back to asking for one."""

    own_key_only = True
    template_name = "home/correo-codigo.html"
    form_class = CodeForm
    success_url = reverse_lazy("mi-clave")
    asked: AddressToConfirm

    def _turned_away(self, request: HttpRequest) -> HttpResponse | None:
        if (elsewhere := super()._turned_away(request)) is not None:
            return elsewhere
        asked = addresses.waiting(self.clave)
        if asked is None:
            return self._none_waits()
        self.asked = asked
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        minutes = int(addresses.CODE_LIFE.total_seconds()) // 60
        return super().get_context_data(address=self.asked.address, minutes=minutes, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            addresses.confirm(self.clave, form.cleaned_data["code"], owner(self.request))
        except CodeWrong:
            form.add_error("code", CodeForm.WRONG)
            return self.form_invalid(form)
        except (CodeGone, LimitReached):
            return self._none_waits()
        except TooSoon:  # changed in another tab: the page says until when
            return redirect("mi-clave-correo")
        messages.success(
            self.request, "Confirmaste tu correo. Ahí te vamos a avisar lo que pase con tu clave."
        )
        return super().form_valid(form)

    def _none_waits(self) -> HttpResponse:
        messages.info(self.request, "Ese código ya no sirve. Pedí otro.")
        return redirect("mi-clave-correo")
