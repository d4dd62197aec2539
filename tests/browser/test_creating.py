"""Creating a key and logging in, in a real browser, however one uses it."""

import pytest

from accounts.lifecycle import Move, State
from accounts.models import Clave, ClaveEvent
from journeys.flows import CREATE
from tests.browser.browser_visitor import BrowserVisitor, KeyboardVisitor
from tests.browser.conftest import Visit
from tests.builders import PASSWORD, make_person
from tests.walker import ANSWERS, ONLINE, log_in, pages, questions, slug_of, type_code, walk

scripts = pytest.mark.parametrize("js", ["on", "off"], ids=["with-script", "without-script"])
both_widths = pytest.mark.parametrize("width", [1280, 320])


def keys_made(cuil: str) -> int:
    return ClaveEvent.objects.filter(cuil=cuil, kind=Move.CREATE_VERIFIED).count()


@scripts
@both_widths
def test_a_person_creates_her_key_and_logs_in(visit: Visit, width: int, js: str) -> None:
    marta = make_person()
    who = visit(width, js)
    walk(who, marta)
    assert "Tu clave fue habilitada exitosamente con nivel 2." in who.text
    assert Clave.objects.get(cuil=marta.cuil).state == State.LEVEL_2
    who.follow("COMENZAR A UTILIZAR")
    log_in(who, marta)
    assert who.url == "/inicio/"
    assert "MARTA INÉS PERALTA" in who.text
    assert not who.complaints


def test_a_person_without_a_mouse_creates_her_key_and_logs_in(visit: Visit) -> None:
    marta = make_person()
    who = visit(kind=KeyboardVisitor)
    walk(who, marta)
    who.follow("COMENZAR A UTILIZAR")
    log_in(who, marta)
    assert who.url == "/inicio/"
    who.press("SALIR")
    assert who.url == "/"


def test_enter_in_a_field_sends_the_form(visit: Visit) -> None:
    marta = make_person()
    who = visit()
    walk(who, marta, "cuil")
    who.fill("Número de CUIL", marta.cuil).choose("En Argentina")
    type_code(who)
    with who.page.expect_navigation(wait_until="load"):
        who.field("Código de la imagen").press("Enter")
    assert slug_of(who, CREATE) == "datos"


@scripts
def test_a_double_click_anywhere_makes_one_key_and_leads_on(visit: Visit, js: str) -> None:
    """Every button on the way is clicked twice."""
    marta = make_person()
    who = visit(js=js)
    who.press = who.press_twice
    walk(who, marta)
    assert "Tu clave fue habilitada exitosamente con nivel 2." in who.text
    assert keys_made(marta.cuil) == 1
    log_in(who, marta)
    assert who.url == "/inicio/"


def test_the_form_of_the_key_sent_twice_at_the_same_moment_makes_one_key(visit: Visit) -> None:
    marta = make_person()
    who = visit()
    walk(who, marta, "clave")
    who.fill("Elegí una clave", PASSWORD).fill("Confirmá tu clave", PASSWORD)
    ends = who.page.evaluate(
        """async () => {
          const send = () => fetch("", { method: "POST", body: new URLSearchParams(
            new FormData(document.querySelector("main form"))) });
          const answers = await Promise.all([send(), send(), send()]);
          return answers.map((answer) => `${answer.status} ${new URL(answer.url).pathname}`);
        }"""
    )
    assert ends == ["200 /crear/listo/"] * 3
    assert keys_made(marta.cuil) == 1


@scripts
def test_going_back_after_each_step_and_sending_again_still_ends_with_one_key(visit: Visit, js: str) -> None:
    marta = make_person()
    who = visit(js=js)
    who.open("/crear/")
    for step, answer in ANSWERS.items():
        if slug_of(who, CREATE) != step:
            continue  # a step that does not apply to her
        answer(who, marta)
        after = slug_of(who, CREATE)
        who.back()
        assert who.status == 200, f"back from {after}: {who.status}"
        if slug_of(who, CREATE) == step:
            answer(who, marta)
        assert slug_of(who, CREATE) == after
    assert slug_of(who, CREATE) == "listo"
    assert keys_made(marta.cuil) == 1


