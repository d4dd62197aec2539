"""What people type, and the offices they get."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offices.models import Office
from offices.search import MOST, find
from tests.offices.builders import make_office, make_zone

pytestmark = pytest.mark.django_db

NOTICE = "Te corresponde la UDAI Viedma."


@pytest.fixture
def _country() -> None:
    viedma = make_office("UDAI Viedma")
    la_plata = make_office("UDAI La Plata", locality="La Plata", postal_code="1900", province="B")
    tandil = make_office("UDAI Tandil", locality="Tandil", postal_code="B7000ABC", province="B")
    santa_rosa = make_office("UDAI Santa Rosa", locality="Santa Rosa", postal_code="6300", province="L")
    make_office("UDAI General Pico", locality="General Pico", postal_code="6360", province="L")
    make_office("UDAI Santa Fe", locality="Santa Fe", postal_code="3000", province="S")
    make_office("UDAI Rosario", locality="Rosario", postal_code="2000", province="S")
    for postal_code, locality in [
        ("8504", "Carmen de Patagones"), ("8506", "Cardenal Cagliero"), ("8506", "José B. Casas"),
    ]:  # fmt: skip
        make_zone(viedma, postal_code, locality, notice=NOTICE)
    make_zone(tandil, "7000", "Tandil")
    make_zone(la_plata)
    make_zone(santa_rosa, province="L", notice="La Pampa va a Santa Rosa.")
    make_zone(viedma, province="R")


def names(text: str) -> list[str]:
    return [found.office.name for found in find(text).offices]


@pytest.mark.usefixtures("_country")
class TestFinding:
    @pytest.mark.parametrize(
        "text",
        [
            "8504", "B8504XAA", "b8504", "Carmen de Patagones", "carmen de PATAGONES", "patagones",
            "8504 Carmen de Patagones", "Patagones, 8504", "Carmen de Patagones (8504)", "CP 8504",
            "Carmen de Patagones Buenos Aires", "Buenos Aires, Carmen de Patagones", "patagones, bs. as.",
            "8504 - Carmen de Patagones, Pcia. de Buenos Aires", "Jose B Casas", "casas buenos aires",
            "código postal 8504", "8506",
        ],
    )  # fmt: skip
    def test_a_place_is_found_by_code_name_or_both(self, text: str) -> None:
        assert names(text) == ["UDAI Viedma"]

    def test_an_office_that_serves_two_zones_asked_for_stands_there_once(self) -> None:
        (viedma,) = find("8506").offices
        assert [zone.title for zone in viedma.zones] == ["8506 Cardenal Cagliero", "8506 José B. Casas"]
        assert viedma.notices == [NOTICE]

    def test_a_province_gives_the_office_that_serves_it_and_then_those_that_stand_in_it(self) -> None:
        assert names("la pampa") == ["UDAI Santa Rosa", "UDAI General Pico"]
        served, other = find("LA PAMPA").offices
        assert served.notices == ["La Pampa va a Santa Rosa."]
        assert (other.zones, other.notices) == ([], [])

    def test_a_place_that_has_an_office_and_no_zone_shows_who_serves_its_province_first(self) -> None:
        assert names("Gral. Pico") == ["UDAI Santa Rosa", "UDAI General Pico"]

    def test_a_name_that_is_a_city_and_a_province_means_both(self) -> None:
        assert names("santa fe") == ["UDAI Rosario", "UDAI Santa Fe"]

    @pytest.mark.parametrize("text", ["Toay, La Pampa", "L6303ABC", "6303 Toay La Pampa", "la pampa toay"])
    def test_of_an_unknown_place_the_province_counts(self, text: str) -> None:
        assert names(text) == ["UDAI Santa Rosa", "UDAI General Pico"]

    def test_the_province_tells_two_places_of_one_name_apart(self) -> None:
        make_zone(make_office("UDAI Merlo"), "1722", "Merlo", province="B")
        make_zone(make_office("UDAI San Luis"), "5881", "Merlo", province="D")
        assert names("merlo") == ["UDAI Merlo", "UDAI San Luis"]
        assert names("Merlo, San Luis") == names("D5881ABC") == ["UDAI San Luis"]

    def test_where_code_and_name_disagree_the_code_counts(self) -> None:
        assert names("8504 Tandil") == ["UDAI Viedma"]

    def test_part_of_a_name_counts_only_where_no_place_is_called_just_so(self) -> None:
        make_zone(make_office("UDAI Rural"), "7001", "Estación Tandil")
        assert names("Tandil") == ["UDAI Tandil"]
        assert names("estacion") == ["UDAI Rural"]

    @pytest.mark.parametrize("text", ["", " ", "xyzzy", "9999", "san", "%", "_", "' OR 1=1 --", "a" * 5000])
    def test_what_fits_nothing_gives_nothing(self, text: str) -> None:
        assert names(text) == []

    def test_an_office_for_papers_is_no_place_to_go_to(self) -> None:
        make_office("UCA", kind=Office.Kind.UCA, locality="CABA", postal_code="C1063ACO", province="C")
        assert names("1063") == names("CABA") == []


def test_of_many_offices_some_are_shown_and_it_is_said_that_there_are_more() -> None:
    for number in range(MOST):
        make_office(f"Oficina {number}", province="T", locality="Lules")
    assert not find("Tucumán").are_more
    make_zone(make_office("La que atiende"), province="T")
    many = find("Tucumán")
    assert (len(many.offices), many.are_more) == (MOST, True)
    assert many.offices[0].office.name == "La que atiende"


@pytest.mark.usefixtures("_country")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.sampled_from(["8504", "b7000abc", "la", "pampa", "Tandil", ",", "\0", "%", "Santa"]) | st.text()
    )
)
def test_whatever_is_typed_gets_an_answer_in_a_few_queries(words: list[str]) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert len(find(" ".join(words)).offices) <= MOST
    assert len(queries) <= 13
