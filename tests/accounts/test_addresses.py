"""The address for notices: confirmed by a code, changed, and changed back by the one before."""

import re
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.utils import timezone
from post_office.models import Email

from accounts import addresses
from accounts.addresses import (
    AddressToConfirm,
    CodeGone,
    CodeWrong,
    TooSoon,
    Undone,
    UndoRefused,
    masked_email,
)
from accounts.events import Actor, ClaveEvent, Note, Trail
from accounts.models import Clave
from guards.limits import LimitReached
from tests.accounts.mailbox import links, received, waiting
from tests.builders import EMAIL, make_clave, make_cuil, system
from tests.racing import at_once, failures

CUIL = make_cuil(30111222)
NEW, THIRD = "nueva@ejemplo.ar", "tercera@ejemplo.ar"
OWNER = Trail(Actor.OWNER, "200.45.1.2")

pytestmark = pytest.mark.django_db


@pytest.fixture
def clave() -> Clave:
    return make_clave(CUIL)


def code_sent_to(address: str) -> str:
    """As it is read in the last mail to that address."""
    found = re.search(r"^\d{6}$", received(address)[-1].body, re.MULTILINE)
    assert found
    return found[0]


def change(clave: Clave, address: str = NEW) -> None:
    addresses.ask(clave, address)
    addresses.confirm(clave, code_sent_to(address), OWNER)


def undo_link() -> str:
    return links(received(EMAIL)[-1])["Deshacer el cambio"].rsplit("/", 2)[1]


