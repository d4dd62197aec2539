"""/no-se-mi-cuil/: where the CUIL is, and a calculation that tells nothing of anybody."""

import logging
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.builders import make_person
from tests.visitor import Visitor
from tests.walker import walk

URL = "/no-se-mi-cuil/"
DOCUMENT = "Número de documento"
NOBODYS = "30111236"
WOMAN, MAN, EITHER = "F (femenino)", "M (masculino)", "X"


def calculate(visitor: Visitor, document: str, sex: str) -> Visitor:
    return visitor.open(URL).fill(DOCUMENT, document).choose(sex).press("CALCULAR")


def shown(visitor: Visitor) -> list[str]:
    """The CUILs of the answer, the first one first."""
    return visitor.page.xpath("//main//*[contains(@class, 'number')]/text()")


def test_it_says_where_a_cuil_is_printed_and_whom_to_ask(visitor: Visitor) -> None:
    visitor.open(URL)
    for place in ("dorso de tu DNI", "constancia de CUIL", "130", "oficina de ANSES"):
        assert place in visitor.text
    assert shown(visitor) == []


@pytest.mark.parametrize(
    ("document", "sex", "cuil"),
    [("30.111.222", WOMAN, "27-30111222-5"), ("30111222", MAN, "20-30111222-0")],
)
def test_the_answer_is_called_probable_and_says_that_it_confirms_nothing(
    visitor: Visitor, document: str, sex: str, cuil: str
) -> None:
    calculate(visitor, document, sex)
    assert f"Tu CUIL probable es {cuil}" in visitor.text
    assert "no dice si ese CUIL existe ni de quién es" in visitor.text
    assert visitor.title.startswith("Tu CUIL probable")
    # What else it may be, folded: the other prefixes that exist.
    assert shown(visitor)[0] == cuil
    assert {one[:2] for one in shown(visitor)} == {"20", "23", "24", "27"} - {"23"}


def test_for_x_all_that_may_have_been_given_are_told_with_the_reason(visitor: Visitor) -> None:
    calculate(visitor, "30000000", EITHER)
    assert "Tu CUIL es probablemente uno de estos" in visitor.text
    assert [one[:2] for one in shown(visitor)] == ["27", "20", "23", "24"]
    assert "se dan al azar a todas las personas" in visitor.text


@pytest.mark.django_db
def test_somebody_and_nobody_get_the_same_answer_and_no_record_is_looked_at(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    person = make_person()
    client = Client()
    pages = []
    for document in (person.document_number, NOBODYS):
        with django_assert_num_queries(0):
            page = client.post(URL, {"document": document, "sex": "F"}).content.decode()
        assert f"27-{document}-" in page
        pages.append(re.sub(r"\d{8}(-\d)?|[\w]{64}", "", page))
    assert pages[0] == pages[1]


def test_the_document_is_in_no_address_no_session_and_no_log(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger=""):
        calculate(visitor, "30111222", WOMAN)
    assert visitor.url == URL
    assert "sesion" not in visitor.client.cookies
    assert "no-store" in visitor.response["Cache-Control"]
    assert "30111222" not in caplog.text
    visitor.open(f"{URL}?document=30111222&sex=F")
    assert shown(visitor) == []
    assert "30111222" not in visitor.response.content.decode()


@pytest.mark.parametrize(
    ("document", "sex", "sentences"),
    [
        ("", "", ["Ingresá tu número de documento", "Elegí el sexo que figura en tu DNI"]),
        ("30111", "F", ["Al número de documento le faltan números. Escribiste 5."]),
        ("3011122a", "F", ["El número de documento lleva sólo números"]),
        ("30111222", "Z", ["Elegí el sexo que figura en tu DNI"]),
        ("3\0", "F", ["Hay un carácter que no sirve: borralo y escribilo de nuevo."]),
        ("3" * 65, "F", ["El número de documento tiene hasta 8 números."]),
    ],
)
def test_a_mistake_is_answered_with_what_to_do_and_loses_nothing(
    visitor: Visitor, document: str, sex: str, sentences: list[str]
) -> None:
    visitor.open(URL)
    visitor.typed = {"document": document, "sex": sex}
    visitor.press("CALCULAR")
    assert visitor.errors() == sentences
    assert visitor.title.startswith("Error: ")
    kept = visitor.page.xpath("//input[@name='document']/@value")
    assert kept == [document] or "\0" in document
    assert bool(visitor.page.xpath("//input[@type='radio' and @checked]")) is (sex == "F")


def test_whoever_comes_from_a_tramite_finds_the_way_back_to_it(visitor: Visitor) -> None:
    walk(visitor, make_person(), "cuil")
    visitor.follow("No sé mi CUIL")
    assert visitor.page.xpath("//a[contains(@class, 'back-link')]/@href") == ["/crear/cuil/"]
    visitor.fill(DOCUMENT, "30111222").choose(WOMAN).press("CALCULAR")
    visitor.follow("SEGUIR CON EL TRÁMITE")
    assert visitor.url == "/crear/cuil/"


def test_whoever_comes_from_elsewhere_goes_back_to_the_first_page(visitor: Visitor) -> None:
    calculate(visitor, "30111222", WOMAN)
    assert visitor.page.xpath("//a[contains(@class, 'back-link')]/@href") == ["/"]
    assert "SEGUIR CON EL TRÁMITE" not in visitor.text
