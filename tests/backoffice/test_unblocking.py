"""What the office does for somebody who blocked their access, or says that it was not them."""

import pytest

from accounts.blocking import block, is_blocked
from accounts.events import Actor, ClaveEvent, Note, Trail
from accounts.models import Clave
from accounts.secret import change_secret
from identity.models import Person, WrongDataReport
from tests.accounts.mailbox import links, received, waiting
from tests.backoffice.builders import at_the_office, look_up, make_employee, show_document
from tests.builders import EMAIL, make_clave, make_person, system
from tests.visitor import NotOnThePage, Visitor
from tests.walker import log_in

pytestmark = pytest.mark.django_db

UNBLOCK = "Desbloquear el acceso"


@pytest.fixture
def marta() -> Person:
    """With her access blocked by herself."""
    person = make_person()
    make_clave(person.cuil)
    block(person.cuil, Trail(Actor.OWNER))
    return person


def at(person: Person, role: str = "Mesa de entrada") -> Visitor:
    return look_up(at_the_office(make_employee(role)), person.cuil)


def unblock(who: Visitor, person: Person) -> Visitor:
    who.follow(UNBLOCK)
    show_document(who, person)
    return who.press("CONTINUAR").press("CONFIRMAR")


@pytest.mark.parametrize("role", ["Mesa de entrada", "Supervisor"])
def test_whoever_saw_the_document_unblocks_the_access(marta: Person, role: str) -> None:
    who = at(marta, role)
    assert "El acceso está bloqueado desde el" in who.text
    unblock(who, marta)
    assert f"Hecho: {UNBLOCK}." in who.text
    assert "El acceso está bloqueado" not in who.text
    assert log_in(Visitor(), marta).url == "/inicio/"
    event = ClaveEvent.objects.get(kind=Note.UNBLOCKED)
    assert (event.actor, event.office) == (Actor.STAFF, "VIEDMA")
    assert (
        event.evidence.items()
        >= {"deed": "desbloquear", "document_type": "DU", "original_seen": True}.items()
    )
    assert waiting(EMAIL)[-2:] == ["unblocked", "new_browser"]


def test_without_the_document_of_the_register_it_stays_blocked(marta: Person) -> None:
    who = at(marta).follow(UNBLOCK)
    who.select("Tipo de documento que presenta", "DNI").fill("Número del documento que presenta", "30111223")
    who.tick("Vi el original y la foto es de quien lo presenta").press("CONTINUAR")
    assert who.errors() == ["El documento no es el del registro. Leelo de nuevo."]
    assert is_blocked(marta.cuil)


def test_where_nothing_is_blocked_there_is_nothing_to_unblock() -> None:
    person = make_person()
    make_clave(person.cuil)
    who = at(person)
    assert "El acceso no está bloqueado." in who.text
    with pytest.raises(NotOnThePage):
        who.follow(UNBLOCK)


def test_two_at_once_are_told_who_was_first(marta: Person) -> None:
    who = at(marta).follow(UNBLOCK)
    show_document(who, marta)
    who.press("CONTINUAR")
    Clave.objects.get()
    other = look_up(at_the_office(make_employee("Supervisor", "beto")), marta.cuil)
    unblock(other, marta)
    who.press("CONFIRMAR")
    assert "El acceso no está bloqueado." in who.text
    assert ClaveEvent.objects.filter(kind=Note.UNBLOCKED).count() == 1


def test_a_blocked_key_is_not_raised_before_it_is_unblocked(marta: Person) -> None:
    assert "El acceso está bloqueado: primero hay que desbloquearlo." in at(marta).text


def test_where_the_deployment_asks_for_it_a_second_person_approves(settings, marta: Person) -> None:
    settings.PORTAL_TWO_PERSONS = True
    unblock(at(marta), marta)
    assert is_blocked(marta.cuil)
    boss = at_the_office(make_employee("Supervisor", "beto")).open("/admin/propuestas/")
    boss.follow(UNBLOCK).press("APROBAR")
    assert not is_blocked(marta.cuil)


# --- «No fui yo» ----------------------------------------------------------------------------------------


def test_no_fui_yo_of_a_mail_stands_in_the_supervisor_s_queue() -> None:
    person = make_person()
    clave = make_clave(person.cuil)
    change_secret(clave, "Otra9clave", system())
    address = links(received(EMAIL)[-1])["No fui yo"]
    Visitor().open("/" + address.split("/", 3)[3]).press("NO FUI YO, BLOQUEAR EL ACCESO")
    boss = at_the_office(make_employee("Supervisor")).open("/admin/").follow("Avisos")
    report = WrongDataReport.objects.get()
    boss.follow(f"Aviso {report.pk}")
    assert "«No fui yo»" in boss.text
    boss.press("TOMARLO").choose("Se aseguró la clave").press("RESOLVER")
    report.refresh_from_db()
    assert (report.state, report.result) == ("closed", "secured")


def test_what_somebody_does_not_recognise_is_told_in_the_case(marta: Person) -> None:
    person = make_person(20222333, surname="ACOSTA")
    make_clave(person.cuil)
    his = log_in(Visitor(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux) Firefox/140.0"), person)
    his.open("/inicio/clave/actividad/2/").press("AVISAR")
    boss = at_the_office(make_employee("Supervisor")).open("/admin/avisos/")
    boss.follow(f"Aviso {WrongDataReport.objects.get().pk}")
    assert "No reconoce" not in boss.text, "what happened is for whoever has the case"
    boss.press("TOMARLO")
    assert "No reconoce" in boss.text
    assert "Ingreso con la clave, el" in boss.text


def test_each_kind_of_report_has_its_own_list_and_its_own_ends(marta: Person) -> None:
    data = WrongDataReport.open_for(marta.cuil, WrongDataReport.Kind.WRONG_DATA)
    denied = WrongDataReport.open_for(marta.cuil, WrongDataReport.Kind.NOT_ME)
    assert WrongDataReport.open_for(marta.cuil, WrongDataReport.Kind.NOT_ME) == denied
    boss = at_the_office(make_employee("Supervisor")).open("/admin/avisos/")
    assert f"Aviso {denied.pk}" in boss.text
    assert f"Aviso {data.pk}" not in boss.text
    boss.follow("Datos incorrectos")
    assert f"Aviso {data.pk}" in boss.text
    assert f"Aviso {denied.pk}" not in boss.text
    boss.follow(f"Aviso {data.pk}").press("TOMARLO")
    assert "Los datos estaban bien" in boss.options()
    assert "Se aseguró la clave" not in boss.options()
    boss.open(f"/admin/avisos/{denied.pk}/").press("TOMARLO")
    assert boss.options() == ["Se aseguró la clave", "Había sido la misma persona", "La persona no vino"]
