"""Papers that do not come with the person: an apoderado's, and the post from abroad."""

import pytest

from accounts.events import ClaveEvent
from accounts.models import Clave
from identity.models import Person
from tests.accounts.mailbox import received, waiting
from tests.backoffice.builders import at_the_office, look_up, make_employee
from tests.builders import EMAIL, make_clave, make_cuil, make_person
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def marta() -> Person:
    return make_person()


@pytest.fixture
def ana() -> Visitor:
    return at_the_office(make_employee("Mesa de entrada"))


@pytest.fixture
def uca() -> Visitor:
    return at_the_office(make_employee("UCA", "uma"))


def from_abroad(person: Person, email: str = EMAIL) -> Clave:
    clave = make_clave(person.cuil, level=None, email=email)
    Clave.objects.filter(pk=clave.pk).update(country="ES")
    return clave


def papers(who: Visitor, clave: Clave, step: str, **typed: str) -> Visitor:
    """Looks the form up, and says what happened with its papers."""
    look_up(who, clave.form_number).follow("Correo del exterior")
    who.fill("Número del formulario USI-07", clave.form_number).select("Qué pasó", step)
    for label, value in typed.items():
        who.fill(label.replace("_", " "), value)
    return who


# --- Apoderado --------------------------------------------------------------------------------------


def test_an_apoderado_enables_with_the_five_papers(ana: Visitor, marta: Person) -> None:
    number = make_clave(marta.cuil, level=None).form_number
    look_up(ana, number).follow("Habilitar por apoderado")
    ana.press("CONTINUAR")
    assert len(ana.errors()) == 11
    ana.fill("Número del formulario USI-07", number)
    ana.select("Tipo de documento de la copia certificada", "DNI")
    ana.fill("Número del documento de la copia certificada", marta.document_number)
    ana.fill("Apellido y nombre del apoderado", "RUIZ ANA")
    ana.select("Tipo de documento del apoderado", "DNI")
    ana.fill("Número de documento del apoderado", "22.333.444")
    for label in (
        "Vi el original de su documento",
        "La copia certificada es del documento que figura en el formulario",
        "La finalidad del poder es la habilitación de la Clave",
    ):
        ana.tick(label)
    ana.select("Certificación de la firma", "Apostilla")
    ana.fill("Número y fecha de la certificación", "A-123, 3/11/2026")
    ana.press("CONTINUAR").press("CONFIRMAR")
    assert Clave.objects.get().level == 3
    assert ClaveEvent.objects.get(kind="enable_in_office").evidence["attorney_name"] == "RUIZ ANA"


@pytest.mark.parametrize("typed", ["30111222", "030.111.222", "27-30111222-5", "28.999.111", "28999111"])
def test_the_apoderado_is_neither_the_holder_nor_the_employee(marta: Person, typed: str) -> None:
    number = make_clave(marta.cuil, level=None).form_number
    who = at_the_office(make_employee("Mesa de entrada", cuil=make_cuil(28999111)))
    look_up(who, number).follow("Habilitar por apoderado")
    who.fill("Número de documento del apoderado", typed).press("CONTINUAR")
    assert "El apoderado tiene que ser otra persona" in who.errors()


def test_the_document_of_the_apoderado_is_a_number(ana: Visitor, marta: Person) -> None:
    look_up(ana, make_clave(marta.cuil, level=None).form_number).follow("Habilitar por apoderado")
    ana.fill("Número de documento del apoderado", "DNI").press("CONTINUAR")
    assert "Escribí el número de documento del apoderado, sin el tipo" in ana.errors()


# --- Post from abroad -------------------------------------------------------------------------------


def test_papers_are_received_observed_and_enabled_and_the_person_is_told(uca: Visitor, marta: Person) -> None:
    clave = from_abroad(marta)
    papers(uca, clave, "Llegaron los papeles").press("CONTINUAR").press("CONFIRMAR")
    assert papers(uca, clave, "Les falta algo").press("CONTINUAR").errors() == ["Completá «Qué falta»"]
    papers(uca, clave, "Les falta algo", Qué_falta="La apostilla").press("CONTINUAR").press("CONFIRMAR")
    assert len(papers(uca, clave, "Está todo: habilitar la clave").press("CONTINUAR").errors()) == 4
    papers(uca, clave, "Está todo: habilitar la clave")
    uca.fill("Número del documento de la copia certificada", marta.document_number)
    uca.select("Certificación de la firma y de la copia", "Apostilla")
    uca.fill("Consulado o apostilla, número y fecha", "Madrid, 12/2026")
    uca.tick("La copia certificada es del documento del formulario, o hay Constancia de Consulado")
    uca.press("CONTINUAR").press("CONFIRMAR")
    assert Clave.objects.get().level == 3
    assert [name for name in waiting() if name in {"received", "observed", "enabled"}] == [
        "received", "observed", "enabled",
    ]  # fmt: skip
    (observed,) = [mail for mail in received(EMAIL) if "Falta algo" in mail.subject]
    assert "La apostilla" in observed.body


def test_papers_of_a_form_that_was_replaced_meanwhile_tell_nothing_to_whoever_replaced_it(
    uca: Visitor, marta: Person
) -> None:
    """Anybody may ask for a pending key of anybody, with an address of their own."""
    clave = from_abroad(marta)
    papers(uca, clave, "Les falta algo", Qué_falta="La apostilla del poder de Marta").press("CONTINUAR")
    from_abroad(marta, email="otra@ejemplo.org")
    uca.press("CONFIRMAR")
    assert "observed" not in waiting()
    assert "Ese formulario ya no sirve" in " ".join(uca.errors())


def test_what_was_typed_for_another_step_is_not_kept(uca: Visitor, marta: Person) -> None:
    clave = from_abroad(marta)
    papers(uca, clave, "Les falta algo", Qué_falta="La apostilla")
    uca.tick("La copia certificada es del documento del formulario, o hay Constancia de Consulado")
    uca.press("CONTINUAR").press("CONFIRMAR")
    event = ClaveEvent.objects.get(kind="papers_observed")
    assert event.evidence.keys() == {"deed", "form_number", "step", "observation"}
