"""A curatela in force suspends the key of the person in care; when it ends the key works again (R12)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.events import ClaveEvent, Note, broken_events
from accounts.lifecycle import State
from accounts.models import Clave
from guards.models import Counter
from identity.models import Person
from tests.builders import make_clave, make_curatela, make_person
from tests.visitor import Visitor
from tests.walker import ENABLING, log_in, walk

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
WHY = "/aviso/clave-suspendida/"
MANUAL = (
    "te encontrás inhabilitado para generar tu Clave Personal de la Seguridad Social. Sin perjuicio de ello"
    " todas las gestiones podrán ser realizadas a través de tu CURADOR."
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def marta() -> Person:
    person = make_person()
    make_clave(person.cuil)
    return person


@pytest.fixture
def rosa() -> Person:
    return make_person(28999111, surname="ACOSTA", given_names="ROSA")


def told() -> list[ClaveEvent]:
    return list(ClaveEvent.objects.filter(kind=Note.KEY_SUSPENDED).order_by("pk"))


# --- At log-in --------------------------------------------------------------------------------------


def test_the_right_key_opens_nothing_and_its_owner_is_told_why_and_by_whom_things_are_done(
    visitor: Visitor, marta: Person, rosa: Person
) -> None:
    make_curatela(rosa, marta)
    log_in(visitor, marta)
    assert (visitor.url, visitor.status) == (WHY, 200)
    assert MANUAL in visitor.text
    assert "vuelve a funcionar sola" in visitor.text
    assert visitor.open("/inicio/").url == "/"


def test_neither_a_session_nor_the_mark_of_a_known_browser_is_left_behind(
    visitor: Visitor, marta: Person, rosa: Person
) -> None:
    make_curatela(rosa, marta)
    log_in(visitor, marta)
    assert not Session.objects.exists()
    assert set(visitor.client.cookies) == {settings.CSRF_COOKIE_NAME}


def test_that_the_right_key_was_given_is_remembered_and_not_as_a_log_in(
    visitor: Visitor, marta: Person, rosa: Person
) -> None:
    make_curatela(rosa, marta)
    log_in(visitor, marta)
    (event,) = told()
    assert (event.cuil, event.actor, event.clave_number) == (marta.cuil, "owner", Clave.objects.get().pk)
    assert not ClaveEvent.objects.filter(kind=Note.SIGNED_IN).exists()
    assert not list(broken_events())


def test_the_right_key_does_not_reset_the_count_of_tries(marta: Person, rosa: Person) -> None:
    make_curatela(rosa, marta)
    before = Counter.objects.count()
    log_in(Visitor(), marta)
    assert Counter.objects.count() > before


def test_the_notice_says_nothing_of_anybody_and_opens_for_everybody(visitor: Visitor, marta: Person) -> None:
    assert visitor.open(WHY).status == 200
    assert marta.surname not in visitor.text
    assert marta.cuil not in visitor.response.content.decode()


@pytest.mark.parametrize(
    ("since", "until", "opens"),
    [(0, None, False), (-1, 0, False), (1, None, True), (-9, -1, True)],
    ids=["from today", "until today", "from tomorrow", "until yesterday"],
)
def test_the_first_and_the_last_day_count(
    visitor: Visitor, marta: Person, rosa: Person, since: int, until: int | None, opens: bool
) -> None:
    today = timezone.localdate()
    last = None if until is None else today + timedelta(days=until)
    make_curatela(rosa, marta, since=today + timedelta(days=since), until=last)
    assert log_in(visitor, marta).url == ("/inicio/" if opens else WHY)


def test_when_the_curatela_ends_the_same_key_works_again_at_its_level(
    clock: Any, marta: Person, rosa: Person
) -> None:
    make_curatela(rosa, marta, until=timezone.localdate())
    assert log_in(Visitor(), marta).url == WHY
    clock.shift(timedelta(days=1))
    assert log_in(Visitor(), marta).url == "/inicio/"
    clave = Clave.objects.get()
    assert (clave.state, ClaveEvent.objects.filter(clave_number=clave.pk, target="").count()) == (
        State.LEVEL_2,
        1,
    ), "nothing of the key changed"


def test_the_midnight_that_decides_is_that_of_buenos_aires(marta: Person, rosa: Person) -> None:
    make_curatela(rosa, marta, until=datetime(2026, 3, 2, tzinfo=UTC).date())
    with time_machine.travel(datetime(2026, 3, 3, 2, 59, 59, tzinfo=UTC), tick=False):
        assert log_in(Visitor(), marta).url == WHY
    with time_machine.travel(datetime(2026, 3, 3, 3, 0, 0, tzinfo=UTC), tick=False):
        assert log_in(Visitor(), marta).url == "/inicio/"


# --- While somebody is in -----------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/inicio/", "/", "/preguntas-frecuentes/", "/oficinas/", "/salir/"])
def test_the_next_click_anywhere_ends_the_session_and_says_why(
    visitor: Visitor, marta: Person, rosa: Person, address: str
) -> None:
    log_in(visitor, marta)
    make_curatela(rosa, marta)
    assert visitor.open(address).url == WHY
    assert visitor.open("/inicio/").url == "/"
    assert "MARTA" not in visitor.text
    assert [event.cuil for event in told()] == [marta.cuil]


def test_what_was_pressed_meanwhile_does_not_happen(visitor: Visitor, marta: Person, rosa: Person) -> None:
    make_clave(marta.cuil, level=None)
    log_in(visitor, marta)
    make_curatela(rosa, marta)
    visitor.press("NO FUI YO: CANCELAR EL PEDIDO")
    assert visitor.url == WHY
    assert Clave.objects.filter(state=State.PENDING).count() == 1


def test_other_browsers_are_out_as_well(marta: Person, rosa: Person) -> None:
    home, phone = log_in(Visitor(), marta), log_in(Visitor(), marta)
    make_curatela(rosa, marta)
    for browser in (home, phone):
        assert browser.open("/inicio/").url == WHY


def test_the_session_of_the_curador_goes_on(visitor: Visitor, marta: Person, rosa: Person) -> None:
    make_clave(rosa.cuil)
    log_in(visitor, rosa)
    make_curatela(rosa, marta)
    assert visitor.open("/preguntas-frecuentes/").url == "/preguntas-frecuentes/"
    assert not told()


# --- Getting one (R12); creating: test_creating, at the counter: tests/backoffice ----------------------


def test_a_pending_key_of_somebody_under_curatela_is_not_enabled_online(
    visitor: Visitor, rosa: Person
) -> None:
    curado = make_person(20222333)
    make_clave(curado.cuil, level=None)
    walk(visitor, curado, "identificacion", ENABLING)
    make_curatela(rosa, curado)
    ENABLING.answers["identificacion"](visitor, curado)
    assert visitor.url == "/aviso/no-podemos-continuar/"
    assert MANUAL in visitor.text
    assert Clave.objects.get().state == State.PENDING
