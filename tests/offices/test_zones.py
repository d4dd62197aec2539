"""Which office serves an address: the most specific zone, however the address is spelled."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from offices.models import Office, Zone
from offices.zones import zone_of
from tests.offices.builders import make_office, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def viedma() -> Office:
    return make_office("UDAI Viedma")


def served_by(postal_code: str, locality: str, province: str = "B") -> str | None:
    zone = zone_of(postal_code=postal_code, locality=locality, province=province)
    return zone and zone.office.name


@pytest.mark.parametrize(
    ("postal_code", "locality"),
    [
        ("8508", "Stroeder"), ("8508", "STROEDER"), ("8508", "Ströeder."), ("B8508XAA", "stroeder"),
        ("b8508xaa", " Stroeder "),
    ],
)  # fmt: skip
def test_an_address_is_recognised_however_it_is_spelled(
    viedma: Office, postal_code: str, locality: str
) -> None:
    make_zone(viedma, "8508", "Stroeder")
    assert served_by(postal_code, locality) == "UDAI Viedma"


def test_of_two_localities_with_one_postal_code_each_has_its_zone(viedma: Office) -> None:
    make_zone(viedma, "8506", "José B. Casas")
    make_zone(make_office("UDAI Bahía Blanca"), "8506", "Cardenal Cagliero")
    assert served_by("8506", "Jose B Casas") == "UDAI Viedma"
    assert served_by("8506", "Cardenal Cagliero") == "UDAI Bahía Blanca"
    assert served_by("8506", "Villa Longa") is None


def test_the_zone_that_says_most_counts(viedma: Office) -> None:
    for name, postal_code, locality in [
        ("Provincia", "", ""), ("Localidad", "", "Stroeder"), ("Código", "8508", ""),
        ("Las dos cosas", "8508", "Stroeder"),
    ]:  # fmt: skip
        make_zone(make_office(name), postal_code, locality)
    assert served_by("8508", "Stroeder") == "Las dos cosas"
    assert served_by("8508", "Emilio Lamarca") == "Código"
    assert served_by("8509", "Stroeder") == "Localidad"
    assert served_by("1900", "La Plata") == "Provincia"


def test_the_same_place_in_another_province_is_another_place(viedma: Office) -> None:
    make_zone(viedma, "5881", "Merlo", province="D")
    assert served_by("5881", "Merlo", province="D") == "UDAI Viedma"
    assert served_by("5881", "Merlo", province="B") is None


def test_a_whole_province_serves_whatever_is_written_of_the_rest(viedma: Office) -> None:
    make_zone(viedma, province="L")
    for postal_code, locality in [("6360", "General Pico"), ("", ""), ("\0", "\0"), ("99999", "…")]:
        assert served_by(postal_code, locality, province="L") == "UDAI Viedma"


def test_nobody_serves_who_lives_abroad(viedma: Office) -> None:
    make_zone(viedma, province="L")
    assert served_by("28012", "Madrid", province="") is None


def test_it_takes_one_query_with_the_office(viedma: Office) -> None:
    make_zone(viedma, "8508", "Stroeder")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert served_by("8508", "Stroeder") == "UDAI Viedma"
    assert len(queries) == 1


def test_a_zone_has_one_office(viedma: Office) -> None:
    make_zone(viedma, "8508", "Stroeder")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_zone(make_office("Otra"), "B8508XAA", "STROEDER")
    assert Zone.objects.count() == 1


@pytest.mark.parametrize("make", [make_zone, lambda office, province: make_office("Otra", province=province)])
def test_a_letter_that_is_no_province_is_refused(viedma: Office, make: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make(viedma, province="O")  # type: ignore[operator]
