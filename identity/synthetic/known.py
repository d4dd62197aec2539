"""What the agency knows of synthetic persons: the rows of facts.csv."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from identity.synthetic.employers import employer_name, plain
from identity.synthetic.names import GIVEN
from identity.synthetic.places import (
    BANKS,
    HEALTH_INSURERS,
    LOCALITIES,
    PROVINCE_NAMES,
    STREETS,
    Locality,
)

Row = tuple[str, ...]
Numbers = NDArray[np.int64]

_PROVINCES = list(PROVINCE_NAMES)
_BY_PROVINCE = {p: [place for place in LOCALITIES if place.province == p] for p in _PROVINCES}
_PEOPLE_PER_EMPLOYER = 6
_FEWEST_EMPLOYERS = 30  # in a province
_HEAD = 20  # so many share the first place: nobody employs a tenth of a province
_CHANGES_PROVINCE = 0.12
# Facts of each kind: at most so many, each with this chance; on average five.
_MOST = {"employer": (5, 0.42), "health_insurer": (2, 0.5), "payment_bank": (2, 0.3),
         "locality": (2, 0.3), "street": (2, 0.3), "child": (3, 0.23)}  # fmt: skip
_THIN = 0.08


def cohort(birth: int) -> int:
    """Which of the three lists of given names, by the day of birth (days since 1970)."""
    return int(birth > -5479) + int(birth > 5479)  # 1955, 1985


class Employers:
    """The employers of a population of this size, by province."""

    def __init__(self, people: int) -> None:
        self._first: dict[str, int] = {}
        self._count: dict[str, int] = {}
        total = 0
        for province, places in _BY_PROVINCE.items():
            share = sum(place.weight for place in places)
            self._first[province] = total
            self._count[province] = _FEWEST_EMPLOYERS + int(people * share / _PEOPLE_PER_EMPLOYER)
            total += self._count[province]

    def draw(self, province: str, chance: float) -> str:
        """Few employ many: the n-th employer is drawn with a chance near 1/(n + _HEAD)."""
        last = self._count[province]
        rank = min(last - 1, int(_HEAD * ((last + _HEAD) / _HEAD) ** chance - _HEAD))
        places = _BY_PROVINCE[province]
        return _employer(self._first[province] + rank, places[rank % len(places)])


@lru_cache(maxsize=100_000)
def _employer(number: int, home: Locality) -> str:
    return employer_name(number, home)


def facts(
    rng: np.random.Generator,
    keys: list[str],
    births: Numbers,
    homes: list[Locality],
    employers: Employers,
) -> list[Row]:
    """The facts of a block of persons; no value twice for the same person and kind."""
    size = len(keys)
    counts = _counts(rng, size)
    draws: Iterator[float] = iter(rng.random(int(counts.sum()) * 2).tolist())
    elsewhere = rng.integers(0, len(_PROVINCES), size).tolist()
    moved = (rng.random(size) < _CHANGES_PROVINCE).tolist()
    rows: list[Row] = []
    everybody = zip(keys, births.tolist(), homes, elsewhere, moved, counts.tolist(), strict=True)
    for key, birth, home, other, moves, how_many in everybody:
        province = home.province if home.province and not moves else _PROVINCES[other]
        life = _Life(key, birth, province, employers, draws)
        rows += life.rows(how_many)
    return rows


def _counts(rng: np.random.Generator, size: int) -> Numbers:
    """How many facts of each kind each person has. A thin file holds two at most, of one kind."""
    counts = np.stack([rng.binomial(most, chance, size) for most, chance in _MOST.values()], axis=1)
    thin = rng.random(size) < _THIN
    only = rng.integers(0, len(_MOST), size)
    counts[thin] = 0
    counts[thin, only[thin]] = rng.integers(0, 3, int(thin.sum()))
    # Everybody else has worked somewhere.
    counts[:, 0] = np.where(~thin & (counts[:, 0] == 0), 1, counts[:, 0])
    return counts


class _Life:
    """One person, while their facts are drawn."""

    def __init__(
        self, key: str, birth: int, province: str, employers: Employers, draws: Iterator[float]
    ) -> None:
        self._key = key
        self._birth = birth
        self._grown = max(1975, 1970 + birth // 365 + 18)
        self._province = province
        self._employers = employers
        self._draws = draws

    def rows(self, how_many: list[int]) -> Iterator[Row]:
        for kind, count in zip(_MOST, how_many, strict=True):
            draw_one = self._DRAW_ONE[kind]
            values = dict.fromkeys(draw_one(self, next(self._draws)) for _ in range(count))
            for value in values:
                yield (self._key, kind, value, *self._period(kind, next(self._draws)))

    def _employer(self, draw: float) -> str:
        return self._employers.draw(self._province, draw)

    def _health_insurer(self, draw: float) -> str:
        return HEALTH_INSURERS[int(len(HEALTH_INSURERS) * draw**1.5)]

    def _payment_bank(self, draw: float) -> str:
        """Name and branch: the name alone would be the same for nearly everybody."""
        bank = BANKS[int(len(BANKS) * draw**1.5)]
        places = _BY_PROVINCE[self._province]
        place = places[int(draw * 7919 * len(places)) % len(places)]
        whose = f" DE {PROVINCE_NAMES[self._province]}" if bank.endswith("PROVINCIA") else ""
        return f"{bank}{whose} - SUC {plain(place.name)}"

    def _locality(self, draw: float) -> str:
        places = _BY_PROVINCE[self._province]
        return places[int(len(places) * draw)].name

    def _street(self, draw: float) -> str:
        return STREETS[int(len(STREETS) * draw)]

    def _child(self, draw: float) -> str:
        names = GIVEN["FM"[int(draw * 1000) % 2], cohort(self._birth + 10_000)]
        return names[int(len(names) * draw)]

    _DRAW_ONE: ClassVar[dict[str, Callable[["_Life", float], str]]] = {
        "employer": _employer, "health_insurer": _health_insurer, "payment_bank": _payment_bank,
        "locality": _locality, "street": _street, "child": _child,
    }  # fmt: skip

    def _period(self, kind: str, draw: float) -> tuple[str, str]:
        """(Since, until). Of a child, no period; of the rest, some have not ended."""
        if kind == "child":
            return "", ""
        start = self._grown + int(draw * max(1, 2024 - self._grown))
        month, day = int(draw * 997) % 12 + 1, int(draw * 9973) % 28 + 1
        since = f"{start}-{month:02d}-{day:02d}"
        length = int(draw * 99_991) % 12
        over = start + length < 2025 and length > 0
        return since, f"{start + length}-{month:02d}-{day:02d}" if over else ""
