"""«Cambiar mi clave»: from the log-in page, where nobody learns anything, and from inside."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import backends
from accounts.blocking import block
from accounts.events import Actor, ClaveEvent, Note
from accounts.models import Clave, secret_matches
from identity.models import Person
from journeys.captcha.field import EMPTY
from journeys.home.forms import USED_BEFORE, WRONG_KEY, ChangeFromOutsideForm
from tests.accounts.mailbox import waiting
from tests.builders import EMAIL, PASSWORD, make_clave, make_cuil, make_curatela, make_person, system
from tests.comparing import headers_of
from tests.visitor import Visitor
from tests.walker import log_in, type_code

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NEW, BAD = "Margarita73x", "Nada8nada"
INSIDE = "/inicio/clave/cambiar/"

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


def fill_in(who: Visitor, current: str, new: str, repeat: str | None = None) -> Visitor:
    who.fill("Clave actual", current).fill("Clave nueva", new)
    return who.fill("Confirmá tu clave nueva", new if repeat is None else repeat)


def from_outside(cuil: str, current: str = PASSWORD, new: str = NEW, who: Visitor | None = None) -> Visitor:
    who = (who or Visitor()).open("/cambiar/").fill("Número de CUIL", cuil)
    fill_in(who, current, new)
    type_code(who)
    return who.press("CAMBIAR CLAVE")


def from_inside(who: Visitor, current: str = PASSWORD, new: str = NEW) -> Visitor:
    return fill_in(who.open(INSIDE), current, new).press("CAMBIAR CLAVE")


def opens(person: Person, password: str) -> bool:
    return secret_matches(password, Clave.objects.live().get(cuil=person.cuil))


# --- From the log-in page -------------------------------------------------------------------------------


def test_the_log_in_page_leads_there_and_the_new_key_logs_in(marta: Person) -> None:
    who = Visitor().open("/").follow("Cambiar mi clave")
    assert who.url == "/cambiar/"
    from_outside(marta.cuil, who=who)
    assert who.url == "/"
    assert "Cambiaste tu clave. Ingresá con la nueva." in who.text
    assert log_in(who, marta, NEW).url == "/inicio/"
    assert log_in(Visitor(), marta).errors(), "the old one opens nothing"


def test_nobody_is_logged_in_by_it(marta: Person) -> None:
    who = from_outside(marta.cuil)
    assert who.open("/inicio/").url == "/"
    assert not Session.objects.exists()


def test_every_open_session_ends(marta: Person) -> None:
    inside = log_in(Visitor(), marta)
    from_outside(marta.cuil)
    assert inside.open("/inicio/").url == "/"
    assert "Tu sesión se cerró, porque la clave cambió" in inside.text


def test_whoever_is_inside_is_led_to_the_page_inside(marta: Person) -> None:
    assert log_in(Visitor(), marta).open("/cambiar/").url == INSIDE


def test_the_browser_that_changed_it_is_a_known_one(marta: Person) -> None:
    who = from_outside(marta.cuil)
    log_in(who, marta, NEW)
    assert waiting(EMAIL) == ["created", "changed"], "no mail tells of a new browser"


# --- Nobody learns anything ---------------------------------------------------------------------------


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


def blocked_access() -> str:
    clave = make_clave(make_person(40000005).cuil)
    block(clave.cuil, system())
    return clave.cuil


CASES = [no_such_person, person_without_a_key, pending_key, live_key, replaced_key, blocked_access]


def without_what_changes_each_time(page: str) -> str:
    page = re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", page)
    page = re.sub(r'(name="cuil"[^>]*value=")[^"]*', r"\1", page)
    return re.sub(r"[0-9a-f]{40}", "", page)


@pytest.mark.parametrize("door", ["/", "/cambiar/"])
def test_refusals_are_equal_to_the_byte_whoever_it_is_about(door: str) -> None:
    """The right secret of a key that is not to be used is as wrong as any."""
    answers, headers = set(), set()
    for case in CASES:
        typed, cuil = BAD if case is live_key else PASSWORD, case()
        who = (
            from_outside(cuil, typed) if door == "/cambiar/" else log_in(Visitor(), Person(cuil=cuil), typed)
        )
        shown = without_what_changes_each_time(who.response.content.decode())
        answers.add((who.status, who.url, shown))
        headers.add((len(who.response.content), headers_of(who.response, "Set-Cookie")))
    assert len(answers) == 1
    assert len(headers) == 1


@pytest.mark.parametrize("case", CASES)
def test_one_secret_is_compared_whoever_it_is_about(case: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cuil, compared = case(), []
    matches = backends.secret_matches

    def watched(raw: str, clave: Clave | None) -> bool:
        compared.append(raw)
        return matches(raw, clave)

    monkeypatch.setattr(backends, "secret_matches", watched)
    from_outside(cuil, BAD)
    assert compared == [BAD]


@pytest.mark.parametrize(
    "new", ["Peralta58k", "Martita58k", "Clave17051983", "abc", "Demasiado-58k", "Girasoles1234"]
)
def test_without_the_right_key_the_answer_does_not_depend_on_who_the_person_is(
    marta: Person, new: str
) -> None:
    """«No uses tu apellido» would tell the surname to whoever guesses."""
    hers = from_outside(marta.cuil, BAD, new)
    nobody_s = from_outside(make_cuil(49999999), BAD, new)
    assert hers.errors() == nobody_s.errors()


def test_with_the_right_key_the_answer_does(marta: Person) -> None:
    assert from_outside(marta.cuil, new="Peralta58k").errors() == [
        "No uses tu nombre ni tu apellido en la clave"
    ]
    assert opens(marta, PASSWORD)


def test_whoever_came_under_curatela_is_told_so_once_the_key_was_right(marta: Person) -> None:
    make_curatela(make_person(20222333), marta)
    assert from_outside(marta.cuil, BAD).errors() == [ChangeFromOutsideForm.WRONG]
    assert from_outside(marta.cuil).url == "/aviso/clave-suspendida/"
    assert opens(marta, PASSWORD)


def test_without_the_code_no_key_is_looked_at(marta: Person) -> None:
    who = Visitor().open("/cambiar/").fill("Número de CUIL", marta.cuil)
    fill_in(who, PASSWORD, NEW).press("CAMBIAR CLAVE")
    assert who.errors() == [EMPTY]
    assert opens(marta, PASSWORD)


def test_tries_count_together_with_the_log_ins(clock: Any, marta: Person) -> None:
    for _ in range(3):
        assert from_outside(marta.cuil, BAD).errors() == [ChangeFromOutsideForm.WRONG]
    for _ in range(2):
        log_in(Visitor(), marta, BAD)
    refused = ["Hubo muchos intentos con ese CUIL. Probá de nuevo en 1 minuto."]
    assert from_outside(marta.cuil).errors() == refused
    assert log_in(Visitor(), marta).errors() == refused
    clock.shift(timedelta(minutes=1))
    from_outside(marta.cuil)
    assert opens(marta, NEW)


def test_it_needs_the_token_of_its_own_page(marta: Person) -> None:
    assert Client(enforce_csrf_checks=True).post("/cambiar/", {"cuil": marta.cuil}).status_code == 403


def test_no_key_is_in_a_session_an_event_a_log_or_an_address(
    marta: Person, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(0):
        from_outside(marta.cuil, BAD)
        who = from_inside(log_in(Visitor(), marta))
    sessions = " ".join(repr(session.get_decoded()) for session in Session.objects.all())
    for secret in (BAD, PASSWORD, NEW):
        assert secret not in caplog.text + sessions + repr(list(ClaveEvent.objects.values())) + who.url
        assert secret not in who.response.content.decode()


# --- From inside ----------------------------------------------------------------------------------------


def test_the_other_browser_is_out_and_this_one_goes_on(marta: Person) -> None:
    here, there = log_in(Visitor(), marta), log_in(Visitor(), marta)
    before = here.client.session.session_key
    from_inside(here)
    assert here.url == "/inicio/clave/"
    assert "Cambiaste tu clave. Cerramos las otras sesiones; en esta seguís adentro." in here.text
    assert here.open("/inicio/").url == "/inicio/"
    assert here.client.session.session_key != before
    assert there.open("/inicio/").url == "/"
    assert "Sólo esta." in here.open("/inicio/clave/").text
    assert opens(marta, NEW)


def test_it_is_an_event_of_the_owner_and_a_mail(marta: Person) -> None:
    from_inside(log_in(Visitor(REMOTE_ADDR="200.45.1.2"), marta))
    event = ClaveEvent.objects.get(kind=Note.KEY_CHANGED)
    assert (event.actor, event.address) == (Actor.OWNER, "200.45.1.2")
    assert waiting(EMAIL) == ["created", "new_browser", "changed"]


@pytest.mark.parametrize(
    ("typed", "sentences"),
    [
        ((BAD, NEW, NEW), [WRONG_KEY]),
        ((PASSWORD, NEW, NEW + "x"), ["Las dos claves no son iguales"]),
        ((PASSWORD, PASSWORD, PASSWORD), ["La clave nueva tiene que ser distinta de la actual"]),
        ((PASSWORD, "Peralta58k", "Peralta58k"), ["No uses tu nombre ni tu apellido en la clave"]),
        (
            (PASSWORD, "abc1D", "abc1D"),
            ["La clave tiene que tener entre 8 y 15 caracteres. La tuya tiene 5."],
        ),
        (
            ("", "", ""),
            ["Ingresá tu clave actual", "Ingresá tu clave nueva", "Escribí la clave nueva otra vez"],
        ),
    ],
)
def test_each_mistake_has_its_sentence_and_changes_nothing(
    marta: Person, typed: tuple[str, str, str], sentences: list[str]
) -> None:
    who = log_in(Visitor(), marta)
    fill_in(who.open(INSIDE), *typed).press("CAMBIAR CLAVE")
    assert (who.url, who.errors()) == (INSIDE, sentences)
    assert opens(marta, PASSWORD)


def test_one_of_the_last_five_is_refused_with_a_sentence(marta: Person) -> None:
    who = log_in(Visitor(), marta)
    from_inside(who)
    assert from_inside(who, NEW, PASSWORD).errors() == [USED_BEFORE]
    assert opens(marta, NEW)


def test_whoever_changes_all_day_is_asked_to_wait(marta: Person) -> None:
    who = log_in(Visitor(), marta)
    from_inside(who)
    for _ in range(19):
        assert from_inside(who, NEW, PASSWORD).errors() == [USED_BEFORE]
    assert "Hubo muchos intentos" in from_inside(who, NEW, PASSWORD).errors()[0]


def test_wrong_keys_from_inside_count_as_well(clock: Any, marta: Person) -> None:
    who = log_in(Visitor(), marta)
    for _ in range(10):
        assert from_inside(who, BAD).errors() == [WRONG_KEY]
    assert "Hubo muchos intentos" in from_inside(who).errors()[0]
    assert opens(marta, PASSWORD)


@pytest.mark.parametrize("address", [INSIDE, "/cambiar/"])
def test_the_fields_suit_a_password_manager_and_have_both_helps(marta: Person, address: str) -> None:
    who = log_in(Visitor(), marta) if address == INSIDE else Visitor()
    page = who.open(address).page
    keys = page.xpath("//main//input[@type='password']")
    assert [key.get("autocomplete") for key in keys] == ["current-password", "new-password", "new-password"]
    assert len(page.xpath("//*[@data-keyboard]")) == len(page.xpath("//*[@data-show]")) == 3
    assert len(page.xpath("//main//*[@autocomplete='username']")) == 1
    assert len(page.xpath("//*[@data-rules]")) == 1


def test_a_change_from_elsewhere_while_the_form_stood_open_is_told(
    marta: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from journeys.pages import changing

    who = log_in(Visitor(), marta)
    fill_in(who.open(INSIDE), PASSWORD, NEW)
    change: Callable[..., None] = changing.change_secret

    def somebody_is_faster(clave: Clave, raw: str, trail: Any) -> None:
        change(Clave.objects.get(pk=clave.pk), "Tercera7k", trail)
        change(clave, raw, trail)

    monkeypatch.setattr(changing, "change_secret", somebody_is_faster)
    who.press("CAMBIAR CLAVE")
    assert who.url == "/", "the session is over with the key it was opened with"
    assert opens(marta, "Tercera7k")
