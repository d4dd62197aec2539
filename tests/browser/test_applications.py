"""The applications in the browser: nobody is shut out of their pages, and the files arrive."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator

from accounts.certificates import CODES, new_certificate
from accounts.models import Application
from identity.corrections import ask_for_correction
from identity.models import Person
from tests.browser.browser_visitor import BrowserVisitor
from tests.browser.conftest import Visit
from tests.browser.inspection import Inspector
from tests.browser.test_every_page import ways, widths
from tests.builders import make_clave, make_person
from tests.forms_usi07.examples import widest
from tests.walker import log_in

APPLICATIONS = "/aplicaciones/"


def in_with(who: BrowserVisitor, level: int) -> BrowserVisitor:
    person = make_person()
    make_clave(person.cuil, level=level)
    log_in(who, person)
    return who


@ways
def test_the_list_and_what_its_gates_say_are_open_to_everybody(
    visit: Visit, inspector: Inspector, width: int, js: str
) -> None:
    Application.objects.filter(name="Mis asignaciones").update(address="https://asignaciones.ejemplo.gob.ar/")
    who, axe = in_with(visit(width, js), 2), js != "off"
    inspector.look(who, "inicio", axe=axe)
    inspector.look(who.follow("Cómo se consigue"), "falta-nivel", axe=axe)
    inspector.look(who.open(f"{APPLICATIONS}historia-laboral/"), "sin-direccion", axe=axe)


@ways
def test_one_s_own_data_and_their_correction_are_open_to_everybody(
    visit: Visit, inspector: Inspector, width: int, js: str
) -> None:
    who, axe = in_with(visit(width, js), 3), js != "off"
    inspector.look(who.open("/inicio/").follow("Mis datos"), "mis-datos", axe=axe)
    inspector.look(who.follow("Ver todos los datos"), "mis-datos-completos", axe=axe)
    inspector.look(who.press("VER TODOS LOS DATOS"), "mis-datos", axe=axe)
    inspector.look(who.follow("PEDIR UNA CORRECCIÓN"), "corregir", axe=axe)
    inspector.look_at_errors(who.submit_empty(), "corregir", axe=axe, js=js == "on")
    who.select("¿Qué dato está mal?", "Domicilio")
    who.fill("Contanos qué dice y qué tendría que decir", "Vivo en Mitre 15.").press("PEDIR LA CORRECCIÓN")
    inspector.look(who, "pedido", axe=axe)
    inspector.look(who.follow("Volver a mis datos"), "mis-datos", axe=axe)


@ways
def test_the_certificate_and_its_check_are_open_to_everybody(
    visit: Visit, inspector: Inspector, width: int, js: str
) -> None:
    who, axe = in_with(visit(width, js), 2), js != "off"
    inspector.look(who.open(f"{APPLICATIONS}constancia-de-cuil/"), "constancia-de-cuil", axe=axe)
    certificate, code = new_certificate(Person.objects.get().cuil)
    certificate.save()
    anybody = visit(width, js)
    inspector.look(anybody.open("/constancia/"), "constancia", axe=axe)
    inspector.look_at_errors(anybody.press("COMPROBAR"), "constancia", axe=axe, js=js == "on")
    anybody.fill("Código de verificación", CODES.grouped(code)).press("COMPROBAR")
    assert "La constancia es verdadera" in anybody.text
    inspector.look(anybody, "constancia, true", axe=axe)
    anybody.fill("Código de verificación", CODES.new()).press("COMPROBAR")
    inspector.look(anybody, "constancia, not found", axe=axe)


@widths
def test_the_longest_words_of_the_register_and_of_a_request_stay_on_the_page(
    visit: Visit, inspector: Inspector, width: int
) -> None:
    surname, given, street = widest(Person, "surname", "given_names", "street")
    person = make_person(surname=surname, given_names=given, street=street, facts={"employer": ["W" * 120]})
    make_clave(person.cuil, level=3, email=f"{'w' * 60}@{'w' * 60}.com.ar")
    ask_for_correction(person.cuil, asked_by=person.cuil, datum="work", text="W" * 1000)
    who = visit(width)
    log_in(who, person)
    inspector.look(who.open("/aplicaciones/constancia-de-cuil/"), "constancia-de-cuil")
    who.open("/aplicaciones/mis-datos/completos/").press("VER TODOS LOS DATOS")
    assert "W" * 1000 in who.text
    inspector.look(who, "mis-datos")


def saved(who: BrowserVisitor, link_or_button: Locator) -> tuple[str, bytes]:
    """Name and content of the file that comes, while the page stays."""
    before = who.url
    with who.page.expect_download() as started:
        link_or_button.click()
    assert who.url == before
    return started.value.suggested_filename, Path(started.value.path()).read_bytes()


@pytest.mark.parametrize("js", ["on", "off"])
def test_the_files_are_downloaded_also_without_a_script(visit: Visit, js: str) -> None:
    who = in_with(visit(320, js), 2).open(f"{APPLICATIONS}mis-datos/")
    name, content = saved(who, who.page.get_by_role("link", name="DESCARGAR EN PDF"))
    assert (name, content[:5]) == ("mis-datos.pdf", b"%PDF-")
    name, content = saved(who, who.page.get_by_role("link", name="DESCARGAR EN JSON"))
    assert (name, json.loads(content)["completo"]) == ("mis-datos.json", False)
    who.open(f"{APPLICATIONS}constancia-de-cuil/")
    for _ in range(2):  # the button works a second time
        name, content = saved(who, who.button("DESCARGAR CONSTANCIA"))
        assert (name, content[:5]) == ("constancia-de-cuil.pdf", b"%PDF-")
