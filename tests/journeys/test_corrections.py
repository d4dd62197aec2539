"""Asking for a correction: a task of the office with a number, words that reach it whole, how it ended."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.utils import timezone

from accounts.events import ClaveEvent, Note, broken_events
from identity.corrections import ask_for_correction
from identity.models import CorrectionRequest, Person, WrongDataReport
from tests.backoffice.builders import at_the_office, make_employee
from tests.builders import make_clave, make_curatela, make_person
from tests.racing import at_once
from tests.visitor import Visitor
from tests.walker import act_for, log_in, walk

pytestmark = pytest.mark.django_db

ASK = "/aplicaciones/mis-datos/corregir/"
WORDS = "Dice Belgrano 2350 y desde marzo vivo en Mitre 15."


@pytest.fixture(autouse=True)
def _without_second_factor(settings: LazySettings) -> None:
    settings.PORTAL_DEMO = True


@pytest.fixture
def marta() -> Person:
    person = make_person()
    make_clave(person.cuil)
    return person


@pytest.fixture
def who(marta: Person) -> Visitor:
    return log_in(Visitor(), marta)


def ask(who: Visitor, datum: str = "Domicilio", words: str = WORDS) -> Visitor:
    who.open(ASK).select("¿Qué dato está mal?", datum)
    return who.fill("Contanos qué dice y qué tendría que decir", words).press("PEDIR LA CORRECCIÓN")


def only() -> CorrectionRequest:
    return CorrectionRequest.objects.select_related("report").get()


# --- Asking -----------------------------------------------------------------------------------------


def test_the_request_gets_a_number_and_says_what_happens_next(who: Visitor) -> None:
    ask(who)
    asked = only()
    assert who.url == f"{ASK}{asked.pk}/"
    for words in (
        f"Tu pedido es el aviso número {asked.report_id}",
        "Domicilio",
        "Espera que una oficina lo tome",
        "sin turno, con tu DNI",
        "5 días hábiles",
    ):
        assert words in who.text
    assert (asked.datum, asked.text) == ("address", WORDS)


def test_a_supervisor_reads_it_in_the_queue_and_the_person_reads_how_it_ended(who: Visitor) -> None:
    ask(who)
    sara = at_the_office(make_employee("Supervisor", "sara")).open("/admin/avisos/?de=datos")
    assert "con pedido" in sara.text.split("Abiertos")[-1]
    sara.follow(f"Aviso {only().report_id}")
    assert WORDS not in sara.text, "it is for whoever has the report"
    sara.press("TOMARLO")
    for words in ("Pedido de corrección: Domicilio", "con su propia clave", WORDS):
        assert words in sara.text
    assert "Lo tiene una oficina" in who.open(who.url).text
    sara.choose("Se corrigió en el registro").press("RESOLVER")
    assert "Se corrigió en el registro, el" in who.open(who.url).text
    assert "Qué pasa ahora" not in who.text


def test_what_several_say_of_one_cuil_is_one_task(who: Visitor, marta: Person) -> None:
    walk(Visitor(), marta, "datos").press("INCORRECTOS")
    ask(who, "Domicilio", "Uno.")
    ask(who, "Sexo", "Dos.")
    report = WrongDataReport.objects.get()
    assert [request.text for request in report.requests.order_by("pk")] == ["Uno.", "Dos."]


def test_after_the_task_is_closed_a_new_request_is_a_new_one(who: Visitor, marta: Person) -> None:
    ask(who)
    closed = {"state": "closed", "taken_by": 1, "taken_at": timezone.now(), "closed_at": timezone.now()}
    WrongDataReport.objects.update(**closed, result="right")
    ask(who)
    assert WrongDataReport.objects.filter(cuil=marta.cuil).count() == 2


def test_it_is_an_event_with_the_datum_and_the_number_and_without_the_words(
    who: Visitor, marta: Person
) -> None:
    ask(who)
    event = ClaveEvent.objects.get(kind=Note.CORRECTION_ASKED)
    assert (event.cuil, event.evidence) == (marta.cuil, {"report": only().report_id, "datum": "address"})
    assert not list(broken_events())


def test_nothing_that_is_missing_or_too_long_is_taken_and_nothing_typed_is_lost(who: Visitor) -> None:
    who.open(ASK).press("PEDIR LA CORRECCIÓN")
    assert who.errors() == ["Elegí qué dato está mal", "Contanos qué hay que corregir"]
    ask(who, words="  \n ")
    assert who.errors() == ["Contanos qué hay que corregir"]
    ask(who, "Sexo", "x" * 1001)
    assert who.errors() == ["Puede tener hasta 1000 letras. Escribiste 1001."]
    assert who.page.xpath("//textarea")[0].text.strip() == "x" * 1001
    assert who.page.xpath("//option[@selected]/@value") == ["sex"]
    token = who.client.cookies["csrf"].value
    who.client.post(ASK, {"datum": "nada", "text": "x", "csrfmiddlewaretoken": token})
    assert not CorrectionRequest.objects.exists()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a\r\n" * 499 + "bb", "a\n" * 499 + "bb"),  # 1000 characters as people count them
        ("a\x00b", "a b"),
        ("<script>alert(1)</script>\u202e{{ x }}", "<script>alert(1)</script>\u202e{{ x }}"),
    ],
)
def test_whatever_is_written_reaches_the_office_as_text(who: Visitor, sent: str, kept: str) -> None:
    ask(who, words=sent)
    assert only().text == kept
    sara = at_the_office(make_employee("Supervisor", "sara")).open(f"/admin/avisos/{only().report_id}/")
    assert sara.status == 200
    assert "<script>alert" not in sara.response.content.decode()


def test_the_fourth_of_a_day_has_to_wait_and_loses_nothing(who: Visitor) -> None:
    for number in range(3):
        ask(who, words=f"{number}.")
    ask(who)
    assert who.errors() == ["Hoy ya hiciste varios pedidos. Probá de nuevo mañana."]
    assert who.page.xpath("//textarea")[0].text.strip() == WORDS
    assert CorrectionRequest.objects.count() == 3


@pytest.mark.parametrize("number", [0, 10**30])
def test_a_request_that_is_not_there_is_not_found(who: Visitor, number: int) -> None:
    assert who.open(f"{ASK}{number}/").status == 404


def test_a_request_of_somebody_else_is_not_there(who: Visitor) -> None:
    rosa = make_person(28999111)
    theirs = ask_for_correction(rosa.cuil, asked_by=rosa.cuil, datum="sex", text=WORDS)
    assert who.open(f"{ASK}{theirs.pk}/").status == 404


def test_a_curador_asks_for_the_person_in_their_care_and_the_office_knows_who_it_was(
    marta: Person,
) -> None:
    rosa = make_person(28999111)
    make_curatela(marta, rosa)
    ask(act_for(Visitor(), marta, rosa))
    asked = only()
    assert (asked.report.cuil, asked.asked_by) == (rosa.cuil, marta.cuil)
    sara = at_the_office(make_employee("Supervisor", "sara")).open(f"/admin/avisos/{asked.report_id}/")
    assert "con la clave de su curador, CUIL 27-•••••222-5" in sara.press("TOMARLO").text


@pytest.mark.django_db(transaction=True)
def test_requests_of_the_same_moment_share_one_task() -> None:
    marta = make_person()
    jobs = [
        lambda n=n: ask_for_correction(marta.cuil, asked_by=marta.cuil, datum="sex", text=f"{n}")
        for n in range(6)
    ]
    outcomes = at_once(*jobs)
    assert all(isinstance(outcome, CorrectionRequest) for outcome in outcomes), outcomes
    assert WrongDataReport.objects.count() == 1
    assert CorrectionRequest.objects.count() == 6


# --- Afterwards -------------------------------------------------------------------------------------


def test_the_words_go_a_year_after_it_was_dealt_with_and_not_before(who: Visitor) -> None:
    ask(who, words="Vieja.")
    ask(who, words="Abierta.")
    now = timezone.now()
    for days, left in ((364, "Vieja."), (367, "")):
        closed = {"state": "closed", "taken_by": 1, "taken_at": now, "result": "right"}
        old = CorrectionRequest.objects.earliest("pk")
        WrongDataReport.objects.update(**closed, closed_at=now - timedelta(days=days))
        call_command("sweep_applications")
        old.refresh_from_db()
        assert old.text == left
    WrongDataReport.objects.update(state="open", taken_by=None, taken_at=None, closed_at=None, result="")
    assert CorrectionRequest.objects.count() == 2


def test_the_words_of_what_is_not_closed_stay_however_old(who: Visitor) -> None:
    ask(who)
    WrongDataReport.objects.update(reported_at=timezone.now() - timedelta(days=3000))
    call_command("sweep_applications")
    assert only().text == WORDS
