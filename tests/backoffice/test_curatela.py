"""At the counter nobody under curatela gets a key enabled or raised, however late it becomes known (R12)."""

import pytest
from django.urls import reverse

from accounts.events import ClaveEvent
from accounts.lifecycle import State
from accounts.models import Application, Clave
from backoffice.cases import Case
from backoffice.deeds import DEEDS
from identity.cuil import Cuil
from identity.models import Person
from tests.backoffice.builders import at_the_office, look_up, make_employee, show_document
from tests.builders import make_clave, make_curatela, make_person
from tests.visitor import Visitor
from tests.walker import act_for

NO_KEY = "Esta persona no puede tener clave."

pytestmark = pytest.mark.django_db


@pytest.fixture
def marta() -> Person:
    return make_person()


@pytest.fixture
def rosa() -> Person:
    return make_person(28999111, surname="ACOSTA", given_names="ROSA")


@pytest.fixture
def ana() -> Visitor:
    return at_the_office(make_employee("Mesa de entrada"))


def ready_to_enable(ana: Visitor, marta: Person) -> Visitor:
    """All was seen and typed; what is left is CONFIRMAR."""
    number = make_clave(marta.cuil, level=None).form_number
    look_up(ana, number).follow("Habilitar con USI-07")
    ana.fill("Número del formulario USI-07", number)
    show_document(ana, marta)
    return ana.press("CONTINUAR")


def test_a_curatela_that_becomes_known_before_confirming_stops_the_enabling(
    ana: Visitor, marta: Person, rosa: Person
) -> None:
    ready_to_enable(ana, marta)
    make_curatela(rosa, marta)
    assert NO_KEY in ana.press("CONFIRMAR").text
    assert Clave.objects.get().state == State.PENDING


def test_a_curatela_that_becomes_known_before_the_second_person_approves_stops_it_too(
    ana: Visitor, marta: Person, rosa: Person, settings
) -> None:
    settings.PORTAL_TWO_PERSONS = True
    ready_to_enable(ana, marta).press("CONFIRMAR")
    make_curatela(rosa, marta)
    boss = at_the_office(make_employee("Supervisor", "beto"))
    boss.open("/admin/propuestas/").follow("Habilitar con USI-07").press("APROBAR")
    assert NO_KEY in boss.text
    assert Clave.objects.get().state == State.PENDING


def test_a_suspended_key_is_not_raised(ana: Visitor, marta: Person, rosa: Person) -> None:
    make_clave(marta.cuil)
    look_up(ana, marta.cuil).follow("Elevar a nivel 3")
    show_document(ana, marta)
    ana.select("Aplicación que necesita", str(Application.objects.get(name="Cambio de lugar de Cobro")))
    ana.press("CONTINUAR")
    make_curatela(rosa, marta)
    assert NO_KEY in ana.press("CONFIRMAR").text
    assert Clave.objects.get().level == 2


@pytest.mark.parametrize("slug", ["habilitar", "elevar", "apoderado", "correo"])
def test_every_deed_that_gives_a_key_or_a_level_is_shut(marta: Person, rosa: Person, slug: str) -> None:
    live, pending = make_clave(marta.cuil), make_clave(marta.cuil, level=None)
    Clave.objects.filter(pk=pending.pk).update(country="ES")
    case = Case(marta, [live, Clave.objects.get(pk=pending.pk)], is_own=False)
    assert DEEDS[slug].why_not(case) == ""
    make_curatela(rosa, marta)
    assert DEEDS[slug].why_not(case) == NO_KEY


def test_the_case_says_that_the_key_is_suspended_and_who_acts(
    ana: Visitor, marta: Person, rosa: Person
) -> None:
    make_clave(marta.cuil)
    make_curatela(rosa, marta)
    look_up(ana, marta.cuil)
    assert "la que tenga está suspendida mientras dure. Actúa su curador." in ana.text


def test_both_cases_tell_who_acted_for_whom_and_on_what_ground(
    ana: Visitor, marta: Person, rosa: Person
) -> None:
    make_clave(rosa.cuil)
    make_curatela(rosa, marta)
    act_for(Visitor(), rosa, marta)
    for person in (marta, rosa):
        look_up(ana, person.cuil)
        assert ana.url == reverse("admin:caso", args=[person.pk])
        for told in (
            "Un curador empezó a actuar por una persona a su cargo",
            "El curador, con su propia clave",
            f"CUIL del curador: {Cuil(rosa.cuil).formatted}",
            f"CUIL de la persona a cargo: {Cuil(marta.cuil).formatted}",
            "Expediente: 4120/2020",
        ):
            assert told in ana.text
    assert ClaveEvent.objects.filter(actor="curador").count() == 2
