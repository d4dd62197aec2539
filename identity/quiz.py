"""The identity questions: drawn once, stored, charged when opened, judged after the last.

Rules: rulings R2-R4 and design §6. Numbers: settings. Whoever guesses blindly passes with the
chance that identity/checks.py computes at every start.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import zip_longest
from random import SystemRandom
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from guards.locks import one_at_a_time
from identity.decoys import make_cards, true_for
from identity.kinds import KINDS
from identity.models import Fact, Person
from identity.rounds import Key, Outcome, Purpose, QuestionCard, QuizQuestion, QuizRound, same
from identity.shown import burnt_until

T = TypeVar("T")

NONE_OF_THESE = "none"
_random = SystemRandom()
# How many orders of the same cards are tried before a file counts as too thin.
_ORDERS = 20


class ThinFile(Exception):
    """Too few facts to ask about, or they were shown a while ago. Nothing was charged."""


class NoAttemptsLeft(Exception):
    """Every round allowed was opened. From here on: the office."""


class RoundClosed(Exception):
    """The round was decided, or opened again elsewhere."""


def attempts_allowed(purpose: Purpose) -> int:
    return {
        Purpose.CREATE: settings.PORTAL_ATTEMPTS_CREATE,
        Purpose.ENABLE: settings.PORTAL_ATTEMPTS_ENABLE,
    }[purpose]


def attempts_left(cuil: str, purpose: Purpose) -> int:
    """Rounds this CUIL may still open for this purpose; all purposes together have a ceiling too."""
    since = timezone.now() - timedelta(days=settings.PORTAL_ROUNDS_DAYS)
    charged = QuizRound.objects.filter(cuil=cuil, opened_at__gte=since, forgiven_at=None)
    purposes = list(charged.values_list("purpose", flat=True))
    own = attempts_allowed(purpose) - purposes.count(purpose)
    return max(0, min(own, settings.PORTAL_ROUNDS_TOTAL - len(purposes)))


@transaction.atomic
def can_be_quizzed(cuil: str) -> bool:
    """Whether a round could be drawn now. Charges nothing and burns nothing."""
    one_at_a_time(cuil)
    try:
        _draw(Person.objects.get(cuil=cuil))
    except ThinFile:
        return False
    return True


@transaction.atomic
def get_or_open_round(cuil: str, purpose: Purpose, journey: str) -> tuple[QuizRound, bool]:
    """The open round of this journey, or a new one, drawn and charged. True when it is new.

    A round still open in another journey is over.

    Raises:
        NoAttemptsLeft, ThinFile: nothing was charged.
    """
    one_at_a_time(cuil)
    still_open = QuizRound.objects.filter(cuil=cuil, outcome=Outcome.OPEN)
    mine = still_open.filter(purpose=purpose, journey=journey).first()
    if mine is not None:
        return mine, False
    if not attempts_left(cuil, purpose):
        raise NoAttemptsLeft
    cards = _draw(Person.objects.get(cuil=cuil))
    for other in still_open:
        other.close(Outcome.ABANDONED)
    opened = QuizRound.objects.create(cuil=cuil, purpose=purpose, journey=journey)
    QuizQuestion.objects.bulk_create(
        QuizQuestion(round=opened, number=number, card=card) for number, card in enumerate(cards, start=1)
    )
    return opened, True


def round_of(cuil: str, purpose: Purpose, journey: str) -> QuizRound | None:
    """The latest round opened in this journey, open or decided."""
    rounds = QuizRound.objects.filter(cuil=cuil, purpose=purpose, journey=journey)
    return rounds.order_by("-pk").first()


@transaction.atomic
def show(round_: QuizRound) -> QuizQuestion | None:
    """The question to show now; None when the round is over. Its time starts the first time only."""
    one_at_a_time(round_.cuil)
    question = _pending_question(round_)
    if question is None:
        return None
    if question.shown_at is None:
        question.shown_at = timezone.now()
        question.save(update_fields=["shown_at"])
        QuestionCard.objects.filter(pk=question.card_id).update(last_asked_at=question.shown_at)
    return question


@transaction.atomic
def extend(round_: QuizRound) -> None:
    """Once a question, as much time again (WCAG 2.2.1)."""
    one_at_a_time(round_.cuil)
    question = _pending_question(round_)
    if question is not None and not question.extended:
        question.extended = True
        question.save(update_fields=["extended"])


@transaction.atomic
def answer(round_: QuizRound, number: int, option: str) -> Outcome:
    """Take the answer to question `number`: one of its options, or NONE_OF_THESE.

    Returns the outcome so far: OPEN until the last question is answered, TIMED_OUT when this
    answer came too late.

    Raises:
        RoundClosed: it was over before, or that question was answered already.
        ValueError: not an option of this question; nothing was counted.
    """
    one_at_a_time(round_.cuil)
    round_.refresh_from_db()
    was_open = round_.outcome == Outcome.OPEN
    question = _pending_question(round_)
    if question is None and was_open and round_.outcome == Outcome.TIMED_OUT:
        return Outcome.TIMED_OUT
    if question is None or question.number != number:
        raise RoundClosed
    card = question.card
    if option not in {*card.options, NONE_OF_THESE}:
        raise ValueError("not an option of this question")
    question.answered_at = timezone.now()
    question.right = option == card.truth
    question.save(update_fields=["answered_at", "right"])
    if not round_.questions.filter(answered_at=None).exists():
        all_right = not round_.questions.exclude(right=True).exists()
        round_.close(Outcome.PASSED if all_right else Outcome.FAILED)
    return Outcome(round_.outcome)


def _pending_question(round_: QuizRound) -> QuizQuestion | None:
    """The first unanswered question of an open round; closes the round when its time is over."""
    round_.refresh_from_db()
    if round_.outcome != Outcome.OPEN:
        return None
    question = round_.questions.select_related("card").filter(answered_at=None).first()
    if question is not None and question.shown_at is not None and not question.seconds_left:
        round_.close(Outcome.TIMED_OUT)
        return None
    return question


# --- Drawing ------------------------------------------------------------------------------------


def key_of(fact: Fact) -> Key:
    """What two spellings of one fact have in common."""
    return fact.kind, same(fact.value)


def _draw(person: Person) -> list[QuestionCard]:
    """Saved cards for one round, or ThinFile."""
    if burnt_until(person.cuil):
        raise ThinFile
    facts = list(Fact.objects.filter(person=person))
    truths = true_for(person, facts)
    known = {c.key: c for c in QuestionCard.objects.filter(cuil=person.cuil)}
    candidates = _candidates(facts, known.values(), truths)
    _random.shuffle(candidates)
    candidates = _mixed(candidates, key=lambda fact: KINDS[fact.kind].category)
    # Twice as many as are asked is nearly always enough; a long file is not worth more cards.
    for some in (candidates[: 2 * settings.PORTAL_QUIZ_QUESTIONS], candidates):
        cards = [known[key_of(f)] for f in some if key_of(f) in known]
        new = [f for f in some if key_of(f) not in known]
        cards += make_cards(person, new, truths, known.values())
        # In one order two cards that share a name may stand in each other's way; not in all.
        if chosen := next(filter(None, (_choose(cards) for _ in range(_ORDERS))), []):
            QuestionCard.objects.bulk_create(card for card in chosen if card.pk is None)
            return chosen
    raise ThinFile


def _candidates(facts: list[Fact], known: Iterable[QuestionCard], truths: set[str]) -> list[Fact]:
    """One fact for each thing worth asking, however it is spelled.

    Not again within the rest (365 days), nothing once shown as a wrong answer that has become
    true meanwhile, and no card one of whose decoys has: what changed would tell.
    """
    rest = timezone.now() - timedelta(days=settings.PORTAL_QUIZ_REST_DAYS)
    known = list(known)
    shut = {
        c.key
        for c in known
        if (c.last_asked_at and c.last_asked_at > rest)
        or len(c.decoys) != settings.PORTAL_QUIZ_DECOYS
        or any(same(d) in truths for d in c.decoys)
    }
    seen = {same(d) for c in known if c.last_asked_at for d in c.decoys}
    distinct = {key_of(f): f for f in facts if f.kind in KINDS and same(f.value) not in seen}
    return [fact for key, fact in distinct.items() if key not in shut]


def _choose(cards: list[QuestionCard]) -> list[QuestionCard]:
    """As many cards as a round has, of enough categories, no option standing in two of them; or none."""
    _random.shuffle(cards)
    chosen: list[QuestionCard] = []
    offered: set[str] = set()
    for card in _mixed(cards, key=lambda card: card.wording.category):
        options = {same(o) for o in card.options}
        if not options & offered:
            chosen.append(card)
            offered |= options
        if len(chosen) == settings.PORTAL_QUIZ_QUESTIONS:
            break
    categories = {card.wording.category for card in chosen}
    if len(chosen) < settings.PORTAL_QUIZ_QUESTIONS or len(categories) < settings.PORTAL_QUIZ_CATEGORIES:
        return []
    _random.shuffle(chosen)
    return chosen


def _mixed(items: list[T], key: Callable[[T], str]) -> list[T]:
    """One of each category in turn, so that the mix is wide; the category with most of them first, so
    that the small ones last for another round.
    """
    groups: dict[str, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    turns = zip_longest(*sorted(groups.values(), key=len, reverse=True))
    return [item for turn in turns for item in turn if item is not None]
