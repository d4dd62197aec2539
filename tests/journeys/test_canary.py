"""Identity data is sacred: a person whose data are marked walks everywhere, and the marks are looked for.

They may stand in the columns that are there for them and on the pages that are there to show them; not in
logs, sessions, cache, cookies, addresses, mails or error reports, nor in any other column.
"""

import logging
import re

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from accounts.delivery import deliver
from accounts.models import Clave
from identity.models import Person
from operation.logs import Json, Line
from tests.backoffice.builders import make_employee, show_document
from tests.canary import MARKS, Witness, anywhere, cached, found_in_tables, marked_person, marks_in
from tests.journeys.test_certificates import code_in
from tests.walker import type_code

pytestmark = pytest.mark.django_db

REGISTER = {"surname", "given names", "document", "street", "home"}
FACTS = {"employer", "insurer", "bank", "child", "lived in", "lived on"}
# Column → what it is there for. What is kept only as a hash (key, trámite) is not among them.
CLASSIFIED = {
    "identity_person.cuil": {"document"},
    "identity_person.surname": {"surname"},
    "identity_person.given_names": {"given names"},
    "identity_person.document_number": {"document"},
    "identity_person.street": {"street"},
    "identity_person.locality": {"home"},
    "identity_fact.cuil": {"document"},
    "identity_fact.value": FACTS,
    "identity_choice.value": FACTS,
    "identity_questioncard.cuil": {"document"},
    "identity_questioncard.truth": FACTS,
    "identity_quizround.cuil": {"document"},
    "accounts_clave.cuil": {"document"},
    "accounts_clave.email": {"e-mail"},
    "accounts_clave.phone": {"phone"},
    "accounts_clave.address_abroad": {"address abroad"},
    "accounts_claveevent.cuil": {"document"},
    "accounts_certificate.cuil": {"document"},
    "identity_factsshown.cuil": {"document"},
    "identity_wrongdatareport.cuil": {"document"},
    "identity_correctionrequest.asked_by": {"document"},
    # What somebody writes that is wrong with their data, for the office alone.
    "identity_correctionrequest.text": {"street"},
    "accounts_opensession.cuil": {"document"},
    # Until its code came back, a quarter of an hour at most.
    "accounts_addresstoconfirm.address": {"e-mail"},
    "accounts_user.cuil": {"document"},
    "accounts_user.username": {"document"},
    # To whom a mail goes, until it has left.
    "post_office_email.to": {"e-mail"},
    # A journey under way knows whose it is (journeys/facts.py).
    "session": {"document"},
}
# Address → what the page is there to show.
PAGES = {
    # The CUIL that was typed; the document that it holds is masked beside it.
    r"/crear/cuil/|/crear/datos/": {"document"},
    r"/crear/preguntas/|/habilitar/preguntas/": FACTS,
    r"/crear/pendiente/|/crear/formulario/": {"document", "e-mail"},
    r"/inicio/": {"surname", "given names", "document"},
    r"/inicio/clave/|/inicio/clave/cambiar/|/inicio/clave/baja/confirmar/": {"document"},
    r"/inicio/clave/correo/": {"document", "e-mail"},
    r"/inicio/clave/correo/codigo/": {"e-mail"},
    r"/aplicaciones/mis-datos/(mis-datos\.(pdf|json))?": (
        REGISTER | FACTS | {"e-mail", "phone", "address abroad"}
    ),
    r"/aplicaciones/mis-datos/corregir/\d+/": {"street"},
    r"/aplicaciones/constancia-de-cuil/": {"surname", "given names", "document"},
    r"/|/cambiar/": {"document"},
    r"/admin/caso/\d+/.*": REGISTER | {"phone", "address abroad"},
}


def choose_key(who: Witness) -> None:
    who.fill("Elegí una clave", MARKS["key"]).fill("Confirmá tu clave", MARKS["key"]).press("CREAR CLAVE")


