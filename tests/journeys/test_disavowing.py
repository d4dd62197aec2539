"""«No fui yo»: whoever did not ask for a new key calls it off by the link of the mail."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail, signing
from django.test import Client
from django.utils import timezone

from accounts.disavowal import cancel, pending_replacement, token_for
from accounts.events import ClaveEvent, broken_events
from accounts.lifecycle import Move, MoveNotAllowed, State
from accounts.models import Clave, secret_matches
from tests.accounts.mailbox import links, received, waiting
from tests.builders import PASSWORD, make_clave, make_cuil, system
from tests.racing import at_once, failures
from tests.visitor import NotOnThePage, Visitor

CUIL = make_cuil(30111222)
OWNER, STRANGER = "marta@ejemplo.ar", "otra@ejemplo.ar"
CANCEL, RESTORE = "NO FUI YO, CANCELAR EL PEDIDO", "NO FUI YO, RECUPERAR MI CLAVE ANTERIOR"

pytestmark = pytest.mark.django_db


def link_in_the_last_mail() -> str:
    """As the owner finds it, without the site's name."""
    address = links(received(OWNER)[-1])["No fui yo"]
    return "/" + address.split("/", 3)[3]


def asked_for() -> tuple[Clave, Clave, str]:
    """The owner's working key, the pending one that a stranger asked for, and the link."""
    live = make_clave(CUIL, email=OWNER, level=2)
    pending = make_clave(CUIL, email=STRANGER, level=None)
    return live, pending, link_in_the_last_mail()


def replaced() -> tuple[Clave, Clave, str]:
    """The owner's former key, the one that took its place, and the link."""
    former = make_clave(CUIL, email=OWNER, level=2)
    new = make_clave(CUIL, email=STRANGER, level=2)
    return former, new, link_in_the_last_mail()


def state(clave: Clave) -> str:
    return Clave.objects.get(pk=clave.pk).state


# --- Before it is enabled ---------------------------------------------------------------------------


def test_the_owner_calls_off_a_request_that_somebody_else_made(visitor: Visitor) -> None:
    live, pending, link = asked_for()
    visitor.open(link)
    assert "tu clave de siempre sigue funcionando" in visitor.text
    visitor.press(CANCEL)
    assert "El pedido está cancelado" in visitor.text
    assert (state(live), state(pending)) == (State.LEVEL_2, State.REVOKED)
    told = ClaveEvent.objects.filter(cuil=CUIL).order_by("-seq")[0]
    assert (told.kind, told.actor, told.evidence) == (Move.REVOKE, "visitor", {"disavowed": True})
    assert list(broken_events()) == []


def test_what_was_called_off_can_no_longer_be_enabled(visitor: Visitor) -> None:
    _, pending, link = asked_for()
    visitor.open(link).press(CANCEL)
    with pytest.raises(MoveNotAllowed):
        pending.enable_in_office(trail=system())


def test_a_request_that_ran_out_meanwhile_needs_no_calling_off(
    visitor: Visitor, settings: LazySettings
) -> None:
    settings.PORTAL_PENDING_DAYS = 2
    _, pending, link = asked_for()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        visitor.open(link)
        assert "ya no hay nada que cancelar" in visitor.text
    assert state(pending) == State.PENDING


# --- After it is enabled ----------------------------------------------------------------------------


def test_the_owner_takes_back_a_replacement_and_has_the_old_key_again() -> None:
    former, new, link = replaced()
    page = Visitor().open(link).press(RESTORE)
    assert "Tu clave anterior volvió a funcionar" in page.text
    assert (state(former), state(new)) == (State.LEVEL_2, State.REVOKED)
    assert secret_matches(PASSWORD, Clave.objects.get(pk=former.pk))


def test_the_first_mail_s_link_still_helps_when_the_new_key_was_enabled_meanwhile() -> None:
    live, pending, link = asked_for()
    pending.enable_online(trail=system())
    Visitor().open(link).press(RESTORE)
    assert (state(live), state(pending)) == (State.LEVEL_2, State.REVOKED)


