"""What is asked: drawn once, never teaching, hard to guess."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from math import sqrt
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from identity import checks, quiz
from identity.importer.run import import_folder
from identity.models import Choice, Fact, Person, QuestionCard
from identity.rounds import Purpose, same
from identity.synthetic.files import write_files
from tests.builders import list_choices, make_person
from tests.identity.rounds import MANY, all_cards, cards_of, drawn, finish, open_round

pytestmark = pytest.mark.django_db


# --- A round ----------------------------------------------------------------------------------------


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
    for card in all_cards(person):
        assert not {same(d) for d in card.decoys} & truths


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
            assert len(cards_of(open_round(person, journey=journey))) == 4


def test_a_fact_without_enough_of_its_like_is_not_asked() -> None:
    person = make_person(facts=MANY)
    Choice.objects.filter(kind="employer").delete()
    assert {card.kind for card in all_cards(person)} == {"health_insurer", "locality", "child"}


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
    again = {c.key for c in (card for _ in range(50) for card in drawn(person))}
    assert not again & set(asked)
    QuestionCard.objects.update(last_asked_at=timezone.now() - timedelta(days=400))
    for card in (card for _ in range(50) for card in drawn(person)):
        assert asked.get(card.key, card.options) == card.options


def test_one_fact_in_two_spellings_is_asked_once() -> None:
    facts = {**MANY, "employer": [*MANY["employer"], *(v.replace("S A", "S.A.") for v in MANY["employer"])]}
    person = make_person(facts=facts)
    keys = [c.key for journey in "abc" for c in cards_of(open_round(person, journey=journey))]
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
        again = [c for _ in range(200) for c in quiz._draw(person)]
    assert became_true not in {c.truth for c in again}
    assert card.pk not in {c.pk for c in again}


def test_the_catalogue_may_change_and_a_card_stays_what_it_was() -> None:
    person = make_person(facts=MANY)
    before = {c.pk: c.options for c in (q.card for q in open_round(person).questions.all())}
    Choice.objects.all().delete()
    list_choices(others=80)
    assert {c.pk: c.options for c in QuestionCard.objects.filter(pk__in=before)} == before


def test_two_persons_with_the_same_employer_get_different_decoys() -> None:
    one, other = make_person(facts=MANY), make_person(28999111, facts=MANY)
    of_one = {c.truth: set(c.decoys) for c in all_cards(one)}
    of_other = {c.truth: set(c.decoys) for c in all_cards(other)}
    assert any(of_one[truth] != of_other[truth] for truth in of_one)


# --- Guessing ---------------------------------------------------------------------------------------


def test_no_way_to_guess_helps_who_does_not_know_the_person(tmp_path: Path) -> None:
    """Which is the right one of five, for whoever sees the names alone; and for whoever knows of each in the
    country how many persons have it, which had 34 in a hundred while the wrong ones were drawn evenly.
    """
    write_files(tmp_path, people=4000, seed=5)
    import_folder(tmp_path)
    common = Counter(Fact.objects.values_list("kind", "value"))
    cards = [card for person in Person.objects.order_by("cuil")[:450] for card in drawn(person)]
    ways: dict[str, Callable[[QuestionCard], str]] = {
        "the first": lambda card: card.options[0],
        "the last": lambda card: card.options[-1],
        "by the alphabet": lambda card: min(card.options),
        "the longest": lambda card: max(card.options, key=len),
        "the shortest": lambda card: min(card.options, key=len),
        "the commonest": lambda card: max(card.options, key=lambda name: common[card.kind, name]),
    }
    right = {name: sum(way(card) == card.truth for card in cards) / len(cards) for name, way in ways.items()}
    assert right.pop("the commonest") < 0.28
    four_sigmas = 4 * sqrt(0.2 * 0.8 / len(cards))
    assert {name for name, share in right.items() if share > 0.2 + four_sigmas} == set()


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
