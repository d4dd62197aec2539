"""«Mi clave»: what it is, what happened with it, where it is in use, and how to shut it."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView

from accounts import activity, open_sessions
from accounts.activity import Line
from accounts.addresses import masked_email
from accounts.blocking import block
from accounts.events import Actor, Note, Trail, record
from accounts.lifecycle import MoveNotAllowed
from guards.address import client_address
from identity.cuil import Cuil
from journeys.home.asking import AsksForKey
from journeys.home.base import BehindLogIn
from journeys.home.forms import OwnKeyForm
from journeys.pages.entering import log_out

BLOCKED = (
    "Bloqueamos el acceso con tu clave. Para desbloquearlo, acercate con tu DNI a cualquier oficina,"
    " sin turno."
)


def owner(request: HttpRequest) -> Trail:
    return Trail(Actor.OWNER, client_address(request))


class MyKey(BehindLogIn, TemplateView):
    own_key_only = True
    template_name = "home/clave.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        clave = self.clave
        return super().get_context_data(
            cuil_formatted=Cuil(clave.cuil).formatted,
            level=clave.level,
            created_on=timezone.localdate(clave.created_at),
            level_since=timezone.localdate(clave.state_since),
            secret_since=timezone.localdate(clave.secret_since),
            email=masked_email(clave.email),
            email_confirmed=clave.email_confirmed_at is not None,
            sessions=open_sessions.of(clave).count(),
            **kwargs,
        )


class Activity(BehindLogIn, TemplateView):
    own_key_only = True
    template_name = "home/actividad.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lines=activity.recent(self.clave.cuil), most=activity.MOST, **kwargs)


class NotMine(BehindLogIn, TemplateView):
    """«No reconozco esto»: asks by GET; tells an office by POST, and blocks the access if that is wanted."""

    own_key_only = True
    template_name = "home/no-reconozco.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(line=self._line(), **kwargs)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        if not activity.deny(self.clave.cuil, number, owner(request)):
            raise Http404
        if "block" in request.POST:
            block(self.clave.cuil, owner(request))
            return log_out(request, f"Avisamos a la oficina. {BLOCKED}")
        messages.success(request, "Avisamos a la oficina: alguien va a mirar tu caso.")
        return redirect("mi-clave-actividad")

    def _line(self) -> Line:
        line = activity.one(self.clave.cuil, self.kwargs["number"])
        if line is None or not line.deniable:
            raise Http404
        return line


class Sessions(BehindLogIn, TemplateView):
    """Where the key is in use. The one that looks is ended by SALIR, not from here."""

    own_key_only = True
    template_name = "home/sesiones.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            sessions=open_sessions.of(self.clave),
            here=open_sessions.number_of(self.request.session),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        closed = self._close(request.POST.get("close", ""))
        if closed:
            with transaction.atomic():
                record(self.clave.cuil, Note.SESSION_CLOSED, owner(request), clave_number=self.clave.pk)
            messages.success(
                request, "Cerramos la sesión." if closed == 1 else f"Cerramos {closed} sesiones."
            )
        else:
            messages.info(request, "Esa sesión ya estaba cerrada.")
        return redirect("mi-clave-sesiones")

    def _close(self, which: str) -> int:
        if which == "others":
            return open_sessions.close_others(self.clave, self.request.session)
        # Of a number of the database; a longer one would not fit it.
        number = int(which) if which.isascii() and which.isdigit() and len(which) <= 18 else 0
        if number == open_sessions.number_of(self.request.session):
            return 0
        return open_sessions.close(self.clave, number)


class Block(BehindLogIn, TemplateView):
    """Asks by GET, blocks by POST. Without the key: who has to be quick has no time for that."""

    own_key_only = True
    template_name = "home/bloquear.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        block(self.clave.cuil, owner(request))
        return log_out(request, BLOCKED)


class BeforeRevoking(BehindLogIn, TemplateView):
    """What it means, before the page that does it."""

    own_key_only = True
    template_name = "home/baja.html"

    http_method_names = ["get", "head"]


@method_decorator(sensitive_post_parameters(), name="dispatch")
class Revoke(AsksForKey, BehindLogIn, FormView):
    """The key once more, and then it is gone."""

    own_key_only = True
    template_name = "home/baja-confirmar.html"
    form_class = OwnKeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cuil_formatted=Cuil(self.clave.cuil).formatted, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        user = self.given(form)
        if user is None or user.clave is None:
            return self.form_invalid(form)
        try:
            user.clave.revoke(trail=owner(self.request))
        except MoveNotAllowed:  # replaced or revoked a moment ago: the next page says so
            return redirect("mi-clave")
        return log_out(self.request, "Diste de baja tu clave. Cuando quieras, podés crear otra.")
