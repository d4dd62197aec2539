"""The identity questions: charged when opened, judged after the last, a proof only once."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from identity import quiz
from identity.models import Person, QuizRound
from identity.rounds import Outcome, Purpose
from tests.builders import make_person
from tests.identity.rounds import MANY, answer_next, finish, open_round

pytestmark = pytest.mark.django_db


# --- A round ----------------------------------------------------------------------------------------


def test_four_right_answers_pass_and_nothing_is_said_before_the_last() -> None:
    round_ = open_round(make_person())
    assert finish(round_, True, True, True, True) == [Outcome.OPEN] * 3 + [Outcome.PASSED]


@pytest.mark.parametrize("wrong", range(4))
def test_one_wrong_answer_fails_whichever_it_is_and_only_after_the_last(wrong: int) -> None:
    round_ = open_round(make_person())
    answers = [number != wrong for number in range(4)]
    assert finish(round_, *answers) == [Outcome.OPEN] * 3 + [Outcome.FAILED]


def test_an_answered_question_cannot_be_answered_again() -> None:
    round_ = open_round(make_person())
    first = quiz.show(round_)
    quiz.answer(round_, first.number, quiz.NONE_OF_THESE)
    with pytest.raises(quiz.RoundClosed):
        quiz.answer(round_, first.number, first.card.truth)
    assert round_.questions.get(number=first.number).right is False


def test_a_decided_round_takes_no_more_answers() -> None:
    round_ = open_round(make_person())
    finish(round_, True, True, True, False)
    with pytest.raises(quiz.RoundClosed):
        quiz.answer(round_, 4, round_.questions.get(number=4).card.truth)
    round_.refresh_from_db()
    assert round_.outcome == Outcome.FAILED


def test_what_is_no_option_of_the_question_counts_as_nothing() -> None:
    round_ = open_round(make_person())
    with pytest.raises(ValueError, match="not an option"):
        quiz.answer(round_, quiz.show(round_).number, "algo que no estaba")
    assert round_.questions.filter(answered_at=None).count() == 4


# --- Time -------------------------------------------------------------------------------------------


def test_an_answer_after_two_minutes_loses_the_round() -> None:
    round_ = open_round(make_person())
    with time_machine.travel(timezone.now(), tick=False) as clock:
        question = quiz.show(round_)
        clock.shift(timedelta(seconds=119))
        assert quiz.show(round_) is not None
        clock.shift(timedelta(seconds=1))
        assert quiz.answer(round_, question.number, question.card.truth) == Outcome.TIMED_OUT


def test_showing_the_question_again_does_not_give_more_time() -> None:
    round_ = open_round(make_person())
    with time_machine.travel(timezone.now(), tick=False) as clock:
        quiz.show(round_)
        clock.shift(timedelta(seconds=60))
        assert quiz.show(round_).seconds_left == 60


def test_the_time_of_a_question_can_be_extended_once() -> None:
    round_ = open_round(make_person())
    with time_machine.travel(timezone.now(), tick=False) as clock:
        quiz.show(round_)
        quiz.extend(round_)
        quiz.extend(round_)
        clock.shift(timedelta(seconds=239))
        assert quiz.show(round_) is not None
        clock.shift(timedelta(seconds=1))
        assert quiz.show(round_) is None
    assert round_.outcome == Outcome.TIMED_OUT


def test_the_clock_of_a_question_starts_when_it_is_shown() -> None:
    round_ = open_round(make_person())
    with time_machine.travel(timezone.now(), tick=False) as clock:
        answer_next(round_)
        clock.shift(timedelta(minutes=10))
        assert answer_next(round_) == Outcome.OPEN


# --- Attempts ---------------------------------------------------------------------------------------


def test_creating_has_three_rounds_enabling_two_and_both_together_three() -> None:
    person = make_person(facts=MANY)
    assert quiz.attempts_left(person.cuil, Purpose.CREATE) == 3
    assert quiz.attempts_left(person.cuil, Purpose.ENABLE) == 2
    open_round(person, Purpose.ENABLE, "a")
    open_round(person, Purpose.ENABLE, "b")
    assert quiz.attempts_left(person.cuil, Purpose.ENABLE) == 0
    assert quiz.attempts_left(person.cuil, Purpose.CREATE) == 1
    open_round(person, Purpose.CREATE, "c")
    with pytest.raises(quiz.NoAttemptsLeft):
        open_round(person, Purpose.CREATE, "d")


def test_a_round_is_charged_when_it_opens_whatever_becomes_of_it() -> None:
    person = make_person(facts=MANY)
    finish(open_round(person, journey="a"), True, True, True, True)
    open_round(person, journey="b")
    assert quiz.attempts_left(person.cuil, Purpose.CREATE) == 1


def test_the_same_journey_comes_back_to_its_open_round_without_a_new_charge() -> None:
    person = make_person(facts=MANY)
    assert open_round(person, journey="a") == open_round(person, journey="a")
    assert quiz.attempts_left(person.cuil, Purpose.CREATE) == 2


def test_a_round_opened_elsewhere_ends_the_one_that_was_open() -> None:
    person = make_person(facts=MANY)
    first = open_round(person, journey="a")
    open_round(person, journey="b")
    assert quiz.show(first) is None
    assert first.outcome == Outcome.ABANDONED


def test_the_rounds_come_back_after_ninety_days() -> None:
    person = make_person(facts=MANY)
    with time_machine.travel(timezone.now() - timedelta(days=90, minutes=1)):
        for journey in "abc":
            open_round(person, journey=journey)
        assert quiz.attempts_left(person.cuil, Purpose.CREATE) == 0
    assert quiz.attempts_left(person.cuil, Purpose.CREATE) == 3


def test_a_forgiven_round_is_not_counted() -> None:
    person = make_person(facts=MANY)
    open_round(person)
    QuizRound.objects.update(forgiven_at=timezone.now())
    assert quiz.attempts_left(person.cuil, Purpose.CREATE) == 3


@pytest.mark.django_db(transaction=True)
def test_of_ten_rounds_opened_at_once_exactly_three_open() -> None:
    person = make_person(facts=MANY)
    start, opened = threading.Barrier(10), []

    def open_one(number: int) -> None:
        start.wait()
        try:
            opened.append(open_round(person, journey=str(number)).pk)
        except quiz.NoAttemptsLeft:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=open_one, args=(n,)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == QuizRound.objects.count() == 3
    assert QuizRound.objects.filter(outcome=Outcome.OPEN).count() == 1


# --- Proof ------------------------------------------------------------------------------------------


def passed_round(person: Person) -> QuizRound:
    round_ = open_round(person)
    finish(round_, True, True, True, True)
    return round_


def test_a_passed_round_is_a_proof_once() -> None:
    round_ = passed_round(make_person())
    assert round_.use_proof(round_.cuil, Purpose.CREATE)
    assert not round_.use_proof(round_.cuil, Purpose.CREATE)


def test_a_proof_serves_neither_another_person_nor_another_purpose_nor_later() -> None:
    round_ = passed_round(make_person())
    assert not round_.use_proof(make_person(28999111).cuil, Purpose.CREATE)
    assert not round_.use_proof(round_.cuil, Purpose.ENABLE)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert not round_.use_proof(round_.cuil, Purpose.CREATE)


def test_a_failed_round_proves_nothing() -> None:
    round_ = open_round(make_person())
    finish(round_, True, False, True, True)
    assert not round_.use_proof(round_.cuil, Purpose.CREATE)
