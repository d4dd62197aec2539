"""Pages that only tell something."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import TemplateView

# Where «Volver» leads from «No sé mi CUIL»: a name, never an address taken from the request.
_CAME_FROM = {"crear": "crear-cuil"}

# Notice -> status. Each has templates/notices/<name>.html.
NOTICES = {
    "no-acepto": 200,
    "no-podemos-continuar": 200,
    "datos-incorrectos": 200,
    "max-intentos": 200,
    "oficina": 200,
    "sesion-vencida": 410,
}


class Information(TemplateView):
    """A page of templates/info/."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        came_from = _CAME_FROM.get(self.request.GET.get("desde", ""), "entrar")
        return super().get_context_data(back_url=reverse(came_from), **kwargs)


def notice(request: HttpRequest, name: str) -> HttpResponse:
    """How a journey ended. Says nothing of the person, so it can be opened, reloaded and kept."""
    if name not in NOTICES:
        raise Http404
    return render(request, f"notices/{name}.html", status=NOTICES[name])
