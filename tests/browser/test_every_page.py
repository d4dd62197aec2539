"""Every page, as it is asked for and with its errors: nobody is shut out of any of them.

The steps come from the journeys themselves and the other pages from the addresses: a new page is
looked at by being there.
"""

from pathlib import Path

import pytest
from django.urls import get_resolver, reverse

from journeys.pages.information import NOTICES, Information
from tests.browser.conftest import Visit
from tests.browser.inspection import Inspector, Titles
from tests.builders import make_clave, make_person
from tests.walker import ENABLING, ON_PAPER, ROUTES, log_in, one_question, questions, slug_of, type_code, walk

INFORMATION = [
    pattern.name
    for pattern in get_resolver("clave_portal.urls").url_patterns
    if issubclass(getattr(getattr(pattern, "callback", None), "view_class", object), Information)
]
WAYS = [(1280, "on"), (320, "on"), (320, "lost"), (320, "off")]

ways = pytest.mark.parametrize(("width", "js"), WAYS, ids=[f"{width}-script-{js}" for width, js in WAYS])
widths = pytest.mark.parametrize("width", [1280, 320])


@ways
@pytest.mark.parametrize("name", ROUTES)
def test_every_step_of_a_journey_is_open_to_everybody(
    visit: Visit, inspector: Inspector, name: str, width: int, js: str
) -> None:
    person, route = make_person(), ROUTES[name]
    route.prepare(person)
    # Axe needs timers, which do not run in a page whose scripts are switched off.
    who, axe = visit(width, js), js != "off"
    who.open(f"/{route.journey.slug}/")
    for here, answer in route.answers.items():
        assert slug_of(who, route.journey) == here
        inspector.look(who, f"{route.journey.slug}-{here}", axe=axe)
        who.submit_empty()
        if slug_of(who, route.journey) == here:
            inspector.look_at_errors(who, f"{route.journey.slug}-{here}", axe=axe, js=js == "on")
            answer(who, person)
    assert slug_of(who, route.journey) == route.end
    inspector.look(who, f"{route.journey.slug}-{route.end}", axe=axe)


@ways
def test_the_log_in_page_and_the_page_behind_it_are_open_to_everybody(
    visit: Visit, inspector: Inspector, width: int, js: str
) -> None:
    person = make_person()
    make_clave(person.cuil)
    who, axe = visit(width, js), js != "off"
    inspector.look(who.open("/"), "entrar", axe=axe)
    inspector.look_at_errors(who.submit_empty(), "entrar", axe=axe, js=js == "on")
    log_in(who, person, "Otra3clave")
    inspector.look_at_errors(who, "entrar, wrong key", axe=axe, js=js == "on")
    inspector.look(log_in(who, person), "inicio", axe=axe)
    inspector.look(who.press("SALIR"), "entrar", axe=axe)


@widths
def test_the_failed_quiz_and_the_last_failed_quiz_are_open_to_everybody(
    visit: Visit, inspector: Inspector, width: int
) -> None:
    person = make_person()
    who = visit(width)
    walk(who, person, "preguntas")
    for number in range(1, 5):
        inspector.look(who, f"question {number} of 4" if number > 1 else "crear-preguntas")
        one_question(who, person, right=False)
    inspector.look(who, "preguntas-no-verificada")
    for _ in range(2):
        who.press("NUEVAS PREGUNTAS DE IDENTIFICACIÓN")
        questions(who, person, right=False)
    inspector.look(who, "crear-papel, no attempts left")


@widths
def test_a_failed_enabling_is_open_to_everybody(visit: Visit, inspector: Inspector, width: int) -> None:
    person = make_person()
    ENABLING.prepare(person)
    who = visit(width)
    walk(who, person, "preguntas", ENABLING)
    questions(who, person, right=False)
    inspector.look(who, "habilitar-no-verificada")
    who.press("NUEVAS PREGUNTAS DE IDENTIFICACIÓN")
    questions(who, person, right=False)
    inspector.look(who, "habilitar-max-intentos")


@widths
def test_the_form_again_and_the_specific_power_are_open_to_everybody(
    visit: Visit, inspector: Inspector, width: int
) -> None:
    person = make_person()
    clave = make_clave(person.cuil, level=None)
    who = visit(width)
    inspector.look(who.open("/usi-07/"), "usi-07")
    inspector.look_at_errors(who.submit_empty(), "usi-07")
    who.fill("Número de formulario", clave.form_number).fill("Número de CUIL", person.cuil)
    type_code(who)
    inspector.look(who.press("CONTINUAR"), "usi-07-listo")
    inspector.look(who.open("/poder-especifico/completar/"), "poder-especifico-completar")


