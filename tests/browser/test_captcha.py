"""The code in a real browser, under its policy: heard, with a script and without one; not always asked."""

import math

import pytest
from playwright.sync_api import Locator

from tests.browser.browser_visitor import BrowserVisitor, KeyboardVisitor
from tests.browser.conftest import Visit
from tests.browser.inspection import Inspector
from tests.builders import PASSWORD, make_clave, make_person
from tests.ear import SOUND_BYTES, hear
from tests.walker import log_in

both_widths = pytest.mark.parametrize("width", [1280, 320])

PLAYING = "a => !a.paused && a.currentTime > 0.2"


def sounds_asked_for(who: BrowserVisitor) -> list[str]:
    """From now on, the addresses of sounds that the browser asks for."""
    asked: list[str] = []
    who.page.on("request", lambda r: asked.append(r.url) if "/captcha/audio/" in r.url else None)
    return asked


def player(who: BrowserVisitor) -> Locator:
    return who.page.locator("audio")


def until(who: BrowserVisitor, element: Locator, condition: str) -> None:
    handle = element.element_handle()
    for _ in range(100):
        if handle.evaluate(condition):
            return
        who.page.wait_for_timeout(50)
    raise AssertionError(f"never {condition}: {element.evaluate('a => [a.error?.message, a.src]')}")


def expect_it_to_play(who: BrowserVisitor, element: Locator) -> None:
    until(who, element, PLAYING)
    assert math.isclose(element.evaluate("a => a.duration"), 8)
    assert element.evaluate("a => a.error") is None


def log_in_by_ear(who: BrowserVisitor, listen_to: str) -> None:
    marta = make_person()
    make_clave(marta.cuil)
    sound = who.page.context.request.get(listen_to).body()
    assert len(sound) == SOUND_BYTES
    who.fill("Número de CUIL", marta.cuil).fill("Clave de Seguridad Social", PASSWORD)
    who.fill("Código de la imagen", hear(sound)).press("INGRESAR")
    assert who.url == "/inicio/"


@both_widths
def test_with_a_script_a_button_speaks_the_code_and_the_page_stays(visit: Visit, width: int) -> None:
    who = visit(width)
    asked = sounds_asked_for(who)
    who.open("/").fill("Número de CUIL", "20-1")
    assert asked == [], "nothing is loaded before it is asked for"
    who.button("Escuchar el código").click()
    expect_it_to_play(who, player(who))
    assert who.field("Número de CUIL").input_value() == "20-1"
    assert not who.complaints
    log_in_by_ear(who, asked[0])


@both_widths
def test_without_a_script_the_browser_s_own_player_speaks_it(
    visit: Visit, inspector: Inspector, width: int
) -> None:
    who = visit(width, js="off")
    asked = sounds_asked_for(who)
    who.open("/")
    assert player(who).bounding_box()["height"] >= 40
    assert who.page.get_by_role("link", name="Escuchar el código").count() == 0
    assert asked == []
    player(who).focus()
    who.page.keyboard.press("Space")
    expect_it_to_play(who, player(who))
    inspector.look(who, "entrar", axe=False)
    log_in_by_ear(who, asked[0])


def test_where_the_script_never_came_a_tab_of_its_own_speaks_it(visit: Visit) -> None:
    who = visit(320, js="lost").open("/")
    with who.page.expect_popup() as opened:
        who.page.get_by_role("link", name="Escuchar el código (se abre en otra pestaña)").click()
    tab = BrowserVisitor(opened.value, who.site)
    expect_it_to_play(tab, tab.page.locator("video, audio"))
    assert not tab.complaints
    assert not who.complaints
    log_in_by_ear(who, tab.page.url)


def test_another_code_is_silent_until_it_is_asked_for(visit: Visit) -> None:
    who = visit()
    asked = sounds_asked_for(who)
    who.open("/").button("Escuchar el código").click()
    until(who, player(who), PLAYING)
    with who.page.expect_response(lambda answer: "/captcha/image/" in answer.url):
        who.button("Cambiar la imagen").click()
    until(who, player(who), "a => a.paused")
    assert len(set(asked)) == 1
    who.button("Escuchar el código").click()
    expect_it_to_play(who, player(who))
    assert len(set(asked)) == 2
    assert not who.complaints
    log_in_by_ear(who, asked[-1])


def test_pressed_again_it_speaks_from_the_beginning(visit: Visit) -> None:
    who = visit().open("/")
    button = who.button("Escuchar el código")
    button.click()
    until(who, player(who), "a => a.currentTime > 1")
    button.click()
    until(who, player(who), "a => a.currentTime < 1 && !a.paused")
    assert not who.complaints


def test_a_code_that_is_gone_says_so_where_everybody_sees_it(visit: Visit) -> None:
    who = visit(320).open("/")
    who.page.route("**/captcha/audio/**", lambda route: route.fulfill(status=410))
    who.button("Escuchar el código").click()
    told = who.page.locator("[data-captcha-status]", has_text="No pudimos reproducir el código.")
    told.wait_for()
    assert told.bounding_box()["width"] > 100
    who.page.unroute("**/captcha/audio/**")
    who.button("Cambiar la imagen").click()
    who.page.locator("[data-captcha-status]", has_text="Cambiamos la imagen").wait_for(state="attached")
    who.button("Escuchar el código").click()
    expect_it_to_play(who, player(who))


def test_a_sound_that_did_not_come_is_asked_for_again(visit: Visit) -> None:
    """A bad line: the second press finds what the first did not."""
    who = visit().open("/")
    who.page.route("**/captcha/audio/**", lambda route: route.abort())
    who.button("Escuchar el código").click()
    who.page.locator("[data-captcha-status]", has_text="No pudimos reproducir").wait_for()
    who.page.unroute("**/captcha/audio/**")
    who.button("Escuchar el código").click()
    expect_it_to_play(who, player(who))
    assert who.page.locator("[data-captcha-status]").inner_text() == ""


def test_whoever_has_no_mouse_hears_it(visit: Visit) -> None:
    who = visit(kind=KeyboardVisitor).open("/")
    asked = sounds_asked_for(who)
    who._tab_to("e => e.innerText.trim()", "Escuchar el código")
    who.page.keyboard.press("Space")
    expect_it_to_play(who, player(who))
    assert who.page.evaluate("document.activeElement.innerText.trim()") == "Escuchar el código"
    log_in_by_ear(who, asked[0])


@both_widths
def test_a_known_browser_logs_in_without_the_code_where_it_is_asked_for_a_reason(
    visit: Visit, inspector: Inspector, settings, width: int
) -> None:
    settings.PORTAL_CAPTCHA = "adaptive"
    marta = make_person()
    make_clave(marta.cuil)
    who = visit(width)
    log_in(who, marta).press("SALIR")
    for wrong in ("Nada8nada", "Nada9nada"):
        assert who.page.locator("[data-captcha]").count() == 0
        inspector.look(who.open("/"), "entrar")
        who.fill("Número de CUIL", marta.cuil).fill("Clave de Seguridad Social", wrong).press("INGRESAR")
        inspector.look_at_errors(who, "entrar")
    assert who.page.locator("[data-captcha]").count() == 1
    log_in(who, marta).press("SALIR")
    who.fill("Número de CUIL", marta.cuil).fill("Clave de Seguridad Social", PASSWORD).press("INGRESAR")
    assert who.url == "/inicio/"
