"""Offices by what people type: postal code, locality, province, in any mix and spelling.

What was typed is read in several ways, from the strictest to the laxest; the first that finds
something counts. Each costs two queries, and the one that counts perhaps a third.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Q

from offices.models import Office, Zone
from offices.places import digits_of, place_of, province_of
from offices.provinces import province_called

MOST = 20
LONGEST = 80  # characters of a question that are looked at
_SHORTEST_PART = 4  # letters from which on a part of a name is looked for
_MOST_ZONES = 200

_NOBODY = Q(pk__in=[])


@dataclass
class Found:
    """An office, and which of the zones asked for it serves (none: it stands there)."""

    office: Office
    zones: list[Zone] = field(default_factory=list)

    @property
    def notices(self) -> list[str]:
        """Each once: neighbouring zones often say the same."""
        return list(dict.fromkeys(zone.notice for zone in self.zones if zone.notice))


@dataclass(frozen=True)
class Result:
    """At most MOST offices, those that serve the place before those that stand there."""

    offices: list[Found]
    are_more: bool = False


@dataclass(frozen=True)
class _Asked:
    """What was typed, taken apart. `splits`: locality and province, where the words give both."""

    digits: str
    letter: str | None
    place: str
    province: str | None
    splits: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Reading:
    """What to look for: zones that fit, and offices that stand there."""

    zones: Q
    offices: Q


def find(text: str) -> Result:
    """Offices for what somebody typed; an empty result when nothing fits.

    Part of a name is enough («Patagones») where no place is called just so.
    """
    for reading in _readings(_taken_apart(text)):
        if found := _look_up(reading):
            return Result(found[:MOST], are_more=len(found) > MOST)
    return Result([])


# --- What was typed -----------------------------------------------------------------------------


def _taken_apart(text: str) -> _Asked:
    words = re.findall(r"[^\s,;()]+", text[:LONGEST])
    codes = [word for word in words if digits_of(word)]
    names = [word for word in words if not digits_of(word)]
    return _Asked(
        digits=digits_of(codes[0]) if codes else "",
        letter=province_of(codes[0]) if codes else None,
        place=place_of(" ".join(names)),
        province=province_called(" ".join(names)),
        splits=tuple(_splits(names)),
    )


def _splits(names: list[str]) -> Iterator[tuple[str, str]]:
    """«Tandil Buenos Aires», «Buenos Aires, Tandil»: one side is a province."""
    for at in range(1, len(names)):
        before, after = " ".join(names[:at]), " ".join(names[at:])
        for locality, province in ((before, after), (after, before)):
            if letter := province_called(province):
                yield place_of(locality), letter


# --- Ways to read it ----------------------------------------------------------------------------


def _readings(asked: _Asked) -> Iterator[_Reading]:
    """The strictest first."""
    code, named, partly = _coded(asked), _named(asked), _partly_named(asked)
    for condition in (code & named, code & partly, code):
        yield _Reading(condition, condition)
    province = _whole([asked.province])
    yield _Reading(named | province.zones, named | province.offices)
    yield _Reading(partly, partly)
    yield _whole([asked.letter, *(letter for _, letter in asked.splits)])


def _coded(asked: _Asked) -> Q:
    if not asked.digits:
        return _NOBODY
    return Q(digits=asked.digits, province=asked.letter) if asked.letter else Q(digits=asked.digits)


def _named(asked: _Asked) -> Q:
    exactly = Q(place=asked.place) if asked.place else _NOBODY
    for place, letter in asked.splits:
        exactly |= Q(place=place, province=letter)
    return exactly


def _partly_named(asked: _Asked) -> Q:
    partly = Q(place__contains=asked.place) if len(asked.place) >= _SHORTEST_PART else _NOBODY
    for place, letter in asked.splits:
        if len(place) >= _SHORTEST_PART:
            partly |= Q(place__contains=place, province=letter)
    return partly


def _whole(letters: Iterable[str | None]) -> _Reading:
    """Whole provinces: the zone that says nothing more, and every office."""
    there = Q(province__in=[letter for letter in letters if letter])
    return _Reading(there & Q(digits="", place=""), there)


# --- Looking it up ------------------------------------------------------------------------------


def _look_up(reading: _Reading) -> list[Found]:
    """One office more than is shown, if there are so many."""
    stand_there = Office.objects.shown().filter(reading.offices, kind=Office.Kind.UDAI)
    there = list(stand_there.order_by("locality", "name")[: MOST + 1])
    zones = _zones(reading.zones)
    if there and not zones:  # a place without a zone of its own is served as its province is
        zones = _zones(_whole([office.province for office in there]).zones)
    found: dict[str, Found] = {}
    for zone in sorted(zones, key=_most_specific_first):
        found.setdefault(zone.office_id, Found(zone.office)).zones.append(zone)
    for office in there:
        found.setdefault(office.code, Found(office))
    return list(found.values())


def _zones(condition: Q) -> list[Zone]:
    zones = Zone.objects.shown().filter(condition, office__withdrawn=False).select_related("office")
    return list(zones.order_by("-digits", "place")[:_MOST_ZONES])


def _most_specific_first(zone: Zone) -> tuple[bool, str, str]:
    return (not zone.digits and not zone.place, zone.digits, zone.place)
