"""For whom to act, in the browser: the question, the bar, and the way back, for everybody."""

import pytest

from identity.models import Person
from tests.browser.browser_visitor import KeyboardVisitor
from tests.browser.conftest import Visit
from tests.browser.inspection import Inspector
from tests.browser.test_every_page import ways, widths
from tests.builders import make_clave, make_curatela, make_person
from tests.walker import act_for, log_in, named

CHOOSE, BAR = "/inicio/en-nombre-de/", "section.acting"
TITLE = "¿En nombre de quién vas a actuar?"
BACK = "Volver a actuar por mí"


def silvia_and_federico(name: str = "FEDERICO") -> tuple[Person, Person]:
    silvia = make_person(14388702, surname="ZUBIRÍA", given_names="SILVIA ESTER")
    federico = make_person(31770924, surname="ZUBIRÍA", given_names=name)
    make_clave(silvia.cuil)
    make_curatela(silvia, federico)
    return silvia, federico


@ways
def test_the_question_the_bar_and_the_way_back_are_open_to_everybody(
    visit: Visit, inspector: Inspector, width: int, js: str
) -> None:
    silvia, federico = silvia_and_federico()
    who, axe = visit(width, js), js != "off"
    log_in(who, silvia)
    inspector.look(who, "en-nombre-de", axe=axe)
    inspector.look_at_errors(who.submit_empty(), "en-nombre-de", axe=axe, js=js == "on")
    who.choose(named(federico)).press("CONTINUAR")
    assert who.page.locator(BAR).inner_text().startswith("Estás actuando en nombre de FEDERICO ZUBIRÍA")
    inspector.look(who, "inicio", axe=axe)
    inspector.look(who.follow("Cambiar"), "en-nombre-de", axe=axe)
    inspector.look(who.press(BACK), "inicio", axe=axe)
    assert who.page.locator(BAR).inner_text().startswith("Estás actuando en representación propia")


@widths
def test_a_page_that_fails_keeps_the_bar(visit: Visit, inspector: Inspector, width: int) -> None:
    silvia, federico = silvia_and_federico()
    who = visit(width)
    act_for(who, silvia, federico)
    inspector.look(who.open("/no-existe/"), "error 404")
    assert "FEDERICO" in who.page.locator(BAR).inner_text()
    # The longest name of the register, in a window of a quarter of its width.
    Person.objects.filter(cuil=federico.cuil).update(surname="ZUBIRÍA" * 8, given_names="FEDERICO " * 8)
    inspector.look(who.open("/inicio/"), "inicio")


@widths
def test_many_people_are_searched(visit: Visit, inspector: Inspector, width: int) -> None:
    silvia, federico = silvia_and_federico()
    for number in range(8):
        make_curatela(silvia, make_person(20000000 + number, surname=f"GÓMEZ {number}", facts={}))
    who = visit(width)
    inspector.look(log_in(who, silvia), "en-nombre-de")
    field = who.field("Buscá a una persona")
    field.fill("zubiria")
    with who.page.expect_navigation(wait_until="load"):
        field.press("Enter")
    inspector.look(who, "en-nombre-de")
    assert who.options() == ["En representación propia", named(federico)]
    assert who.title.startswith(TITLE)
    with who.page.expect_navigation(wait_until="load"):
        who.page.get_by_role("radio", name=named(federico)).press("Enter")
    inspector.look_at_errors(who, "en-nombre-de")
    assert field.input_value() == "zubiria"


@widths
def test_whose_key_is_suspended_is_told(visit: Visit, inspector: Inspector, width: int) -> None:
    _, federico = silvia_and_federico()
    make_clave(federico.cuil)
    inspector.look(log_in(visit(width), federico), "clave-suspendida")


def test_the_whole_of_it_is_done_with_the_keyboard_alone(visit: Visit) -> None:
    silvia, federico = silvia_and_federico()
    who = visit(kind=KeyboardVisitor)
    act_for(who, silvia, federico)
    assert who.url == "/inicio/"
    who.follow("Cambiar").choose(named(federico)).press("CONTINUAR")
    who.press(BACK)
    assert who.page.locator(BAR).inner_text().startswith("Estás actuando en representación propia")


@pytest.mark.parametrize("colours", ["active", "none"])
def test_with_colours_of_ones_own_the_bar_keeps_an_outline(visit: Visit, colours: str) -> None:
    silvia, federico = silvia_and_federico()
    who = visit(forced_colors=colours)
    act_for(who, silvia, federico)
    edge = who.page.locator(BAR).evaluate("e => getComputedStyle(e).borderTopStyle")
    assert (edge == "solid") is (colours == "active")


def test_on_paper_it_says_for_whom_and_offers_no_way(visit: Visit) -> None:
    silvia, federico = silvia_and_federico()
    who = visit()
    act_for(who, silvia, federico)
    who.page.emulate_media(media="print")
    assert who.page.get_by_text("Estás actuando en nombre de").is_visible()
    assert not who.page.get_by_role("link", name="Cambiar", exact=True).is_visible()
