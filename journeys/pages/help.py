"""The help: a page for each way, with the steps as they are declared (journeys/flows.py)."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from identity.quiz import attempts_allowed
from identity.rounds import Purpose
from journeys.pages.information import Information
from journeys.ways import WAYS, Way


class Help(Information):
    """Which ways there are."""

    template_name = "info/ayuda.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(ways=WAYS, **kwargs)


class HelpOfAWay(Information):
    """The steps of one way, what to have at hand before and what comes after."""

    back_to = "ayuda"
    way: Way = None  # type: ignore[assignment]

    def get_template_names(self) -> list[str]:
        return [f"info/ayuda/{self.way.slug}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            way=self.way,
            start_url=reverse(self.way.journey.slug),
            others=[way for way in WAYS if way is not self.way],
            days=settings.PORTAL_PENDING_DAYS,
            questions_in_a_round=settings.PORTAL_QUIZ_QUESTIONS,
            minutes=settings.PORTAL_QUIZ_SECONDS // 60,
            attempts_to_create=attempts_allowed(Purpose.CREATE),
            attempts_to_enable=attempts_allowed(Purpose.ENABLE),
            **kwargs,
        )
