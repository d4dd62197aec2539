"""The office in a real browser: nobody is shut out of it either."""

import pytest

from accounts.models import Clave
from tests.backoffice.builders import OFFICE_PASSWORD, make_employee
from tests.browser.browser_visitor import BrowserVisitor
from tests.browser.conftest import Visit
from tests.browser.inspection import Inspector
from tests.builders import make_clave, make_person

widths = pytest.mark.parametrize("width", [1280, 320])


def enter(who: BrowserVisitor, name: str) -> BrowserVisitor:
    who.open("/admin/login/").fill("Nombre de usuario", name)
    return who.fill("Clave de la oficina", OFFICE_PASSWORD).press("ENTRAR")


@widths
@pytest.mark.parametrize("js", ["on", "off"])
def test_a_key_is_enabled_at_the_counter_on_pages_open_to_everybody(
    visit: Visit, inspector: Inspector, settings, width: int, js: str
) -> None:
    settings.PORTAL_DEMO = True
    person = make_person()
    clave = make_clave(person.cuil, level=None)
    make_employee("Mesa de entrada")
    who, axe = visit(width, js), js != "off"
    inspector.look(who.open("/admin/login/"), "oficina, entrar", axe=axe)
    inspector.look(enter(who, "ana"), "oficina", axe=axe)
    assert who.focused("name") == "q", "a scanner types where the focus is"
    # A scanner types and ends with Enter.
    with who.page.expect_navigation(wait_until="load"):
        who.page.keyboard.type(clave.form_number)
        who.page.keyboard.press("Enter")
    inspector.look(who, "oficina, caso", axe=axe)
    inspector.look(who.follow("Habilitar con USI-07"), "oficina, habilitar", axe=axe)
    who.press("CONTINUAR")
    assert len(who.errors()) == 4
    who.fill("Número del formulario USI-07", clave.form_number)
    who.select("Tipo de documento que presenta", "DNI")
    who.fill("Número del documento que presenta", person.document_number)
    who.tick("Vi el original y la foto es de quien lo presenta")
    who.press("CONTINUAR").press_twice("CONFIRMAR") if js == "on" else who.press("CONTINUAR").press(
        "CONFIRMAR"
    )
    assert Clave.objects.get().level == 3
    assert not who.complaints


@widths
def test_what_waits_for_a_second_person_is_open_to_everybody(
    visit: Visit, inspector: Inspector, settings, width: int
) -> None:
    settings.PORTAL_DEMO = True
    make_employee("Supervisor", "beto")
    who = enter(visit(width), "beto")
    inspector.look(who.open("/admin/propuestas/"), "oficina, propuestas")


@widths
def test_tying_a_telephone_is_open_to_everybody(visit: Visit, inspector: Inspector, width: int) -> None:
    make_employee("Supervisor", "beto")
    inspector.look(enter(visit(width), "beto"), "oficina, asociar teléfono")
