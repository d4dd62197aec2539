"""«Mi clave» and what is done from there: activity, sessions, address, block, giving it up."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.activity import MOST
from accounts.blocking import is_blocked
from accounts.events import Actor, ClaveEvent, Note, Trail, broken_events, record
from accounts.lifecycle import State
from accounts.models import Clave
from identity.models import Person, WrongDataReport
from journeys.home.base import BehindLogIn
from journeys.home.forms import WRONG_KEY, CodeForm
from journeys.home.urls import urlpatterns
from scripts.lint_spanish import banned_in
from tests.accounts.mailbox import links, received, waiting
from tests.builders import EMAIL, PASSWORD, make_clave, make_person, system
from tests.offices.builders import make_office
from tests.visitor import NotOnThePage, Visitor
from tests.walker import log_in

NEW = "nueva@ejemplo.ar"
BAD = "Nada8nada"
HERE = "/inicio/clave/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def marta() -> Person:
    person = make_person()
    make_clave(person.cuil)
    return person


@pytest.fixture
def hers(marta: Person) -> Visitor:
    return log_in(Visitor(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux) Firefox/140.0"), marta)


def kinds(person: Person) -> list[str]:
    return list(ClaveEvent.objects.filter(cuil=person.cuil).order_by("seq").values_list("kind", flat=True))


# --- Behind log-in --------------------------------------------------------------------------------------


@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda pattern: pattern.name)
def test_every_page_about_the_key_is_its_holder_s_alone(pattern: object) -> None:
    view = pattern.callback.view_class  # type: ignore[attr-defined]
    assert issubclass(view, BehindLogIn)
    assert view.own_key_only
    arguments = [1] if "number" in pattern.pattern.converters else []  # type: ignore[attr-defined]
    address = reverse(pattern.name, args=arguments)  # type: ignore[attr-defined]
    for answer in (Client().get(address), Client().post(address)):
        assert (answer.status_code, answer["Location"]) == (302, "/")


def test_it_is_a_link_away_on_every_page_inside(hers: Visitor) -> None:
    for address in ("/inicio/", "/oficinas/", HERE):
        assert hers.open(address).follow("Mi clave").url == HERE
    assert hers.page.xpath("//nav//a[@aria-current='page']")[0].text == "Mi clave"
    hers.press("SALIR")
    assert not hers.open("/oficinas/").page.xpath("//nav//a[@href='/inicio/']")


def test_it_tells_level_dates_and_the_masked_address(hers: Visitor) -> None:
    with time_machine.travel(timezone.now()):
        hers.open(HERE)
    today = f"{timezone.localdate():%Y}"
    for told in ("27-30111222-5", "Nivel 2", "m•••@ejemplo.com.ar", "Confirmado", today, "Sólo esta."):
        assert told in hers.text
    assert EMAIL not in hers.response.content.decode()


# --- Activity -------------------------------------------------------------------------------------------


def test_what_happened_is_told_in_words_newest_first(marta: Person, hers: Visitor) -> None:
    make_office("AZUL")
    with_office = Trail(Actor.STAFF, "10.9.8.7", staff_id=7, office="AZUL", evidence={"reason": "Un motivo"})
    Clave.objects.get().raise_level(trail=with_office)
    hers.open(f"{HERE}actividad/")
    told = [" ".join(li.text_content().split()) for li in hers.page.xpath("//main//ol/li")]
    assert "La clave pasó a nivel 3" in told[0]
    assert "Oficina AZUL" in told[0] or "AZUL" in told[0]
    assert "Ingresaron con tu clave" in told[1]
    assert "Con Firefox en Linux" in told[1]
    assert "Se creó la clave por internet, con nivel 2" in told[2]
    for private in ("10.9.8.7", "127.0.0.1", "Un motivo", "empleado"):
        assert private not in hers.text


@pytest.mark.parametrize("actor", Actor)
def test_every_kind_of_event_has_words_that_a_neighbour_understands(
    marta: Person, hers: Visitor, actor: Actor
) -> None:
    for note in Note:
        record(marta.cuil, note, Trail(actor))
    hers.open(f"{HERE}actividad/")
    assert len(hers.page.xpath("//main//ol/li")) == len(Note) + 2
    assert list(banned_in(hers.text)) == []


def test_a_hundred_are_shown_and_each_costs_no_query_of_its_own(
    marta: Person, hers: Visitor, django_assert_max_num_queries: object
) -> None:
    for _ in range(MOST + 5):
        record(marta.cuil, Note.LOOKED_UP, Trail(Actor.VISITOR))
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        hers.open(f"{HERE}actividad/")
    assert len(hers.page.xpath("//main//ol/li")) == MOST


def test_somebody_else_s_events_are_theirs(hers: Visitor) -> None:
    jorge = make_person(20222333)
    make_clave(jorge.cuil).raise_level(trail=system())
    assert "nivel 3" not in hers.open(f"{HERE}actividad/").text


def test_what_is_not_recognised_is_a_case_for_an_office_and_an_event(marta: Person, hers: Visitor) -> None:
    hers.open(f"{HERE}actividad/").follow("No reconozco esto")
    assert "Ingresaron con tu clave" in hers.text
    assert not WrongDataReport.objects.exists(), "looking changes nothing"
    hers.press("AVISAR")
    assert "Avisamos a la oficina" in hers.text
    assert "Avisaste que no fuiste vos" in hers.text
    report = WrongDataReport.objects.get()
    assert (report.cuil, report.kind, report.state) == (marta.cuil, "not_me", "open")
    event = ClaveEvent.objects.get(kind=Note.NOT_ME)
    assert (event.actor, event.evidence) == (Actor.OWNER, {"event": 2})
    assert not is_blocked(marta.cuil)
    assert not list(broken_events())


def test_twice_is_once(marta: Person, hers: Visitor) -> None:
    hers.open(f"{HERE}actividad/1/").press("AVISAR").post_again()
    assert kinds(marta).count(Note.NOT_ME) == 1
    assert WrongDataReport.objects.count() == 1


def test_several_things_are_one_case(marta: Person, hers: Visitor) -> None:
    for number in (1, 2):
        hers.open(f"{HERE}actividad/{number}/").press("AVISAR")
    assert kinds(marta).count(Note.NOT_ME) == 2
    assert WrongDataReport.objects.count() == 1


def test_the_access_can_be_blocked_with_it(marta: Person, hers: Visitor) -> None:
    hers.open(f"{HERE}actividad/2/").press("AVISAR Y BLOQUEAR EL ACCESO")
    assert hers.url == "/"
    assert "Avisamos a la oficina. Bloqueamos el acceso con tu clave." in hers.text
    assert is_blocked(marta.cuil)
    assert kinds(marta)[-3:] == [Note.NOT_ME, Note.BLOCKED, Note.SIGNED_OUT]


@pytest.mark.parametrize("number", ["0", "99", "9" * 18, "9" * 40])
def test_what_did_not_happen_cannot_be_denied(marta: Person, hers: Visitor, number: str) -> None:
    assert hers.open(f"{HERE}actividad/{number}/").status == 404
    token = hers.open(HERE).hidden("csrfmiddlewaretoken")
    answer = hers.client.post(f"{HERE}actividad/{number}/", {"csrfmiddlewaretoken": token})
    assert answer.status_code == 404
    assert not WrongDataReport.objects.exists()


def test_a_denial_cannot_be_denied(hers: Visitor) -> None:
    hers.open(f"{HERE}actividad/1/").press("AVISAR")
    assert hers.open(f"{HERE}actividad/3/").status == 404


# --- The address ----------------------------------------------------------------------------------------


def ask(who: Visitor, address: str = NEW, key: str = PASSWORD) -> Visitor:
    who.open(f"{HERE}correo/").fill("E-Mail", address).fill("Tu clave", key)
    return who.press("MANDAR EL CÓDIGO")


def code_sent_to(address: str) -> str:
    found = re.search(r"^\d{6}$", received(address)[-1].body, re.MULTILINE)
    assert found
    return found[0]


def test_an_address_is_changed_with_the_key_and_the_code(marta: Person, hers: Visitor) -> None:
    ask(hers)
    assert hers.url == f"{HERE}correo/codigo/"
    assert NEW in hers.text
    code = code_sent_to(NEW)
    hers.fill("Código", f"{code[:3]} {code[3:]}").press("CONFIRMAR CORREO")
    assert "Confirmaste tu correo." in hers.text
    assert "n•••@ejemplo.ar" in hers.text
    assert kinds(marta)[-1] == Note.EMAIL_CHANGED
    assert waiting(EMAIL)[-1:] == ["email_changed"]


def test_without_the_key_nothing_is_sent(hers: Visitor) -> None:
    assert ask(hers, key=BAD).errors() == [WRONG_KEY]
    assert waiting(NEW) == []
    assert f'value="{NEW}"' in hers.response.content.decode(), "what was typed is not lost"


@pytest.mark.parametrize("typed", ["", "marta", "marta@", "a@b.ar,c@d.ar", "x" * 250 + "@b.ar"])
def test_what_is_no_address_is_refused_with_a_sentence(hers: Visitor, typed: str) -> None:
    ask(hers, typed)
    assert hers.url == f"{HERE}correo/"
    assert len(hers.errors()) == 1
    assert waiting(typed) == []


def test_a_wrong_code_says_so_and_five_ask_for_another(hers: Visitor) -> None:
    ask(hers)
    wrong = f"{(int(code_sent_to(NEW)) + 1) % 10**6:06d}"
    for _ in range(5):
        assert hers.fill("Código", wrong).press("CONFIRMAR CORREO").errors() == [CodeForm.WRONG]
    hers.fill("Código", wrong).press("CONFIRMAR CORREO")
    assert hers.url == f"{HERE}correo/"
    assert "Ese código ya no sirve. Pedí otro." in hers.text


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "x" * 40, "１２３４５６"])
def test_what_is_no_code_costs_no_try(hers: Visitor, typed: str) -> None:
    ask(hers)
    code = code_sent_to(NEW)
    for _ in range(6):
        assert len(hers.fill("Código", typed).press("CONFIRMAR CORREO").errors()) == 1
    hers.fill("Código", code).press("CONFIRMAR CORREO")
    assert "Confirmaste tu correo." in hers.text


def test_without_a_code_that_waits_there_is_no_page_for_it(hers: Visitor) -> None:
    assert hers.open(f"{HERE}correo/codigo/").url == f"{HERE}correo/"


def test_too_many_codes_are_not_sent(hers: Visitor) -> None:
    for _ in range(5):
        ask(hers)
    assert ask(hers).errors() == ["Ya te mandamos varios códigos. Probá de nuevo mañana."]
    assert waiting(NEW) == ["code"] * 5


def test_the_code_and_the_address_are_in_no_session(hers: Visitor) -> None:
    ask(hers)
    code = code_sent_to(NEW)
    held = repr(dict(hers.client.session))
    assert code not in held
    assert NEW not in held


def test_after_a_change_the_page_says_until_when_it_can_be_undone(hers: Visitor) -> None:
    ask(hers).fill("Código", code_sent_to(NEW)).press("CONFIRMAR CORREO")
    hers.open(f"{HERE}correo/")
    assert "Lo cambiaste hace poco." in hers.text
    with pytest.raises(NotOnThePage):
        hers.press("MANDAR EL CÓDIGO")


def test_the_address_before_undoes_the_change_by_its_mail(marta: Person, hers: Visitor) -> None:
    ask(hers).fill("Código", code_sent_to(NEW)).press("CONFIRMAR CORREO")
    address = links(received(EMAIL)[-1])["Deshacer el cambio"]
    who = Visitor().open("/" + address.split("/", 3)[3])
    assert "m•••@ejemplo.com.ar" in who.text
    assert not who.page.xpath("//input[@type='password']")
    assert Clave.objects.get().email == NEW, "looking changes nothing"
    who.press("VOLVER AL CORREO ANTERIOR")
    assert "Los avisos vuelven a tu correo de antes" in who.text
    assert Clave.objects.get().email == EMAIL
    assert kinds(marta)[-1] == Note.EMAIL_UNDONE
    who.post_again()
    assert "Los avisos vuelven a tu correo de antes" in who.text


def test_a_link_that_undoes_nothing_says_so(visitor: Visitor) -> None:
    assert visitor.open("/correo-anterior/x/").status == 410
    assert "Este enlace ya no sirve" in visitor.text


def test_whoever_has_no_confirmed_address_is_told_so_on_the_start_page() -> None:
    jorge = make_person(20222333)
    make_clave(jorge.cuil, email="")
    his = log_in(Visitor(), jorge)
    assert "no te podemos avisar" in his.text
    his.follow("Confirmá un correo para avisos")
    ask(his).fill("Código", code_sent_to(NEW)).press("CONFIRMAR CORREO")
    assert "no te podemos avisar" not in his.open("/inicio/").text


def test_the_mails_can_be_read_in_the_demonstration_and_nowhere_else(settings, hers: Visitor) -> None:
    ask(hers)
    assert hers.open("/demo/correos/").status == 404
    settings.PORTAL_DEMO = True
    hers.open(f"{HERE}correo/codigo/").follow("leelos acá")
    code = re.search(r"\b\d{6}\b", hers.text)
    assert code
    hers.open(f"{HERE}correo/codigo/").fill("Código", code[0]).press("CONFIRMAR CORREO")
    assert "Confirmaste tu correo." in hers.text


# --- Blocking -------------------------------------------------------------------------------------------


def test_blocking_asks_first_and_leads_out(marta: Person, hers: Visitor) -> None:
    hers.open(HERE).follow("Bloquear el acceso")
    assert "Se desbloquea solamente en una oficina de ANSES" in hers.text
    assert not is_blocked(marta.cuil)
    hers.press("BLOQUEAR EL ACCESO")
    assert hers.url == "/"
    assert "Bloqueamos el acceso con tu clave." in hers.text
    assert is_blocked(marta.cuil)
    assert waiting(EMAIL)[-1] == "blocked"


# --- Giving it up ---------------------------------------------------------------------------------------


def test_the_key_is_given_up_on_a_second_page_and_with_the_key(marta: Person, hers: Visitor) -> None:
    hers.open(HERE).follow("Dar de baja mi clave").follow("SEGUIR")
    hers.fill("Tu clave", PASSWORD).press("DAR DE BAJA MI CLAVE")
    assert hers.url == "/"
    assert "Diste de baja tu clave." in hers.text
    clave = Clave.objects.get()
    assert (clave.state, clave.password, clave.email) == (State.REVOKED, "", "")
    assert waiting(EMAIL)[-1] == "revoked"
    last = ClaveEvent.objects.get(kind="revoke")
    assert (last.actor, last.cuil) == (Actor.OWNER, marta.cuil)
    assert log_in(Visitor(), marta).errors()


def test_without_the_right_key_it_is_kept(hers: Visitor) -> None:
    hers.open(f"{HERE}baja/confirmar/").fill("Tu clave", BAD).press("DAR DE BAJA MI CLAVE")
    assert hers.errors() == [WRONG_KEY]
    assert Clave.objects.get().level == 2


def test_a_pending_key_beside_it_stays(marta: Person, hers: Visitor) -> None:
    make_clave(marta.cuil, level=None)
    hers.open(f"{HERE}baja/confirmar/").fill("Tu clave", PASSWORD).press("DAR DE BAJA MI CLAVE")
    assert sorted(Clave.objects.values_list("state", flat=True)) == [State.PENDING, State.REVOKED]


# --- A session that goes on -----------------------------------------------------------------------------


def test_going_on_tells_for_how_long(hers: Visitor) -> None:
    token = hers.hidden("csrfmiddlewaretoken")
    with time_machine.travel(timezone.now() + timedelta(minutes=14)):
        answer = hers.client.post(
            "/inicio/seguir/", {"csrfmiddlewaretoken": token}, headers={"accept": "application/json"}
        )
        assert answer.json()["seconds"] in range(898, 901)
        assert answer.json()["whole"] in range(12 * 3600 - 14 * 60 - 3, 12 * 3600 - 14 * 60 + 1)
    with time_machine.travel(timezone.now() + timedelta(minutes=28)):
        assert hers.open("/inicio/").url == "/inicio/"


def test_a_session_that_is_over_does_not_go_on(hers: Visitor) -> None:
    token = hers.hidden("csrfmiddlewaretoken")
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        answer = hers.client.post(
            "/inicio/seguir/", {"csrfmiddlewaretoken": token}, headers={"accept": "application/json"}
        )
    assert answer.json() == {"seconds": 0, "whole": 0}


def test_going_on_is_for_the_page_s_own_script_and_needs_its_token(hers: Visitor) -> None:
    assert hers.client.post("/inicio/seguir/").status_code == 403
    assert hers.open("/inicio/seguir/").url == "/inicio/"


def test_near_the_twelve_hours_only_what_is_left_is_promised(marta: Person) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        hers = log_in(Visitor(), marta)
        for _ in range(71):
            clock.shift(timedelta(minutes=10))
            hers.open("/inicio/")
        clock.shift(timedelta(minutes=8))
        page = hers.open("/inicio/").page
    box = page.xpath("//*[@data-session-ends]")[0]
    assert (box.get("data-session-ends"), box.get("data-session-whole")) == ("120", "120")
