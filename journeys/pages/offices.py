"""Which office to go to: a search anybody can make, without a session and without leaving a trace."""

from typing import Any

from django import forms

from journeys.pages.information import Information
from journeys.pages.searching import tidy
from offices.models import Office
from offices.search import LONGEST, Result, find


class Search(forms.Form):
    """Only drawn, never validated: whatever is typed gets an answer."""

    q = forms.CharField(
        label="Localidad, provincia o código postal",
        help_text="Por ejemplo: Tandil, La Pampa u 8504",
        required=False,
    )


class Offices(Information):
    """The offices for what was typed, above what one can do there and has to bring."""

    template_name = "info/oficinas.html"
    http_method_names = ["get", "head", "options"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = tidy(self.request.GET.get("q", ""), LONGEST)
        return super().get_context_data(
            form=Search(initial={"q": text}, auto_id="id_%s"),
            asked=text,
            longest=LONGEST,
            result=find(text) if text else Result([]),
            by_mail=Office.objects.shown().filter(kind=Office.Kind.UCA),
            **kwargs,
        )
