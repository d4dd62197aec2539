"""Logging in, the page behind it, and leaving (guide, steps 1, 2 and 10)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from accounts.hashing import hashes
from accounts.known_device import remember
from accounts.models import User
from accounts.session import KeySuspended, forget_in_browser, sign_in, sign_out
from guards.limits import LimitReached
from journeys.captcha.asking import asks_for_code, may_try_without_code, note_right_key, note_wrong_key
from journeys.captcha.field import EMPTY
from journeys.flows import JOURNEYS
from journeys.form_grants import forget_grant
from journeys.forms import LogInForm, too_many_tries


@method_decorator(hashes, name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")
class LogIn(FormView):
    """One neutral answer: who has a key, and in which state, is told to nobody without the right key.

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
        asks_code = asks_for_code(self.request)
        return {**super().get_form_kwargs(), "request": self.request, "asks_code": asks_code}

    def form_valid(self, form: LogInForm) -> HttpResponse:
        try:
            user = self._whose(form)
        except KeySuspended:
            return redirect("aviso", "clave-suspendida")
        if user is None:
            return self.form_invalid(form)
        forget_grant(self.request)
        for journey in JOURNEYS:
            journey.forget(self.request)
        response = super().form_valid(form)
        if user.clave is not None:
            note_right_key(self.request, user.clave, with_code=form.asks_code)
            remember(self.request, response, user.clave)
        return response

    def form_invalid(self, form: LogInForm) -> HttpResponse:
        if asks_for_code(self.request):  # from now on: this try may have been the last without it
            form.ask_code()
        return super().form_invalid(form)

    def _whose(self, form: LogInForm) -> User | None:
        """Who logs in; None leaves the reason on the form."""
        if not form.asks_code and not may_try_without_code(self.request):
            form.ask_code()
            form.add_error("captcha", EMPTY)
            return None
        try:
            user = sign_in(self.request, form.cleaned_data["cuil"], form.cleaned_data["password"])
        except LimitReached as reached:
            form.add_error(None, too_many_tries(reached))
            return None
        if user is None:
            note_wrong_key(self.request)
            form.add_error(None, LogInForm.WRONG)
        return user


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
    return forget_in_browser(response)