def test_both_addresses_are_told_of_it() -> None:
    _, _, link = replaced()
    mail.outbox = []
    Visitor().open(link).press(RESTORE)
    assert (waiting(OWNER), waiting(STRANGER)) == (["restored"], ["revoked"])


def test_the_page_that_asked_before_the_enabling_restores_only_after_asking_again(visitor: Visitor) -> None:
    """The question was another one: what the button says is what it does."""
    live, pending, link = asked_for()
    visitor.open(link)
    pending.enable_online(trail=system())
    visitor.press(CANCEL)
    assert "¿No cambiaste tu clave?" in visitor.text
    assert (state(live), state(pending)) == (State.REPLACED, State.LEVEL_2)


# --- Looking changes nothing ------------------------------------------------------------------------


@pytest.mark.parametrize("situation", [asked_for, replaced])
@pytest.mark.parametrize("method", ["get", "head", "options", "put", "delete", "patch"])
def test_no_method_but_post_changes_anything(situation: object, method: str) -> None:
    old, new, link = situation()  # type: ignore[operator]
    before = (state(old), state(new), ClaveEvent.objects.count())
    for _ in range(2):
        assert getattr(Client(), method)(link).status_code in {200, 405}
    assert (state(old), state(new), ClaveEvent.objects.count()) == before


def test_another_site_cannot_press_the_button() -> None:
    live, pending, link = asked_for()
    assert Client(enforce_csrf_checks=True).post(link).status_code == 403
    assert (state(live), state(pending)) == (State.LEVEL_2, State.PENDING)


def test_the_page_leaves_no_session_and_names_nobody() -> None:
    _, _, link = asked_for()
    client = Client()
    page = client.get(link)
    assert "sesion" not in client.cookies
    assert CUIL not in page.content.decode()
    assert CUIL not in link
    assert 'type="password"' not in page.content.decode()


# --- Links that do not serve ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "token",
    ["x", "WzEsMl0:1abc:abc", "%00", "a" * 500, pytest.param(signing.dumps([1, 2]), id="signed elsewhere")],
)
def test_a_link_that_is_not_ours_gets_a_page_that_says_what_to_do(visitor: Visitor, token: str) -> None:
    visitor.open(f"/no-fui-yo/{token}/")
    assert visitor.status == 410
    assert "Este enlace ya no sirve" in visitor.text
    assert "oficina de ANSES" in visitor.text


@pytest.mark.parametrize(("hours", "serves"), [(239, True), (241, False)])
@pytest.mark.parametrize("situation", [asked_for, replaced])
def test_a_link_serves_for_240_hours(situation: object, hours: int, serves: bool) -> None:
    old, new, link = situation()  # type: ignore[operator]
    page = Visitor().open(link)
    before = (state(old), state(new))
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        assert (Visitor().open(link).status == 200) is serves
        page.press(CANCEL if situation is asked_for else RESTORE)
    assert ((state(old), state(new)) != before) is serves


def test_a_replacement_older_than_that_stays_also_with_a_link_sent_late() -> None:
    """The mail server was down for days: the link is fresh, the replacement is not."""
    former, new, _ = replaced()
    with time_machine.travel(timezone.now() + timedelta(hours=241)):
        page = Visitor().open(f"/no-fui-yo/{token_for(0, former.pk)}/")
        assert "ya no hay nada que cancelar" in page.text
        with pytest.raises(NotOnThePage):
            page.form(RESTORE)
    assert (state(former), state(new)) == (State.REPLACED, State.LEVEL_2)


@pytest.mark.parametrize(("situation", "button"), [(asked_for, CANCEL), (replaced, RESTORE)])
def test_the_second_time_the_link_tells_what_the_first_did(situation: object, button: str) -> None:
    *_, link = situation()  # type: ignore[operator]
    done = Visitor().open(link).press(button)
    told = ClaveEvent.objects.count()
    again = done.twin().post_again() if hasattr(done.twin(), "_sent") else Visitor().open(link)
    assert again.text == done.text
    assert ClaveEvent.objects.count() == told


