"""Enabling a pending key online: the key, then the questions (manual, C)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from accounts.events import Actor, ClaveEvent, Trail, broken_events
from accounts.lifecycle import State
from accounts.models import Clave
from identity.models import Curatela, Person, QuizRound
from identity.rounds import Purpose
from tests.builders import PASSWORD, make_clave, make_cuil, make_person, true_facts
from tests.racing import at_once
from tests.visitor import Visitor
from tests.walker import ENABLING, ON_PAPER, log_in, one_question, questions, type_code, walk

pytestmark = pytest.mark.django_db

WRONG = (
    "El CUIL o la clave no son correctos, o esa clave ya no está pendiente."
    " Revisá las mayúsculas; si pasaron los 90 días, creá una clave nueva."
)
LAST_SECOND = "2027-02-21 23:59:59 -0300"
FIRST_SECOND_AFTER = "2027-02-22 00:00:00 -0300"


@pytest.fixture
def marta(db: None) -> Person:
    """With a pending key made on 23 November 2026."""
    person = make_person()
    with time_machine.travel("2026-11-23 12:00 -0300"):
        make_clave(person.cuil, level=None)
    return person


def try_to_identify(who: Visitor, person: Person, password: str = PASSWORD) -> Visitor:
    who.open("/habilitar/")
    who.fill("Número de CUIL", person.cuil).fill("Clave de Seguridad Social", password)
    type_code(who)
    return who.press("CONTINUAR")


# --- The good end -----------------------------------------------------------------------------------


def test_whoever_answers_right_has_a_key_of_level_2_and_logs_in(visitor: Visitor, marta: Person) -> None:
    walk(visitor, marta, route=ENABLING)
    assert "Tu clave fue habilitada exitosamente." in visitor.text
    clave = Clave.objects.get()
    assert (clave.state, clave.deadline) == (State.LEVEL_2, None)
    visitor.follow("COMENZAR A UTILIZAR")
    assert log_in(visitor, marta).url == "/inicio/"
    kinds = ClaveEvent.objects.filter(cuil=marta.cuil).order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["create_pending", "quiz_opened", "quiz_passed", "enable_online", "signed_in"]
    assert not list(broken_events())


def test_a_key_created_on_paper_is_enabled_in_the_same_browser(visitor: Visitor) -> None:
    marta = make_person()
    walk(visitor, marta, route=ON_PAPER).follow("HABILITÁ TU CLAVE")
    for step in ("identificacion", "preguntas"):
        ENABLING.answers[step](visitor, marta)
    assert "habilitada exitosamente" in visitor.text


def test_whoever_lives_abroad_enables_online_too(visitor: Visitor) -> None:
    marta = make_person(country="ES", province="")
    make_clave(marta.cuil, level=None)
    walk(visitor, marta, route=ENABLING)
    assert Clave.objects.get().level == 2


def test_the_old_key_works_until_the_new_one_is_enabled_and_not_after(visitor: Visitor) -> None:
    marta = make_person()
    make_clave(marta.cuil, password="Margarita73x", level=3)
    walk(Visitor(), marta, route=ON_PAPER)
    walk(visitor, marta, "preguntas", ENABLING)
    assert log_in(Visitor(), marta, "Margarita73x").url == "/inicio/"
    questions(visitor, marta)
    assert log_in(Visitor(), marta, "Margarita73x").url == "/"
    assert log_in(Visitor(), marta).url == "/inicio/"
    assert Clave.objects.live().get().level == 2


# --- Ninety days ------------------------------------------------------------------------------------


def test_the_last_second_of_the_last_day_enables(visitor: Visitor, marta: Person) -> None:
    with time_machine.travel(LAST_SECOND, tick=False):
        walk(visitor, marta, route=ENABLING)
    assert Clave.objects.get().level == 2


@pytest.mark.parametrize("purged", [False, True], ids=["before the purge", "after the purge"])
def test_the_first_second_of_the_day_after_does_not(visitor: Visitor, marta: Person, *, purged: bool) -> None:
    with time_machine.travel(FIRST_SECOND_AFTER, tick=False):
        if purged:
            Clave.objects.get().expire(trail=Trail(Actor.SYSTEM))
        try_to_identify(visitor, marta)
    assert visitor.errors() == [WRONG]
    assert not QuizRound.objects.exists()


def test_a_key_that_expires_between_two_questions_is_not_enabled(visitor: Visitor, marta: Person) -> None:
    with time_machine.travel(LAST_SECOND, tick=False) as clock:
        walk(visitor, marta, "preguntas", ENABLING)
        for _ in range(3):
            one_question(visitor, marta)
        clock.shift(timedelta(seconds=1))
        one_question(visitor, marta)
        assert visitor.url == "/aviso/clave-no-pendiente/"
    assert Clave.objects.get().state == State.PENDING


def test_whoever_expired_starts_again_in_the_same_minute(visitor: Visitor, marta: Person) -> None:
    with time_machine.travel(FIRST_SECOND_AFTER, tick=False):
        Clave.objects.get().expire(trail=Trail(Actor.SYSTEM))
        walk(visitor, marta, route=ON_PAPER)
    assert Clave.objects.get(state=State.PENDING).deadline == date(2027, 2, 22) + timedelta(days=90)


# --- Who may not ------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["unknown", "no key", "wrong key", "expired", "live, wrong key"])
def test_every_reason_not_to_go_on_has_the_same_answer(visitor: Visitor, which: str) -> None:
    person = make_person() if which != "unknown" else Person(cuil=make_cuil(31999222))
    if which in {"wrong key", "expired"}:
        make_clave(person.cuil, level=None)
    if which == "live, wrong key":
        make_clave(person.cuil)
    late = timedelta(days=91 if which == "expired" else 0)
    with time_machine.travel(timezone.now() + late):
        try_to_identify(visitor, person, PASSWORD if which in {"no key", "expired"} else "Otra3clave")
    assert visitor.errors() == [WRONG]


def test_tries_count_together_with_those_of_the_log_in(marta: Person) -> None:
    for _ in range(settings.PORTAL_LOGINS_PER_MINUTE):
        log_in(Visitor(), marta, "Otra3clave")
    assert "Hubo muchos intentos" in try_to_identify(Visitor(), marta).errors()[0]


def test_an_enabled_key_says_so_to_whoever_knows_it(visitor: Visitor) -> None:
    marta = make_person()
    make_clave(marta.cuil)
    assert try_to_identify(visitor, marta).url == "/aviso/ya-habilitada/"


def test_a_person_under_curatela_cannot_enable(visitor: Visitor, marta: Person) -> None:
    with time_machine.travel("2026-11-24 12:00 -0300"):
        walk(visitor, marta, "preguntas", ENABLING)
        Curatela.objects.create(
            curador=make_person(28999111), curado=marta, since=date(2026, 1, 1), court_file="1/2026"
        )
        questions(visitor, marta)
        assert visitor.url == "/aviso/no-podemos-continuar/"
        assert try_to_identify(Visitor(), marta).url == "/aviso/no-podemos-continuar/"
    assert Clave.objects.get().state == State.PENDING


def test_a_stranger_who_made_a_pending_key_for_me_cannot_enable_it(visitor: Visitor, marta: Person) -> None:
    with time_machine.travel("2026-11-24 12:00 -0300"):
        walk(visitor, marta, "preguntas", ENABLING)
        for _ in range(2):
            questions(visitor, marta, right=False)
            if "NUEVAS PREGUNTAS" in visitor.text:
                visitor.press("NUEVAS PREGUNTAS DE IDENTIFICACIÓN")
        assert visitor.url == "/aviso/habilitar-max-intentos/"
        assert try_to_identify(Visitor(), marta).url == "/aviso/habilitar-max-intentos/"
    assert Clave.objects.get().state == State.PENDING


# --- Failing ----------------------------------------------------------------------------------------


def test_after_two_failed_rounds_the_form_is_at_hand(visitor: Visitor, marta: Person) -> None:
    with time_machine.travel("2026-11-24 12:00 -0300"):
        walk(visitor, marta, "preguntas", ENABLING)
        questions(visitor, marta, right=False)
        assert "No ha podido verificarse tu identidad" in visitor.text
        assert "te queda 1" in visitor.text
        visitor.press("NUEVAS PREGUNTAS DE IDENTIFICACIÓN")
        questions(visitor, marta, right=False)
        assert "A fin de habilitar tu clave debés concurrir a una oficina de ANSES" in visitor.text
        link = visitor.page.xpath("//a[contains(., 'DESCARGAR FORMULARIO USI-07')]/@href")[0]
        assert visitor.client.get(link)["Content-Type"] == "application/pdf"
    assert QuizRound.objects.filter(purpose=Purpose.ENABLE).count() == 2


def test_a_person_of_whom_little_is_known_is_sent_to_an_office_with_the_form(visitor: Visitor) -> None:
    marta = make_person(facts={})
    make_clave(marta.cuil, level=None)
    try_to_identify(visitor, marta)
    assert visitor.url == "/aviso/habilitar-en-oficina/"
    assert "DESCARGAR FORMULARIO USI-07" in visitor.text
    assert not QuizRound.objects.exists()


# --- Twice and in two tabs --------------------------------------------------------------------------


def test_a_key_replaced_in_another_tab_is_not_enabled(visitor: Visitor, marta: Person) -> None:
    with time_machine.travel("2026-11-24 12:00 -0300"):
        walk(visitor, marta, "preguntas", ENABLING)
        walk(Visitor(), marta, route=ON_PAPER)
        questions(visitor, marta)
        assert visitor.url == "/aviso/clave-no-pendiente/"
        assert not Clave.objects.live().exists()


def test_the_last_answer_sent_twice_enables_once(visitor: Visitor, marta: Person) -> None:
    walk(visitor, marta, route=ENABLING)
    visitor.post_again()
    assert "habilitada exitosamente" in visitor.text
    assert ClaveEvent.objects.filter(kind="enable_online").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_last_answer_sent_four_times_at_once_enables_once() -> None:
    marta, visitor = make_person(), Visitor()
    make_clave(marta.cuil, level=None)
    walk(visitor, marta, "preguntas", ENABLING)
    for _ in range(3):
        one_question(visitor, marta)
    visitor.choose(next(o for o in visitor.options() if o in true_facts(marta)))
    sent = visitor.form("CONTINUAR")
    cookies = visitor.client.cookies.output(header="", sep=";")

    def send() -> str:
        other = Visitor()
        other.client.cookies.load(cookies)
        return other._take(other.client.post(*sent, follow=True), "").url

    assert set(at_once(send, send, send, send)) == {"/habilitar/listo/"}
    assert ClaveEvent.objects.filter(kind="enable_online").count() == 1


def test_two_tabs_with_two_pending_keys_never_mix(marta: Person) -> None:
    with time_machine.travel("2026-11-24 12:00 -0300"):
        rosa = make_person(28999111, given_names="ROSA", surname="QUIROGA")
        make_clave(rosa.cuil, level=None)
        tab = Visitor()
        walk(tab, marta, "preguntas", ENABLING)
        other = tab.twin()
        walk(other, rosa, "preguntas", ENABLING)
        one_question(tab, marta)
        assert "Esta página quedó vieja" in tab.text
        questions(other, rosa)
        assert Clave.objects.live().get().cuil == rosa.cuil


def test_a_strangers_own_pending_key_does_not_clear_the_count_that_guards_mine(marta: Person) -> None:
    rosa = make_person(28999111)
    make_clave(rosa.cuil, password="Margarita73x")
    make_clave(rosa.cuil, level=None)
    for _ in range(settings.PORTAL_LOGINS_PER_MINUTE - 1):
        log_in(Visitor(), rosa, "Otra3clave")
    try_to_identify(Visitor(), rosa)
    assert "Hubo muchos intentos" in log_in(Visitor(), rosa, "Otra3clave").errors()[0]
