"""The identity questions: drawn once, charged when opened, judged after the last, never teaching."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from identity import checks, quiz
from identity.models import Choice, Fact, Person, QuestionCard, QuizRound
from identity.rounds import Outcome, Purpose, same
from tests.builders import list_choices, make_person

pytestmark = pytest.mark.django_db

MANY = {
    "employer": [f"EMPRESA DEL VALLE {n} S A" for n in range(8)],
    "health_insurer": ["OBRA SOCIAL DEL PERSONAL DE LA SANIDAD", "OBRA SOCIAL BANCARIA"],
    "locality": ["TANDIL", "AZUL", "AYACUCHO"],
    "child": ["MARTINA", "JOAQUIN"],
}


def open_round(person: Person, purpose: Purpose = Purpose.CREATE, journey: str = "j") -> QuizRound:
    return quiz.get_or_open_round(person.cuil, purpose, journey)[0]


def answer_next(round_: QuizRound, *, right: bool = True) -> Outcome:
    question = quiz.show(round_)
    assert question is not None
    option = question.card.truth if right else quiz.NONE_OF_THESE
    return quiz.answer(round_, question.number, option)


def finish(round_: QuizRound, *answers: bool) -> list[Outcome]:
    return [answer_next(round_, right=right) for right in answers]


# --- A round ----------------------------------------------------------------------------------------


def test_four_right_answers_pass_and_nothing_is_said_before_the_last() -> None:
    round_ = open_round(make_person())
    assert finish(round_, True, True, True, True) == [Outcome.OPEN] * 3 + [Outcome.PASSED]


@pytest.mark.parametrize("wrong", range(4))
def test_one_wrong_answer_fails_whichever_it_is_and_only_after_the_last(wrong: int) -> None:
    round_ = open_round(make_person())
    answers = [number != wrong for number in range(4)]
    assert finish(round_, *answers) == [Outcome.OPEN] * 3 + [Outcome.FAILED]


def test_a_round_mixes_at_least_two_categories_and_no_option_stands_twice() -> None:
    person = make_person(facts=MANY)
    for number in range(3):
        cards = [q.card for q in open_round(person, journey=str(number)).questions.all()]
        assert len({c.wording.category for c in cards}) >= 2
        options = [same(o) for c in cards for o in c.options]
        assert len(options) == len(set(options)) == 4 * 5


def test_a_decoy_is_never_true_for_the_person_in_any_kind_or_spelling() -> None:
    person = make_person(facts=MANY, locality="Olavarría")
    # Nearly everything listed is true for her: what is left must come from the rest.
    Choice.objects.filter(kind="locality", place__lt=20).delete()
    for place, value in enumerate(["OLAVARRIA", "Tandíl", "AZUL.", "AYACUCHO "]):
        Choice.objects.create(kind="locality", value=value, pool="locality", place=place)
    truths = {same(f.value) for f in person.known_facts.all()} | {same(person.locality)}
    for card in _all_cards(person):
        assert not {same(d) for d in card.decoys} & truths


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


# --- Thin files -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"employer": ["UNA S A", "DOS S A", "TRES S A"]},
        {"employer": [f"SOLA CATEGORIA {n} S A" for n in range(9)]},
        {"employer": ["UNA S A", "una s.a.", "UNA  S. A."], "locality": ["AZUL"]},
    ],
    ids=["no facts", "too few", "one category", "one employer in three spellings"],
)
def test_a_thin_file_costs_no_attempt(facts: dict[str, list[str]]) -> None:
    person = make_person(facts=facts)
    assert not quiz.can_be_quizzed(person.cuil)
    with pytest.raises(quiz.ThinFile):
        open_round(person)
    assert quiz.attempts_left(person.cuil, Purpose.CREATE) == 3


def test_a_file_that_has_three_rounds_in_it_gives_three_rounds_whatever_is_drawn_first() -> None:
    facts = {**MANY, "locality": ["TANDIL", "AZUL", "AYACUCHO", "BOLIVAR"], "health_insurer": []}
    for document in range(30_000_000, 30_000_030):
        person = make_person(document, facts=facts)
        for journey in "abc":
            assert len(_cards_of(open_round(person, journey=journey))) == 4


def test_a_fact_without_enough_of_its_like_is_not_asked() -> None:
    person = make_person(facts=MANY)
    Choice.objects.filter(kind="employer").delete()
    assert {card.kind for card in _all_cards(person)} == {"health_insurer", "locality", "child"}


# --- Seeing a question again teaches nothing ----------------------------------------------------------


def test_a_question_once_asked_rests_for_a_year() -> None:
    person = make_person(facts=MANY)
    asked: Counter[int] = Counter()
    for journey in "abc":
        round_ = open_round(person, journey=journey)
        asked.update(q.card_id for q in round_.questions.all())
        finish(round_, False, False, False, False)
    assert set(asked.values()) == {1}
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        assert quiz.can_be_quizzed(person.cuil)


def test_a_thousand_rounds_show_each_fact_with_the_same_options_in_the_same_order() -> None:
    """Whoever intersects what they saw is left with all five options, every time."""
    person = make_person(facts=MANY)
    seen: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for _ in range(1000):
        for card in quiz._draw(person):
            seen.setdefault((card.kind, card.truth), set()).add(tuple(card.options))
    assert len(seen) == 15, "every fact came up"
    assert {len(orders) for orders in seen.values()} == {1}
    assert {len(next(iter(orders))) for orders in seen.values()} == {5}


def test_the_truth_stands_in_every_place_of_the_order() -> None:
    places: Counter[int] = Counter()
    for document in range(30_000_000, 30_000_060):
        person = make_person(document)
        places.update(card.options.index(card.truth) for card in quiz._draw(person))
    assert set(places) == set(range(5))
    assert max(places.values()) < 2 * min(places.values()) + 20


def test_a_fact_spelled_anew_is_the_same_fact_with_the_same_options() -> None:
    person = make_person(facts=MANY)
    for journey in "abc":
        finish(open_round(person, journey=journey), False, False, False, False)
    asked = {c.key: c.options for c in QuestionCard.objects.filter(last_asked_at__isnull=False)}
    for fact in Fact.objects.filter(person=person):
        Fact.objects.filter(pk=fact.pk).update(value=fact.value.lower().replace(" ", ". "))
    again = {c.key for c in (card for _ in range(50) for card in _drawn(person))}
    assert not again & set(asked)
    QuestionCard.objects.update(last_asked_at=timezone.now() - timedelta(days=400))
    for card in (card for _ in range(50) for card in _drawn(person)):
        assert asked.get(card.key, card.options) == card.options


def test_one_fact_in_two_spellings_is_asked_once() -> None:
    facts = {**MANY, "employer": [*MANY["employer"], *(v.replace("S A", "S.A.") for v in MANY["employer"])]}
    person = make_person(facts=facts)
    keys = [c.key for journey in "abc" for c in _cards_of(open_round(person, journey=journey))]
    assert len(set(keys)) == 12


def test_a_decoy_that_became_true_is_neither_asked_about_nor_offered_again() -> None:
    person = make_person(facts=MANY)
    round_ = open_round(person)
    finish(round_, False, False, False, False)
    card = round_.questions.first().card
    became_true = card.decoys[0]
    Fact.objects.create(person=person, kind=card.kind, value=became_true)
    QuestionCard.objects.update(last_asked_at=timezone.now() - timedelta(days=400))
    with time_machine.travel(timezone.now()):
        drawn = [c for _ in range(200) for c in quiz._draw(person)]
    assert became_true not in {c.truth for c in drawn}
    assert card.pk not in {c.pk for c in drawn}


def test_the_catalogue_may_change_and_a_card_stays_what_it_was() -> None:
    person = make_person(facts=MANY)
    before = {c.pk: c.options for c in (q.card for q in open_round(person).questions.all())}
    Choice.objects.all().delete()
    list_choices(others=80)
    assert {c.pk: c.options for c in QuestionCard.objects.filter(pk__in=before)} == before


def test_two_persons_with_the_same_employer_get_different_decoys() -> None:
    one, other = make_person(facts=MANY), make_person(28999111, facts=MANY)
    of_one = {c.truth: set(c.decoys) for c in _all_cards(one)}
    of_other = {c.truth: set(c.decoys) for c in _all_cards(other)}
    assert any(of_one[truth] != of_other[truth] for truth in of_one)


# --- Guessing ---------------------------------------------------------------------------------------


def test_the_chance_of_a_blind_guess_is_what_the_start_up_check_says() -> None:
    assert checks.chance_of_a_blind_guess() == pytest.approx(0.0048, abs=0.0001)


def test_a_guessable_configuration_does_not_start(settings) -> None:
    settings.PORTAL_QUIZ_DECOYS = 3
    with pytest.raises(SystemExit, match=r"1\.17%"):
        checks.refuse_guessable_quiz()


def test_a_mix_of_more_categories_than_questions_does_not_start(settings) -> None:
    settings.PORTAL_QUIZ_CATEGORIES = 5
    with pytest.raises(SystemExit, match="CATEGORIES"):
        checks.refuse_guessable_quiz()


def _drawn(person: Person) -> list[QuestionCard]:
    """A round, or nothing where the file is too thin for one."""
    try:
        return quiz._draw(person)
    except quiz.ThinFile:
        return []


def _cards_of(round_: QuizRound) -> list[QuestionCard]:
    """The cards of a round, all of them shown."""
    finish(round_, False, False, False, False)
    return [question.card for question in round_.questions.select_related("card")]


def _all_cards(person: Person) -> list[QuestionCard]:
    """Every card that the quiz would make of this person's file."""
    cards = {c.truth: c for _ in range(60) for c in quiz._draw(person)}
    return list(cards.values())
