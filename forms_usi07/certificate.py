"""The certificate of CUIL: one page that says whose it is, and how anybody can check it."""

from dataclasses import dataclass
from datetime import date

from django.utils.http import urlencode

from accounts.certificates import CODES, Certificate
from forms_usi07.codes import qr
from forms_usi07.paper import print_form
from guards.links import public_address
from identity.cuil import Cuil
from identity.models import Person


@dataclass(frozen=True)
class CertificatePaper:
    """`code` as people read it; `page`: where it is typed; `link`: where its QR leads."""

    names: str
    cuil: str
    issued: date
    last_day: date
    code: str
    page: str
    link: str


def paper_of(certificate: Certificate, code: str, person: Person) -> CertificatePaper:
    page = public_address("constancia")
    return CertificatePaper(
        names=f"{person.surname}, {person.given_names}",
        cuil=Cuil(person.cuil).formatted,
        issued=certificate.issued_on,
        last_day=certificate.last_day,
        code=CODES.grouped(code),
        page=page,
        link=f"{page}?{urlencode({'codigo': code})}",
    )


def render_certificate(paper: CertificatePaper) -> bytes:
    """The PDF.

    Raises:
        PressBusy: too many are waiting already.
    """
    return print_form("forms_usi07/certificate.html", "Constancia de CUIL", paper, square=qr(paper.link))
