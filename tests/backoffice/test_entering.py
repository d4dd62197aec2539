"""The second factor, the limits of the log-in, and who is nobody at an office."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.backoffice.builders import OFFICE_PASSWORD, at_the_office, make_employee
from tests.backoffice.one_time_codes import code_of, tie
from tests.builders import make_clave, make_person
from tests.visitor import Visitor
from tests.walker import log_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _with_second_factor(_without_second_factor: None, settings) -> None:
    settings.PORTAL_DEMO = False


def test_the_first_time_a_telephone_is_tied_and_spare_codes_are_shown_once() -> None:
    employee = make_employee("Mesa de entrada")
    who = at_the_office(employee)
    assert who.url == "/admin/segundo-factor/"
    assert len(tie(who, employee.user)) == 10
    assert "Número de formulario, CUIL o documento" in who.open("/admin/").text


def test_with_the_key_alone_nothing_of_the_office_opens() -> None:
    who = at_the_office(make_employee("Supervisor"))
    for address in ("/admin/", "/admin/propuestas/", "/admin/caso/1/"):
        assert who.open(address).url == "/admin/segundo-factor/"


def test_afterwards_the_code_of_the_telephone_opens_and_a_wrong_one_does_not() -> None:
    employee = make_employee("Mesa de entrada")
    tie(at_the_office(employee), employee.user)
    again = at_the_office(employee)
    wrong = f"{(int(code_of(employee.user)) + 1) % 10**6:06d}"
    assert again.fill("Código", wrong).press("CONTINUAR").errors()
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        later = at_the_office(employee)
        later.fill("Código", code_of(employee.user)).press("CONTINUAR")
        assert later.url == "/admin/"


@pytest.mark.parametrize("first_time", [True, False], ids=["tied", "asked"])
def test_the_session_has_another_name_once_the_second_factor_was_shown(first_time: bool) -> None:
    employee = make_employee("Mesa de entrada")
    if not first_time:
        tie(at_the_office(employee), employee.user)
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        who = at_the_office(employee)
        before = who.client.cookies["sesion"].value
        who.fill("Código", code_of(employee.user)).press("CONTINUAR")
        assert who.open("/admin/").url == "/admin/"
        assert who.client.cookies["sesion"].value != before
        thief = Visitor()
        thief.client.cookies["sesion"] = before
        assert thief.open("/admin/").url.startswith("/admin/login/")


def test_whoever_leaves_the_log_in_empty_is_told_of_both() -> None:
    who = Visitor().open("/admin/login/").press("ENTRAR")
    assert who.errors() == ["Escribí tu nombre de usuario", "Escribí tu clave de la oficina"]


def test_a_spare_code_opens_once() -> None:
    employee = make_employee("Mesa de entrada")
    spare = tie(at_the_office(employee), employee.user)[0]
    assert at_the_office(employee).fill("Código", spare).press("CONTINUAR").url == "/admin/"
    assert at_the_office(employee).fill("Código", spare).press("CONTINUAR").errors()


def test_the_sixth_wrong_key_of_the_office_has_to_wait() -> None:
    make_employee("Mesa de entrada")
    who = Visitor()
    for _ in range(6):
        who.open("/admin/login/").fill("Nombre de usuario", "ana").fill("Clave de la oficina", "otra").press(
            "ENTRAR"
        )
    assert who.status == 429


def test_a_citizen_is_nobody_at_the_office(visitor: Visitor) -> None:
    marta = make_person()
    make_clave(marta.cuil)
    log_in(visitor, marta)
    assert visitor.open("/admin/").url.startswith("/admin/login/")
    visitor.open("/admin/login/").fill("Nombre de usuario", f"cuil:{marta.cuil}")
    assert visitor.fill("Clave de la oficina", OFFICE_PASSWORD).press("ENTRAR").errors()


def test_a_session_left_alone_for_a_quarter_of_an_hour_is_over() -> None:
    employee = make_employee("Mesa de entrada")
    who = at_the_office(employee)
    tie(who, employee.user)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert who.open("/admin/").url.startswith("/admin/login/")


def test_a_name_written_otherwise_is_the_same_name_to_the_limit() -> None:
    make_employee("Mesa de entrada")
    statuses = []
    for number in range(7):
        who = Visitor().open("/admin/login/").fill("Nombre de usuario", " " * number + "ＡＮＡ")
        statuses.append(who.fill("Clave de la oficina", "otra").press("ENTRAR").status)
    assert statuses[-1] == 429


def test_the_secret_that_somebody_else_was_shown_ties_nothing() -> None:
    employee = make_employee("Mesa de entrada")
    thief = at_the_office(employee)
    stolen = code_of(employee.user)
    ana = at_the_office(employee)
    tie(ana, employee.user)
    assert thief.fill("Código", stolen).press("CONTINUAR").errors()
    assert TOTPDevice.objects.filter(user=employee.user, confirmed=True).count() == 1


def test_whoever_gave_only_the_key_can_leave() -> None:
    who = at_the_office(make_employee("Mesa de entrada"))
    who.press("SALIR")
    assert who.open("/admin/").url.startswith("/admin/login/")


def test_leaving_the_office_asks_the_browser_to_forget_what_it_stored() -> None:
    who = at_the_office(make_employee("Mesa de entrada"))
    answer = Client.post(
        who.client, "/admin/logout/", {"csrfmiddlewaretoken": who.hidden("csrfmiddlewaretoken")}
    )
    assert (answer.status_code, answer["Clear-Site-Data"]) == (302, '"cache", "storage"')
