"""The guard of every page behind log-in. It sits in the base class, so that no page can forget it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.generic.base import ContextMixin, View

from accounts.models import Clave
from accounts.policies import policies_to_accept
from accounts.representation import Acting, acting_for, return_to_oneself
from accounts.session import Ended
from identity.register import curatelas_of

CURATELA_OVER = (
    "Ya no podés actuar en nombre de esa persona: la curatela dejó de estar vigente. Desde ahora actuás"
    " por vos. Lo último que pediste no se hizo."
)
_ENDED = {
    Ended.TIME: "Tu sesión venció. Por tu seguridad, ingresá de nuevo.",
    Ended.CLOSED: "Esta sesión se cerró desde otra en la que está abierta tu clave. Ingresá de nuevo.",
    Ended.KEY: "Tu sesión se cerró, porque la clave cambió o ya no vale. Ingresá de nuevo.",
}


def tell_why_it_ended(request: HttpRequest) -> None:
    """To whoever comes with a session that is over; strangers are told nothing."""
    ended = getattr(request, "session_ended", None)
    if ended is not None and not request.user.is_authenticated:
        messages.info(request, _ENDED[ended])


class BehindLogIn(ContextMixin, View):
    """A page for whoever is logged in with a live key and accepted the policies in force.

    `clave` is that key, read from the database on this request; `acting` says for whom they act.
    """

    http_method_names = ["get", "head", "post"]
    # A page about the key itself is its holder's alone: acting for somebody else leads back to the start.
    own_key_only = False
    # Where log-in leads: whoever has people in their care is asked first for whom they are going to act.
    asks_for_whom = False
    clave: Clave
    acting: Acting

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if (elsewhere := self._turned_away(request)) is not None:
            return elsewhere
        return super().dispatch(request, *args, **kwargs)

    def _turned_away(self, request: HttpRequest) -> HttpResponse | None:
        clave = getattr(request.user, "clave", None)
        if clave is None:
            tell_why_it_ended(request)
            return redirect("entrar")
        if policies_to_accept(clave) is not None:
            return redirect("aceptar-politicas")
        self.clave, self.acting = clave, acting_for(request, clave.cuil)
        return self._by_whom_they_act_for(request)

    def _by_whom_they_act_for(self, request: HttpRequest) -> HttpResponse | None:
        if self.acting.is_over:
            return_to_oneself(request, self.acting)
            messages.warning(request, CURATELA_OVER)
            return redirect("inicio")
        if self.own_key_only and self.acting.is_for_another:
            messages.info(request, "Tu clave es sólo tuya: para verla, volvé a actuar por vos.")
            return redirect("inicio")
        if self.asks_for_whom and not self.acting.was_asked and curatelas_of(self.acting.holder).exists():
            return redirect("en-nombre-de")
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(acting=self.acting, **kwargs)
