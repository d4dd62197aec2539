"""After log-in the owner is told that somebody asked for a new key, and may call it off."""

import pytest

from accounts.events import Actor, ClaveEvent
from accounts.lifecycle import State
from accounts.models import Clave
from identity.models import Person
from tests.builders import make_clave, make_person
from tests.visitor import NotOnThePage, Visitor
from tests.walker import ENABLING, ON_PAPER, log_in, walk

pytestmark = pytest.mark.django_db

MINE = "Margarita73x"
BUTTON = "NO FUI YO: CANCELAR EL PEDIDO"


@pytest.fixture
def marta(db: None) -> Person:
    """With a live key, and a new one that somebody asked for."""
    person = make_person()
    make_clave(person.cuil, password=MINE)
    walk(Visitor(), person, route=ON_PAPER)
    return person


def test_the_owner_is_told_on_the_next_log_in_and_calls_it_off(visitor: Visitor, marta: Person) -> None:
    log_in(visitor, marta, MINE)
    assert "Pidieron una clave nueva para tu CUIL" in visitor.text
    visitor.press(BUTTON)
    assert "Cancelamos el pedido." in visitor.text
    assert "Pidieron una clave nueva" not in visitor.text
    assert set(Clave.objects.values_list("state", flat=True)) == {State.LEVEL_2, State.REVOKED}
    last = ClaveEvent.objects.filter(kind="revoke").get()
    assert (last.actor, last.evidence) == (Actor.OWNER, {"disavowed": True})


def test_pressing_it_twice_does_no_harm(visitor: Visitor, marta: Person) -> None:
    log_in(visitor, marta, MINE).press(BUTTON).post_again()
    assert visitor.url == "/inicio/"
    assert Clave.objects.live().count() == 1


def test_a_request_enabled_meanwhile_is_not_called_off_by_an_old_page(
    visitor: Visitor, marta: Person
) -> None:
    log_in(visitor, marta, MINE)
    walk(Visitor(), marta, route=ENABLING)
    visitor.press(BUTTON)
    assert visitor.url == "/", "the old key ended, and its sessions with it"
    assert Clave.objects.live().count() == 1


def test_who_asked_for_nothing_is_told_nothing(visitor: Visitor) -> None:
    rosa = make_person(28999111)
    make_clave(rosa.cuil)
    log_in(visitor, rosa)
    with pytest.raises(NotOnThePage):
        visitor.press(BUTTON)


def test_a_stranger_cannot_call_off_my_request(marta: Person) -> None:
    rosa, stranger = make_person(28999111), Visitor()
    make_clave(rosa.cuil)
    log_in(stranger, rosa)
    token = stranger.hidden("csrfmiddlewaretoken")
    stranger.client.post("/inicio/cancelar-pedido/", {"csrfmiddlewaretoken": token})
    Visitor().client.get("/inicio/cancelar-pedido/")
    assert Clave.objects.filter(state=State.PENDING).count() == 1
