"""A refused form is answered by a redirect: Back and reload never ask to send it again."""

from typing import Any, ClassVar

from django.forms import Form
from django.forms.utils import ErrorDict, ErrorList
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

_KEY = "refused"


class RedirectsRefusals:
    """For a FormView. The sentences, and the values of the fields named in `keeps`, wait in the
    session for the next look at the page; never a key, a code, a trámite number or an answer.
    """

    keeps: ClassVar[tuple[str, ...]] = ()
    request: HttpRequest

    def form_invalid(self, form: Form) -> HttpResponse:
        self.request.session[_KEY] = {
            "path": self.request.path,
            "errors": {name: list(errors) for name, errors in form.errors.items()},
            "values": {name: form.data.get(name, "")[:64] for name in self.keeps},
        }
        return redirect(self.request.path)

    def get_form(self, form_class: type[Any] | None = None) -> Form:
        form: Form = super().get_form(form_class)  # type: ignore[misc]
        if self.request.method != "POST" and _KEY in self.request.session:
            refused = self.request.session.pop(_KEY)
            if refused["path"] == self.request.path:
                self._show_again(form, refused)
        return form

    @staticmethod
    def _show_again(form: Form, refused: dict[str, Any]) -> None:
        form.initial |= refused["values"]
        errors = {name: ErrorList(sentences) for name, sentences in refused["errors"].items()}
        # What checking the form would have left there.
        form._errors = ErrorDict(errors)  # type: ignore[attr-defined]  # noqa: SLF001
