"""Frequent questions, all of them or those that have the words one looks for."""

from typing import Any

from django import forms

from accounts.question_search import LONGEST, Found, find_questions
from accounts.questions import published_questions
from journeys.pages.information import Information
from journeys.pages.searching import tidy


class Search(forms.Form):
    """Only drawn, never validated: whatever is typed gets an answer."""

    q = forms.CharField(
        label="¿Qué querés saber?",
        help_text="Una o dos palabras. Por ejemplo: perdí el DNI",
        required=False,
    )


class Questions(Information):
    template_name = "info/preguntas-frecuentes.html"
    http_method_names = ["get", "head", "options"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = tidy(self.request.GET.get("q", ""), LONGEST)
        return super().get_context_data(
            form=Search(initial={"q": text}, auto_id="id_%s"),
            asked=text,
            longest=LONGEST,
            found=find_questions(text) if text else Found(list(published_questions())),
            **kwargs,
        )
