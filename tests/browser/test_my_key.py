"""«Mi clave» in a real browser: every page is open to everybody; a script does more where one runs."""

import re

import pytest

from accounts.blocking import is_blocked
from accounts.models import Clave, OpenSession, secret_matches
from tests.accounts.mailbox import links, received
from tests.browser.browser_visitor import BrowserVisitor, KeyboardVisitor
from tests.browser.conftest import Visit
from tests.browser.inspection import Inspector, violations
from tests.browser.test_every_page import ways
from tests.builders import EMAIL, PASSWORD, make_clave, make_person
from tests.walker import log_in, type_code

HERE = "/inicio/clave/"
NEW, ADDRESS = "Margarita73x", "nueva@ejemplo.ar"


def code_sent_to(address: str) -> str:
    found = re.search(r"^\d{6}$", received(address)[-1].body, re.MULTILINE)
    assert found
    return found[0]


def fill_in(who: BrowserVisitor, current: str = PASSWORD, new: str = NEW) -> None:
    who.fill("Clave actual", current).fill("Clave nueva", new).fill("Confirmá tu clave nueva", new)


# --- Every page -----------------------------------------------------------------------------------------


@ways
def test_every_page_about_ones_key_is_open_to_everybody(
    visit: Visit, inspector: Inspector, width: int, js: str
) -> None:
    person = make_person()
    make_clave(person.cuil)
    who, other, axe = visit(width, js), visit(width, js), js != "off"

    def look(name: str) -> None:
        inspector.look(who, name.strip("/ ").replace("/", "-"), axe=axe)

    def look_at_errors(name: str) -> None:
        inspector.look_at_errors(who.submit_empty(), name, axe=axe, js=js == "on")

    who.open("/cambiar/")
    look("cambiar")
    look_at_errors("cambiar")
    log_in(other, person)
    log_in(who, person)
    for page in ("", "actividad/", "actividad/1/", "sesiones/", "correo/", "bloquear/", "baja/"):
        who.open(HERE + page)
        look(f"mi-clave/{page}")
    for page in ("cambiar/", "correo/", "baja/confirmar/"):
        who.open(HERE + page)
        look(f"mi-clave/{page}")
        look_at_errors(f"mi-clave/{page}")
    who.open(f"{HERE}correo/").fill("E-Mail", ADDRESS).fill("Tu clave", PASSWORD)
    who.press("MANDAR EL CÓDIGO")
    look("mi-clave/correo/codigo/")
    look_at_errors("mi-clave/correo/codigo/")
    who.fill("Código", code_sent_to(ADDRESS)).press("CONFIRMAR CORREO")
    look("mi-clave/")
    who.open(f"{HERE}correo/")
    look("mi-clave/correo/")
    link = links(received(EMAIL)[-1])
    for name in ("Deshacer el cambio", "No fui yo"):
        who.open("/" + link[name].split("/", 3)[3])
        look(name)
    who.press("NO FUI YO, BLOQUEAR EL ACCESO")
    look("No fui yo")
    assert is_blocked(person.cuil)


@pytest.mark.parametrize("width", [1280, 320])
def test_the_mails_of_the_demonstration_are_open_to_everybody(
    visit: Visit, inspector: Inspector, settings: object, width: int
) -> None:
    settings.PORTAL_DEMO = True
    make_clave(make_person().cuil)
    inspector.look(visit(width).open("/demo/correos/"), "demo, correos")


# --- Another key ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("js", ["on", "off"])
def test_the_key_is_changed_and_the_other_browser_is_out(visit: Visit, js: str) -> None:
    person = make_person()
    make_clave(person.cuil)
    here, there = visit(js=js), visit(320, js)
    log_in(here, person)
    log_in(there, person)
    here.follow("Mi clave").follow("Cambiar mi clave")
    fill_in(here)
    here.press("CAMBIAR CLAVE")
    assert "Cambiaste tu clave." in here.text
    assert there.open("/inicio/").url == "/"
    assert "Tu sesión se cerró" in there.text
    assert here.open("/inicio/").url == "/inicio/"
    assert log_in(there, person, NEW).url == "/inicio/"


