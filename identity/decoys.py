"""Wrong answers: as plausible as the right one, fixed per person and fact, two queries a quiz."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import log
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery

from guards.keyed import keyed_numbers
from identity.models import Choice, Fact, Person
from identity.rounds import QuestionCard, same

# Drawn beyond what is needed, since some come twice, are true for the person or stand on another card: where
# too few were left, two cards shared a name, and the last round of a short file could not be drawn.
_SPARE = 28
_LUCK = 2**32


@dataclass(frozen=True)
class Candidate:
    """A place in a pool, drawn by itself; and how it fares against the others, in (0, 1]."""

    place: tuple[str, int]
    luck: float

    def turn(self, persons: int) -> float:
        """The lowest come first: each is first as often as its share of the persons says.

        Who has a fact of a kind has a frequent value rather than a rare one. Were the wrong answers drawn
        without regard to that, the name that most people know would be right twice as often as by chance.
        """
        return -log(self.luck) / persons


def true_for(person: Person, facts: Iterable[Fact]) -> set[str]:
    """Whatever must never be offered to this person as a wrong answer, made comparable by `same`."""
    street = re.sub(r"\s+\d+\D*$", "", person.street)  # without the number, but «25 de Mayo» whole
    return {same(v) for v in (*(f.value for f in facts), person.locality, street) if v}


def make_cards(
    person: Person, facts: list[Fact], truths: set[str], known: Iterable[QuestionCard]
) -> list[QuestionCard]:
    """Unsaved cards for those of the facts that have enough decoys of their like.

    As far as there are enough values, no two cards of a person share an option.
    """
    pools = _pools(facts)
    asked = [fact for fact in facts if (fact.kind, fact.value) in pools]
    wanted = {f.pk: _candidates(person.cuil, f, *pools[f.kind, f.value]) for f in asked}
    values = _values({one.place for candidates in wanted.values() for one in candidates})
    used = {same(decoy) for card in known for decoy in card.decoys}
    cards = []
    for fact in asked:
        there = [one for one in wanted[fact.pk] if one.place in values]
        there.sort(key=lambda one: one.turn(values[one.place].persons))
        decoys = _pick([values[one.place].value for one in there], truths, used)
        if len(decoys) == settings.PORTAL_QUIZ_DECOYS:
            used |= {same(decoy) for decoy in decoys}
            cards.append(QuestionCard(cuil=person.cuil, kind=fact.kind, truth=fact.value, decoys=decoys))
    return cards


def _pools(facts: list[Fact]) -> dict[tuple[str, str], tuple[str, int]]:
    """(kind, value) -> (its pool, how many values the pool has)."""
    if not facts:
        return {}
    these = Q()
    for fact in facts:
        these |= Q(kind=fact.kind, value=fact.value)
    last = Choice.objects.filter(pool=OuterRef("pool")).order_by("-place").values("place")[:1]
    rows = Choice.objects.filter(these).values_list("kind", "value", "pool", Subquery(last))
    return {(kind, value): (pool, last + 1) for kind, value, pool, last in rows}


def _candidates(cuil: str, fact: Fact, pool: str, size: int) -> list[Candidate]:
    """From anywhere in the pool: neighbours in the table tell nothing."""
    count, which = settings.PORTAL_QUIZ_DECOYS + _SPARE, (cuil, fact.kind, same(fact.value))
    numbers = keyed_numbers("decoy", *which, below=size, count=count)
    lucks = keyed_numbers("decoy-luck", *which, below=_LUCK, count=count)
    return [
        Candidate((pool, number), (luck + 1) / _LUCK) for number, luck in zip(numbers, lucks, strict=True)
    ]


def _values(places: set[tuple[str, int]]) -> dict[tuple[str, int], Any]:
    """Place -> value and number of persons, as a row of them."""
    by_pool: dict[str, list[int]] = {}
    for pool, place in places:
        by_pool.setdefault(pool, []).append(place)
    these = Q(pk__in=[])
    for pool, numbers in by_pool.items():
        these |= Q(pool=pool, place__in=numbers)
    rows = Choice.objects.filter(these).values_list("pool", "place", "value", "persons", named=True)
    return {(row.pool, row.place): row for row in rows}


def _pick(values: list[str], truths: set[str], used: set[str]) -> list[str]:
    """The first few that are not true, each once; those of other cards only if there is no choice."""
    distinct: dict[str, str] = {}
    for value in values:
        distinct.setdefault(same(value), value)
    untrue = [key for key in distinct if key not in truths]
    untrue.sort(key=used.__contains__)
    return [distinct[key] for key in untrue[: settings.PORTAL_QUIZ_DECOYS]]
