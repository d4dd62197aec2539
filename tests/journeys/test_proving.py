"""Proving who you are: the trámite number, and the questions of as many rounds as are allowed."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.events import ClaveEvent
from identity.models import Person, QuizRound
from identity.rounds import Outcome
from tests.builders import TRAMITE, make_clave, make_person
from tests.visitor import Visitor
from tests.walker import ANSWERS, log_in, one_question, questions, walk

NO_MORE = "Superaste el máximo de intentos permitidos"
WRONG_TRAMITE = "El número de trámite no coincide"
NO_MORE_TRAMITES = "Por ahora no se pueden probar más números de trámite"

pytestmark = pytest.mark.django_db


def kinds(person: Person) -> list[str]:
    return list(ClaveEvent.objects.filter(cuil=person.cuil).order_by("seq").values_list("kind", flat=True))


# --- Trámite ----------------------------------------------------------------------------------------


def send_tramite(visitor: Visitor, number: str) -> None:
    visitor.fill("Trámite N°", number).press("CONTINUAR")


def test_the_tramite_number_may_be_written_with_spaces_dots_or_dashes(visitor: Visitor) -> None:
    walk(visitor, make_person(), "tramite")
    send_tramite(visitor, " 001.234-567 89 ")
    assert visitor.url == "/crear/preguntas/"


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("", "Ingresá el número de trámite de tu DNI"),
        ("123456789", "El número de trámite tiene que tener 11 números. Escribiste 9."),
        ("0012345678A", "El número de trámite lleva sólo números"),
        ("00123456780", "El número de trámite no coincide con el de tu último DNI."),
    ],
)
def test_a_tramite_number_that_will_not_do_is_answered_with_what_to_do(
    visitor: Visitor, typed: str, answer: str
) -> None:
    walk(visitor, make_person(), "tramite")
    send_tramite(visitor, typed)
    assert visitor.errors()[0].startswith(answer)
    assert visitor.title.startswith("Error: ")


def test_the_third_wrong_tramite_of_a_day_is_the_last_and_then_not_even_the_right_one_helps(
    visitor: Visitor,
) -> None:
    marta = make_person()
    for number, told in (("00123456780", "Te quedan 2 intentos"), ("00123456781", "Te queda 1 intento")):
        walk(visitor, marta, "tramite")
        send_tramite(visitor, number)
        assert told in visitor.errors()[0]
    send_tramite(visitor, "00123456782")
    assert (visitor.url, WRONG_TRAMITE in visitor.text) == ("/crear/papel/", True)
    walk(visitor, marta, "tramite")
    send_tramite(visitor, TRAMITE)
    assert (visitor.url, NO_MORE_TRAMITES in visitor.text) == ("/crear/papel/", True)
    assert "no son los de tu último DNI" not in visitor.text, "nobody looked whether they are"


def test_a_tramite_number_with_a_digit_missing_is_still_there_to_be_mended(visitor: Visitor) -> None:
    walk(visitor, make_person(), "tramite")
    send_tramite(visitor, "0012345678")
    assert 'value="0012345678"' in visitor.response.content.decode()


def test_six_wrong_tramites_are_the_end_however_many_days_they_take(visitor: Visitor) -> None:
    marta = make_person()
    for day in range(3):
        with time_machine.travel(timezone.now() + timedelta(days=2 * day)):
            walk(visitor, marta, "tramite")
            for last in range(2):
                send_tramite(visitor, f"0012345678{last}")
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        walk(visitor, marta, "tramite")
        send_tramite(visitor, TRAMITE)
    assert (visitor.url, NO_MORE_TRAMITES in visitor.text) == ("/crear/papel/", True)


def test_whoever_does_not_find_the_number_goes_the_paper_way_without_losing_an_attempt(
    visitor: Visitor,
) -> None:
    walk(visitor, make_person(), "tramite").press("No lo encuentro o no tengo mi DNI")
    assert visitor.press("CONTINUAR").url == "/crear/pendiente/"
    assert not QuizRound.objects.exists()


# --- Questions --------------------------------------------------------------------------------------


def test_a_failed_round_says_so_only_after_the_last_question_and_not_which_was_wrong(
    visitor: Visitor,
) -> None:
    marta = make_person()
    walk(visitor, marta, "preguntas")
    seen = []
    for right in (True, False, True, True):
        one_question(visitor, marta, right=right)
        seen.append("No hemos podido verificar tu identidad" in visitor.text)
    assert seen == [False, False, False, True]
    assert "Te quedan 2 intentos" in visitor.text


def test_three_wrong_rounds_end_at_the_office_also_in_another_browser_and_the_live_key_still_logs_in(
    visitor: Visitor,
) -> None:
    facts = {
        "employer": [f"EMPRESA DEL VALLE {n} S A" for n in range(8)],
        "locality": ["TANDIL", "AZUL", "AYACUCHO", "BOLIVAR"],
        "child": ["MARTINA", "JOAQUIN"],
    }
    marta = make_person(facts=facts)
    make_clave(marta.cuil)
    walk(visitor, marta, "preguntas")
    for left in (2, 1):
        questions(visitor, marta, right=False)
        assert f"{left} intento" in visitor.text
        visitor.press("NUEVAS PREGUNTAS DE IDENTIFICACIÓN")
    questions(visitor, marta, right=False)
    assert (visitor.url, NO_MORE in visitor.text) == ("/crear/papel/", True)

    another = Visitor()
    walk(another, marta, "datos").press("CORRECTOS")
    assert (another.url, NO_MORE in another.text) == ("/crear/papel/", True)
    assert QuizRound.objects.count() == 3
    assert log_in(Visitor(), marta).url == "/inicio/"


def test_new_questions_are_not_offered_where_there_are_none_left(visitor: Visitor) -> None:
    marta = make_person(facts={"employer": ["UNA S A", "DOS S A", "TRES S A"], "child": ["MARTINA"]})
    walk(visitor, marta, "preguntas")
    questions(visitor, marta, right=False)
    assert visitor.url == "/crear/papel/"
    assert "Por ahora no podemos hacerte preguntas por Internet" in visitor.text


def test_new_questions_pressed_twice_open_one_round(visitor: Visitor) -> None:
    marta = make_person()
    walk(visitor, marta, "preguntas")
    questions(visitor, marta, right=False)
    visitor.press("NUEVAS PREGUNTAS DE IDENTIFICACIÓN").post_again()
    assert "Pregunta 1 de 4" in visitor.text
    assert QuizRound.objects.count() == 2


def test_an_answer_sent_twice_counts_once(visitor: Visitor) -> None:
    marta = make_person()
    walk(visitor, marta, "preguntas")
    one_question(visitor, marta)
    visitor.post_again()
    assert "Pregunta 2 de 4" in visitor.text


def test_pressing_on_without_an_answer_costs_nothing(visitor: Visitor) -> None:
    walk(visitor, make_person(), "preguntas").press("CONTINUAR")
    assert visitor.errors() == ["Elegí una respuesta"]
    assert QuizRound.objects.get().outcome == Outcome.OPEN


def test_what_the_questions_will_be_like_is_said_on_the_page_before(visitor: Visitor) -> None:
    with_tramite, without = make_person(), make_person(28999111, tramite="")
    said = "vienen 4 preguntas"
    assert said not in walk(visitor, with_tramite, "como").text
    assert said in walk(visitor, with_tramite, "tramite").text
    assert said in walk(Visitor(), without, "como").text


def test_reloading_a_question_shows_the_same_options_in_the_same_order(visitor: Visitor) -> None:
    walk(visitor, make_person(), "preguntas")
    before = visitor.options()
    assert visitor.open("/crear/preguntas/").options() == before
    assert QuizRound.objects.count() == 1


def test_more_time_is_given_once(visitor: Visitor) -> None:
    walk(visitor, make_person(), "preguntas").press("Necesito más tiempo")
    assert "Necesito más tiempo" not in visitor.text
    with time_machine.travel(timezone.now() + timedelta(seconds=200)):
        assert "Pregunta 1 de 4" in visitor.open("/crear/preguntas/").text


def test_a_question_left_too_long_costs_the_round_and_says_why(visitor: Visitor) -> None:
    marta = make_person()
    walk(visitor, marta, "preguntas")
    with time_machine.travel(timezone.now() + timedelta(seconds=121)):
        one_question(visitor, marta)
        assert "No hemos podido verificar tu identidad" in visitor.text
        assert "tiempo" in visitor.text


def test_time_that_runs_out_is_an_event_like_any_other_failure(visitor: Visitor) -> None:
    marta = make_person()
    walk(visitor, marta, "preguntas")
    with time_machine.travel(timezone.now() + timedelta(seconds=121)):
        visitor.open("/crear/preguntas/")
        visitor.open("/crear/preguntas/")
    assert kinds(marta) == ["looked_up", "quiz_opened", "quiz_failed"]


def test_the_page_never_promises_more_time_than_there_is(visitor: Visitor) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        walk(visitor, make_person(), "preguntas")
        assert "Tenés 2 minutos para" in visitor.text
        clock.shift(timedelta(seconds=29))
        assert "Tenés 1 minuto y 31 segundos para" in visitor.open("/crear/preguntas/").text


def test_one_address_cannot_open_the_questions_of_many_people(visitor: Visitor, settings) -> None:
    settings.PORTAL_ROUNDS_PER_ADDRESS_DAY = 2
    for document in (30_000_000, 30_000_001):
        walk(visitor, make_person(document), "preguntas")
    rosa = make_person(28999111)
    walk(visitor, rosa, "tramite")
    ANSWERS["tramite"](visitor, rosa)
    assert visitor.status == 429
    assert QuizRound.objects.count() == 2


@pytest.mark.parametrize("answer", ["9", "-1", "x", "", "none' OR 1=1", "0\x00", "٣"])
def test_an_answer_that_was_not_offered_is_not_taken(visitor: Visitor, answer: str) -> None:
    walk(visitor, make_person(), "preguntas")
    sent = {
        "answer": answer,
        "number": visitor.hidden("number"),
        "token": visitor.hidden("token"),
        "csrfmiddlewaretoken": visitor.hidden("csrfmiddlewaretoken"),
    }
    assert visitor.client.post("/crear/preguntas/", sent, follow=True).status_code == 200
    assert QuizRound.objects.get().questions.filter(answered_at=None).count() == 4
