"""A refused form is answered by a redirect, and nothing that was typed is lost or kept too long."""

import pytest
from django.contrib.sessions.models import Session

from tests.builders import PASSWORD, make_clave, make_person
from tests.visitor import Visitor
from tests.walker import walk

pytestmark = pytest.mark.django_db


def test_going_back_to_a_page_with_errors_never_asks_to_send_it_again(visitor: Visitor) -> None:
    walk(visitor, make_person(), "cuil").press("CONTINUAR")
    assert visitor.errors()
    assert visitor.response.redirect_chain == [("/crear/cuil/", 302)]


def test_the_errors_are_shown_once(visitor: Visitor) -> None:
    walk(visitor, make_person(), "cuil").press("CONTINUAR")
    assert not visitor.open("/crear/cuil/").errors()


def test_what_was_typed_is_still_there_except_what_is_secret(visitor: Visitor) -> None:
    marta = make_person()
    make_clave(marta.cuil)
    walk(visitor, marta, "cuil").fill("Número de CUIL", "27-30111222-5").choose("En el exterior")
    visitor.fill("Código de la imagen", "987654").press("CONTINUAR")
    page = visitor.response.content.decode()
    assert 'value="27-30111222-5"' in page
    assert "987654" not in page
    walk(visitor, marta, "clave").fill("Elegí una clave", PASSWORD).fill("Confirmá tu clave", PASSWORD + "x")
    assert visitor.client.post(*visitor.form("CREAR CLAVE")).status_code == 302
    assert PASSWORD not in str([s.get_decoded() for s in Session.objects.all()])
    assert PASSWORD not in visitor.open("/crear/clave/").response.content.decode()
    assert visitor.errors() == ["Las dos claves no son iguales"]


def test_the_errors_of_one_page_do_not_show_on_another(visitor: Visitor) -> None:
    walk(visitor, make_person(), "cuil")
    visitor.client.post(*visitor.form("CONTINUAR"))
    assert not visitor.open("/crear/politicas/").errors()
    assert not visitor.open("/crear/cuil/").errors()


def test_back_from_an_information_page_leads_into_the_open_journey(visitor: Visitor) -> None:
    walk(visitor, make_person(), "tramite")
    visitor.open("/oficinas/").follow("Volver")
    assert visitor.url == "/crear/tramite/"
    assert Visitor().open("/oficinas/").follow("Volver").url == "/"


def test_leaving_by_address_shows_the_button_and_leaves_nobody(visitor: Visitor) -> None:
    assert visitor.open("/salir/").url == "/"