def test_a_double_press_is_one_press(visitor: Visitor) -> None:
    _, _, link = replaced()
    visitor.open(link).press(RESTORE)
    told = ClaveEvent.objects.count()
    visitor.post_again()
    assert "Tu clave anterior volvió a funcionar" in visitor.text
    assert ClaveEvent.objects.count() == told


def test_a_link_to_keys_that_are_gone_says_that_nothing_is_left_to_do(visitor: Visitor) -> None:
    visitor.open(f"/no-fui-yo/{token_for(998, 999)}/")
    assert "ya no hay nada que cancelar" in visitor.text


# --- After log-in -----------------------------------------------------------------------------------


def test_a_pending_replacement_is_one_that_waits_beside_a_working_key() -> None:
    assert pending_replacement(CUIL) is None
    alone = make_clave(CUIL, level=None)
    assert pending_replacement(CUIL) is None
    alone.enable_online(trail=system())
    assert pending_replacement(CUIL) is None
    pending = make_clave(CUIL, level=None)
    assert pending_replacement(CUIL) == pending
    day_91 = datetime.combine(timezone.localdate() + timedelta(days=91), datetime.min.time())
    with time_machine.travel(timezone.make_aware(day_91)):
        assert pending_replacement(CUIL) is None


def test_calling_off_after_it_was_enabled_would_leave_nothing_and_is_refused() -> None:
    make_clave(CUIL)
    pending = make_clave(CUIL, level=None)
    stale = Clave.objects.get(pk=pending.pk)
    pending.enable_online(trail=system())
    with pytest.raises(MoveNotAllowed):
        cancel(stale, system())
    assert state(pending) == State.LEVEL_2


@pytest.mark.django_db(transaction=True)
def test_calling_off_against_enabling_at_the_same_instant_leaves_one_working_key() -> None:
    for number in range(12):
        cuil = make_cuil(31000000 + number)
        make_clave(cuil)
        pending = make_clave(cuil, level=None)
        mine, theirs = (Clave.objects.get(pk=pending.pk) for _ in range(2))
        outcomes = at_once(
            lambda mine=mine: cancel(mine, system()),
            lambda theirs=theirs: theirs.enable_online(trail=system()),
        )
        assert failures(outcomes, MoveNotAllowed) == 1
        assert Clave.objects.live().filter(cuil=cuil).count() == 1


# --- An office --------------------------------------------------------------------------------------


def test_a_mail_does_not_undo_what_an_office_did(visitor: Visitor) -> None:
    """Whoever got a key in somebody's name online must not take it back after the owner's visit."""
    former = make_clave(CUIL, email=STRANGER, level=2)
    make_clave(CUIL, email=OWNER, level=None).enable_in_office(trail=system())
    address = links(received(STRANGER)[-1])["No fui yo"]
    visitor.open("/" + address.split("/", 3)[3])
    assert "se habilitó en una oficina" in visitor.text
    with pytest.raises(NotOnThePage):
        visitor.press(RESTORE)
    with pytest.raises(MoveNotAllowed):
        Clave.objects.get(pk=former.pk).restore(trail=system())
    assert Clave.objects.live().get().level == 3


def test_a_pending_key_that_is_replaced_keeps_nothing_of_the_person() -> None:
    first = make_clave(CUIL, email=OWNER, level=None)
    make_clave(CUIL, email=OWNER, level=None)
    first.refresh_from_db()
    assert (first.state, first.password, first.email) == (State.REPLACED, "", "")


def test_an_overdue_key_expires_when_another_is_asked_for() -> None:
    with time_machine.travel(timezone.now() - timedelta(days=100)):
        first = make_clave(CUIL, level=None)
    make_clave(CUIL, level=None)
    assert state(first) == State.EXPIRED