@pytest.mark.parametrize("js", ["on", "off"])
def test_the_form_is_downloaded(visit: Visit, js: str) -> None:
    who = visit(320, js)
    walk(who, make_person(), route=ON_PAPER)
    with who.page.expect_download() as started:
        who.page.get_by_role("link", name="DESCARGAR FORMULARIO USI-07").click()
    assert started.value.suggested_filename == "formulario-usi-07.pdf"
    assert Path(started.value.path()).read_bytes().startswith(b"%PDF")


@widths
def test_every_notice_is_open_to_everybody(visit: Visit, inspector: Inspector, width: int) -> None:
    who = visit(width)
    for name in NOTICES:
        inspector.look(who.open(f"/aviso/{name}/"), name)


@widths
def test_the_page_of_an_old_tab_is_open_to_everybody(visit: Visit, inspector: Inspector, width: int) -> None:
    who = visit(width)
    who.open("/crear/")
    who.tab().open("/crear/")
    inspector.look(who.press("ACEPTO"), "pagina-vieja")


@widths
def test_every_information_page_is_open_to_everybody(visit: Visit, inspector: Inspector, width: int) -> None:
    who = visit(width)
    assert {"accesibilidad", "ayuda-habilitar", "no-se-mi-cuil", "preguntas-frecuentes"} <= set(INFORMATION)
    for name in INFORMATION:
        inspector.look(who.open(reverse(name)), name)
        if unfolded := who.page.locator("summary").all():
            for summary in unfolded:
                summary.click()
            inspector.look(who, name)


@ways
def test_the_probable_cuil_is_open_to_everybody(
    visit: Visit, inspector: Inspector, width: int, js: str
) -> None:
    who, axe = visit(width, js), js != "off"
    inspector.look(who.open("/no-se-mi-cuil/"), "no-se-mi-cuil", axe=axe)
    inspector.look_at_errors(who.submit_empty(), "no-se-mi-cuil", axe=axe, js=js == "on")
    for sex, answer in (("F (femenino)", "Tu CUIL probable es 27-30111222-5"), ("X", "uno de estos")):
        who.fill("Número de documento", "30.111.222").choose(sex).press("CALCULAR")
        assert answer in who.text
        inspector.look(who, "no-se-mi-cuil, found", axe=axe)


@ways
def test_the_search_for_a_question_is_open_to_everybody(
    visit: Visit, inspector: Inspector, width: int, js: str
) -> None:
    who, axe = visit(width, js), js != "off"
    inspector.look(who.open("/preguntas-frecuentes/"), "preguntas-frecuentes", axe=axe)
    who.fill("¿Qué querés saber?", "PERDI DNI").press("BUSCAR")
    assert "Perdí el DNI" in who.text
    inspector.look(who, "preguntas-frecuentes, found", axe=axe)
    who.fill("¿Qué querés saber?", "bicicleta" * 11).press("BUSCAR")
    assert "No encontramos preguntas" in who.text
    inspector.look(who, "preguntas-frecuentes, none found", axe=axe)


@widths
def test_the_page_of_the_demonstration_is_open_to_everybody(
    visit: Visit, inspector: Inspector, width: int, settings: object
) -> None:
    settings.PORTAL_DEMO = True
    who = visit(width)
    inspector.look(who.open("/demo/"), "demo")
    assert "Ninguna de estas personas existe." in who.text


@widths
@pytest.mark.urls("tests.browser.urls")
def test_every_error_page_is_open_to_everybody(visit: Visit, inspector: Inspector, width: int) -> None:
    who = visit(width)
    for status in (400, 403, 429, 500):
        inspector.look(who.open(f"/prueba/{status}/"), f"error {status}")
        assert who.status == status
    inspector.look(who.open("/no-existe/"), "error 404")
    assert who.status == 404
    who.open("/crear/")
    who.page.context.clear_cookies()
    inspector.look(who.press("ACEPTO"), "error 403 csrf")
    assert who.status == 403


def test_the_inspection_finds_what_is_wrong(visit: Visit, tmp_path: Path) -> None:
    """A check that never fails would prove nothing."""
    who = visit(320)
    who.open("/crear/")
    who.page.evaluate(
        """() => {
          document.querySelector("main form").insertAdjacentHTML("beforeend", `
            <input type="text"><img src="/static/img/icon.svg">
            <button type="button" class="tiny"></button><h1>Otra vez</h1>
            <pre>${"ancho".repeat(40)}</pre>`);
          document.head.append(document.createElement("style"));
          document.querySelector("style").textContent = "main { color: red }";
          console.error("spoilt");
        }"""
    )
    titles = Titles(tmp_path)
    titles.owner(who.title, "another page")
    inspector = Inspector(titles)
    inspector.look(who, "spoilt")
    found = "\n".join(inspector.problems)
    for expected in (
        "axe label", "axe image-alt", "axe button-name", "console: spoilt", "Content Security Policy",
        "sideways", "has the title of another page", 'class="tiny"',
    ):  # fmt: skip
        assert expected in found
