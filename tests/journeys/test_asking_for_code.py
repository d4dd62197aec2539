"""When logging in asks for the code: always as it stands; with PORTAL_CAPTCHA=adaptive, for a reason."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Clave
from guards.models import Counter
from identity.models import Person
from journeys.captcha.field import EMPTY
from journeys.forms import LogInForm
from tests.builders import PASSWORD, make_clave, make_cuil, make_person, system
from tests.journeys.test_entering import CASES, OPEN, without_what_changes_each_time
from tests.racing import at_once
from tests.visitor import Visitor
from tests.walker import type_code

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
BAD = "Nada8nada"
HOME = "200.45.1.2"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _adaptive(settings: Any) -> None:
    settings.PORTAL_CAPTCHA = "adaptive"


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def marta() -> Person:
    person = make_person()
    make_clave(person.cuil)
    return person


def is_asked(who: Visitor) -> bool:
    """Whether the page in front of them asks for the code."""
    return bool(who.page.xpath("//input[@name='captcha']"))


def send(who: Visitor, cuil: str, password: str = PASSWORD) -> Visitor:
    """What the page in front of them asks for, and nothing else."""
    who.fill("Número de CUIL", cuil).fill("Clave de Seguridad Social", password)
    if is_asked(who):
        type_code(who)
    return who.press("INGRESAR")


def come_and_go(who: Visitor, person: Person) -> Visitor:
    """Log in and out, which leaves the log-in page in front of them."""
    assert send(who.open("/"), person.cuil).url == "/inicio/"
    return who.press("SALIR")


@pytest.fixture
def hers(marta: Person) -> Visitor:
    """The browser that Marta uses, at the log-in page."""
    return come_and_go(Visitor(REMOTE_ADDR=HOME), marta)


def fail_from_elsewhere(times: int, address: str = HOME) -> None:
    """Wrong keys from that address, each in a browser of its own and about somebody else."""
    for number in range(times):
        send(Visitor(REMOTE_ADDR=address).open("/"), make_cuil(41000000 + number), BAD)


# --- The reasons --------------------------------------------------------------------------------------


def test_a_new_browser_is_asked(visitor: Visitor) -> None:
    assert is_asked(visitor.open("/"))


def test_a_browser_where_she_logged_in_before_is_not_and_opens_with_the_key_alone(
    hers: Visitor, marta: Person
) -> None:
    assert not is_asked(hers)
    assert send(hers, marta.cuil).url == "/inicio/"


def test_whoever_keeps_no_cookies_is_asked_every_time_and_always_gets_in(marta: Person) -> None:
    for _ in range(4):
        who = Visitor().open("/")
        assert is_asked(who)
        assert send(who, marta.cuil).url == "/inicio/"


def test_two_wrong_keys_and_the_code_is_back_until_both_are_right(hers: Visitor, marta: Person) -> None:
    assert send(hers, marta.cuil, BAD).errors() == [LogInForm.WRONG]
    assert not is_asked(hers)
    assert send(hers, marta.cuil, BAD).errors() == [LogInForm.WRONG]
    assert is_asked(hers)
    assert send(hers, marta.cuil, BAD).errors() == [LogInForm.WRONG]
    assert is_asked(hers)
    assert is_asked(hers.open("/"))
    assert not is_asked(come_and_go(hers, marta))


def test_the_right_key_alone_costs_nothing_however_often(hers: Visitor, marta: Person) -> None:
    for _ in range(5):
        assert not is_asked(come_and_go(hers, marta))


def test_the_right_key_alone_does_not_clear_the_wrong_ones(hers: Visitor, marta: Person) -> None:
    """Or a key of one's own would pay for guessing other people's."""
    send(hers, make_cuil(41999999), BAD)
    assert not is_asked(come_and_go(hers, marta))
    send(hers, make_cuil(41999998), BAD)
    assert is_asked(hers)


def test_after_twelve_hours_the_browser_starts_anew(clock: Any, hers: Visitor, marta: Person) -> None:
    for _ in range(2):
        send(hers, marta.cuil, BAD)
    clock.shift(timedelta(hours=12, seconds=-1))
    assert is_asked(hers.open("/"))
    clock.shift(timedelta(seconds=1))
    assert not is_asked(hers.open("/"))


def test_many_wrong_keys_from_her_address_and_the_code_is_back_for_an_hour(
    clock: Any, hers: Visitor, marta: Person, settings: Any
) -> None:
    settings.PORTAL_CAPTCHA_HOT_ADDRESS = 3
    fail_from_elsewhere(2)
    assert not is_asked(hers.open("/"))
    fail_from_elsewhere(9, address="6.6.6.6")
    assert not is_asked(hers.open("/"))
    fail_from_elsewhere(4)
    assert is_asked(hers.open("/"))
    assert is_asked(come_and_go(hers, marta)), "being let in does not cool the address"
    clock.shift(timedelta(hours=1))
    assert not is_asked(hers.open("/"))


def test_the_address_of_her_line_counts_whichever_of_its_many_she_has(marta: Person, settings: Any) -> None:
    settings.PORTAL_CAPTCHA_HOT_ADDRESS = 1
    hers = come_and_go(Visitor(REMOTE_ADDR="2001:db8:1:2::77"), marta)
    fail_from_elsewhere(1, address="2001:db8:1:2::99")
    assert is_asked(hers.open("/"))


def test_a_family_shares_a_browser_and_its_wrong_keys(hers: Visitor, marta: Person) -> None:
    rosa = make_person(28999111)
    make_clave(rosa.cuil)
    come_and_go(hers, rosa)
    send(hers, rosa.cuil, BAD)
    send(hers, marta.cuil, BAD)
    assert is_asked(hers)
    assert not is_asked(come_and_go(hers, marta))
    assert not is_asked(come_and_go(hers, rosa))


# --- What is sent, not what was shown, decides ----------------------------------------------------------


def test_a_page_shown_without_the_code_is_refused_once_there_is_a_reason(
    hers: Visitor, marta: Person, compared: list[str]
) -> None:
    old = hers.twin()
    for _ in range(2):
        send(hers, marta.cuil, BAD)
    compared.clear()
    old.fill("Número de CUIL", marta.cuil).fill("Clave de Seguridad Social", PASSWORD).press("INGRESAR")
    assert old.errors() == [EMPTY]
    assert compared == []
    assert old.page.xpath("//input[@name='cuil']/@value") == [marta.cuil]
    assert send(old, marta.cuil).url == "/inicio/"


def test_a_page_shown_with_the_code_needs_none_when_there_is_no_reason_any_more(
    clock: Any, hers: Visitor, marta: Person, settings: Any
) -> None:
    settings.PORTAL_CAPTCHA_HOT_ADDRESS = 1
    fail_from_elsewhere(1)
    assert is_asked(hers.open("/"))
    clock.shift(timedelta(hours=1))
    hers.fill("Número de CUIL", marta.cuil).fill("Clave de Seguridad Social", PASSWORD)
    assert hers.fill("Código de la imagen", "000000").press("INGRESAR").url == "/inicio/"


MADE_UP = ["", ".", "a" * 64, "." * 5000, "x" * 5000, "ñandú", "a.b.c", "0" * 32 + "f" * 32]


@pytest.mark.parametrize("value", MADE_UP)
def test_a_made_up_mark_is_no_known_browser(marta: Person, compared: list[str], value: str) -> None:
    who = Visitor()
    who.client.cookies["conocido"] = value
    assert is_asked(who.open("/"))
    who.fill("Número de CUIL", marta.cuil).fill("Clave de Seguridad Social", PASSWORD).press("INGRESAR")
    assert who.errors() == [EMPTY]
    assert compared == []


def test_a_mark_with_a_digit_changed_is_no_known_browser(hers: Visitor) -> None:
    mark = hers.client.cookies["conocido"].value
    for place in (0, 31, 32, 63):
        other = "0" if mark[place] != "0" else "1"
        hers.client.cookies["conocido"] = mark[:place] + other + mark[place + 1 :]
        assert is_asked(hers.open("/"))


def test_a_form_without_anything_typed_is_no_try(hers: Visitor, marta: Person) -> None:
    for _ in range(5):
        hers.press("INGRESAR")
        assert len(hers.errors()) == 2
    assert not is_asked(hers)


def test_a_browser_stays_known_when_its_key_is_no_more(hers: Visitor, marta: Person) -> None:
    """It is the browser that is known; whose key it was is not looked at."""
    Clave.objects.live().get(cuil=marta.cuil).revoke(trail=system())
    assert not is_asked(hers.open("/"))
    assert send(hers, marta.cuil).errors() == [LogInForm.WRONG]


@pytest.mark.django_db(transaction=True)
def test_of_six_tries_at_the_same_moment_two_pass_without_the_code(compared: list[str]) -> None:
    marta = make_person()
    make_clave(marta.cuil)
    hers = come_and_go(Visitor(), marta)
    compared.clear()
    sent = hers.fill("Número de CUIL", marta.cuil).fill("Clave de Seguridad Social", BAD).form("INGRESAR")

    def one() -> str:
        client = Client()
        client.cookies.load({name: cookie.value for name, cookie in hers.client.cookies.items()})
        return client.post(*sent).content.decode()

    pages = at_once(*[one] * 6)
    assert compared == [BAD] * 2
    assert sum(LogInForm.WRONG in page for page in pages) == 2
    assert sum(EMPTY in page for page in pages) == 4


# --- What it tells a stranger -----------------------------------------------------------------------------


def shown(who: Visitor) -> str:
    page = without_what_changes_each_time(who.response.content.decode())
    return re.sub(r'(name="cuil"[^>]*value=")[^"]*', r"\1", page)


def test_whether_it_asks_tells_nothing_of_who_has_a_key_and_in_which_state() -> None:
    """In a known browser: with the last try without the code, with the first one that needs it, and on."""
    answers = {}
    for number, case in enumerate(CASES):
        neighbour = make_person(42000000 + number)
        make_clave(neighbour.cuil)
        who, cuil = come_and_go(Visitor(REMOTE_ADDR=f"10.0.0.{number}"), neighbour), case()
        pages = []
        for _ in range(4):
            send(who, cuil, BAD if case in OPEN else PASSWORD)
            pages.append((who.status, who.url, is_asked(who), shown(who)))
        assert [asked for _, _, asked, _ in pages] == [False, True, True, True]
        answers[case.__name__] = tuple(pages)
    assert len(set(answers.values())) == 1, sorted(answers)


def test_nor_does_the_owner_s_own_browser_differ_for_her_cuil_and_for_a_stranger_s(
    hers: Visitor, marta: Person
) -> None:
    pages = {}
    for number, cuil in enumerate((marta.cuil, CASES[0]())):
        who = hers if not number else come_and_go(Visitor(REMOTE_ADDR="10.0.0.9"), neighbour())
        pages[cuil] = tuple(shown(send(who, cuil, BAD)) for _ in range(3))
    assert len(set(pages.values())) == 1


def neighbour() -> Person:
    person = make_person(43000000)
    make_clave(person.cuil)
    return person


def test_what_is_counted_names_nobody(hers: Visitor, marta: Person) -> None:
    send(hers, marta.cuil, BAD)
    stored = repr(list(Counter.objects.values()))
    mark = hers.client.cookies["conocido"].value
    assert not [name for name in (mark, mark[:24], marta.cuil, HOME) if name in stored]


# --- Everywhere else, and as it stands ----------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/crear/cuil/", "/habilitar/identificacion/", "/usi-07/"])
def test_the_other_pages_ask_whichever_browser_it_is(hers: Visitor, page: str) -> None:
    hers.open(page)
    if page == "/crear/cuil/":
        hers.press("ACEPTO")
    assert hers.url == page
    assert is_asked(hers)


def test_as_it_stands_every_browser_is_asked_and_nothing_is_counted_for_it(
    settings: Any, marta: Person
) -> None:
    settings.PORTAL_CAPTCHA = "always"
    hers = come_and_go(Visitor(), marta)
    before = Counter.objects.count()
    assert is_asked(hers)
    send(hers, marta.cuil, BAD)
    assert is_asked(hers)
    assert Counter.objects.count() == before + 1, "the count of the log-in itself"
