"""The form USI-07: what it says, and the page it is printed on (manual, A 5.2 and B 5.2).

Anybody can type a CUIL and be given its form. So it says no more of a person than the screen did, and
has lines to complete by hand; the office compares them with the document.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import timezone
from django_countries import countries

from accounts.form_number import grouped
from accounts.models import Clave
from forms_usi07.codes import code_128, qr
from forms_usi07.documents import what_to_bring
from forms_usi07.paper import print_form
from identity.models import Person
from identity.register import masked, masked_cuil
from offices.zones import zone_of


@dataclass(frozen=True)
class Counter:
    """Where a resident presents it. `notice` is for those who live in that zone."""

    name: str
    address: str
    hours: str = ""
    phone: str = ""
    notice: str = ""


@dataclass(frozen=True)
class Abroad:
    """What a non-resident gave, and where their papers go to (one text for each line of the label)."""

    country: str
    address: str
    email: str
    phone: str
    send_to: tuple[str, ...]


@dataclass(frozen=True)
class Usi07:
    """Names, CUIL and number of the document are masked. No counter: any office; `abroad`: non-resident."""

    number: str
    issued: date
    deadline: date
    names: str
    cuil: str
    document_type: str
    document_number: str
    bring: str
    counter: Counter | None = None
    abroad: Abroad | None = None

    @property
    def number_in_groups(self) -> str:
        return grouped(self.number)


def usi07_of(clave: Clave) -> Usi07:
    """The form of a pending key.

    Raises:
        ValueError: the key is not pending, so its form is void.
        Person.DoesNotExist: the register no longer has its person.
    """
    if clave.deadline is None:
        raise ValueError("only a pending key has a form")
    person = Person.objects.get(cuil=clave.cuil)
    shown = masked(person)
    return Usi07(
        number=clave.form_number,
        issued=timezone.localdate(clave.created_at),
        deadline=clave.deadline,
        names=shown.names,
        cuil=masked_cuil(clave.cuil),
        document_type=shown.document_type,
        document_number=shown.document_number,
        bring=what_to_bring(person.document_type),
        counter=None if clave.country else _counter_for(person),
        abroad=_abroad(clave) if clave.country else None,
    )


def _counter_for(person: Person) -> Counter | None:
    zone = zone_of(postal_code=person.postal_code, locality=person.locality, province=person.province)
    if zone is None:
        return None
    office = zone.office
    return Counter(office.name, office.address, office.hours, office.phone, zone.notice)


def _abroad(clave: Clave) -> Abroad:
    return Abroad(
        country=str(countries.name(clave.country)),
        address=clave.address_abroad,
        email=clave.email,
        phone=clave.phone,
        send_to=tuple(settings.PORTAL_UCA_ADDRESS.split(", ")),
    )


def render(form: Usi07) -> bytes:
    """The PDF.

    Raises:
        PressBusy: too many forms are being printed at this moment.
    """
    return print_form(
        "forms_usi07/usi07.html",
        "Formulario USI-07",
        form,
        bars=code_128(form.number),
        square=qr(form.number),
    )