def another(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


# --- The code -----------------------------------------------------------------------------------------


def test_the_code_that_went_there_confirms_the_address(clave: Clave) -> None:
    change(clave)
    assert clave.email == NEW
    assert clave.email_confirmed_at
    assert not AddressToConfirm.objects.exists()


def test_an_address_typed_when_the_key_was_made_is_confirmed_the_same_way() -> None:
    clave = make_clave(CUIL, email="")
    Clave.objects.filter(pk=clave.pk).update(email=EMAIL)
    clave.refresh_from_db()
    change(clave, EMAIL)
    assert ClaveEvent.objects.filter(kind=Note.EMAIL_CONFIRMED).count() == 1
    assert (clave.former_email, clave.email_changed_at) == ("", None)
    assert waiting(EMAIL) == [], "there is no other address to tell"


def test_until_then_nothing_changes(clave: Clave) -> None:
    addresses.ask(clave, NEW)
    clave.refresh_from_db()
    assert clave.email == EMAIL


def test_the_code_stands_in_no_table_nor_in_the_queue(clave: Clave) -> None:
    addresses.ask(clave, NEW)
    stored = repr(
        [*AddressToConfirm.objects.values(), *Email.objects.values("context", "message", "subject")]
    )
    assert code_sent_to(NEW) not in stored


def test_five_wrong_codes_and_the_right_one_is_worth_nothing(clave: Clave) -> None:
    addresses.ask(clave, NEW)
    code = code_sent_to(NEW)
    for _ in range(5):
        with pytest.raises(CodeWrong):
            addresses.confirm(clave, another(code), OWNER)
    with pytest.raises(LimitReached):
        addresses.confirm(clave, code, OWNER)
    addresses.ask(clave, NEW)
    addresses.confirm(clave, code_sent_to(NEW), OWNER)
    assert clave.email == NEW


@pytest.mark.parametrize(("minutes", "good"), [(14.9, True), (15.1, False)])
def test_a_code_is_good_for_a_quarter_of_an_hour(clave: Clave, minutes: float, *, good: bool) -> None:
    addresses.ask(clave, NEW)
    code = code_sent_to(NEW)
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        if good:
            addresses.confirm(clave, code, OWNER)
        else:
            with pytest.raises(CodeGone):
                addresses.confirm(clave, code, OWNER)


def test_another_code_makes_the_one_before_void(clave: Clave) -> None:
    addresses.ask(clave, NEW)
    first = code_sent_to(NEW)
    addresses.ask(clave, THIRD)
    with pytest.raises(CodeWrong):
        addresses.confirm(clave, first, OWNER)


def test_the_code_of_somebody_else_s_key_is_worth_nothing(clave: Clave) -> None:
    other = make_clave(make_cuil(20222333))
    addresses.ask(clave, NEW)
    addresses.ask(other, THIRD)
    with pytest.raises(CodeWrong):
        addresses.confirm(other, code_sent_to(NEW), OWNER)


def test_a_few_codes_a_day_for_one_person(clave: Clave) -> None:
    for _ in range(5):
        addresses.ask(clave, NEW)
    with pytest.raises(LimitReached):
        addresses.ask(clave, THIRD)


def test_strangers_fill_nobody_s_mailbox_and_keep_nobody_from_confirming_their_own(clave: Clave) -> None:
    strangers = [make_clave(make_cuil(20222000 + number)) for number in range(6)]
    for stranger in strangers[:5]:
        for _ in range(5):
            addresses.ask(stranger, NEW.upper())
    for _ in range(5):
        addresses.ask(clave, NEW)
    with pytest.raises(LimitReached):
        addresses.ask(strangers[5], NEW)


def test_a_key_revoked_meanwhile_gets_no_address(clave: Clave) -> None:
    stale = Clave.objects.get()
    addresses.ask(clave, NEW)
    code = code_sent_to(NEW)
    clave.revoke(trail=system())
    with pytest.raises(CodeGone):
        addresses.confirm(stale, code, OWNER)
    assert Clave.objects.get().email == ""


@pytest.mark.django_db(transaction=True)
def test_of_the_right_code_sent_several_times_at_once_one_counts() -> None:
    clave = make_clave(CUIL)
    addresses.ask(clave, NEW)
    confirm = partial(addresses.confirm, clave, code_sent_to(NEW), OWNER)
    outcomes = at_once(confirm, confirm, confirm)
    assert failures(outcomes, CodeGone) == 2
    assert ClaveEvent.objects.filter(kind=Note.EMAIL_CHANGED).count() == 1


# --- The address before -------------------------------------------------------------------------------


def test_the_address_before_is_told_and_can_undo_the_change(clave: Clave) -> None:
    change(clave)
    assert waiting(EMAIL) == ["email_changed"]
    addresses.undo(addresses.to_undo(undo_link()), Trail(Actor.VISITOR))
    clave.refresh_from_db()
    assert (clave.email, clave.former_email, clave.email_changed_at) == (EMAIL, "", None)
    assert clave.email_confirmed_at
    assert ClaveEvent.objects.filter(kind=Note.EMAIL_UNDONE, clave_number=clave.pk).count() == 1


def test_for_three_days_both_are_told_of_everything_and_then_the_new_one(clave: Clave) -> None:
    change(clave)
    received(EMAIL)
    clave.raise_level(trail=system())
    assert (waiting(EMAIL), waiting(NEW)) == (["raised"], ["raised"])
    with time_machine.travel(timezone.now() + timedelta(hours=73)):
        clave.revoke(trail=system())
    assert (waiting(EMAIL), waiting(NEW)) == (["raised"], ["raised", "revoked"])


@pytest.mark.parametrize(("hours", "good"), [(71.9, True), (72.1, False)])
def test_undoing_is_open_for_three_days(clave: Clave, hours: float, *, good: bool) -> None:
    change(clave)
    link = undo_link()
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        if good:
            assert addresses.to_undo(link) == clave
        else:
            with pytest.raises(UndoRefused):
                addresses.to_undo(link)


def test_a_second_change_waits_so_that_it_cannot_take_the_undoing_away(clave: Clave) -> None:
    change(clave)
    with pytest.raises(TooSoon):
        addresses.ask(clave, THIRD)
    with time_machine.travel(timezone.now() + timedelta(hours=73)):
        change(clave, THIRD)
    assert clave.former_email == NEW


def test_two_requests_at_once_cannot_take_the_undoing_away(clave: Clave) -> None:
    as_it_was = Clave.objects.get()
    change(clave)
    with pytest.raises(TooSoon):
        addresses.ask(as_it_was, THIRD)
    # A code that was asked for before the change, and is typed after it.
    AddressToConfirm.objects.create(clave=clave, address=THIRD, word="ab" * 16)
    with pytest.raises(TooSoon):
        addresses.confirm(as_it_was, addresses.code_of("ab" * 16), OWNER)
    assert Clave.objects.get().former_email == EMAIL


def test_undone_is_undone_once_and_the_link_says_so(clave: Clave) -> None:
    change(clave)
    link = undo_link()
    addresses.undo(addresses.to_undo(link), system())
    with pytest.raises(Undone):
        addresses.to_undo(link)


def test_a_link_of_one_change_does_not_undo_the_next(clave: Clave) -> None:
    change(clave)
    link = undo_link()
    addresses.undo(addresses.to_undo(link), system())
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        change(Clave.objects.get())
        with pytest.raises(UndoRefused):
            addresses.to_undo(link)


@pytest.mark.parametrize("link", ["x", "WzEsMV0:1vKxyz:abc", ""])
def test_a_made_up_link_undoes_nothing(clave: Clave, link: str) -> None:
    change(clave)
    with pytest.raises(UndoRefused):
        addresses.to_undo(link)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_undo_at_once_one_does() -> None:
    clave = make_clave(CUIL)
    change(clave)
    copies = [addresses.to_undo(undo_link()) for _ in range(2)]
    outcomes = at_once(*[partial(addresses.undo, each, system()) for each in copies])
    assert failures(outcomes, UndoRefused) == 1
    assert ClaveEvent.objects.filter(kind=Note.EMAIL_UNDONE).count() == 1


# --- What stays ---------------------------------------------------------------------------------------


def test_what_serves_nobody_any_more_is_dropped(clave: Clave) -> None:
    change(clave)
    other = make_clave(make_cuil(20222333))
    addresses.ask(other, THIRD)
    assert addresses.sweep() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=73)):
        assert addresses.sweep() == 2
    clave.refresh_from_db()
    assert (clave.email, clave.former_email) == (NEW, "")
    assert not AddressToConfirm.objects.exists()


def test_a_revoked_key_keeps_no_address_of_any_kind(clave: Clave) -> None:
    change(clave)
    clave.revoke(trail=system())
    row = Clave.objects.get()
    assert (row.email, row.email_confirmed_at, row.former_email, row.email_changed_at) == ("", None, "", None)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"email": ""}, "confirmed_address_is_there"),
        ({"former_email": EMAIL}, "former_address_knows_since_when"),
        ({"email_changed_at": timezone.now()}, "former_address_knows_since_when"),
    ],
)
def test_the_database_refuses_an_address_without_what_belongs_to_it(
    clave: Clave, changes: dict[str, object], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Clave.objects.filter(pk=clave.pk).update(**changes)


@pytest.mark.parametrize(
    ("address", "shown"), [(EMAIL, "m•••@ejemplo.com.ar"), ("a@b.ar", "a•••@b.ar"), ("", "")]
)
def test_an_address_is_shown_masked(address: str, shown: str) -> None:
    assert masked_email(address) == shown


def test_the_three_days_are_a_setting(clave: Clave, settings: LazySettings) -> None:
    settings.PORTAL_UNDO_HOURS = 1
    change(clave)
    link = undo_link()
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)), pytest.raises(UndoRefused):
        addresses.to_undo(link)
