"""/preguntas-frecuentes/: found without a script, whatever the spelling, and never more than is published."""

from urllib.parse import quote

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import FrequentQuestion
from accounts.question_search import find_questions
from tests.visitor import Visitor

FIELD = "¿Qué querés saber?"
URL = "/preguntas-frecuentes/"

pytestmark = pytest.mark.django_db


def search(visitor: Visitor, text: str) -> Visitor:
    """As a browser sends a form of method GET."""
    visitor.open(URL).fill(FIELD, text)
    assert visitor.page.xpath("//main//form/@method") == ["get"]
    address, sent = visitor.form("BUSCAR")
    return visitor.open(f"{address}?q={quote(sent['q'])}")


def found(visitor: Visitor) -> list[str]:
    return [" ".join(s.text_content().split()) for s in visitor.page.xpath("//main//summary")]


@pytest.fixture
def rows() -> None:
    """Three rows and one that is not published, in place of the real ones."""
    FrequentQuestion.objects.all().delete()
    for position, (question, answer, published) in enumerate([
        ("Perdí el DNI", "Elegí seguir con el formulario USI-07 en una [oficina](oficinas).", True),
        ("¿Qué necesito para crear mi clave?", "Tu CUIL y tu DNI vigente.", True),
        ("Olvidé mi clave. ¿Qué hago?", "[Creá una nueva](crear): es gratis. [Más](privacidad).", True),
        ("Un secreto", "El DNI de todos.", False),
    ]):  # fmt: skip
        FrequentQuestion.objects.create(
            position=position, question=question, answer=answer, published=published
        )


@pytest.mark.usefixtures("rows")
class TestFinding:
    @pytest.mark.parametrize(
        ("typed", "first"),
        [
            ("olvidé", "Olvidé mi clave. ¿Qué hago?"),
            ("OLVIDE", "Olvidé mi clave. ¿Qué hago?"),
            ("olvidaste", "Olvidé mi clave. ¿Qué hago?"),
            ("¡¡olvidé!! la contraseña", "Olvidé mi clave. ¿Qué hago?"),
            ("perdi dni", "Perdí el DNI"),
            ("qué pasa si perdí mi dni", "Perdí el DNI"),
            ("oficinas", "Perdí el DNI"),
            ("usi07", "Perdí el DNI"),
            ("crear", "¿Qué necesito para crear mi clave?"),
            ("cuil", "¿Qué necesito para crear mi clave?"),
        ],
    )
    def test_words_are_found_whatever_their_accents_capitals_and_endings(
        self, visitor: Visitor, typed: str, first: str
    ) -> None:
        assert found(search(visitor, typed))[0] == first

    def test_those_whose_question_has_the_word_come_first(self) -> None:
        assert [row.question for row in find_questions("crear clave").questions] == [
            "¿Qué necesito para crear mi clave?",
            "Olvidé mi clave. ¿Qué hago?",
        ]
        assert [row.question for row in find_questions("dni").questions] == [
            "Perdí el DNI",
            "¿Qué necesito para crear mi clave?",
        ]

    def test_it_says_how_many_and_for_what(self, visitor: Visitor) -> None:
        assert "2 preguntas para «dni»" in search(visitor, "dni").text
        assert "1 pregunta para «gratis»" in search(visitor, "gratis").text
        assert visitor.title.startswith("Preguntas que encontramos")

    def test_the_only_answer_stands_open_and_of_several_none(self, visitor: Visitor) -> None:
        assert search(visitor, "gratis").page.xpath("//main//details[@open]")
        assert not search(visitor, "dni").page.xpath("//main//details[@open]")

    def test_where_no_question_has_all_the_words_the_nearest_are_shown_and_it_is_said(
        self, visitor: Visitor
    ) -> None:
        search(visitor, "perdí dni bicicleta")
        assert found(visitor) == ["Perdí el DNI"]
        assert "Ninguna tiene todas esas palabras." in visitor.text
        assert "Ninguna tiene" not in search(visitor, "perdí dni").text

    @pytest.mark.parametrize("typed", ["bicicleta", "secreto", "¿?", "javascript"])
    def test_who_finds_nothing_is_told_what_to_do(self, visitor: Visitor, typed: str) -> None:
        """Also for a row that is not published, and for the name of a page that a link leads to."""
        search(visitor, typed)
        assert found(visitor) == []
        assert f"No encontramos preguntas para «{typed}»" in visitor.text
        assert "Probá con una sola palabra" in visitor.text
        assert visitor.page.xpath(f"//main//a[@href='{URL}']")
        assert "Llamá gratis al 130" in visitor.text
        assert visitor.title.startswith("No encontramos preguntas")

    def test_the_name_of_a_links_page_is_no_word_of_the_answer(self) -> None:
        assert find_questions("privacidad").questions == []

    def test_without_a_question_all_are_there_and_counted(self, visitor: Visitor) -> None:
        visitor.open(URL)
        assert len(found(visitor)) == 3
        assert "Hay 3 preguntas." in visitor.text

    def test_what_was_typed_stays_in_the_field_as_text(self, visitor: Visitor) -> None:
        search(visitor, '"><b>dni</b>')
        assert visitor.page.xpath("//input[@type='search']/@value") == ['"><b>dni</b>']
        assert not visitor.page.xpath("//main//b")


@pytest.mark.parametrize(
    "query",
    ["q=" + "a" * 5000, "q=%00", "q=%ff%fe", "q=%F0%9F%98%80", "q=%0d%0aX:y", "q=a&q=b", "q[]=a", "q",
     "q=%25", "q=%ED%A0%80", "q=" + "clave%20" * 900],
)  # fmt: skip
def test_an_odd_question_gets_a_normal_page(client: Client, query: str) -> None:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200
    assert "a" * 200 not in response.content.decode()
    assert not client.cookies


def test_a_search_costs_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        find_questions("clave oficina dni")


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("perdí el dni", "Perdí el DNI o no encuentro el número de trámite"),
        ("turno", "¿Tengo que sacar turno para ir a una oficina?"),
        ("clave corporativa", "¿Qué es la Clave de la Seguridad Social Corporativa?"),
        ("venció", "Se venció mi clave pendiente. ¿Qué hago?"),
        ("apostilla", "Vivo en el exterior. ¿Quién certifica mi firma y la copia de mi documento?"),
        ("me olvidé la contraseña", "Olvidé mi clave. ¿Qué hago?"),
        ("curador", "Soy curador. ¿Puedo hacer trámites por la persona que tengo a cargo?"),
        ("cuánto sale", "¿Cuánto cuesta?"),
        ("teléfono horario", "¿Cuándo atienden el teléfono?"),
    ],
)
def test_what_people_ask_is_among_the_first_ones_that_the_portal_brings(typed: str, question: str) -> None:
    assert question in [row.question for row in find_questions(typed).questions[:2]]


def test_the_hours_in_an_answer_are_those_of_the_settings(visitor: Visitor) -> None:
    assert "Horario: Lunes a viernes de 8 a 20 hs." in search(visitor, "horario").text
