"""«Cambiar mi clave» (guide, step 10) from the log-in page; what it shares with the page behind log-in."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from accounts.events import Actor, Trail
from accounts.hashing import hashes
from accounts.known_device import remember
from accounts.models import Clave, User
from accounts.password_policy import broken_rules
from accounts.secret import SecretGone, UsedBefore, change_secret
from accounts.session import KeySuspended, holder_of
from guards.address import client_address
from guards.limits import Limit, LimitReached
from identity.models import Person
from journeys.captcha.asking import note_right_key, note_wrong_key
from journeys.forms import about, too_many_tries
from journeys.home.forms import USED_BEFORE, ChangeFromOutsideForm

# Each costs up to six hashes, and whoever has the right key is not held back by the limits of log-in.
_CHANGES_PER_HOUR = 20


def give_new_secret(request: HttpRequest, user: User, form: Form) -> Clave | None:
    """The key with its new secret, or None and the form says why not.

    Raises:
        SecretGone: meanwhile the key changed; what was typed is no longer its secret.
    """
    assert user.clave is not None  # noqa: S101 - of whoever is authenticated it is read with them
    new = form.cleaned_data["password"]
    person = Person.objects.get(cuil=user.cuil)
    if broken := broken_rules(new, about(person)):
        form.add_error("password", list(broken.values()))
        return None
    try:
        Limit("changes-of-key", _CHANGES_PER_HOUR, timedelta(hours=1)).spend(person.cuil)
        change_secret(user.clave, new, Trail(Actor.OWNER, client_address(request)))
    except LimitReached as reached:
        form.add_error(None, too_many_tries(reached))
        return None
    except UsedBefore:
        form.add_error("password", USED_BEFORE)
        return None
    return user.clave


@method_decorator(hashes, name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")
class ChangeFromOutside(FormView):
    """With CUIL, key and code of the picture. One neutral answer, and at once, as on the log-in page."""

    http_method_names = ["get", "head", "post"]
    template_name = "journeys/cambiar.html"
    form_class = ChangeFromOutsideForm
    success_url = reverse_lazy("entrar")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if getattr(request.user, "cuil", None):
            return redirect("mi-clave-cambiar")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            changed = self._changed(form)
        except KeySuspended:
            return redirect("aviso", "clave-suspendida")
        if changed is None:
            return self.form_invalid(form)
        note_right_key(self.request, changed, with_code=True)
        messages.success(self.request, "Cambiaste tu clave. Ingresá con la nueva.")
        response = super().form_valid(form)
        remember(self.request, response, changed)
        return response

    def _changed(self, form: Form) -> Clave | None:
        """The key with its new secret; None leaves the reason on the form."""
        typed = form.cleaned_data
        try:
            user = holder_of(self.request, typed["cuil"], typed["current"])
        except LimitReached as reached:
            form.add_error(None, too_many_tries(reached))
            return None
        if user is not None:
            with suppress(SecretGone):
                return give_new_secret(self.request, user, form)
        note_wrong_key(self.request)
        form.add_error(None, ChangeFromOutsideForm.WRONG)
        return None
