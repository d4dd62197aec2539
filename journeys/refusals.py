"""A refused form is answered by a redirect: Back and reload never ask to send it again.

Unless something was typed that nobody should have to type again and that may not wait in a session:
then it comes back with the answer.
"""

from typing import Any, ClassVar

from django.forms import Form
from django.forms.utils import ErrorDict, ErrorList
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

_KEY = "refused"


class RedirectsRefusals:
    """For a FormView. The sentences, and the values of the fields named in `keeps`, wait in the
    session for the next look at the page; never a key, a code or an answer. What is typed into the
    fields named in `private` must not be lost either, and the session is no place for it.
    """

    keeps: ClassVar[tuple[str, ...]] = ()
    private: ClassVar[tuple[str, ...]] = ()
    request: HttpRequest

    def form_invalid(self, form: Form) -> HttpResponse:
        if any(form.data.get(name) for name in self.private):
            return super().form_invalid(form)  # type: ignore[misc,no-any-return]
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
