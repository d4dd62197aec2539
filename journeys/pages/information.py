"""Pages that only tell something."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import TemplateView

from accounts.policies import current_policies
from journeys.flows import JOURNEYS
from journeys.form_grants import form_url
from journeys.pages.creating import level_3_applications

# Notice -> status. Each has templates/notices/<name>.html.
NOTICES = {
    "no-acepto": 200,
    "no-podemos-continuar": 200,
    "clave-suspendida": 200,
    "datos-incorrectos": 200,
    "muchos-pedidos": 200,
    "habilitar-max-intentos": 200,
    "habilitar-en-oficina": 200,
    "ya-habilitada": 200,
    "clave-no-pendiente": 200,
    "formulario-vencido": 410,
    "sesion-vencida": 410,
}


class Information(TemplateView):
    """A page of templates/info/. «Volver» leads back into the trámite that was left for it."""

    back_to = "entrar"  # where there is none

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = self._open_journey()
        return super().get_context_data(
            back_url=waiting or reverse(self.back_to),
            in_journey=bool(waiting),
            # Called by the template that shows them, if it does.
            policies=current_policies,
            applications=level_3_applications,
            **kwargs,
        )

    def _open_journey(self) -> str | None:
        """The one that was touched last."""
        states = [(journey, journey.load(self.request)) for journey in JOURNEYS]
        begun = [(state.touched, journey, state) for journey, state in states if state and not state.is_old]
        if not begun:
            return None
        _, journey, state = max(begun, key=lambda one: one[0])
        return journey.url(journey.frontier(state.facts))


def notice(request: HttpRequest, name: str) -> HttpResponse:
    """How a journey ended. Says nothing of the person, so it can be opened, reloaded and kept."""
    if name not in NOTICES:
        raise Http404
    context = {"form_url": form_url(request)}
    return render(request, f"notices/{name}.html", context, status=NOTICES[name])
