"""Logging in, the page behind it, and leaving (guide, steps 1, 2 and 10)."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView

from accounts.disavowal import cancel, pending_replacement
from accounts.events import Actor, Trail
from accounts.known_device import remember
from accounts.lifecycle import MoveNotAllowed
from accounts.models import Application, Clave
from accounts.policies import policies_to_accept
from accounts.session import sign_in, sign_out
from guards.address import client_address
from guards.limits import LimitReached
from identity.cuil import Cuil
from identity.models import Person
from journeys.flows import JOURNEYS
from journeys.form_grants import forget_grant
from journeys.forms import LogInForm, too_many_tries


@method_decorator(sensitive_post_parameters(), name="dispatch")
class LogIn(FormView):
    """One neutral answer: who has a key, and in which state, is not told here.

    A refusal is answered at once, not by a redirect as in the journeys: it would have to wait in a
    session, and strangers who guess keys get none.
    """

    http_method_names = ["get", "head", "post"]
    template_name = "journeys/entrar.html"
    form_class = LogInForm
    success_url = reverse_lazy("inicio")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if getattr(request.user, "cuil", None):
            return redirect(self.success_url)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: Form) -> HttpResponse:
        typed = form.cleaned_data
        try:
            user = sign_in(self.request, typed["cuil"], typed["password"])
        except LimitReached as reached:
            form.add_error(None, too_many_tries(reached))
            return self.form_invalid(form)
        if user is None:
            form.add_error(None, LogInForm.WRONG)
            return self.form_invalid(form)
        forget_grant(self.request)
        for journey in JOURNEYS:
            journey.forget(self.request)
        response = super().form_valid(form)
        if user.clave is not None:
            remember(self.request, response, user.clave)
        return response


class Home(TemplateView):
    """What the key is, and what it opens. Read from the database on every visit."""

    template_name = "journeys/inicio.html"
    clave: Clave

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        clave = getattr(request.user, "clave", None)
        if clave is None:
            if getattr(request, "session_ended", False):
                messages.info(request, "Tu sesión venció. Por tu seguridad, ingresá de nuevo.")
            return redirect("entrar")
        if policies_to_accept(clave) is not None:
            return redirect("aceptar-politicas")
        self.clave = clave
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = Person.objects.get(cuil=self.clave.cuil)
        level = self.clave.level or 0
        return super().get_context_data(
            person_name=f"{person.given_names} {person.surname}",
            cuil_formatted=Cuil(person.cuil).formatted,
            level=level,
            replacement=pending_replacement(person.cuil),
            level_since=timezone.localtime(self.clave.state_since).date(),
            applications=[
                {"name": a.name, "level": a.level, "allowed": a.level <= level}
                for a in Application.objects.offered()
            ],
            **kwargs,
        )


def cancel_replacement(request: HttpRequest) -> HttpResponse:
    """«No fui yo», after log-in: the pending key that somebody asked for is called off."""
    cuil = getattr(request.user, "cuil", None)
    asked_for = pending_replacement(cuil) if cuil and request.method == "POST" else None
    if asked_for is not None:
        with suppress(MoveNotAllowed):  # enabled, replaced or called off a moment ago
            cancel(asked_for, Trail(Actor.OWNER, client_address(request), evidence={"disavowed": True}))
            messages.success(request, "Cancelamos el pedido. Tu clave de siempre sigue funcionando.")
    return redirect("inicio")


def leave(request: HttpRequest) -> HttpResponse:
    """Only by the button: whoever comes by address or bookmark is shown it."""
    if request.method != "POST":
        return redirect("inicio")
    return log_out(request, "Cerraste la sesión.")


def log_out(request: HttpRequest, told: str) -> HttpResponse:
    """To the log-in page, which says `told`; nothing of the visit stays in the browser."""
    sign_out(request)
    messages.success(request, told)
    response = redirect("entrar")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
