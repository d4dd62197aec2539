"""Enabling a pending key online: the key itself, then the questions (manual, C)."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import Form
from django.utils.decorators import method_decorator

from accounts.blocking import is_blocked
from accounts.hashing import hashes
from accounts.models import Clave
from accounts.session import AlreadyEnabled, pending_clave_opened_with
from guards.limits import LimitReached
from identity.quiz import attempts_allowed, attempts_left, can_be_quizzed
from identity.register import person_who_may_hold_a_key
from identity.rounds import Purpose
from journeys.engine import DeadEnd, Given, Page
from journeys.form_grants import grant
from journeys.forms import LogInForm, too_many_tries
from journeys.pages.creating import level_3_applications


@method_decorator(hashes, name="dispatch")
class IdentifyToEnable(Page):
    form_class = LogInForm
    keeps = ("cuil",)

    WRONG = (
        "El CUIL o la clave no son correctos, o esa clave ya no está pendiente."
        " Revisá las mayúsculas; si pasaron los {days} días, creá una clave nueva."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            attempts=attempts_allowed(Purpose.ENABLE),
            questions=settings.PORTAL_QUIZ_QUESTIONS,
            minutes=settings.PORTAL_QUIZ_SECONDS // 60,
            **kwargs,
        )

    def establish(self, form: Form) -> Given:
        cuil = str(form.cleaned_data["cuil"])
        clave = self._opened(cuil, form.cleaned_data["password"])
        if person_who_may_hold_a_key(cuil) is None:
            raise DeadEnd("no-podemos-continuar")
        grant(self.request, clave)
        if not attempts_left(cuil, Purpose.ENABLE):
            raise DeadEnd("habilitar-max-intentos")
        if is_blocked(cuil) or not can_be_quizzed(cuil):
            raise DeadEnd("habilitar-en-oficina")
        return {"pending_known": clave.pk, "cuil": cuil}

    def _opened(self, cuil: str, password: str) -> Clave:
        try:
            clave = pending_clave_opened_with(self.request, cuil, password)
        except LimitReached as reached:
            raise ValidationError(too_many_tries(reached)) from reached
        except AlreadyEnabled as enabled:
            raise DeadEnd("ya-habilitada") from enabled
        if clave is None:
            raise ValidationError(self.WRONG.format(days=settings.PORTAL_PENDING_DAYS))
        return clave


class ClaveEnabled(Page):
    http_method_names = ["get", "head"]
    template_name = "journeys/habilitada.html"
    goes_back = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(applications=level_3_applications(), **kwargs)
