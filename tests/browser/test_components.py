"""Parts of a page that do more with JavaScript, and what they are without it."""

import re

import pytest
from playwright.sync_api import Request

from tests.browser.browser_visitor import BrowserVisitor
from tests.browser.conftest import Visit
from tests.builders import PASSWORD, make_clave, make_person
from tests.walker import log_in, type_code, walk

scripts = pytest.mark.parametrize("js", ["on", "off"], ids=["with-script", "without-script"])


# --- Código de la imagen ----------------------------------------------------------------------------


def picture(who: BrowserVisitor) -> str:
    return who.page.locator(".captcha img").get_attribute("src")


def test_another_image_comes_without_leaving_the_page_and_keeps_what_was_typed(visit: Visit) -> None:
    marta = make_person()
    make_clave(marta.cuil)
    who = visit().open("/")
    who.fill("Número de CUIL", marta.cuil).fill("Clave de Seguridad Social", PASSWORD)
    before, key = picture(who), who.hidden("captcha_key")
    with who.page.expect_response(lambda answer: "/captcha/image/" in answer.url):
        who.button("Cambiar la imagen").click()
    assert picture(who) != before
    assert who.hidden("captcha_key") != key
    assert who.focused("name") == "captcha"
    assert "Cambiamos la imagen" in who.page.locator("[data-captcha-status]").inner_text()
    type_code(who)
    who.press("INGRESAR")
    assert who.url == "/inicio/"


def test_without_a_script_another_image_is_a_link(visit: Visit) -> None:
    marta = make_person()
    make_clave(marta.cuil)
    who = visit(js="off").open("/")
    before = picture(who)
    who.follow("Cambiar la imagen")
    assert picture(who) != before
    log_in(who, marta)
    assert who.url == "/inicio/"


def test_when_another_image_does_not_come_the_page_says_so(visit: Visit) -> None:
    who = visit().open("/")
    who.page.route("**/captcha/nueva/", lambda route: route.fulfill(status=503))
    who.button("Cambiar la imagen").click()
    status = who.page.locator("[data-captcha-status]", has_text="No pudimos cambiar la imagen")
    status.wait_for(state="attached")


# --- The key ------------------------------------------------------------------------------------------


def test_the_key_is_shown_on_demand_and_hidden_again_before_it_is_sent(visit: Visit) -> None:
    who = visit().open("/")
    field = who.field("Clave de Seguridad Social")
    field.fill(PASSWORD)
    button = who.page.locator("[data-show]")
    assert field.get_attribute("type") == "password"
    assert button.get_attribute("aria-label") == "Mostrar la clave"
    button.click()
    assert field.get_attribute("type") == "text"
    assert button.get_attribute("aria-label") == "Ocultar la clave"
    assert field.input_value() == PASSWORD
    button.click()
    assert field.get_attribute("type") == "password"
    button.click()
    # The form is held back, to see what would be sent.
    who.page.evaluate("document.querySelector('main form').onsubmit = () => false")
    who.button("INGRESAR").click()
    assert field.get_attribute("type") == "password"


def test_password_managers_and_pasting_are_welcome(visit: Visit) -> None:
    marta = make_person()
    who = visit()
    walk(who, marta, "clave")
    for label in ("Elegí una clave", "Confirmá tu clave"):
        assert who.field(label).get_attribute("autocomplete") == "new-password"
    assert who.page.locator("[autocomplete=username]").input_value().replace("-", "") == marta.cuil
    who.open("/")
    assert who.field("Clave de Seguridad Social").get_attribute("autocomplete") == "current-password"
    assert who.field("Número de CUIL").get_attribute("autocomplete") == "username"
    who.fill("Número de CUIL", PASSWORD)
    who.field("Número de CUIL").select_text()
    who.page.keyboard.press("ControlOrMeta+c")
    who.field("Clave de Seguridad Social").focus()
    who.page.keyboard.press("ControlOrMeta+v")
    assert who.field("Clave de Seguridad Social").input_value() == PASSWORD


