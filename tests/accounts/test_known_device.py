"""A stranger who never stops trying cannot keep the owner out of the browser she always uses."""

import pytest

from accounts.known_device import mark_of
from accounts.models import Clave
from tests.builders import make_clave, make_person
from tests.visitor import Visitor
from tests.walker import log_in

pytestmark = pytest.mark.django_db

WRONG = "Equivocada9z"


def a_stranger_shuts_the_door(person) -> None:
    for number in range(12):
        log_in(Visitor(REMOTE_ADDR=f"10.0.0.{number}"), person, WRONG)
    assert "Probá de nuevo" in log_in(Visitor(), person).text


def test_the_owner_s_browser_has_a_count_of_its_own() -> None:
    marta = make_person()
    make_clave(marta.cuil)
    hers = log_in(Visitor(), marta)
    hers.press("SALIR")
    a_stranger_shuts_the_door(marta)
    assert log_in(hers, marta).url == "/inicio/"


def test_a_known_browser_cannot_try_for_ever_either() -> None:
    marta = make_person()
    make_clave(marta.cuil)
    hers = log_in(Visitor(), marta)
    hers.press("SALIR")
    for _ in range(10):
        log_in(hers, marta, WRONG)
    assert "Probá de nuevo" in log_in(hers, marta).text


def test_the_cookie_names_nobody_and_dies_with_the_key() -> None:
    marta = make_person()
    clave = make_clave(marta.cuil)
    hers = log_in(Visitor(), marta)
    cookie = hers.client.cookies["conocido"]
    assert cookie.value == mark_of(clave)
    assert marta.cuil not in cookie.value
    assert cookie["httponly"]
    make_clave(marta.cuil)
    assert mark_of(Clave.objects.live().get()) != cookie.value


def test_a_made_up_cookie_is_worth_nothing() -> None:
    marta = make_person()
    make_clave(marta.cuil)
    a_stranger_shuts_the_door(marta)
    for value in ("", ".", "x" * 5000, "a.b.c.d.e.f", mark_of(make_clave(make_person(28999111).cuil))):
        other = Visitor()
        other.client.cookies["conocido"] = value
        assert "Probá de nuevo" in log_in(other, marta).text
