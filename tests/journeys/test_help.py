"""The help: made of the declared steps, so that it tells the pages that there are."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from accounts.questions import PAGES
from journeys.engine import Journey, Step
from journeys.flows import CREATE, JOURNEYS
from journeys.pages.creating import AcceptPolicies
from journeys.ways import WAYS, Way
from tests.builders import make_person
from tests.visitor import Visitor
from tests.walker import ROUTES, pages, walk

pytestmark = pytest.mark.django_db

ways = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.slug)


def told(visitor: Visitor) -> list[str]:
    """The steps on the page: each with its title and its sentence."""
    return [" ".join(item.text_content().split()) for item in visitor.page.xpath("//ol[@class='way']/li")]


@ways
def test_a_page_tells_the_steps_of_its_way_in_order_and_leads_to_the_start(
    visitor: Visitor, way: Way
) -> None:
    visitor.open(f"/ayuda/{way.slug}/")
    assert told(visitor) == [f"{s.title[0].upper()}{s.title[1:]}. {s.tells}" for s in way.steps]
    assert visitor.page.xpath("//ol[@class='way']/li/@id") == [step.slug for step in way.steps]
    start = visitor.page.xpath("//div[@class='actions']/a/@href")
    assert start == [f"/{way.journey.slug}/"]
    assert visitor.open(start[0]).url == way.journey.url(way.journey.steps[0])


def test_every_declared_step_is_told_on_some_page(visitor: Visitor) -> None:
    told_by = {way: told(visitor.open(f"/ayuda/{way.slug}/")) for way in WAYS}
    for journey in JOURNEYS:
        lines = [line for way, listed in told_by.items() if way.journey is journey for line in listed]
        for step in journey.steps:
            assert any(line.endswith(step.tells) for line in lines), f"{journey.slug}/{step.slug}"


def test_a_step_without_a_title_or_a_sentence_stops_the_start() -> None:
    with pytest.raises(TypeError, match="tells"):
        Step("nuevo", AcceptPolicies, title="nuevo")  # type: ignore[call-arg]
    for words in ({"title": "", "tells": "Tocás ACEPTO."}, {"title": "nuevo", "tells": " "}):
        with pytest.raises(ValueError, match="without a title and a sentence"):
            Step("nuevo", AcceptPolicies, **words)


def test_a_step_more_is_a_line_more_without_writing_it_anywhere_else(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = Step("selfie", AcceptPolicies, title="una foto", tells="Sonreís y tocás CONTINUAR.")
    steps = Journey("otra", "Otra", *CREATE.steps[:2], new, *CREATE.steps[2:]).steps
    monkeypatch.setattr(CREATE, "steps", steps)
    lines = told(visitor.open("/ayuda/crear-por-internet/"))
    assert lines[2] == "Una foto. Sonreís y tocás CONTINUAR."
    assert len(lines) == len(WAYS[0].steps)


BUTTON = re.compile(r"\b[A-ZÁÉÍÓÚÑ]{2,}(?:,? [A-ZÁÉÍÓÚÑ]+)*(?: USI-07)?\b(?!-)")
NO_BUTTONS = {"CUIL", "DNI"}
AFTER_A_MISTAKE = {"NUEVAS PREGUNTAS DE IDENTIFICACIÓN"}  # on the page that a failed round shows


@pytest.mark.parametrize("name", ROUTES)
def test_a_step_names_only_buttons_that_its_page_has(visitor: Visitor, name: str) -> None:
    """In capitals stands what is to be touched: somebody reads it to somebody else on the telephone."""
    person, route = make_person(), ROUTES[name]
    route.prepare(person)
    tells = {step.slug: step.tells for step in route.journey.steps}
    for slug in pages(visitor, person, route):
        named = set(BUTTON.findall(tells[slug])) - NO_BUTTONS - AFTER_A_MISTAKE
        assert named, slug
        assert not {button for button in named if button not in visitor.text}, slug


def test_the_index_leads_to_every_way_and_every_page_of_the_portal_to_the_index(visitor: Visitor) -> None:
    for page in ("/", "/crear/", "/oficinas/", "/no-existe/"):
        visitor.open(page)
        assert visitor.page.xpath("//header//a[@href='/ayuda/'] | //footer//a[@href='/ayuda/']")
    visitor.follow("¿Necesitás ayuda?")
    links = visitor.page.xpath("//main//a/@href")
    assert {f"/ayuda/{way.slug}/" for way in WAYS} <= set(links)


def test_an_answer_to_a_frequent_question_may_lead_to_every_page_of_the_help() -> None:
    assert {"ayuda", *(way.url_name for way in WAYS)} <= set(PAGES)


@ways
def test_every_link_of_the_help_opens(way: Way) -> None:
    client = Client()
    page = Visitor().open(f"/ayuda/{way.slug}/")
    for link in {urlsplit(href).path for href in page.page.xpath("//main//a[starts-with(@href, '/')]/@href")}:
        assert client.get(link, follow=True).status_code == 200, link


def test_the_help_keeps_the_way_back_into_a_tramite(visitor: Visitor) -> None:
    walk(visitor, make_person(), "tramite")
    visitor.follow("¿Necesitás ayuda?").follow("Crear tu Clave por Internet")
    assert "Ya empezaste un trámite" in visitor.text
    visitor.follow("Volver")
    assert visitor.url == "/crear/tramite/"


def test_without_a_tramite_the_way_back_is_the_index(visitor: Visitor) -> None:
    visitor.open("/ayuda/habilitar/").follow("Volver")
    assert visitor.url == "/ayuda/"
    visitor.follow("Volver")
    assert visitor.url == "/"


def test_numbers_are_those_of_the_settings(visitor: Visitor, settings: object) -> None:
    settings.PORTAL_PENDING_DAYS = 77  # type: ignore[attr-defined]
    settings.PORTAL_ATTEMPTS_ENABLE = 1  # type: ignore[attr-defined]
    text = visitor.open("/ayuda/habilitar/").text
    assert "77 días corridos" in text
    assert "Contás con 1 intento." in text


@pytest.mark.parametrize("address", ["/ayuda/", *(f"/ayuda/{way.slug}/" for way in WAYS)])
def test_the_help_says_whether_somebody_answers_the_telephone_now(visitor: Visitor, address: str) -> None:
    assert re.search(r"Ahora está (abierto|cerrado)|Hoy es feriado", visitor.open(address).text)