def test_the_key_is_changed_with_the_keyboard_alone(visit: Visit) -> None:
    person = make_person()
    make_clave(person.cuil)
    who = visit(kind=KeyboardVisitor)
    who.open("/").follow("Cambiar mi clave")
    who.fill("Número de CUIL", person.cuil)
    fill_in(who)
    type_code(who)
    who.press("CAMBIAR CLAVE")
    assert "Ingresá con la nueva." in who.text
    assert secret_matches(NEW, Clave.objects.get())


def test_the_rules_are_ticked_at_the_new_key_alone(visit: Visit) -> None:
    person = make_person()
    make_clave(person.cuil)
    who = visit()
    log_in(who, person)
    who.open(f"{HERE}cambiar/").fill("Clave actual", PASSWORD)
    assert who.page.locator("[data-rule].met").count() == 0
    who.fill("Clave nueva", NEW)
    assert who.page.locator("[data-rule].met").count() == 7


def test_capitals_that_are_switched_on_are_told_while_a_key_is_typed(visit: Visit) -> None:
    who = visit().open("/")
    field = who.field("Clave de Seguridad Social")
    told = who.page.locator("[role=status]", has_text="Tenés activadas las mayúsculas")
    key = """(e, on) => e.dispatchEvent(new KeyboardEvent("keydown", { key: "A", modifierCapsLock: on }))"""
    field.evaluate(key, arg=False)
    assert told.count() == 0
    field.evaluate(key, arg=True)
    assert told.is_visible()
    assert not violations(who)
    field.evaluate(key, arg=False)
    assert told.count() == 0


# --- Sessions -------------------------------------------------------------------------------------------


def test_a_session_is_closed_from_another_one(visit: Visit) -> None:
    person = make_person()
    make_clave(person.cuil)
    here, there = visit(), visit(320)
    log_in(there, person)
    log_in(here, person)
    here.open(f"{HERE}sesiones/")
    assert "Chrome en" in here.text
    assert "Esta" in here.text
    with here.page.expect_navigation(wait_until="load"):
        here.page.get_by_role("button", name="Cerrar la sesión de Chrome").click()
    assert there.open("/inicio/").url == "/"
    assert "Esta sesión se cerró desde otra" in there.text


# --- Before a session ends ------------------------------------------------------------------------------


def inside(visit: Visit, **more: object) -> BrowserVisitor:
    """Logged in, on a clock that the test moves."""
    person = make_person()
    make_clave(person.cuil)
    who = visit(**more)
    who.page.clock.install()
    log_in(who, person)
    return who


def dialog(who: BrowserVisitor) -> object:
    return who.page.get_by_role("dialog", name="¿Seguís ahí?")


@pytest.mark.parametrize("width", [1280, 320])
def test_two_minutes_before_the_end_the_page_asks_and_the_session_goes_on(visit: Visit, width: int) -> None:
    who = inside(visit, width=width)
    assert dialog(who).count() == 0
    who.page.clock.fast_forward((15 * 60 - 125) * 1000)
    assert dialog(who).count() == 0
    who.page.clock.fast_forward(10_000)
    assert dialog(who).is_visible()
    assert "1 minuto y 5" in dialog(who).inner_text()
    assert who.page.evaluate("document.activeElement.textContent") == "Seguir conectado"
    assert not violations(who)
    assert who.page.evaluate("document.documentElement.scrollWidth") <= width
    with who.page.expect_response("**/inicio/seguir/") as answer:
        who.page.get_by_role("button", name="Seguir conectado").click()
    assert answer.value.json()["seconds"] > 890
    dialog(who).wait_for(state="hidden")
    who.page.clock.fast_forward((15 * 60 - 125) * 1000)
    assert dialog(who).count() == 0
    assert not who.complaints


