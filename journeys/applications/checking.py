"""Where anybody checks a certificate of CUIL, with the code that stands on it: typed, or by its QR."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from accounts.certificates import CODES, certificate_in_force
from accounts.checked_code import InvalidCode
from guards.address import client_address, network_of
from guards.limits import Limit
from identity.models import Person
from identity.register import masked, masked_cuil
from journeys.pages.information import Information


class CodeForm(forms.Form):
    codigo = forms.CharField(
        label="Código de verificación",
        help_text="Son 17 letras y números. Por ejemplo: K7QM-3D9X-2HVR-A4TBC",
        required=False,
        max_length=64,
        error_messages={"max_length": "El código de verificación tiene 17 letras y números."},
    )

    def clean_codigo(self) -> str:
        try:
            return CODES.parse(self.cleaned_data["codigo"])
        except InvalidCode as error:
            raise ValidationError(str(error)) from error


class CheckCertificate(Information):
    """Masked, so that a code found in the street tells nothing of anybody; the paper itself says the rest.

    One answer for codes that are of no certificate, of one that ran out, and of somebody who is no longer
    in the register. Every check is counted, so that nobody tries codes by the thousand.
    """

    template_name = "applications/constancia.html"
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # No search engine is to keep the answer of a link that somebody published.
        response = super().get(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = CodeForm(self.request.GET if "codigo" in self.request.GET else None)
        asked = form.is_valid()
        found = self._look_up(form.cleaned_data["codigo"]) if asked else None
        return super().get_context_data(form=form, asked=asked, found=found, **kwargs)

    def _look_up(self, code: str) -> dict[str, Any] | None:
        per_hour = Limit(
            "certificate-checks", settings.PORTAL_CHECKS_PER_ADDRESS_HOUR, timedelta(hours=1), by_address=True
        )
        per_hour.spend(network_of(client_address(self.request)))
        certificate = certificate_in_force(code)
        person = Person.objects.filter(cuil=certificate.cuil).first() if certificate else None
        if certificate is None or person is None:
            return None
        return {
            "certificate": certificate,
            "names": masked(person).names,
            "cuil": masked_cuil(person.cuil),
        }
