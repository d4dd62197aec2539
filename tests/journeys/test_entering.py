"""The log-in page: one neutral answer, a code of the picture, and limits before anything is compared."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from captcha.models import CaptchaStore
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.events import ClaveEvent, Note
from accounts.lifecycle import State
from accounts.models import Clave
from guards.models import Counter
from identity.models import Person
from journeys.captcha.field import EMPTY, EXPIRED, WRONG
from journeys.forms import LogInForm
from tests.builders import PASSWORD, make_clave, make_cuil, make_curatela, make_person, system
from tests.comparing import headers_of
from tests.visitor import Visitor
from tests.walker import log_in, type_code

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
BAD = "Nada8nada"

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


def without_what_changes_each_time(page: str) -> str:
    """A page apart from its CSRF tokens and the picture of the code."""
    page = re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", page)
    return re.sub(r"[0-9a-f]{40}", "", page)


def anybody(cuil: str) -> Person:
    return Person(cuil=cuil)


# --- The neutral answer -----------------------------------------------------------------------------


def no_such_person() -> str:
    return make_cuil(49999999)


def person_without_a_key() -> str:
    return make_person(40000001).cuil


def pending_key() -> str:
    return make_clave(make_person(40000002).cuil, level=None).cuil


def live_key() -> str:
    return make_clave(make_person(40000003).cuil).cuil


def replaced_key() -> str:
    clave = make_clave(make_person(40000004).cuil)
    clave.replace(trail=system())
    return clave.cuil


def revoked_key() -> str:
    clave = make_clave(make_person(40000005).cuil, level=3)
    clave.revoke(trail=system())
    return clave.cuil


def suspended_key() -> str:
    """Live, but its holder came under curatela."""
    curado = make_person(40000006)
    make_curatela(make_person(40000007), curado)
    return make_clave(curado.cuil).cuil


CASES = [
    no_such_person, person_without_a_key, pending_key, live_key, replaced_key, revoked_key, suspended_key,
]  # fmt: skip
# Only of these the right secret gets another answer.
OPEN = [live_key, suspended_key]


def test_nobody_learns_from_a_refusal_who_has_a_key_and_in_which_state() -> None:
    answers = {}
    for case in CASES:
        visitor = log_in(Visitor(), anybody(case()), PASSWORD if case not in OPEN else BAD)
        shown = without_what_changes_each_time(visitor.response.content.decode())
        cuil = re.search(r'name="cuil"[^>]*value="([^"]*)"', shown)
        assert cuil is not None
        answers[case.__name__] = (visitor.status, visitor.url, shown.replace(cuil[1], ""))
        assert visitor.errors() == [LogInForm.WRONG]
    assert len(set(answers.values())) == 1, sorted(answers)


def test_a_refusal_says_what_else_it_may_be_and_that_the_key_is_to_be_typed_again() -> None:
    visitor = log_in(Visitor(), anybody(pending_key()))
    assert "Una clave que todavía está pendiente no sirve para ingresar: primero habilitala" in visitor.text
    assert "Por seguridad, escribila otra vez" in visitor.text
    assert "escribila otra vez" not in Visitor().open("/").text


def test_the_refusals_have_the_same_headers_and_length_but_for_the_cookie() -> None:
    seen = set()
    for case in CASES:
        visitor = log_in(Visitor(), anybody(case()), PASSWORD if case not in OPEN else BAD)
        seen.add((len(visitor.response.content), headers_of(visitor.response, "Set-Cookie")))
    assert len(seen) == 1


@pytest.mark.parametrize("case", CASES)
def test_every_try_compares_one_secret_whoever_it_is_about(case: Any, compared: list[str]) -> None:
    log_in(Visitor(), anybody(case()), BAD)
    assert compared == [BAD]


def test_a_wrong_key_costs_the_same_queries_whoever_it_is_about_and_never_asks_for_a_curatela() -> None:
    asked = {}
    for case in CASES:
        cuil = case()
        with CaptureQueriesContext(connection) as queries:
            log_in(Visitor(), anybody(cuil), BAD)
        asked[case] = [re.sub(r"\d+|'[^']*'", "", query["sql"]) for query in queries]
        assert not [sql for sql in asked[case] if "curatela" in sql]
    assert asked[live_key] == asked[suspended_key]
    # Only of a live key the row of its user is looked for, by a number, if the key was right.
    assert len({tuple(queries) for queries in asked.values()}) == 1


@pytest.mark.parametrize("case", [c for c in CASES if c not in OPEN])
def test_the_right_secret_of_a_key_that_is_not_live_opens_nothing_and_writes_no_session(case: Any) -> None:
    visitor = log_in(Visitor(), anybody(case()))
    assert visitor.url == "/"
    assert not Session.objects.exists()
    assert not ClaveEvent.objects.filter(kind=Note.SIGNED_IN).exists()


def test_the_limits_do_not_tell_either_who_has_a_key(clock: Any) -> None:
    texts = set()
    for case in CASES:
        cuil = case()
        for _ in range(6):
            visitor = log_in(Visitor(), anybody(cuil), BAD)
        texts.add(tuple(visitor.errors()))
    assert texts == {("Hubo muchos intentos con ese CUIL. Probá de nuevo en 1 minuto.",)}


@pytest.mark.parametrize("typed", [PASSWORD.upper(), PASSWORD.lower(), f" {PASSWORD}", f"{PASSWORD} "])
def test_the_key_counts_exactly_as_it_was_typed(marta: Person, typed: str) -> None:
    assert log_in(Visitor(), marta, typed).errors() == [LogInForm.WRONG]


@pytest.mark.parametrize("written", ["{0}-{1}-{2}", "{0}.{1}.{2}", " {0} {1} {2} ", "{0}{1}{2}"])
def test_the_cuil_may_be_written_as_people_write_it(marta: Person, written: str) -> None:
    cuil = written.format(marta.cuil[:2], marta.cuil[2:10], marta.cuil[10:])
    assert log_in(Visitor(), anybody(cuil)).url == "/inicio/"


def test_a_cuil_in_full_width_digits_is_the_same_cuil(marta: Person) -> None:
    wide = marta.cuil.translate({ord(str(d)): 0xFF10 + d for d in range(10)})
    assert log_in(Visitor(), anybody(wide)).url == "/inicio/"


# --- The code of the picture ------------------------------------------------------------------------


def filled(person: Person, password: str = PASSWORD) -> Visitor:
    visitor = Visitor().open("/")
    return visitor.fill("Número de CUIL", person.cuil).fill("Clave de Seguridad Social", password)


def test_without_the_code_the_right_key_opens_nothing_and_is_not_looked_at(
    marta: Person, compared: list[str]
) -> None:
    visitor = filled(marta).press("INGRESAR")
    assert visitor.errors() == [EMPTY]
    assert compared == []


def test_with_a_wrong_code_the_right_key_opens_nothing_and_is_not_looked_at(
    marta: Person, compared: list[str]
) -> None:
    visitor = filled(marta)
    answer = CaptchaStore.objects.get(hashkey=visitor.hidden("captcha_key")).response
    visitor.fill("Código de la imagen", f"{(int(answer) + 1) % 10**6:06d}").press("INGRESAR")
    assert visitor.errors() == [WRONG]
    assert compared == []


def test_tries_without_the_code_are_not_counted(marta: Person) -> None:
    before = Counter.objects.count()
    for _ in range(20):
        filled(marta, BAD).press("INGRESAR")
    assert Counter.objects.count() == before
    assert log_in(Visitor(), marta).url == "/inicio/"


def test_one_code_is_good_for_one_try(marta: Person, compared: list[str]) -> None:
    visitor = filled(marta, BAD)
    type_code(visitor)
    visitor.press("INGRESAR")
    assert visitor.errors() == [LogInForm.WRONG]
    visitor.post_again()
    assert visitor.errors() == [EXPIRED]
    assert compared == [BAD]


def test_after_a_refusal_there_is_a_new_picture_and_it_works(marta: Person) -> None:
    visitor = log_in(Visitor(), marta, BAD)
    visitor.fill("Número de CUIL", marta.cuil).fill("Clave de Seguridad Social", PASSWORD)
    type_code(visitor)
    assert visitor.press("INGRESAR").url == "/inicio/"


# --- The limits -------------------------------------------------------------------------------------


def test_the_sixth_try_within_a_minute_is_refused_even_with_the_right_key(
    clock: Any, marta: Person, compared: list[str]
) -> None:
    for _ in range(5):
        assert log_in(Visitor(), marta, BAD).errors() == [LogInForm.WRONG]
    compared.clear()
    visitor = log_in(Visitor(), marta)
    assert visitor.errors() == ["Hubo muchos intentos con ese CUIL. Probá de nuevo en 1 minuto."]
    assert visitor.url == "/"
    assert compared == []
    clock.shift(timedelta(minutes=1))
    assert log_in(Visitor(), marta).url == "/inicio/"


def test_a_stranger_s_tries_from_elsewhere_do_not_shut_the_owner_out(clock: Any, marta: Person) -> None:
    for _ in range(7):
        log_in(Visitor(REMOTE_ADDR="6.6.6.6"), marta, BAD)
    assert log_in(Visitor(REMOTE_ADDR="200.45.1.2"), marta).url == "/inicio/"


def test_from_many_addresses_the_waits_grow_and_end_at_a_quarter_of_an_hour(
    clock: Any, marta: Person, compared: list[str]
) -> None:
    def fail_from(number: int) -> list[str]:
        return log_in(Visitor(REMOTE_ADDR=f"6.6.6.{number}"), marta, BAD).errors()

    for number in range(10):
        assert fail_from(number) == [LogInForm.WRONG]
    for number, minutes in enumerate((1, 2, 4, 8, 15, 15), start=10):
        compared.clear()
        told = f"{minutes} minuto{'s' if minutes > 1 else ''}"
        assert fail_from(100 + number) == [f"Hubo muchos intentos con ese CUIL. Probá de nuevo en {told}."]
        assert compared == []
        clock.shift(timedelta(minutes=minutes))
        assert fail_from(number) == [LogInForm.WRONG]


def test_the_right_key_clears_the_count(clock: Any, marta: Person) -> None:
    log_in(Visitor(), marta)  # whose mail, of a new browser, is counted too
    before = Counter.objects.count()
    for _ in range(4):
        log_in(Visitor(), marta, BAD)
    assert log_in(Visitor(), marta).url == "/inicio/"
    assert Counter.objects.count() == before
    for _ in range(5):
        assert log_in(Visitor(), marta, BAD).errors() == [LogInForm.WRONG]


def test_tries_about_one_person_do_not_count_for_another(clock: Any, marta: Person) -> None:
    for _ in range(9):
        log_in(Visitor(), anybody(make_cuil(49999999)), BAD)
    assert log_in(Visitor(), marta).url == "/inicio/"


# --- What stays secret -------------------------------------------------------------------------------


def test_the_key_is_in_no_session_no_log_no_address_and_no_event(
    marta: Person, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(0):
        log_in(Visitor(), marta, BAD)
        visitor = log_in(Visitor(), marta)
    sessions = " ".join(repr(session.get_decoded()) for session in Session.objects.all())
    events = repr(list(ClaveEvent.objects.values()))
    for secret in (BAD, PASSWORD):
        assert secret not in caplog.text + sessions + events + visitor.url
    assert marta.cuil not in caplog.text


# --- The page behind --------------------------------------------------------------------------------


def test_inside_are_the_name_the_level_and_what_the_key_opens(marta: Person) -> None:
    visitor = log_in(Visitor(), marta)
    assert visitor.url == "/inicio/"
    for shown in ("MARTA INÉS PERALTA", "Nivel 2", "Cambio de lugar de Cobro", "Historia laboral"):
        assert shown in visitor.text


def test_whoever_is_inside_already_is_led_on_from_the_log_in(marta: Person) -> None:
    visitor = log_in(Visitor(), marta)
    assert visitor.open("/").url == "/inicio/"


def test_a_stranger_is_led_from_the_inside_to_the_log_in_without_a_session() -> None:
    visitor = Visitor().open("/inicio/")
    assert visitor.url == "/"
    assert settings.SESSION_COOKIE_NAME not in visitor.client.cookies


def test_the_log_in_needs_the_token_of_its_own_page(marta: Person) -> None:
    visitor = filled(marta)
    type_code(visitor)
    stranger = Client(enforce_csrf_checks=True)
    sent = {"cuil": marta.cuil, "password": PASSWORD, "captcha_key": visitor.hidden("captcha_key")}
    assert stranger.post("/", sent).status_code == 403


def test_a_pending_key_stays_pending_however_often_it_is_tried() -> None:
    cuil = pending_key()
    for _ in range(3):
        log_in(Visitor(), anybody(cuil))
    assert Clave.objects.get(cuil=cuil).state == State.PENDING
