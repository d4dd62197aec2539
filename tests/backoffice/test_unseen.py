"""Nobody acts unseen: entering, changing an employee or a content, looking in vain: each leaves an event."""

import pytest
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.events import OFFICE_CHAIN, ClaveEvent, Note, broken_events
from accounts.models import Application, User
from tests.backoffice.builders import OFFICE_PASSWORD, at_the_office, make_employee
from tests.backoffice.editing import complaints, save
from tests.backoffice.one_time_codes import tie
from tests.builders import make_clave, make_person
from tests.visitor import Visitor
from tests.walker import log_in

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, int | None]]:
    """Kind and user of what the office remembers of itself, in order."""
    events = ClaveEvent.objects.filter(cuil=OFFICE_CHAIN).order_by("seq")
    return list(events.values_list("kind", "staff_id"))


def last() -> ClaveEvent:
    return ClaveEvent.objects.filter(cuil=OFFICE_CHAIN).latest("seq")


@pytest.fixture
def root() -> Visitor:
    """A superuser without a role or an office."""
    User.objects.create_superuser("root", password=OFFICE_PASSWORD)
    who = Visitor().open("/admin/login/").fill("Nombre de usuario", "root")
    return who.fill("Clave de la oficina", OFFICE_PASSWORD).press("ENTRAR")


# --- Entering -------------------------------------------------------------------------------------


def test_entering_and_leaving_are_events() -> None:
    ana = make_employee("Mesa de entrada")
    at_the_office(ana).press("SALIR")
    assert told() == [(Note.STAFF_IN, ana.user_id), (Note.STAFF_OUT, ana.user_id)]
    assert last().office == ana.office.code
    assert not list(broken_events())


@pytest.mark.parametrize("name", ["ana", "nadie"])
def test_a_wrong_key_is_an_event_whether_or_not_the_name_is_somebody_s(name: str) -> None:
    ana = make_employee("Mesa de entrada")
    who = Visitor().open("/admin/login/").fill("Nombre de usuario", name)
    who.fill("Clave de la oficina", "no es la clave").press("ENTRAR")
    assert told() == [(Note.STAFF_REFUSED, ana.user_id if name == "ana" else None)]
    assert "no es la clave" not in str(last().evidence)


def test_tying_a_telephone_a_wrong_code_and_a_spare_code_are_events(settings) -> None:
    settings.PORTAL_DEMO = False
    ana = make_employee("Mesa de entrada")
    spare = tie(at_the_office(ana), ana.user)[0]
    at_the_office(ana).fill("Código", "000000").press("CONTINUAR").fill("Código", spare).press("CONTINUAR")
    assert [kind for kind, _ in told()] == [
        Note.STAFF_KEY_RIGHT, Note.FACTOR_TIED, Note.STAFF_IN,
        Note.STAFF_KEY_RIGHT, Note.STAFF_REFUSED, Note.STAFF_IN,
    ]  # fmt: skip
    assert last().evidence == {"reason": "Con un código de repuesto"}


# --- Employees and contents -------------------------------------------------------------------------


def test_whoever_makes_or_changes_an_employee_leaves_an_event_without_the_password(root: Visitor) -> None:
    ana = make_employee("Mesa de entrada")
    save(
        root,
        f"/admin/backoffice/employee/{ana.pk}/change/",
        last_name="Ruiz",
        password="otra-clave-de-ana-27",
    )
    event = last()
    assert event.kind == Note.EMPLOYEE_CHANGED
    assert event.staff_id == User.objects.get(username="root").pk
    assert event.evidence == {
        "employee": ana.user_id,
        "username": "ana",
        "fields": "apellido, clave de la oficina",
        "change": "Apellido: de «» a «Ruiz». Clave de la oficina: se puso una nueva.",
    }


def test_nobody_changes_their_own_row_not_even_a_superuser() -> None:
    boss = make_employee(None)
    boss.user.is_superuser = True
    boss.user.save()
    who = at_the_office(boss)
    address = f"/admin/backoffice/employee/{boss.pk}/change/"
    assert not who.open(address).page.xpath("//input[@name='_save']")
    token = {"csrfmiddlewaretoken": who.client.cookies["csrf"].value, "username": "ana", "_save": "1"}
    assert who.client.post(address, token).status_code == 403


def test_a_change_of_a_content_is_an_event() -> None:
    celia = make_employee("Contenidos", "celia")
    row = Application.objects.get(name="Historia laboral")
    save(at_the_office(celia), f"/admin/accounts/application/{row.pk}/change/", level="3")
    event = last()
    assert (event.kind, event.staff_id) == (Note.CONTENT_CHANGED, celia.user_id)
    assert event.evidence == {"content": "aplicación", "row": row.pk, "fields": "nivel que pide"}


# --- A lost telephone -------------------------------------------------------------------------------


def test_who_lost_the_telephone_ties_another_with_a_new_key(settings, root: Visitor) -> None:
    ana = make_employee("Mesa de entrada")
    address = f"/admin/backoffice/employee/{ana.pk}/change/"
    TOTPDevice.objects.create(user=ana.user, confirmed=True, name="Teléfono")
    StaticDevice.objects.create(user=ana.user, name="Repuesto")
    save(root, address, lost_telephone="on")
    assert "ponele también una clave nueva" in complaints(root)
    assert TOTPDevice.objects.filter(user=ana.user).exists()
    save(root, address, lost_telephone="on", password=OFFICE_PASSWORD + "-nueva")
    assert not TOTPDevice.objects.filter(user=ana.user).exists()
    assert not StaticDevice.objects.filter(user=ana.user).exists()
    assert [kind for kind, _ in told()][-2:] == [Note.FACTOR_RESET, Note.EMPLOYEE_CHANGED]
    settings.PORTAL_DEMO = False
    assert at_the_office(ana).errors(), "the former key opens nothing"
    who = Visitor().open("/admin/login/").fill("Nombre de usuario", "ana")
    who.fill("Clave de la oficina", OFFICE_PASSWORD + "-nueva").press("ENTRAR")
    assert "Asociá tu teléfono" in who.text


def test_who_is_new_has_no_telephone_to_lose(root: Visitor) -> None:
    assert "perdió el teléfono" not in root.open("/admin/backoffice/employee/add/").text


# --- Many deeds -------------------------------------------------------------------------------------


def test_more_deeds_than_usual_leave_an_event_once(settings) -> None:
    settings.PORTAL_DEEDS_ALARM = 1
    boss = make_employee("Supervisor")
    who = at_the_office(boss)
    for document in (30111222, 28999111):
        marta = make_person(document)
        make_clave(marta.cuil)
        who.open("/admin/").fill("Número de formulario, CUIL o documento", marta.cuil).press("BUSCAR")
        who.follow("Revocar la clave").select("Por qué", "Falleció").fill("Detalle", "Acta 12")
        who.press("CONTINUAR").press("CONFIRMAR")
    assert told().count((Note.MANY_DEEDS, boss.user_id)) == 1


# --- What was withdrawn -----------------------------------------------------------------------------


def test_a_withdrawn_application_is_offered_to_nobody() -> None:
    marta = make_person()
    make_clave(marta.cuil)
    row = Application.objects.get(name="Historia laboral")
    celia = at_the_office(make_employee("Contenidos", "celia"))
    assert "Historia laboral" in log_in(Visitor(), marta).text
    save(celia, f"/admin/accounts/application/{row.pk}/change/", withdrawn="on")
    assert "Historia laboral" not in log_in(Visitor(), marta).text
