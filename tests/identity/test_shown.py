"""Facts that were shown prove nothing for a while, also to a quiz that opens at that very moment."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.utils import timezone

from identity import quiz
from identity.models import FactsShown, QuizRound
from identity.rounds import Outcome, Purpose
from identity.shown import burn, burnt_until
from tests.builders import make_person
from tests.identity.rounds import finish, open_round
from tests.racing import at_once, failures

pytestmark = pytest.mark.django_db


def test_nothing_is_asked_of_whoever_saw_the_answers_and_no_attempt_is_spent() -> None:
    person = make_person()
    burn(person.cuil)
    assert not quiz.can_be_quizzed(person.cuil)
    for purpose in Purpose:
        with pytest.raises(quiz.ThinFile):
            open_round(person, purpose)
    assert quiz.attempts_left(person.cuil, Purpose.CREATE) == 3


def test_they_rest_as_long_as_a_question_that_was_asked(settings: LazySettings) -> None:
    settings.PORTAL_QUIZ_REST_DAYS = 30
    person, now = make_person(), timezone.now()
    with time_machine.travel(now, tick=False):
        burn(person.cuil)
        assert burnt_until(person.cuil) == FactsShown.objects.get().last_at + timedelta(days=30)
    with time_machine.travel(now + timedelta(days=29, hours=23)):
        assert not quiz.can_be_quizzed(person.cuil)
    with time_machine.travel(now + timedelta(days=30, hours=1)):
        assert quiz.can_be_quizzed(person.cuil)


def test_a_round_that_was_decided_keeps_its_verdict() -> None:
    person = make_person()
    passed = open_round(person)
    finish(passed, True, True, True, True)
    burn(person.cuil)
    passed.refresh_from_db()
    assert passed.outcome == Outcome.PASSED


def test_what_was_shown_of_one_person_says_nothing_of_another() -> None:
    burn(make_person(28999111).cuil)
    assert quiz.can_be_quizzed(make_person().cuil)


@pytest.mark.django_db(transaction=True)
def test_no_round_stays_open_beside_answers_that_are_shown_at_the_same_instant() -> None:
    for document in range(30_000_000, 30_000_008):
        person = make_person(document)
        outcomes = at_once(
            lambda cuil=person.cuil: burn(cuil), lambda person=person: open_round(person, journey="thief")
        )
        assert failures(outcomes, quiz.ThinFile) <= 1
        assert not QuizRound.objects.filter(cuil=person.cuil, outcome=Outcome.OPEN).exists()
