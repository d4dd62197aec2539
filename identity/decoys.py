"""Wrong answers: as plausible as the right one, fixed per person and fact, two queries a quiz."""

import re
from collections.abc import Iterable

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery

from guards.keyed import keyed_number
from identity.models import Choice, Fact, Person
from identity.rounds import QuestionCard, same

# Drawn beyond what is needed, since some may be true for the person.
_SPARE = 6


def true_for(person: Person, facts: Iterable[Fact]) -> set[str]:
    """Whatever must never be offered to this person as a wrong answer, made comparable by `same`."""
    street = re.sub(r"\s*\d.*$", "", person.street)
    return {same(v) for v in (*(f.value for f in facts), person.locality, street) if v}


def make_cards(person: Person, facts: list[Fact], truths: set[str]) -> list[QuestionCard]:
    """Unsaved cards for those of the facts that have enough decoys of their like."""
    pools = _pools(facts)
    wanted = {fact.pk: _places(person.cuil, fact, *pools[fact.kind, fact.value])
              for fact in facts if (fact.kind, fact.value) in pools}  # fmt: skip
    values = _values({place for places in wanted.values() for place in places})
    cards = []
    for fact in facts:
        decoys = _untrue([values.get(place) for place in wanted.get(fact.pk, [])], truths)
        if len(decoys) == settings.PORTAL_QUIZ_DECOYS:
            cards.append(QuestionCard(
                cuil=person.cuil, kind=fact.kind, truth=fact.value, decoys=decoys
            ))  # fmt: skip
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


def _places(cuil: str, fact: Fact, pool: str, size: int) -> list[tuple[str, int]]:
    """Places in the pool, each drawn by itself: neighbours in the table tell nothing."""
    count = settings.PORTAL_QUIZ_DECOYS + _SPARE
    drawn = (keyed_number("decoy", cuil, fact.kind, fact.value, i, below=size) for i in range(count))
    return [(pool, place) for place in drawn]


def _values(places: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
    by_pool: dict[str, list[int]] = {}
    for pool, place in places:
        by_pool.setdefault(pool, []).append(place)
    these = Q(pk__in=[])
    for pool, numbers in by_pool.items():
        these |= Q(pool=pool, place__in=numbers)
    rows = Choice.objects.filter(these).values_list("pool", "place", "value")
    return {(pool, place): value for pool, place, value in rows}


def _untrue(values: list[str | None], truths: set[str]) -> list[str]:
    """The first few that are not true, each once."""
    kept: dict[str, str] = {}
    for value in values:
        if value and same(value) not in truths:
            kept.setdefault(same(value), value)
    return list(kept.values())[: settings.PORTAL_QUIZ_DECOYS]