@scripts
def test_going_back_to_a_question_brings_no_answer_that_nobody_gave(visit: Visit, js: str) -> None:
    """All questions have one address: the browser would check there what was checked in the one before."""
    who = walk(visit(js=js), make_person(), "preguntas")
    who.page.locator("input[type=radio]").nth(2).check()
    who.press("CONTINUAR").back()
    assert who.page.locator("input[type=radio]").count() > 0
    assert who.page.locator("input[type=radio]:checked").count() == 0


@scripts
def test_reloading_any_page_keeps_the_visitor_there(visit: Visit, js: str) -> None:
    marta = make_person()
    who = visit(js=js)
    who.open("/crear/")
    for step in ONLINE.steps:
        if slug_of(who, CREATE) != step:
            continue
        heading = who.page.locator("h1").inner_text()
        who.reload()
        assert (slug_of(who, CREATE), who.page.locator("h1").inner_text()) == (step, heading)
        if step in {"clave", "cuil"}:
            who.submit_empty()
            assert who.errors()
            who.reload()  # sends nothing again: the page stands there as new
            assert slug_of(who, CREATE) == step
            assert not who.errors()
        if step in ANSWERS:
            ANSWERS[step](who, marta)
    assert keys_made(marta.cuil) == 1
    log_in(who, marta)
    who.reload()
    assert who.url == "/inicio/"


ROSA = {"given_names": "ROSA", "surname": "QUIROGA", "locality": "AZUL"}


@pytest.mark.parametrize(("upto", "js"), [("datos", "on"), ("preguntas", "off"), ("clave", "on")])
def test_a_tab_left_behind_shows_nothing_of_the_person_in_the_other_tab(
    visit: Visit, upto: str, js: str
) -> None:
    marta, rosa = make_person(), make_person(28999111, **ROSA)
    old = visit(js=js)
    walk(old, marta, upto)
    new = old.tab()
    walk(new, rosa, "clave")
    send_what_stands_there(old, marta, upto)
    assert "Esta página quedó vieja" in old.text
    shown = old.page.content()
    assert not [word for word in ("QUIROGA", "ROSA", rosa.cuil, rosa.document_number[-3:]) if word in shown]
    ANSWERS["clave"](new, rosa)
    assert (keys_made(rosa.cuil), keys_made(marta.cuil)) == (1, 0)


def send_what_stands_there(who: BrowserVisitor, person: object, slug: str) -> None:
    if slug == "preguntas":
        who.choose(who.options()[0])
        who.press("CONTINUAR")
    else:
        ANSWERS[slug](who, person)


def test_a_tab_opened_anew_shows_where_the_journey_of_this_browser_stands(visit: Visit) -> None:
    old = visit()
    walk(old, make_person(), "datos")
    rosa = make_person(28999111, **ROSA)
    walk(old.tab(), rosa, "tramite")
    old.press("CORRECTOS").follow("SEGUIR")
    assert slug_of(old, CREATE) == "tramite"


@scripts
def test_after_leaving_the_back_button_shows_nothing_personal(visit: Visit, js: str) -> None:
    marta = make_person()
    who = visit(js=js)
    walk(who, marta)
    log_in(who, marta)
    who.press("SALIR")
    assert "Cerraste la sesión." in who.text
    who.back()
    assert who.url == "/"
    assert not [word for word in ("PERALTA", "MARTA", marta.cuil[2:10]) if word in who.page.content()]


def test_a_person_who_fails_every_round_is_led_to_the_paper_way(visit: Visit) -> None:
    marta = make_person()
    who = visit(320, js="off")
    walk(who, marta, "preguntas")
    questions(who, marta, right=False)
    assert "Te quedan 2 intentos." in who.text
    for _ in range(2):
        who.press("NUEVAS PREGUNTAS DE IDENTIFICACIÓN")
        questions(who, marta, right=False)
    assert "Superaste el máximo de intentos permitidos" in who.text
    again = visit()
    for step in pages(again, marta):
        assert step not in {"tramite", "preguntas"}
    assert "Superaste el máximo de intentos permitidos" in again.text
    assert keys_made(marta.cuil) == 0


def test_the_last_page_prints_on_one_sheet(visit: Visit) -> None:
    who = visit()
    walk(who, make_person())
    printed = who.page.pdf(format="A4")
    assert printed.startswith(b"%PDF")
    assert printed.count(b"/Type /Page\n") == 1
