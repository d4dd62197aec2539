"""When a session begins, and all the ways in which it ends."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings, settings
from django.contrib import admin
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import include, path

from accounts.events import ClaveEvent, Note
from accounts.models import Clave, OpenSession, User
from identity.models import Person
from tests.builders import make_clave, make_person, system
from tests.visitor import NotOnThePage, Visitor
from tests.walker import log_in, walk

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ENDED = "Tu sesión venció. Por tu seguridad, ingresá de nuevo."

urlpatterns = [path("admin/", admin.site.urls), path("", include("clave_portal.urls"))]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def marta() -> Person:
    return make_person()


@pytest.fixture
def clave(marta: Person) -> Clave:
    return make_clave(marta.cuil)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def is_inside(visitor: Visitor) -> bool:
    return visitor.open("/inicio/").url == "/inicio/"


def cookie(visitor: Visitor) -> str:
    return visitor.client.cookies[settings.SESSION_COOKIE_NAME].value


def with_cookie(value: str) -> Visitor:
    other = Visitor()
    other.client.cookies[settings.SESSION_COOKIE_NAME] = value
    return other


# --- How one begins -----------------------------------------------------------------------------------


def test_a_log_in_that_could_not_be_written_down_lets_nobody_in(
    marta: Person, clave: Clave, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise RuntimeError

    visitor = Visitor()
    with monkeypatch.context() as broken:
        broken.setattr("accounts.session.record", full)
        with pytest.raises(RuntimeError):
            log_in(visitor, marta)
    assert not OpenSession.objects.exists()
    assert not is_inside(visitor)
    assert is_inside(log_in(visitor, marta))


# --- A key that is no longer the key ----------------------------------------------------------------


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda clave: clave.revoke(trail=system()), id="revoked"),
        pytest.param(lambda clave: make_clave(clave.cuil), id="replaced"),
        pytest.param(
            lambda clave: make_clave(clave.cuil, level=None).enable_in_office(trail=system()),
            id="replaced at the office",
        ),
    ],
)
def test_every_session_of_a_key_ends_at_the_next_click_once_the_key_is_gone(
    end: Callable[[Clave], Any], marta: Person, clave: Clave
) -> None:
    at_home, on_the_phone = log_in(Visitor(), marta), log_in(Visitor(), marta)
    assert is_inside(at_home)
    end(clave)
    assert not is_inside(at_home)
    assert not is_inside(on_the_phone)
    assert "INGRESAR" in at_home.text


def test_taking_a_replacement_back_ends_the_sessions_of_the_newer_key(marta: Person, clave: Clave) -> None:
    make_clave(marta.cuil)
    intruder = log_in(Visitor(), marta)
    assert is_inside(intruder)
    clave.restore(trail=system())
    assert not is_inside(intruder)
    assert is_inside(log_in(Visitor(), marta))


def test_a_key_made_but_not_yet_enabled_leaves_the_sessions_of_the_old_one(
    marta: Person, clave: Clave
) -> None:
    visitor = log_in(Visitor(), marta)
    make_clave(marta.cuil, level=None)
    assert is_inside(visitor)


def test_a_higher_level_is_there_at_the_next_click_of_the_same_session(marta: Person, clave: Clave) -> None:
    visitor = log_in(Visitor(), marta)
    assert "nivel 2" in visitor.text.lower()
    clave.raise_level(trail=system())
    assert is_inside(visitor)
    assert "nivel 3" in visitor.text.lower()


def test_the_session_of_somebody_else_goes_on(marta: Person, clave: Clave) -> None:
    jorge = make_person(20222333)
    make_clave(jorge.cuil)
    visitor = log_in(Visitor(), jorge)
    clave.revoke(trail=system())
    assert is_inside(visitor)


def test_a_person_barred_by_the_office_is_out_at_the_next_click(marta: Person, clave: Clave) -> None:
    visitor = log_in(Visitor(), marta)
    User.objects.filter(cuil=marta.cuil).update(is_active=False)
    assert not is_inside(visitor)


# --- Time -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "inside"), [(899, True), (900, True), (901, False)])
def test_a_session_left_alone_ends_after_fifteen_minutes(
    clock: Any, marta: Person, clave: Clave, seconds: int, inside: bool
) -> None:
    visitor = log_in(Visitor(), marta)
    clock.shift(timedelta(seconds=seconds))
    assert is_inside(visitor) is inside
    assert (ENDED in visitor.text) is not inside


def test_whoever_goes_on_clicking_stays_inside(clock: Any, marta: Person, clave: Clave) -> None:
    visitor = log_in(Visitor(), marta)
    for _ in range(12):
        clock.shift(timedelta(minutes=14))
        assert is_inside(visitor)


def test_clicks_every_few_seconds_count_as_activity_within_half_a_minute(
    clock: Any, marta: Person, clave: Clave
) -> None:
    visitor = log_in(Visitor(), marta)
    for _ in range(10):
        clock.shift(timedelta(seconds=20))
        assert is_inside(visitor)
    clock.shift(timedelta(minutes=14, seconds=30))
    assert is_inside(visitor)


def test_nobody_stays_longer_than_twelve_hours_however_busy(clock: Any, marta: Person, clave: Clave) -> None:
    visitor = log_in(Visitor(), marta)
    for _ in range(72):
        clock.shift(timedelta(minutes=10))
        assert is_inside(visitor)
    clock.shift(timedelta(seconds=1))
    assert not is_inside(visitor)


def test_an_ended_session_does_not_come_back_when_the_clock_is_set_back(
    clock: Any, marta: Person, clave: Clave
) -> None:
    visitor = log_in(Visitor(), marta)
    old = cookie(visitor)
    clock.shift(timedelta(minutes=16))
    assert not is_inside(visitor)
    clock.shift(timedelta(minutes=-15))
    assert not is_inside(with_cookie(old))


def test_the_minutes_and_hours_are_settings(
    clock: Any, marta: Person, clave: Clave, settings: LazySettings
) -> None:
    settings.PORTAL_IDLE_MINUTES = 5
    visitor = log_in(Visitor(), marta)
    clock.shift(timedelta(minutes=5, seconds=1))
    assert not is_inside(visitor)


def test_a_session_that_does_not_know_when_it_began_is_over(marta: Person, clave: Clave) -> None:
    visitor = log_in(Visitor(), marta)
    session = visitor.client.session
    del session["signed_in_at"]
    session.save()
    assert not is_inside(visitor)


# --- One browser after another ----------------------------------------------------------------------


def test_a_session_known_before_the_log_in_is_worth_nothing_after_it(marta: Person, clave: Clave) -> None:
    """Fixation: somebody planted their own cookie in the browser of the victim."""
    planted = Visitor().open("/crear/")
    victim = with_cookie(cookie(planted))
    victim.open("/crear/politicas/")
    log_in(victim, marta)
    assert is_inside(victim)
    assert cookie(victim) != cookie(planted)
    assert not is_inside(planted)
    assert not Session.objects.filter(session_key=cookie(planted)).exists()


def test_logging_in_forgets_the_journey_that_stood_open(marta: Person, clave: Clave) -> None:
    visitor = Visitor()
    walk(visitor, marta, upto="datos")
    assert "journey-crear" in visitor.client.session
    log_in(visitor, marta)
    assert "journey-crear" not in visitor.client.session


def test_logging_in_again_in_the_same_browser_as_somebody_else_starts_from_nothing(
    marta: Person, clave: Clave
) -> None:
    jorge = make_person(20222333, surname="ACOSTA", given_names="JORGE")
    make_clave(jorge.cuil)
    visitor = log_in(Visitor(), marta)
    first = cookie(visitor)
    visitor.press("SALIR")
    log_in(visitor, jorge)
    assert "JORGE ACOSTA" in visitor.text
    assert cookie(visitor) != first


def test_leaving_kills_the_cookie_for_good(marta: Person, clave: Clave) -> None:
    visitor = log_in(Visitor(), marta)
    old = cookie(visitor)
    visitor.press("SALIR")
    assert "Cerraste la sesión." in visitor.text
    assert not is_inside(with_cookie(old))
    assert not Session.objects.filter(session_key=old).exists()


def test_after_leaving_the_back_button_shows_the_log_in(marta: Person, clave: Clave) -> None:
    visitor = log_in(Visitor(), marta)
    assert visitor.response["Cache-Control"] == "no-store"
    visitor.press("SALIR")
    assert not is_inside(visitor)
    assert "MARTA" not in visitor.text
    assert "INGRESAR" in visitor.text


def test_leaving_asks_the_browser_to_forget_what_it_stored(marta: Person, clave: Clave) -> None:
    visitor = log_in(Visitor(), marta)
    token = visitor.hidden("csrfmiddlewaretoken")
    answer = visitor.client.post("/salir/", {"csrfmiddlewaretoken": token})
    assert answer["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_a_link_to_leaving_changes_nothing(marta: Person, clave: Clave, method: str) -> None:
    """Otherwise any page of the web could log people out."""
    visitor = log_in(Visitor(), marta)
    client = Client()
    client.cookies = visitor.client.cookies
    assert getattr(client, method)("/salir/").url == "/inicio/"
    assert is_inside(visitor)


def test_leaving_without_the_form_s_token_changes_nothing(marta: Person, clave: Clave) -> None:
    visitor = log_in(Visitor(), marta)
    assert visitor.client.post("/salir/").status_code == 403
    assert is_inside(visitor)


def test_entering_and_leaving_are_told(marta: Person, clave: Clave) -> None:
    log_in(Visitor(REMOTE_ADDR="200.45.1.2"), marta).press("SALIR")
    told = ClaveEvent.objects.filter(kind__in=[Note.SIGNED_IN, Note.SIGNED_OUT]).order_by("seq")
    assert [(e.kind, e.actor, e.address) for e in told] == [
        (Note.SIGNED_IN, "owner", "200.45.1.2"),
        (Note.SIGNED_OUT, "owner", "200.45.1.2"),
    ]


def test_the_session_holds_no_level_no_name_and_no_secret(marta: Person, clave: Clave) -> None:
    held = dict(log_in(Visitor(), marta).client.session)
    django = {SESSION_KEY, "_auth_user_backend", "_auth_user_hash"}
    assert set(held) == django | {"signed_in_at", "seen_at", "open_session"}
    assert marta.cuil not in repr(held)
    assert clave.seal not in repr(held)


@pytest.mark.parametrize(
    "value", ['"abcdefgh\\000xyz"', '"\\377\\376abcdefgh"', "x" * 5000, "ñandúñandú", "'--", ""]
)
@pytest.mark.parametrize("name", ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "dicho"])
def test_a_cookie_that_is_none_of_ours_breaks_nothing(name: str, value: str) -> None:
    cookie_name = getattr(settings, name, name)
    client = Client(raise_request_exception=False, HTTP_COOKIE=f"{cookie_name}={value}")
    for address in ("/", "/inicio/", "/crear/", "/crear/cuil/"):
        assert client.get(address).status_code in {200, 302}
        assert client.post(address, {"cuil": "1"}).status_code < 500


# --- The office -------------------------------------------------------------------------------------

STAFF = "una clave de mostrador"


@pytest.fixture
def clerk() -> User:
    return User.objects.create_superuser("oficina", password=STAFF)


def test_a_citizen_does_not_reach_the_office(marta: Person, clave: Clave) -> None:
    visitor = log_in(Visitor(), marta)
    for address in ("/admin/", "/admin/accounts/clave/", f"/admin/accounts/clave/{clave.pk}/change/"):
        answer = visitor.client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")
    sent = {"username": marta.cuil, "password": "Girasol58k"}
    assert Client().post("/admin/login/", sent).status_code == 200  # the form again


def test_staff_are_inside_the_office_and_not_inside_anybody_s_key(clerk: User) -> None:
    client = Client()
    client.post("/admin/login/", {"username": "oficina", "password": STAFF})
    assert client.get("/admin/").status_code == 200
    assert client.get("/inicio/").status_code == 302


def test_a_session_of_staff_left_alone_ends_as_well(clock: Any, clerk: User) -> None:
    client = Client()
    client.post("/admin/login/", {"username": "oficina", "password": STAFF})
    clock.shift(timedelta(minutes=15, seconds=1))
    assert client.get("/admin/").status_code == 302


def test_staff_do_not_enter_at_the_door_of_citizens(clerk: User, marta: Person) -> None:
    visitor = log_in(Visitor(), marta, STAFF)
    assert visitor.url == "/"


@pytest.mark.parametrize("table", ["clave", "claveevent", "user"])
def test_no_key_event_or_user_is_a_row_that_the_office_could_edit(
    clerk: User, clave: Clave, table: str
) -> None:
    client = Client()
    client.post("/admin/login/", {"username": "oficina", "password": STAFF})
    for page in ("", "add/", f"{clave.pk}/change/", f"{clave.pk}/delete/"):
        assert client.get(f"/admin/accounts/{table}/{page}").status_code == 404
        assert client.post(f"/admin/accounts/{table}/{page}").status_code == 404


def test_there_is_no_button_to_leave_where_nobody_is_inside() -> None:
    with pytest.raises(NotOnThePage):
        Visitor().open("/").press("SALIR")
