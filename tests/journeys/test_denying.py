"""«No fui yo» in the mails that tell of anything but a replacement: it blocks, or tells an office."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.addresses import AddressToConfirm, ask, code_of, confirm, undo
from accounts.blocking import block, is_blocked, unblock
from accounts.denial import denial_token
from accounts.events import Actor, ClaveEvent, Note, Trail, broken_events
from accounts.lifecycle import Move, State
from accounts.models import Clave
from accounts.secret import change_secret
from identity.models import Person, WrongDataReport
from tests.accounts.mailbox import html_part, links, received, waiting
from tests.builders import EMAIL, confirm_address, make_clave, make_person, system
from tests.racing import at_once
from tests.visitor import NotOnThePage, Visitor
from tests.walker import log_in, questions, walk

BLOCK, REPORT, RESTORE = (
    "NO FUI YO, BLOQUEAR EL ACCESO",
    "NO FUI YO, AVISAR",
    "NO FUI YO, RECUPERAR MI CLAVE ANTERIOR",
)
STRANGER = "otra@ejemplo.ar"

pytestmark = pytest.mark.django_db


@pytest.fixture
def marta() -> Person:
    return make_person()


@pytest.fixture
def clave(marta: Person) -> Clave:
    return make_clave(marta.cuil)


def link_in_the_last_mail(address: str = EMAIL) -> str:
    found = links(received(address)[-1])["No fui yo"]
    return "/" + found.split("/", 3)[3]


def changed(clave: Clave) -> str:
    """Somebody changed the key; the link of the mail that tells of it."""
    change_secret(clave, "Otra9clave", system())
    return link_in_the_last_mail()


def notes(clave: Clave) -> list[str]:
    return list(ClaveEvent.objects.filter(cuil=clave.cuil).order_by("seq").values_list("kind", flat=True))


# --- Blocking -----------------------------------------------------------------------------------------


def test_the_holder_blocks_the_access_by_the_link_and_an_office_is_told(
    visitor: Visitor, clave: Clave
) -> None:
    visitor.open(changed(clave))
    assert "Bloqueá el acceso" in visitor.text
    assert not is_blocked(clave.cuil), "looking changes nothing"
    visitor.press(BLOCK)
    assert "El acceso está bloqueado" in visitor.text
    assert is_blocked(clave.cuil)
    assert notes(clave)[-2:] == [Note.NOT_ME, Note.BLOCKED]
    event = ClaveEvent.objects.get(kind=Note.NOT_ME)
    assert (event.actor, event.evidence, event.clave_number) == (Actor.VISITOR, {"disavowed": True}, clave.pk)
    report = WrongDataReport.objects.get()
    assert (report.cuil, report.kind, report.state) == (clave.cuil, "not_me", "open")
    assert not list(broken_events())


def test_whoever_is_inside_with_the_stolen_key_is_out_at_the_next_click(marta: Person, clave: Clave) -> None:
    thief = log_in(Visitor(), marta)
    Visitor().open(link_in_the_last_mail()).press(BLOCK)
    assert thief.open("/inicio/").url == "/"


def test_a_link_that_went_to_an_address_taken_back_since_only_tells_an_office(
    visitor: Visitor, clave: Clave
) -> None:
    confirm_address(clave)
    ask(clave, STRANGER)
    confirm(clave, code_of(AddressToConfirm.objects.get().word), system())
    change_secret(clave, "Otra9clave", system())
    theirs, own = link_in_the_last_mail(STRANGER), link_in_the_last_mail()
    undo(Clave.objects.get(), system())
    assert BLOCK in Visitor().open(own).response.content.decode()
    visitor.open(theirs).press(REPORT)
    assert not is_blocked(clave.cuil)


@pytest.mark.parametrize("answer", ["", "restore", "cancel", "report", "blocked"])
def test_only_the_button_that_was_shown_does_it(visitor: Visitor, clave: Clave, answer: str) -> None:
    visitor.open(changed(clave))
    sent = {"answer": answer, "csrfmiddlewaretoken": visitor.hidden("csrfmiddlewaretoken")}
    visitor.client.post(visitor.url, sent)
    assert not is_blocked(clave.cuil)
    assert not WrongDataReport.objects.exists()


@pytest.mark.parametrize("method", ["get", "head", "options", "put", "delete", "patch"])
def test_no_method_but_post_changes_anything(clave: Clave, method: str) -> None:
    link = changed(clave)
    told = len(notes(clave))
    assert getattr(Client(), method)(link).status_code in {200, 405}
    assert (is_blocked(clave.cuil), len(notes(clave))) == (False, told)


def test_the_page_never_asks_for_the_key(visitor: Visitor, clave: Clave) -> None:
    visitor.open(changed(clave))
    assert not visitor.page.xpath("//input[@type='password']")
    visitor.press(BLOCK)
    assert not visitor.page.xpath("//input[@type='password']")


@pytest.mark.parametrize(("hours", "good"), [(239, True), (241, False)])
def test_the_link_is_good_for_ten_days(visitor: Visitor, clave: Clave, hours: int, *, good: bool) -> None:
    link = changed(clave)
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        visitor.open(link)
    assert (visitor.status == 200) is good
    assert ("Bloqueá el acceso" in visitor.text) is good


def test_pressing_twice_blocks_once(visitor: Visitor, clave: Clave) -> None:
    visitor.open(changed(clave)).press(BLOCK).post_again()
    assert "El acceso está bloqueado" in visitor.text
    assert notes(clave).count(Note.BLOCKED) == notes(clave).count(Note.NOT_ME) == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_are_one_case() -> None:
    clave = make_clave(make_person().cuil)
    link = changed(clave)
    at_once(*[lambda: Client().post(link, {"answer": "block"})] * 3)
    assert is_blocked(clave.cuil)
    assert WrongDataReport.objects.count() == 1
    assert notes(clave).count(Note.BLOCKED) == 1
    assert not list(broken_events())


def test_whoever_did_not_block_the_access_tells_an_office(visitor: Visitor, clave: Clave) -> None:
    block(clave.cuil, system())
    visitor.open(link_in_the_last_mail()).press(REPORT)
    assert "Avisamos a la oficina" in visitor.text
    assert WrongDataReport.objects.get().kind == "not_me"
    assert is_blocked(clave.cuil)


# --- How things stand by then -------------------------------------------------------------------------


def test_after_an_office_unblocked_the_old_link_blocks_no_more(visitor: Visitor, clave: Clave) -> None:
    link = changed(clave)
    block(clave.cuil, system())
    unblock(clave.cuil, Trail(Actor.STAFF))
    visitor.open(link)
    assert "ya no hay nada que cancelar" in visitor.text
    with pytest.raises(NotOnThePage):
        visitor.press(BLOCK)


def test_the_mail_that_tells_of_the_unblocking_does_not_block_again(visitor: Visitor, clave: Clave) -> None:
    block(clave.cuil, system())
    unblock(clave.cuil, Trail(Actor.STAFF))
    visitor.open(link_in_the_last_mail()).press(REPORT)
    assert not is_blocked(clave.cuil)


def test_where_the_key_was_replaced_meanwhile_the_link_brings_it_back(visitor: Visitor, clave: Clave) -> None:
    link = changed(clave)
    new = make_clave(clave.cuil, email=STRANGER)
    visitor.open(link).press(RESTORE)
    assert "Tu clave anterior volvió a funcionar" in visitor.text
    states = {c.pk: c.state for c in Clave.objects.all()}
    assert states == {clave.pk: State.LEVEL_2, new.pk: State.REVOKED}
    assert not is_blocked(clave.cuil)
    assert WrongDataReport.objects.get().kind == "not_me"


def test_where_an_office_gave_another_key_the_link_does_nothing(visitor: Visitor, clave: Clave) -> None:
    link = changed(clave)
    make_clave(clave.cuil, level=None).enable_in_office(trail=Trail(Actor.STAFF))
    assert "ya no hay nada que cancelar" in visitor.open(link).text


def test_whoever_did_not_give_the_key_up_shuts_the_way_to_another(visitor: Visitor, clave: Clave) -> None:
    clave.revoke(trail=system())
    visitor.open(link_in_the_last_mail()).press(BLOCK)
    assert is_blocked(clave.cuil)


def test_after_a_new_key_of_ones_own_the_link_of_the_revoked_one_does_nothing(
    visitor: Visitor, clave: Clave
) -> None:
    clave.revoke(trail=system())
    link = link_in_the_last_mail()
    make_clave(clave.cuil)
    assert "ya no hay nada que cancelar" in visitor.open(link).text


@pytest.mark.parametrize(
    "token",
    [*(denial_token(999, power, 0.0, "") for power in ("block", "report", "nuke")), "x"],
    ids=["block", "report", "nothing known", "no token"],  # a token tells when it was made
)
def test_a_link_to_nothing_does_nothing(visitor: Visitor, token: str) -> None:
    assert visitor.open(f"/no-fui-yo/{token}/").status in {200, 410}
    assert not visitor.page.xpath("//main//form")


# --- An address that nobody confirmed -----------------------------------------------------------------


def asked_for_by_a_stranger(marta: Person) -> str:
    """Anybody can ask for a pending key of anybody, and type an address of their own."""
    make_clave(marta.cuil, level=None, email=STRANGER)
    return link_in_the_last_mail(STRANGER)


def test_from_an_address_that_somebody_typed_nobody_is_shut_out(
    visitor: Visitor, marta: Person, clave: Clave
) -> None:
    visitor.open(asked_for_by_a_stranger(marta)).press(REPORT)
    assert "Avisamos a la oficina" in visitor.text
    assert not is_blocked(marta.cuil)
    assert log_in(Visitor(), marta).url == "/inicio/"
    assert WrongDataReport.objects.get().kind == "not_me"


def test_the_power_of_a_link_does_not_grow_when_the_address_is_confirmed_later(
    visitor: Visitor, marta: Person
) -> None:
    link = asked_for_by_a_stranger(marta)
    pending = Clave.objects.pending().get()
    pending.enable_online(trail=system())
    confirm_address(pending)
    visitor.open(link)
    with pytest.raises(NotOnThePage):
        visitor.press(BLOCK)


def test_telling_again_is_told_already(visitor: Visitor, marta: Person, clave: Clave) -> None:
    link = asked_for_by_a_stranger(marta)
    visitor.open(link).press(REPORT).post_again()
    assert "Avisamos a la oficina" in visitor.text
    assert notes(clave).count(Note.NOT_ME) == 1


def test_an_address_that_is_not_confirmed_is_told_nothing_of_the_working_key(marta: Person) -> None:
    pending = make_clave(marta.cuil, level=None)
    pending.enable_online(trail=system())
    assert waiting(EMAIL) == ["pending", "enabled"]
    change_secret(pending, "Otra9clave", system())
    pending.raise_level(trail=system())
    make_clave(marta.cuil, level=None, email=STRANGER)
    pending.revoke(trail=system())
    assert waiting(EMAIL) == ["pending", "enabled"]


# --- What is told -------------------------------------------------------------------------------------


def test_a_log_in_from_a_new_browser_is_told_and_from_a_known_one_is_not(marta: Person, clave: Clave) -> None:
    hers = log_in(Visitor(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux) Firefox/140.0"), marta)
    assert waiting(EMAIL) == ["created", "new_browser"]
    assert "Firefox en Linux" in received(EMAIL)[-1].body
    log_in(hers.press("SALIR"), marta)
    assert waiting(EMAIL) == []
    seen = [e.evidence for e in ClaveEvent.objects.filter(kind=Note.SIGNED_IN).order_by("seq")]
    assert seen == [{"browser": "Firefox en Linux", "new_browser": True}, {"browser": "Firefox en Linux"}]


def test_failed_questions_about_somebody_with_a_key_are_told_to_them(marta: Person, clave: Clave) -> None:
    who = Visitor()
    walk(who, marta, "preguntas")
    questions(who, marta, right=False)
    assert waiting(EMAIL) == ["created", "questions_failed"]


def test_failed_questions_about_somebody_without_a_key_are_told_to_nobody(marta: Person) -> None:
    who = Visitor()
    walk(who, marta, "preguntas")
    questions(who, marta, right=False)
    assert waiting() == []


@pytest.mark.parametrize("move", [Move.RAISE_LEVEL, Move.REVOKE])
def test_every_warning_of_a_working_key_can_be_answered(clave: Clave, move: Move) -> None:
    getattr(clave, move)(trail=system())
    message = received(EMAIL)[-1]
    assert "No fui yo" in links(message)
    assert "Vale 10 días, y" in message.body
    assert not html_part(message).xpath("//input | //form")