def test_a_cuil_gets_its_dashes_on_leaving_the_field_and_never_before(visit: Visit) -> None:
    marta = make_person()
    who = visit().open("/")
    field = who.field("Número de CUIL")
    field.press_sequentially(marta.cuil)
    assert field.input_value() == marta.cuil
    field.blur()
    assert re.fullmatch(r"\d{2}-\d{8}-\d", field.input_value())
    field.fill("20-1234")
    field.blur()
    assert field.input_value() == "20-1234"


# --- The virtual keyboard -------------------------------------------------------------------------------


class Keys:
    """The virtual keyboard of one field."""

    def __init__(self, who: BrowserVisitor, label: str) -> None:
        self.who, self.field = who, who.field(label)
        name = self.field.get_attribute("id")
        self.opener = who.page.locator(f"[data-keyboard={name}]")
        self.box = who.page.locator(f"#{name}_keyboard")

    def tap(self, text: str) -> None:
        self.box.get_by_role("button", name=text, exact=True).click()

    def type(self, text: str) -> None:
        for character in text:
            if character.isupper():
                self.tap("Mayúscula")
                self.tap(character)
                self.tap("Mayúscula")
            else:
                self.tap(character)

    def digits(self) -> str:
        return "".join(t for t in self.box.get_by_role("button").all_inner_texts() if t.isdigit())


def test_the_virtual_keyboard_types_what_the_keys_type_and_tells_nobody(visit: Visit) -> None:
    who = visit(320)
    walk(who, make_person(), "clave")
    requests: list[Request] = []
    who.page.on("request", lambda request: requests.append(request))
    for label in ("Elegí una clave", "Confirmá tu clave"):
        keys = Keys(who, label)
        keys.opener.click()
        keys.type("Gq")
        keys.tap("Borrar")
        keys.type(PASSWORD[1:])
        assert keys.field.input_value() == PASSWORD
        keys.tap("Cerrar")
    assert who.page.locator("[data-rule].met").count() == 7
    assert not requests
    who.press("CREAR CLAVE")
    assert who.url == "/crear/listo/"


def test_the_digits_change_places_each_time_the_keyboard_opens(visit: Visit) -> None:
    keys = Keys(visit().open("/"), "Clave de Seguridad Social")
    orders = set()
    for _ in range(5):
        keys.opener.click()
        orders.add(keys.digits())
        keys.tap("Cerrar")
    assert len(orders) > 1
    assert {"".join(sorted(order)) for order in orders} == {"0123456789"}


def test_escape_closes_the_keyboard_and_gives_the_focus_back(visit: Visit) -> None:
    keys = Keys(visit().open("/"), "Clave de Seguridad Social")
    keys.opener.click()
    assert keys.opener.get_attribute("aria-expanded") == "true"
    assert keys.field.get_attribute("inputmode") == "none"
    keys.box.get_by_role("button", name="m", exact=True).focus()
    keys.who.page.keyboard.press("Escape")
    assert keys.box.is_hidden()
    assert keys.opener.get_attribute("aria-expanded") == "false"
    assert keys.opener.evaluate("e => e === document.activeElement")
    assert keys.field.get_attribute("inputmode") is None


@scripts
def test_what_needs_a_script_is_there_only_with_one(visit: Visit, js: str) -> None:
    who = visit(js=js).open("/")
    needing = who.page.locator(".needs-js").all()
    assert needing
    assert {each.is_visible() for each in needing} == {js == "on"}


# --- Time for a question -----------------------------------------------------------------------------------


def test_the_time_left_is_shown_and_read_out_rarely(visit: Visit) -> None:
    who = visit()
    walk(who, make_person(), "preguntas")
    counting = who.page.locator("[data-countdown-shown]", has_text="Tiempo que te queda: 1 minuto y 5")
    counting.wait_for(timeout=10_000)
    assert who.page.locator("[data-countdown-status]").inner_text() == ""
    who.press("Necesito más tiempo")
    assert re.search("Tenés (4 minutos|3 minutos y 5[0-9] segundos) para responder", who.text)
    assert "Necesito más tiempo" not in who.text
