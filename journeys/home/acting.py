"""«¿En nombre de quién vas a actuar?»: for oneself, or for a person in one's care (manual, A 6)."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from accounts.representation import act_for, forget_question, name_of, people_in_care
from guards.spelling import same
from identity.models import Curatela
from identity.register import masked_cuil
from journeys.forms import ForWhomForm, SearchPersonForm
from journeys.home.base import BehindLogIn
from journeys.refusals import RedirectsRefusals

# More people than these are searched, not read through.
FEW = 7
MOST_SHOWN = 50
LONGEST = 80  # characters of a search that are looked at


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ChooseForWhom(BehindLogIn, RedirectsRefusals, FormView):
    """Asked after log-in, and again by «Cambiar». The bar's «Volver a actuar por mí» sends the same form.

    A search is answered at once and not by a redirect: a name belongs neither into an address nor into
    the session.
    """

    template_name = "home/en-nombre-de.html"
    form_class = ForWhomForm
    success_url = reverse_lazy("inicio")
    private = ("search",)

    @cached_property
    def people(self) -> list[Curatela]:
        return list(people_in_care(self.acting.holder).values())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.people else self._nobody()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.people:
            return self._nobody()
        if "find" in request.POST:
            blank = ForWhomForm(numbers=[])
            return self.render_to_response(self.get_context_data(form=blank))
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "numbers": [curatela.pk for curatela in self.people]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        searched = self.request.POST.get("search", "")[:LONGEST]
        found = [curatela for curatela in self.people if fits(searched, curatela)]
        return super().get_context_data(
            options=[(ForWhomForm.ONESELF, "En representación propia"), *map(option, found[:MOST_SHOWN])],
            search=SearchPersonForm(initial={"search": searched}) if len(self.people) > FEW else None,
            searched=searched,
            longest=LONGEST,
            found=len(found),
            are_more=len(found) > MOST_SHOWN,
            **kwargs,
        )

    def form_valid(self, form: Form) -> HttpResponse:
        chosen = form.cleaned_data["choice"]
        act_for(self.request, self.acting, next((c for c in self.people if str(c.pk) == chosen), None))
        if self.acting.is_for_another and chosen == ForWhomForm.ONESELF:
            messages.success(self.request, "Volviste a actuar por vos.")
        return super().form_valid(form)

    def _nobody(self) -> HttpResponse:
        forget_question(self.request)
        messages.info(self.request, "En el registro no figura nadie a tu cargo: actuás por vos.")
        return redirect("inicio")


def option(curatela: Curatela) -> tuple[str, str]:
    """Value and label of one person in care."""
    return str(curatela.pk), f"{name_of(curatela)}, CUIL {masked_cuil(curatela.curado_id)}"


def fits(searched: str, curatela: Curatela) -> bool:
    """Every word occurs in name or CUIL, however it is spelled."""
    known = same(f"{name_of(curatela)} {curatela.curado_id}")
    return all(same(word) in known for word in searched.split())
