"""The guard of every page behind log-in. It sits in the base class, so that no page can forget it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.generic.base import ContextMixin, View

from accounts.models import Clave
from accounts.policies import policies_to_accept
from accounts.representation import Acting, acting_for


class BehindLogIn(ContextMixin, View):
    """A page for whoever is logged in with a live key and accepted the policies in force.

    `clave` is that key, read from the database on this request; `acting` says for whom they act.
    """

    http_method_names = ["get", "head", "post"]
    # A page about the key itself is its holder's alone: acting for somebody else leads back to the start.
    own_key_only = False
    clave: Clave
    acting: Acting

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if (elsewhere := self._turned_away(request)) is not None:
            return elsewhere
        return super().dispatch(request, *args, **kwargs)

    def _turned_away(self, request: HttpRequest) -> HttpResponse | None:
        clave = getattr(request.user, "clave", None)
        if clave is None:
            if getattr(request, "session_ended", False):
                messages.info(request, "Tu sesión venció. Por tu seguridad, ingresá de nuevo.")
            return redirect("entrar")
        if policies_to_accept(clave) is not None:
            return redirect("aceptar-politicas")
        self.clave, self.acting = clave, acting_for(clave.cuil)
        if self.own_key_only and self.acting.is_for_another:
            messages.info(request, "Tu clave es sólo tuya: para verla, volvé a actuar por vos.")
            return redirect("inicio")
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(acting=self.acting, **kwargs)
