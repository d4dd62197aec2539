"""What is kept of a person, and for how long: the numbers are those the portal goes by."""

from typing import Any

from django.conf import settings

from accounts.delivery import KEPT
from accounts.purge import replaced_secret_days
from journeys.pages.information import Information


class Privacy(Information):
    template_name = "info/privacidad.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            pending_days=settings.PORTAL_PENDING_DAYS,
            retention_days=settings.PORTAL_RETENTION_DAYS,
            replaced_days=replaced_secret_days(),
            idle_minutes=settings.PORTAL_IDLE_MINUTES,
            session_hours=settings.PORTAL_SESSION_HOURS,
            journey_minutes=settings.PORTAL_JOURNEY_MINUTES,
            mail_days=KEPT.days,
            certificate_days=settings.PORTAL_CERTIFICATE_DAYS,
            undo_hours=settings.PORTAL_UNDO_HOURS,
            **kwargs,
        )
