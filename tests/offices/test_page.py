"""/oficinas/: a search that works without script, without a session, and leaves no trace."""

import logging
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client

from offices.models import Office
from offices.search import MOST
from tests.offices.builders import make_office, make_zone
from tests.visitor import Visitor

FIELD = "Localidad, provincia o código postal"


@pytest.fixture
def _viedma(db: None) -> None:
    viedma = make_office("UDAI Viedma")
    make_zone(viedma, "8504", "Carmen de Patagones", notice="Te corresponde Viedma.")


def search(visitor: Visitor, text: str) -> Visitor:
    """As a browser sends a form of method GET."""
    visitor.open("/oficinas/").fill(FIELD, text)
    assert visitor.page.xpath("//main//form/@method") == ["get"]
    address, sent = visitor.form("BUSCAR")
    return visitor.open(f"{address}?q={quote(sent['q'])}")


@pytest.mark.usefixtures("_viedma")
class TestSearching:
    def test_the_office_is_shown_with_all_that_is_needed_to_go_there(self, visitor: Visitor) -> None:
        search(visitor, "carmen de patagones")
        for shown in (
            "Te corresponde Viedma.", "8504 Carmen de Patagones", "Buenos Aires 150, 8500 Viedma, Río Negro",
            "Lunes a viernes de 8 a 14 hs.",
        ):  # fmt: skip
            assert shown in visitor.text
        assert visitor.page.xpath("//a[text()='(02920) 42-0000']/@href") == ["tel:02920420000"]
        assert visitor.title.startswith("Oficinas que encontramos")

    def test_what_was_typed_stays_in_the_field(self, visitor: Visitor) -> None:
        search(visitor, "viedma")
        assert visitor.page.xpath("//input[@type='search']/@value") == ["viedma"]

    def test_without_a_question_there_is_no_answer_and_the_advice_is_there(self, visitor: Visitor) -> None:
        visitor.open("/oficinas/")
        assert "UDAI Viedma" not in visitor.text
        assert "Qué tenés que llevar" in visitor.text
        assert "No encontramos" not in visitor.text

    def test_who_finds_nothing_is_told_what_to_try(self, visitor: Visitor) -> None:
        search(visitor, "Macondo")
        assert "No encontramos oficinas para «Macondo»" in visitor.text
        assert "Probá con el código postal o con la provincia" in visitor.text
        assert visitor.title.startswith("No encontramos oficinas")

    def test_nothing_typed_is_taken_for_markup(self, visitor: Visitor) -> None:
        search(visitor, "<b>\"'>&amp;")
        assert "No encontramos oficinas para «<b>\"'>&amp;»" in visitor.text
        assert not visitor.page.xpath("//main//b")

    @pytest.mark.parametrize(
        "query",
        [
            "q=" + "a" * 5000, "q=%00", "q=pata%00gones", "q=%ff%fe", "q=%F0%9F%98%80",
            "q=%0d%0aSet-Cookie:x", "q=%E2%80%AEx", "q=a&q=b", "q[]=a", "q",
            "x=1", "q=%25", "q=%ED%A0%80", "q=" + "a%20" * 900,
        ],
    )  # fmt: skip
    def test_an_odd_question_gets_a_normal_page(self, client: Client, query: str) -> None:
        response = client.get(f"/oficinas/?{query}")
        assert response.status_code == 200
        page = response.content.decode()
        assert "\0" not in page
        assert "a" * 200 not in page

    def test_it_gives_nobody_a_session_and_says_nothing_in_the_log(
        self, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.DEBUG, logger=""):
            client.get("/oficinas/", {"q": "patagones"})
        assert not client.cookies
        # The statements that DEBUG would show are not logged in production.
        said = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
        assert "patagones" not in " ".join(said)
        assert settings.DEBUG is False

    def test_it_is_asked_and_never_told(self, client: Client) -> None:
        assert client.post("/oficinas/", {"q": "viedma"}).status_code == 405


@pytest.mark.django_db
def test_a_telephone_that_is_missing_leaves_no_empty_line(visitor: Visitor) -> None:
    make_office("UDAI Viedma", phone="", hours="")
    search(visitor, "viedma")
    assert "Teléfono" not in visitor.text
    assert "Horario" not in visitor.text


@pytest.mark.django_db
def test_when_there_are_more_offices_than_shown_the_page_says_so(visitor: Visitor) -> None:
    for number in range(MOST + 1):
        make_office(f"Oficina {number}")
    search(visitor, "río negro")
    assert f"Hay más oficinas: acá están las primeras {MOST}." in visitor.text
    assert len(visitor.page.xpath("//main//article")) == MOST


@pytest.mark.django_db
def test_papers_from_abroad_have_their_address_also_where_the_register_names_none(visitor: Visitor) -> None:
    visitor.open("/oficinas/")
    assert settings.PORTAL_UCA_ADDRESS in visitor.text
    make_office(
        "Unidad Central", kind=Office.Kind.UCA, street="Av. Belgrano 1", locality="CABA",
        postal_code="C1092AAA", province="C",
    )  # fmt: skip
    visitor.open("/oficinas/")
    assert "Unidad Central Av. Belgrano 1, C1092AAA CABA" in visitor.text
    assert settings.PORTAL_UCA_ADDRESS not in visitor.text
