"""«Bloquear acceso»: nobody enters, whatever key there is or comes, until an office has seen the person."""

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.blocking import block, is_blocked, unblock
from accounts.events import Actor, ClaveEvent, Note, Trail, broken_events
from accounts.lifecycle import AccessBlocked, State
from accounts.models import Clave
from identity.models import Person
from tests.accounts.mailbox import waiting
from tests.builders import EMAIL, PASSWORD, make_clave, make_person, system
from tests.racing import at_once, failures
from tests.visitor import Visitor
from tests.walker import ENABLING, log_in, walk

OWNER = Trail(Actor.OWNER, "200.45.1.2")

pytestmark = pytest.mark.django_db


@pytest.fixture
def marta() -> Person:
    person = make_person()
    make_clave(person.cuil)
    return person


def enters(person: Person) -> bool:
    return log_in(Visitor(), person).url == "/inicio/"


def states(person: Person) -> list[str]:
    return sorted(Clave.objects.filter(cuil=person.cuil).values_list("state", flat=True))


def test_from_the_next_click_on_nobody_is_inside_and_nobody_enters(marta: Person) -> None:
    who = log_in(Visitor(), marta)
    block(marta.cuil, OWNER)
    assert who.open("/inicio/").url == "/"
    assert "Tu sesión se cerró" in who.text
    assert not enters(marta)


def test_a_browser_that_waits_is_not_inside_again_when_the_block_is_lifted(marta: Person) -> None:
    who = log_in(Visitor(), marta)
    block(marta.cuil, OWNER)
    who.open("/ayuda/")
    unblock(marta.cuil, system())
    assert who.open("/inicio/").url == "/"
    assert enters(marta)


def test_the_key_itself_stays_what_it_was(marta: Person) -> None:
    before = Clave.objects.values().get()
    block(marta.cuil, OWNER)
    assert Clave.objects.values().get() == before


def test_blocking_and_unblocking_are_events_and_mails(marta: Person) -> None:
    assert block(marta.cuil, OWNER)
    assert unblock(marta.cuil, system())
    told = ClaveEvent.objects.order_by("-seq").values_list("kind", "actor", "clave_number")[:2]
    number = Clave.objects.get().pk
    assert list(told) == [(Note.UNBLOCKED, "system", number), (Note.BLOCKED, "owner", number)]
    assert waiting(EMAIL) == ["created", "blocked", "unblocked"]
    assert not list(broken_events())
    assert enters(marta)


def test_twice_is_once(marta: Person) -> None:
    assert (block(marta.cuil, OWNER), block(marta.cuil, OWNER)) == (True, False)
    assert (unblock(marta.cuil, system()), unblock(marta.cuil, system())) == (True, False)
    assert ClaveEvent.objects.filter(kind__in=[Note.BLOCKED, Note.UNBLOCKED]).count() == 2


def test_somebody_else_s_access_is_theirs(marta: Person) -> None:
    jorge = make_person(20222333)
    make_clave(jorge.cuil)
    block(jorge.cuil, OWNER)
    assert enters(marta)


# --- No way around it -------------------------------------------------------------------------------


def test_a_key_made_by_internet_does_not_get_past_it(marta: Person) -> None:
    block(marta.cuil, OWNER)
    content = {"password_hash": make_password(PASSWORD), "policies": ("2019", timezone.now())}
    with pytest.raises(AccessBlocked):
        Clave.create_verified(marta.cuil, **content, trail=system())
    assert states(marta) == [State.LEVEL_2]


def test_neither_does_a_pending_key_enabled_by_internet(marta: Person) -> None:
    pending = make_clave(marta.cuil, level=None)
    block(marta.cuil, OWNER)
    with pytest.raises(AccessBlocked):
        pending.enable_online(trail=system())
    assert states(marta) == [State.LEVEL_2, State.PENDING]


def test_an_office_that_enables_a_key_has_seen_the_document_and_the_block_ends(marta: Person) -> None:
    pending = make_clave(marta.cuil, level=None)
    block(marta.cuil, OWNER)
    pending.enable_in_office(trail=system())
    assert not is_blocked(marta.cuil)
    kinds = list(ClaveEvent.objects.order_by("-seq").values_list("kind", flat=True)[:2])
    assert kinds == [Note.UNBLOCKED, "enable_in_office"]
    assert enters(marta)


def test_a_former_key_that_comes_back_comes_back_behind_the_block(marta: Person) -> None:
    former = Clave.objects.get()
    make_clave(marta.cuil)
    block(marta.cuil, OWNER)
    former.restore(trail=system())
    assert former.level == 2
    assert not enters(marta)


def test_the_way_by_internet_is_shut_and_the_paper_way_open_as_for_whoever_has_few_facts(
    marta: Person,
) -> None:
    block(marta.cuil, OWNER)
    jorge = make_person(20222333, facts={})
    make_clave(jorge.cuil)
    who, other = Visitor(), Visitor()
    walk(who, marta, "datos").press("CORRECTOS")
    walk(other, jorge, "datos").press("CORRECTOS")
    assert who.url == other.url == "/crear/papel/"
    assert who.text == other.text, "a block is nobody else's business"
    assert who.press("CONTINUAR").url == "/crear/pendiente/"


def test_blocked_on_the_last_page_the_visitor_is_led_to_the_paper_way(marta: Person) -> None:
    who = Visitor()
    walk(who, marta, "clave")
    block(marta.cuil, OWNER)
    who.fill("Elegí una clave", PASSWORD).fill("Confirmá tu clave", PASSWORD).press("CREAR CLAVE")
    assert who.url == "/crear/papel/"
    assert states(marta) == [State.LEVEL_2]


def test_a_pending_key_is_sent_to_an_office_without_saying_why(marta: Person) -> None:
    make_clave(marta.cuil, level=None)
    block(marta.cuil, OWNER)
    who = Visitor()
    walk(who, marta, "identificacion", ENABLING)
    ENABLING.answers["identificacion"](who, marta)
    assert who.url == "/aviso/habilitar-en-oficina/"
    assert "bloque" not in who.text.lower()


@pytest.mark.django_db(transaction=True)
def test_blocking_against_enabling_by_internet_never_leaves_somebody_inside() -> None:
    for number in range(6):
        person = make_person(31000000 + number)
        make_clave(person.cuil)
        pending = make_clave(person.cuil, level=None)
        outcomes = at_once(
            lambda cuil=person.cuil: block(cuil, OWNER),
            lambda pending=pending: pending.enable_online(trail=system()),
        )
        failures(outcomes, AccessBlocked)
        assert is_blocked(person.cuil)
        assert not enters(person)
    assert not list(broken_events())
