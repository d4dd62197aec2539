"""A new version of the policies: who accepted an older one reads it before anything else behind log-in."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.events import ClaveEvent, Note, broken_events
from accounts.models import Clave, PolicyVersion
from accounts.policies import accept, current_policies, policies_to_accept
from identity.models import Person
from tests.builders import make_clave, make_person, system
from tests.racing import at_once
from tests.visitor import Visitor
from tests.walker import log_in, walk

pytestmark = pytest.mark.django_db

ACCEPTING = "/politicas/aceptar/"


@pytest.fixture
def marta() -> Person:
    person = make_person()
    make_clave(person.cuil)
    return person


def publish(name: str = "2027", text: str = "No prestes tu clave.", **ago: float) -> PolicyVersion:
    return PolicyVersion.objects.create(
        name=name, text=text, published_at=timezone.now() - timedelta(**ago or {"seconds": 1})
    )


def accepted(person: Person) -> str:
    return Clave.objects.live().get(cuil=person.cuil).policies_version


# --- At log-in --------------------------------------------------------------------------------------


def test_whoever_accepted_the_version_in_force_is_asked_for_nothing(marta: Person) -> None:
    who = log_in(Visitor(), marta)
    assert who.url == "/inicio/"
    assert who.open(ACCEPTING).url == "/inicio/"


def test_a_new_version_is_shown_at_the_next_log_in_and_once_accepted_never_again(marta: Person) -> None:
    publish()
    who = log_in(Visitor(), marta)
    assert who.url == ACCEPTING
    assert "No prestes tu clave." in who.text
    assert who.press("ACEPTO").url == "/inicio/"
    assert accepted(marta) == "2027"
    assert log_in(Visitor(), marta).url == "/inicio/"


def test_until_it_is_accepted_inicio_stays_shut(marta: Person) -> None:
    publish()
    who = log_in(Visitor(), marta)
    assert who.open("/inicio/").url == ACCEPTING
    assert who.open("/").url == ACCEPTING
    assert accepted(marta) == "2019"


def test_a_version_published_during_a_visit_is_asked_for_on_the_next_page(marta: Person) -> None:
    who = log_in(Visitor(), marta)
    publish()
    assert who.open("/inicio/").url == ACCEPTING


def test_no_acepto_logs_out_and_leaves_the_key_as_it_was(marta: Person) -> None:
    publish()
    who = log_in(Visitor(), marta).press("NO ACEPTO")
    assert who.url == "/"
    assert "No aceptaste las políticas. Cerramos tu sesión." in who.text
    assert who.open("/inicio/").url == "/"
    assert accepted(marta) == "2019"
    assert log_in(Visitor(), marta).url == ACCEPTING


def test_the_acceptance_is_on_the_key_and_in_its_chain_with_the_texts_fingerprint(marta: Person) -> None:
    version = publish()
    with time_machine.travel(timezone.now() + timedelta(minutes=3), tick=False):
        log_in(Visitor(), marta).press("ACEPTO")
        assert Clave.objects.get().policies_accepted_at == timezone.now()
    event = ClaveEvent.objects.get(kind=Note.POLICIES_ACCEPTED)
    assert (event.actor, event.clave_number) == ("owner", Clave.objects.get().pk)
    assert event.evidence == {"version": "2027", "sha256": version.fingerprint}
    assert not list(broken_events())


def test_a_form_without_a_decision_comes_back_with_a_sentence(marta: Person) -> None:
    publish()
    who = log_in(Visitor(), marta)
    url, sent = who.form("ACEPTO")
    del sent["decision"]
    who._take(who.client.post(url, sent, follow=True), url)
    assert who.errors() == ["Elegí ACEPTO o NO ACEPTO"]
    assert accepted(marta) == "2019"


def test_a_version_that_was_not_on_the_page_is_not_accepted_by_pressing_acepto(marta: Person) -> None:
    publish(minutes=5)
    who = log_in(Visitor(), marta)
    publish("2028", "No la anotes.")
    who.press("ACEPTO")
    assert who.url == ACCEPTING
    assert who.errors() == ["Las políticas cambiaron mientras las leías. Estas son las nuevas."]
    assert "No la anotes." in who.text
    assert accepted(marta) == "2019"
    who.press("ACEPTO")
    assert accepted(marta) == "2028"


def test_a_stranger_is_sent_to_log_in(client: Client) -> None:
    publish()
    for answer in (client.get(ACCEPTING, follow=True), client.post(ACCEPTING, follow=True)):
        assert answer.redirect_chain[-1][0] == "/"


def test_a_draft_and_a_version_of_tomorrow_are_asked_of_nobody(marta: Person) -> None:
    PolicyVersion.objects.create(name="borrador", text="x")
    PolicyVersion.objects.create(name="2030", text="x", published_at=timezone.now() + timedelta(days=1))
    assert log_in(Visitor(), marta).url == "/inicio/"
    assert current_policies().name == "2019"


def test_markup_in_a_version_is_shown_as_text(marta: Person) -> None:
    publish(text="<b>Uno</b>\n\n  Dos & tres  ")
    who = log_in(Visitor(), marta)
    points = [li.text_content() for li in who.page.xpath("//main//form//li")]
    assert points == ["<b>Uno</b>", "Dos & tres"]


# --- Creating ---------------------------------------------------------------------------------------


def test_a_new_key_accepts_the_newest_version_in_force() -> None:
    publish()
    marta = make_person()
    who = walk(Visitor(), marta)
    assert accepted(marta) == "2027"
    who.follow("COMENZAR A UTILIZAR")
    assert log_in(who, marta).url == "/inicio/"


def test_creating_asks_again_when_the_version_changed_while_it_was_read() -> None:
    who = Visitor().open("/crear/")
    publish()
    who.press("ACEPTO")
    assert who.url == "/crear/politicas/"
    assert who.errors() == ["Las políticas cambiaron mientras las leías. Estas son las nuevas."]
    assert "No prestes tu clave." in who.text
    assert who.press("ACEPTO").url == "/crear/cuil/"


def test_the_page_of_the_policies_shows_the_newest_in_force() -> None:
    publish()
    assert "No prestes tu clave." in Visitor().open("/politicas/").text


# --- Underneath -------------------------------------------------------------------------------------


def test_a_key_revoked_meanwhile_accepts_nothing(marta: Person) -> None:
    version, clave = publish(), Clave.objects.get()
    clave.revoke(trail=system())
    accept(clave, version, system())
    clave.refresh_from_db()
    assert clave.policies_version == "2019"
    assert not ClaveEvent.objects.filter(kind=Note.POLICIES_ACCEPTED).exists()


@pytest.mark.django_db(transaction=True)
def test_accepting_twice_at_once_is_accepting_once() -> None:
    clave, version = make_clave(make_person().cuil), publish()
    assert policies_to_accept(clave) == version
    assert at_once(*[lambda: accept(clave, version, system())] * 4) == [None] * 4
    assert ClaveEvent.objects.filter(kind=Note.POLICIES_ACCEPTED).count() == 1
    assert not list(broken_events())


def test_an_empty_table_of_policies_lets_nobody_accept_nothing(marta: Person) -> None:
    PolicyVersion.objects.all().delete()
    with pytest.raises(PolicyVersion.DoesNotExist):
        current_policies()