def test_escape_says_that_somebody_is_there(visit: Visit) -> None:
    who = inside(visit)
    who.page.clock.fast_forward((15 * 60 - 60) * 1000)
    assert dialog(who).is_visible()
    with who.page.expect_response("**/inicio/seguir/"):
        who.page.keyboard.press("Escape")
    dialog(who).wait_for(state="hidden")


def test_what_is_left_is_read_out_now_and_then(visit: Visit) -> None:
    who = inside(visit)
    status = who.page.locator("[data-session-status]")
    who.page.clock.fast_forward((15 * 60 - 119) * 1000)
    first = status.inner_text()
    assert first.startswith("Tu sesión se cierra en 1 minuto y 5")
    who.page.clock.run_for(10_000)
    assert status.inner_text() == first
    who.page.clock.run_for(25_000)
    assert status.inner_text() != first


def test_a_page_left_alone_leads_out_and_says_why(visit: Visit) -> None:
    who = inside(visit)
    OpenSession.objects.all().delete()
    with who.page.expect_navigation(wait_until="load"):
        who.page.clock.fast_forward((15 * 60 + 5) * 1000)
    assert who.url == "/"
    assert "Esta sesión se cerró" in who.text


def test_a_page_that_the_browser_kept_whole_is_asked_for_anew_after_somebody_left(visit: Visit) -> None:
    """Playwright starts Chromium without that memory of pages: the event is what a browser sends from it."""
    who = inside(visit)
    who.tab().open("/inicio/").press("SALIR")
    with who.page.expect_navigation(wait_until="load"):
        who.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert who.url == "/"
    assert "PERALTA" not in who.text


def test_a_session_that_is_over_already_does_not_go_on(visit: Visit) -> None:
    who = inside(visit)
    who.page.clock.fast_forward((15 * 60 - 60) * 1000)
    OpenSession.objects.all().delete()
    with who.page.expect_navigation(wait_until="load"):
        who.page.get_by_role("button", name="Seguir conectado").click()
    assert who.url == "/"


def test_without_a_line_the_page_says_that_it_could_not_tell(visit: Visit) -> None:
    who = inside(visit)
    who.page.clock.fast_forward((15 * 60 - 60) * 1000)
    who.page.route("**/inicio/seguir/", lambda route: route.abort())
    who.page.get_by_role("button", name="Seguir conectado").click()
    told = who.page.get_by_text("No pudimos avisar que seguís acá. Probá de nuevo.")
    told.wait_for()
    assert dialog(who).is_visible()
    assert not violations(who)


def test_what_one_tab_does_the_others_know(visit: Visit) -> None:
    who = inside(visit)
    who.page.clock.fast_forward((15 * 60 - 60) * 1000)
    assert dialog(who).is_visible()
    who.tab().open("/inicio/")
    dialog(who).wait_for(state="hidden")


def test_a_session_that_lasted_all_it_may_offers_no_more(visit: Visit, settings: object) -> None:
    settings.PORTAL_SESSION_HOURS, settings.PORTAL_IDLE_MINUTES = 1, 60
    who = inside(visit)
    who.page.clock.fast_forward((60 * 60 - 60) * 1000)
    assert dialog(who).is_visible()
    assert "Ya duró todo lo que puede" in dialog(who).inner_text()
    assert who.page.get_by_role("button", name="Seguir conectado").count() == 0
    assert not violations(who)


def test_where_no_script_runs_the_page_says_when_the_session_ends(visit: Visit) -> None:
    person = make_person()
    make_clave(person.cuil)
    who = visit(js="off")
    log_in(who, person)
    told = who.page.locator("noscript p")
    assert told.is_visible()
    assert "tu sesión se cierra si pasan 15 minutos" in told.inner_text()
    assert dialog(who).count() == 0
