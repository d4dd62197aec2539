"""«Sesiones abiertas»: what is open is listed, what is closed is over at once, what ended is gone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import RequestFactory

from accounts import open_sessions
from accounts.browser_words import browser_of
from accounts.events import ClaveEvent, Note
from accounts.models import Clave, OpenSession, User
from identity.models import Person
from tests.builders import make_clave, make_person, system
from tests.visitor import Visitor
from tests.walker import log_in, walk

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile"
    " Safari/537.36"
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def marta() -> Person:
    person = make_person()
    make_clave(person.cuil)
    return person


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def listed(person: Person) -> list[str]:
    return [row.browser for row in open_sessions.of(Clave.objects.live().get(cuil=person.cuil))]


def is_inside(who: Visitor) -> bool:
    return who.open("/inicio/").url == "/inicio/"


# --- The list -----------------------------------------------------------------------------------------


def test_each_log_in_stands_in_the_list_with_its_browser_and_nothing_that_leads_to_it(marta: Person) -> None:
    phone = log_in(Visitor(HTTP_USER_AGENT=PHONE, REMOTE_ADDR="200.45.1.2"), marta)
    log_in(Visitor(HTTP_USER_AGENT=FIREFOX), marta)
    assert sorted(listed(marta)) == ["Chrome en Android", "Firefox en Linux"]
    stored = repr(list(OpenSession.objects.values()))
    assert phone.client.session.session_key not in stored
    assert "200.45.1.2" not in stored
    assert "Mozilla" not in stored


def test_leaving_takes_it_off_the_list(marta: Person) -> None:
    log_in(Visitor(), marta).press("SALIR")
    assert listed(marta) == []
    assert not OpenSession.objects.exists()


def test_what_ended_by_itself_is_not_in_the_list(clock: Any, marta: Person) -> None:
    log_in(Visitor(), marta)
    clock.shift(timedelta(minutes=15))
    assert len(listed(marta)) == 1
    clock.shift(timedelta(seconds=1))
    assert listed(marta) == []


def test_whoever_goes_on_clicking_stays_in_the_list(clock: Any, marta: Person) -> None:
    who = log_in(Visitor(), marta)
    for _ in range(4):
        clock.shift(timedelta(minutes=14))
        assert is_inside(who)
    assert len(listed(marta)) == 1


def test_nobody_is_in_the_list_longer_than_a_session_may_last(clock: Any, marta: Person) -> None:
    who = log_in(Visitor(), marta)
    for _ in range(72):
        clock.shift(timedelta(minutes=10))
        assert is_inside(who)
    clock.shift(timedelta(seconds=1))
    assert listed(marta) == []


def test_the_sessions_of_a_key_that_was_replaced_are_not_those_of_the_new_one(marta: Person) -> None:
    log_in(Visitor(), marta)
    make_clave(marta.cuil)
    assert listed(marta) == []


def test_the_sessions_of_somebody_else_are_theirs(marta: Person) -> None:
    jorge = make_person(20222333)
    make_clave(jorge.cuil)
    log_in(Visitor(), jorge)
    assert listed(marta) == []


def test_whoever_begins_to_create_a_key_is_logged_out_and_in_the_list_no_more(marta: Person) -> None:
    who = log_in(Visitor(), marta)
    walk(who, marta, "cuil")
    assert not is_inside(who)
    assert listed(marta) == []


# --- Closing ------------------------------------------------------------------------------------------


def test_a_closed_session_is_over_at_its_next_click_and_says_why(marta: Person) -> None:
    here, there = log_in(Visitor(), marta), log_in(Visitor(HTTP_USER_AGENT=PHONE), marta)
    here.open("/inicio/clave/sesiones/").press("CERRAR")
    assert listed(marta) == ["Un navegador que no reconocemos"]
    assert not is_inside(there)
    assert "Esta sesión se cerró desde otra" in there.text
    assert is_inside(here)


def test_all_others_at_once(marta: Person) -> None:
    here, *others = [log_in(Visitor(), marta) for _ in range(3)]
    here.open("/inicio/clave/sesiones/").press("CERRAR TODAS LAS DEMÁS")
    assert "Cerramos 2 sesiones." in here.text
    assert [is_inside(who) for who in (here, *others)] == [True, False, False]
    assert ClaveEvent.objects.filter(kind=Note.SESSION_CLOSED).count() == 1


def test_nobody_closes_the_session_of_somebody_else(marta: Person) -> None:
    jorge = make_person(20222333)
    make_clave(jorge.cuil)
    his, hers = log_in(Visitor(), jorge), log_in(Visitor(), marta)
    number = open_sessions.of(Clave.objects.get(cuil=jorge.cuil)).get().pk
    for sent in (str(number), "0", "-1", "x", "9" * 30, "²"):
        token = hers.open("/inicio/clave/sesiones/").hidden("csrfmiddlewaretoken")
        page = hers.client.post(hers.url, {"close": sent, "csrfmiddlewaretoken": token}, follow=True)
        assert "ya estaba cerrada" in page.content.decode()
    assert is_inside(his)
    assert not ClaveEvent.objects.filter(kind=Note.SESSION_CLOSED).exists()


def test_a_session_without_its_row_is_over(marta: Person) -> None:
    who = log_in(Visitor(), marta)
    OpenSession.objects.all().delete()
    assert not is_inside(who)


def test_the_office_has_no_such_list(db: None) -> None:
    User.objects.create_superuser("oficina", password="una clave de mostrador")
    who = Visitor()
    assert who.client.login(username="oficina", password="una clave de mostrador")
    assert not OpenSession.objects.exists()
    assert who.open("/admin/").url == "/admin/segundo-factor/", "its session goes on without a row"


# --- What is over goes --------------------------------------------------------------------------------


def test_the_next_log_in_drops_what_is_over(clock: Any, marta: Person) -> None:
    log_in(Visitor(), marta)
    clock.shift(timedelta(minutes=16))
    log_in(Visitor(), marta)
    assert OpenSession.objects.count() == 1


def test_the_purge_drops_what_is_over_of_everybody(clock: Any, marta: Person) -> None:
    log_in(Visitor(), marta)
    clock.shift(timedelta(minutes=14))
    log_in(Visitor(), marta)
    clock.shift(timedelta(minutes=2))
    call_command("purge_expired_keys", "--force-clock")
    assert OpenSession.objects.count() == 1


def test_the_row_goes_with_the_session_that_is_found_over(clock: Any, marta: Person) -> None:
    who = log_in(Visitor(), marta)
    clock.shift(timedelta(minutes=16))
    assert not is_inside(who)
    assert not OpenSession.objects.exists()


# --- In words -----------------------------------------------------------------------------------------

MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (f"{WINDOWS} Safari/537.36", "Chrome en Windows"),
        (f"{WINDOWS} Safari/537.36 Edg/138.0.0.0", "Edge en Windows"),
        (f"{WINDOWS} Safari/537.36 OPR/120.0.0.0", "Opera en Windows"),
        (f"{MAC} Version/18.0 Safari/605.1.15", "Safari en Mac"),
        (f"{IPHONE} Version/18.0 Mobile/15E148 Safari/604.1", "Safari en iPhone"),
        (f"{IPHONE} CriOS/138.0.0.0 Mobile/15E148 Safari/604.1", "Chrome en iPhone"),
        (PHONE, "Chrome en Android"),
        (
            "Mozilla/5.0 (Linux; Android 14; SM-A155M) AppleWebKit/537.36 (KHTML, like Gecko)"
            " SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36",
            "Internet de Samsung en Android",
        ),
        (FIREFOX, "Firefox en Linux"),
        ("Lynx/2.9 (Linux)", "Un navegador en Linux"),
        ("<script>alert(1)</script>", "Un navegador que no reconocemos"),
        ("", "Un navegador que no reconocemos"),
    ],
)
def test_a_browser_is_told_in_words(header: str, words: str) -> None:
    assert browser_of(RequestFactory().get("/", HTTP_USER_AGENT=header)) == words


def test_a_replaced_key_that_comes_back_is_where_it_was(marta: Person) -> None:
    former = Clave.objects.get()
    who = log_in(Visitor(), marta)
    make_clave(marta.cuil)
    former.restore(trail=system())
    assert is_inside(who)
    assert len(listed(marta)) == 1
