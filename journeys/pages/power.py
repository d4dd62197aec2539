"""The specific power of attorney: a blank model, or with what is known filled in (manual B, guide 5)."""

from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe
from django.views.generic import FormView

from forms_usi07.power import Power, render_power
from guards.address import client_address, network_of
from guards.limits import Limit
from identity.cuil import Cuil
from identity.models import Person
from journeys.files import attachment
from journeys.flows import CREATE
from journeys.forms import PowerForm
from journeys.refusals import RedirectsRefusals

_NAME = "poder-especifico.pdf"
_POWERS_PER_HOUR = 30


@require_safe
def blank_power(request: HttpRequest) -> HttpResponse:
    return attachment(_blank(), _NAME)


@lru_cache(maxsize=1)
def _blank() -> bytes:
    """The same for everybody: printed once a process."""
    return render_power(None)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class FillInPower(RedirectsRefusals, FormView):
    """Nothing typed here is kept. What the register knows is filled in for whoever proved who they are."""

    http_method_names = ["get", "head", "post"]
    template_name = "journeys/poder-especifico.html"
    form_class = PowerForm
    private = tuple(PowerForm.base_fields)

    def get_initial(self) -> dict[str, Any]:
        cuil, proved = _whose(self.request)
        if not cuil:
            return {}
        known = {"grantor_cuil": Cuil(cuil).formatted}
        if not proved:
            return known
        person = Person.objects.get(cuil=cuil)
        return {
            **known,
            "grantor_name": f"{person.surname} {person.given_names}",
            "grantor_document": f"{person.get_document_type_display()} {person.document_number}",
        }

    def form_valid(self, form: Form) -> HttpResponse:
        here = network_of(client_address(self.request))
        Limit("power-address", _POWERS_PER_HOUR, timedelta(hours=1), by_address=True).spend(here)
        return attachment(render_power(Power(**form.cleaned_data)), _NAME)


def _whose(request: HttpRequest) -> tuple[str | None, bool]:
    """Whose CUIL this browser is busy with, and whether it was proved to be theirs."""
    cuil = getattr(request.user, "cuil", None)
    if cuil:
        return cuil, True
    state = CREATE.load(request)
    if state is None or state.is_old:
        return None, False
    if state.facts.clave_issued or state.facts.pending_issued:
        return None, False  # done: whoever is here now may be the next one at this computer
    return state.facts.cuil, state.facts.quiz_passed is not None