def enter_cuil(who: Witness, person: Person, where: str) -> None:
    who.open("/crear/").press("ACEPTO").fill("Número de CUIL", person.cuil).choose(where)
    type_code(who)
    who.press("CONTINUAR")
    if "/aviso/" in who.url:
        who.press("CONTINUAR")
    who.press("CORRECTOS")


def answer(who: Witness) -> None:
    from identity.models import Fact

    truths = set(Fact.objects.values_list("value", flat=True))
    while who.options():
        who.choose(next(option for option in who.options() if option in truths)).press("CONTINUAR")


def from_abroad(who: Witness, person: Person) -> None:
    enter_cuil(who, person, "En el exterior")
    who.select("País", "España").fill("Domicilio en el exterior", MARKS["address abroad"])
    who.fill("Teléfono", MARKS["phone"]).fill("E-Mail", MARKS["e-mail"])
    choose_key(who)


def with_wrong_answers_typed(who: Witness, person: Person) -> None:
    """Mistakes are where data slips into messages and logs."""
    enter_cuil(who, person, "En Argentina")
    who.press("POR INTERNET, AHORA").fill("Trámite N°", MARKS["tramite"][::-1]).press("CONTINUAR")
    who.fill("Trámite N°", MARKS["tramite"]).press("CONTINUAR")
    answer(who)
    who.fill("Elegí una clave", MARKS["key"]).fill("Confirmá tu clave", "otra").press("CREAR CLAVE")
    choose_key(who)


def identify(who: Witness, person: Person, address: str, button: str) -> None:
    who.open(address).fill("Número de CUIL", person.cuil).fill("Clave de Seguridad Social", MARKS["key"])
    type_code(who)
    who.press(button)


def with_ones_own_key(who: Witness) -> None:
    """Every page of «Mi clave», with mistakes; an address is asked for and waits for its code."""
    here = "/inicio/clave/"
    for page in ("", "actividad/", "actividad/1/", "sesiones/", "bloquear/", "baja/", "baja/confirmar/"):
        who.open(here + page)
    who.fill("Tu clave", MARKS["key"][::-1]).press("DAR DE BAJA MI CLAVE")
    who.open(f"{here}correo/").fill("E-Mail", MARKS["e-mail"]).fill("Tu clave", "otra")
    who.press("MANDAR EL CÓDIGO").fill("E-Mail", MARKS["e-mail"]).fill("Tu clave", MARKS["key"])
    who.press("MANDAR EL CÓDIGO").fill("Código", "000000").press("CONFIRMAR CORREO")


def change_key(who: Witness, person: Person) -> None:
    for repeated in ("otra", "Margarita73x"):
        who.open("/cambiar/").fill("Número de CUIL", person.cuil).fill("Clave actual", MARKS["key"])
        who.fill("Clave nueva", "Margarita73x").fill("Confirmá tu clave nueva", repeated)
        type_code(who)
        who.press("CAMBIAR CLAVE")


def with_the_applications(who: Witness) -> Witness:
    """All the data, both files, a correction, a certificate; and a stranger, returned, who checks it."""
    here = "/aplicaciones/mis-datos/"
    who.open(f"{here}completos/").press("VER TODOS LOS DATOS")
    assert MARKS["employer"] in who.text
    for page in ("mis-datos.json", "mis-datos.pdf", "corregir/"):
        who.open(here + page)
    who.select("¿Qué dato está mal?", "Domicilio")
    who.fill("Contanos qué dice y qué tendría que decir", MARKS["street"]).press("PEDIR LA CORRECCIÓN")
    paper = who.open("/aplicaciones/constancia-de-cuil/").press("DESCARGAR CONSTANCIA").response.content
    stranger = Witness()
    stranger.open("/constancia/").open(f"/constancia/?codigo={code_in(paper)}")
    assert "La constancia es verdadera" in stranger.text
    return stranger


