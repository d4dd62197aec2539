"""Wrong answers: as plausible as the right one, fixed per person and fact, two queries a quiz."""

import re
from collections.abc import Iterable

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery

from guards.keyed import keyed_numbers
from identity.models import Choice, Fact, Person
from identity.rounds import QuestionCard, same

# Drawn beyond what is needed, since some come twice, are true for the person or stand on another card: where
# too few were left, two cards shared a name, and the last round of a short file could not be drawn.
_SPARE = 28


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
    wanted = {f.pk: _places(person.cuil, f, *pools[f.kind, f.value]) for f in asked}
    values = _values({place for places in wanted.values() for place in places})
    used = {same(decoy) for card in known for decoy in card.decoys}
    cards = []
    for fact in asked:
        drawn = [values[place] for place in wanted[fact.pk] if place in values]
        decoys = _pick(drawn, truths, used)
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


def _places(cuil: str, fact: Fact, pool: str, size: int) -> list[tuple[str, int]]:
    """Places in the pool, each drawn by itself: neighbours in the table tell nothing."""
    count = settings.PORTAL_QUIZ_DECOYS + _SPARE
    numbers = keyed_numbers("decoy", cuil, fact.kind, same(fact.value), below=size, count=count)
    return [(pool, number) for number in numbers]


def _values(places: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
    by_pool: dict[str, list[int]] = {}
    for pool, place in places:
        by_pool.setdefault(pool, []).append(place)
    these = Q(pk__in=[])
    for pool, numbers in by_pool.items():
        these |= Q(pool=pool, place__in=numbers)
    rows = Choice.objects.filter(these).values_list("pool", "place", "value")
    return {(pool, place): value for pool, place, value in rows}


def _pick(values: list[str], truths: set[str], used: set[str]) -> list[str]:
    """The first few that are not true, each once; those of other cards only if there is no choice."""
    distinct: dict[str, str] = {}
    for value in values:
        distinct.setdefault(same(value), value)
    untrue = [key for key in distinct if key not in truths]
    untrue.sort(key=used.__contains__)
    return [distinct[key] for key in untrue[: settings.PORTAL_QUIZ_DECOYS]]
