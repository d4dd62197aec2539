"""«No sé mi CUIL»: where it is printed, and which one a document most likely has."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic.edit import FormMixin

from identity.cuil import Cuil
from identity.probable import probable_cuils
from journeys.forms import ProbableCuilForm
from journeys.pages.information import Information


@method_decorator(sensitive_post_parameters(), name="dispatch")
class UnknownCuil(FormMixin, Information):
    """Answers the POST itself: the number would have to wait in an address or a session for a redirect.

    No record is looked at, so it tells nobody whether somebody exists, and needs no limit.
    """

    template_name = "info/no-se-mi-cuil.html"
    http_method_names = ["get", "head", "post", "options"]
    form_class = ProbableCuilForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        found = _found(form.cleaned_data) if form.is_valid() else {}
        return self.render_to_response(self.get_context_data(form=form, **found))


def _found(typed: dict[str, str]) -> dict[str, Any]:
    """For the page: `probable`, or None where nothing can be foretold; the `others`; all formatted."""
    answer = probable_cuils(typed["document"], typed["sex"])
    return {
        "found": True,
        "probable": answer.first and answer.first.formatted,
        "others": [Cuil(cuil).formatted for cuil in answer.others],
    }
