"""«Constancia de CUIL»: a page on paper that anybody can check. Each has its own code, and is not kept."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from accounts.certificates import new_certificate
from accounts.events import Note, record
from accounts.representation import trail_of
from forms_usi07.certificate import paper_of, render_certificate
from guards.limits import Limit
from identity.cuil import Cuil
from identity.models import Person
from journeys.applications.gate import BehindGate
from journeys.files import attachment, hand_over

_NAME = "constancia-de-cuil.pdf"


class CertificateOfCuil(BehindGate, TemplateView):
    slug = "constancia-de-cuil"
    template_name = "applications/constancia-de-cuil.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = Person.objects.get(cuil=self.acting.subject)
        return super().get_context_data(
            person_name=f"{person.given_names} {person.surname}",
            cuil_formatted=Cuil(person.cuil).formatted,
            days=settings.PORTAL_CERTIFICATE_DAYS,
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """The file at once: there is no page after it, since the code cannot be had a second time."""
        subject = self.acting.subject
        certificate, code = new_certificate(subject)

        def remember() -> None:
            certificate.save()
            record(subject, Note.CERTIFICATE_ISSUED, trail_of(request, self.acting))

        paper = paper_of(certificate, code, Person.objects.get(cuil=subject))
        limit = Limit("certificates-cuil", settings.PORTAL_CERTIFICATES_PER_CUIL_DAY, timedelta(days=1))
        return attachment(hand_over(limit, subject, lambda: render_certificate(paper), remember), _NAME)