def at_the_counter(person: Person) -> Witness:
    employee = make_employee("Mesa de entrada")
    who = Witness()
    who.open("/admin/login/").fill("Nombre de usuario", employee.user.username)
    who.fill("Clave de la oficina", "mostrador-de-prueba").press("ENTRAR")
    who.fill("Número de formulario, CUIL o documento", person.document_number).press("BUSCAR")
    who.follow("Elevar a nivel 3").select("Aplicación que necesita", "Cambio de lugar de Cobro (nivel 3)")
    show_document(who, person)
    who.press("CONTINUAR").press("CONFIRMAR")
    return who


def not_meant(address: str, marks: set[str]) -> set[str]:
    """What a page shows that it is not there to show."""
    meant = [allowed for page, allowed in PAGES.items() if re.fullmatch(page, address)]
    return marks.difference(*meant)


def in_mail(message: EmailMultiAlternatives) -> str:
    return " ".join([message.subject, message.body, *(str(part[0]) for part in message.alternatives)])


def test_the_marks_of_a_person_stand_where_they_belong_and_nowhere_else(
    settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PORTAL_DEMO = True  # the office without its second factor
    caplog.set_level(logging.DEBUG)
    person, who = marked_person(), Witness()
    from_abroad(who, person)
    identify(who, person, "/habilitar/", "CONTINUAR")
    answer(who)
    with_wrong_answers_typed(Witness(), person)
    identify(who, person, "/", "INGRESAR")
    assert "Nivel 2" in who.text, "the walk led in"
    clerk = at_the_counter(person)
    assert Clave.objects.live().get().level == 3, "the walk went on to the office"
    with_ones_own_key(who)
    stranger = with_the_applications(who)
    sessions_open = found_in_tables()
    assert "accounts_addresstoconfirm.address" in sessions_open, "an address waits for its code"
    who.open("/inicio/").press("SALIR")
    change_key(who, person)
    assert "Cambiaste tu clave." in who.text
    deliver()

    found = sessions_open | found_in_tables()
    assert {place: marks - CLASSIFIED.get(place, set()) for place, marks in found.items()} == {
        place: set() for place in found
    }
    assert found_in_tables()["identity_person.surname"] == {"surname"}, "the search finds what is there"
    for visitor in (who, clerk, stranger):
        assert anywhere(visitor.addresses) == set()
        assert anywhere(visitor.cookies) == set()
        assert {address: not_meant(address, marks) for address, marks in visitor.shown.items()} == {
            address: set() for address in visitor.shown
        }
    assert marks_in(cached()) == set()
    # What the database is told is its own; the portal never logs it (settings.LOGGING).
    kept = [record for record in caplog.records if record.name != "django.db.backends"]
    told = [record.getMessage() for record in kept]
    told += [form.format(record) for record in kept for form in (Line(), Json())]
    assert anywhere(told) == set()
    assert marks_in(who.client.get("/metricas").content.decode()) == set()
    assert mail.outbox
    assert anywhere(in_mail(message) for message in mail.outbox) <= {"e-mail"}


def test_a_report_of_an_error_holds_no_mark(rf, caplog: pytest.LogCaptureFixture, monkeypatch) -> None:
    """In the middle of a journey, with everything in the form."""
    person, who = marked_person(), Witness()
    enter_cuil(who, person, "En Argentina")
    who.press("POR INTERNET, AHORA")
    monkeypatch.setattr("journeys.pages.creating.tramite_matches", _fail, raising=True)
    who.client.raise_request_exception = False
    who.fill("Trámite N°", MARKS["tramite"]).press("CONTINUAR")
    assert who.status == 500
    assert anywhere([who.response.content.decode()]) == set()
    told = [record.getMessage() + (caplog.handler.format(record)) for record in caplog.records]
    told += [form.format(record) for record in caplog.records for form in (Line(), Json())]
    assert any("Internal Server Error" in line for line in told)
    assert anywhere(told) == set()


def _fail(*_args: object) -> bool:
    raise RuntimeError("spoilt")
