"""Persons and what the agency knows of them, drawn in blocks.

A block depends on the seed and on its number alone, so any size takes the memory of one block. No
two persons share a document number: a person's place in the population gives it by a step that
runs through all numbers before it repeats one. The number then gives the age, as it does in life.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from identity.synthetic import known
from identity.synthetic.known import Row
from identity.synthetic.names import GIVEN, SURNAME_LIST
from identity.synthetic.places import ABROAD, LOCALITIES, STREETS, Locality

BLOCK = 10_000
TODAY = date(2025, 12, 31)  # fixed: the same seed gives the same files in any year

_EPOCH = date(1970, 1, 1)
# Document numbers of the native and the foreign-born; both steps share no factor with their range.
_NATIVE_FROM, _NATIVE_RANGE, _NATIVE_STEP = 4_000_000, 44_000_009, 27_182_819
_FOREIGN_FROM, _FOREIGN_RANGE, _FOREIGN_STEP = 92_000_000, 3_999_971, 1_618_033
_FOREIGN_EVERY = 25
# Which numbers were given to those born when (DNI, roughly).
_NUMBERS = np.array([4, 5, 8, 11, 14, 17, 21, 25, 29, 33, 37, 41, 45, 48.1]) * 1e6
_BORN = [1931, 1938, 1950, 1955, 1961, 1965, 1970, 1976, 1982, 1988, 1993, 1998.5, 2004, 2007.5]
_WEIGHTS = np.array([5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
_PLACE_WEIGHTS = np.array([place.weight for place in LOCALITIES])
_PLACE_WEIGHTS /= _PLACE_WEIGHTS.sum()
_SURNAME_WEIGHTS = 1 / (np.arange(len(SURNAME_LIST)) + 8.0)
_SURNAME_WEIGHTS /= _SURNAME_WEIGHTS.sum()

Numbers = NDArray[np.int64]
Generator = np.random.Generator


@dataclass(frozen=True)
class Block:
    """Rows of the three files, columns in the order of `files.COLUMNS`."""

    people: list[Row]
    facts: list[Row]
    curatelas: list[Row]


def population(people: int, seed: int) -> Iterator[Block]:
    """`people` persons, the same ones for the same seed and size."""
    employers = known.Employers(people)
    for number, start in enumerate(range(0, people, BLOCK)):
        rng = np.random.default_rng([seed, number])
        indexes = np.arange(start, min(start + BLOCK, people))
        yield _block(rng, indexes, seed, employers)


def cuils(numbers: Numbers, sexes: Numbers) -> Numbers:
    """CUIL by document number and sex (0 F, 1 M, 2 X).

    Where the usual prefix would ask for a check digit 10, 23 is given instead, or 24.
    """
    usual = np.choose(sexes, [27, 20, np.where(numbers % 2, 20, 27)])
    spare = np.where(numbers % 10 == 0, 24, 23)
    remainder = _remainder(usual * 10**8 + numbers)
    body = np.where(remainder == 1, spare, usual) * 10**8 + numbers
    return body * 10 + (11 - _remainder(body)) % 11


def _remainder(bodies: Numbers) -> Numbers:
    digits = bodies[:, None] // 10 ** np.arange(9, -1, -1) % 10
    remainder: Numbers = digits @ _WEIGHTS % 11
    return remainder


def document_numbers(indexes: Numbers, seed: int) -> Numbers:
    """A number for each place in the population, all different."""
    native = _NATIVE_FROM + ((indexes + seed % 1000) * _NATIVE_STEP) % _NATIVE_RANGE
    foreign = _FOREIGN_FROM + (indexes // _FOREIGN_EVERY * _FOREIGN_STEP) % _FOREIGN_RANGE
    return np.where(indexes % _FOREIGN_EVERY == _FOREIGN_EVERY - 1, foreign, native)


def _block(rng: Generator, indexes: Numbers, seed: int, employers: known.Employers) -> Block:
    size = len(indexes)
    numbers = document_numbers(indexes, seed)
    sexes = rng.choice(3, size, p=[0.508, 0.489, 0.003])
    born = np.interp(numbers, _NUMBERS, _BORN)
    born = np.where(numbers >= _FOREIGN_FROM, rng.uniform(1940, 2004, size), born)
    births = ((born + rng.normal(0, 0.3, size) - 1970) * 365.2425).astype(np.int64)
    homes = _homes(rng, size)
    keys = [f"{cuil:011d}" for cuil in cuils(numbers, sexes).tolist()]
    names = _names(rng, sexes, births)
    papers = _papers(rng, numbers, sexes)
    addresses = _addresses(rng, homes)
    deaths = _deaths(rng, births)
    tramites = _tramites(rng, papers, homes)
    letters = ["FMX"[sex] for sex in sexes.tolist()]
    people = [
        (key, *name, *paper, letter, _iso(birth), *address, tramite, death)
        for key, name, paper, letter, birth, address, tramite, death in zip(
            keys, names, papers, letters, births.tolist(), addresses, tramites, deaths, strict=True
        )
    ]
    facts = known.facts(rng, keys, births, homes, employers)
    return Block(people, facts, _curatelas(rng, keys))


def _iso(day: int) -> str:
    return str(date.fromordinal(_EPOCH.toordinal() + day))


def _homes(rng: Generator, size: int) -> list[Locality]:
    """One in fifty lives abroad."""
    inside = rng.choice(len(LOCALITIES), size, p=_PLACE_WEIGHTS).tolist()
    outside = rng.integers(0, len(ABROAD), size).tolist()
    abroad = (rng.random(size) < 0.02).tolist()
    return [
        ABROAD[there] if away else LOCALITIES[here]
        for here, there, away in zip(inside, outside, abroad, strict=True)
    ]


def _names(rng: Generator, sexes: Numbers, births: Numbers) -> list[tuple[str, str]]:
    """(Surname, given names): one person in ten has two surnames, most have two given names."""
    size = len(sexes)
    surnames = rng.choice(len(SURNAME_LIST), (size, 2), p=_SURNAME_WEIGHTS).tolist()
    doubled = (rng.random(size) < 0.1).tolist()
    counts = rng.choice([1, 2, 3], size, p=[0.3, 0.65, 0.05]).tolist()
    draws = rng.random((size, 3)).tolist()
    return [
        (_surname(pair, double), _given(known.cohort(birth), sex, draw[:count]))
        for pair, double, count, draw, sex, birth in zip(
            surnames, doubled, counts, draws, sexes.tolist(), births.tolist(), strict=True
        )
    ]


def _surname(pair: list[int], double: bool) -> str:  # noqa: FBT001 - a drawn value, not an option
    one, other = (SURNAME_LIST[place] for place in pair)
    return f"{one} {other}" if double and one != other else one


def _given(cohort: int, sex: int, draws: list[float]) -> str:
    names = GIVEN["MF"[sex == 0], cohort]
    # The first name is drawn towards the head of the list, where the common ones stand.
    drawn = [names[int(len(names) * draw ** (2 if not i else 1))] for i, draw in enumerate(draws)]
    return " ".join(dict.fromkeys(drawn))


def _papers(rng: Generator, numbers: Numbers, sexes: Numbers) -> list[tuple[str, str]]:
    """(Document type, number). The old kept their Libreta; a few have a passport or a cédula."""
    rare = rng.random(len(numbers)).tolist()
    return [_paper(*one) for one in zip(numbers.tolist(), sexes.tolist(), rare, strict=True)]


def _paper(number: int, sex: int, rare: float) -> tuple[str, str]:
    if number < 8_500_000 and rare < 0.35:
        return "LC" if sex == 0 else "LE", str(number)
    if number >= _FOREIGN_FROM and rare < 0.08:
        return "PAS", f"{'ABCDFGHJ'[number % 8]}{'KLMNPQRS'[number // 8 % 8]}{number % 10**7:07d}"
    if rare > 0.998:
        return "CI", str(number % 9_000_000 + 1_000_000)
    return "DU", str(number)


def _addresses(rng: Generator, homes: list[Locality]) -> list[tuple[str, ...]]:
    """(Street, locality, postal code, province, country)."""
    streets = rng.integers(0, len(STREETS), len(homes)).tolist()
    doors = rng.integers(1, 4000, len(homes)).tolist()
    return [
        (f"{STREETS[street]} {door}", home.name, home.postal_code, home.province, home.country)
        for home, street, door in zip(homes, streets, doors, strict=True)
    ]


def _deaths(rng: Generator, births: Numbers) -> list[str]:
    """Three in a hundred, most of them old; never before the age of 18."""
    today = (TODAY - _EPOCH).days
    ages = (today - births) / 365.2425
    dies = rng.random(len(births)) < 0.12 * np.clip((ages - 18) / 75, 0, 1.2) ** 3
    ago = rng.random(len(births)) ** 2 * np.minimum(20, np.maximum(ages - 18, 0)) * 365.2425
    days = (today - ago.astype(np.int64)).tolist()
    return [_iso(day) if dead else "" for day, dead in zip(days, dies.tolist(), strict=True)]


def _tramites(rng: Generator, papers: list[tuple[str, str]], homes: list[Locality]) -> list[str]:
    """Eleven digits; only a DNI has one, and of those nine in ten are on record."""
    drawn = rng.integers(10_000_000, 800_000_000, len(papers)).tolist()
    lost = (rng.random(len(papers)) < 0.07).tolist()
    return [
        f"{number:011d}" if paper[0] == "DU" and home.province and not gone else ""
        for number, paper, home, gone in zip(drawn, papers, homes, lost, strict=True)
    ]


def _curatelas(rng: Generator, keys: list[str]) -> list[Row]:
    """One person in a thousand is somebody's charge; every fifth of these curatelas has ended."""
    pairs = rng.permutation(len(keys))[: len(keys) // 1000 * 2].reshape(-1, 2).tolist()
    years = rng.integers(1998, 2020, len(pairs)).tolist()
    return [
        (keys[one], keys[other], f"{year}-{i % 12 + 1:02d}-{i % 28 + 1:02d}",
         f"{year + 5}-06-30" if i % 5 == 0 else "", f"{12000 + i * 37}/{year}")
        for i, ((one, other), year) in enumerate(zip(pairs, years, strict=True))
    ]  # fmt: skip
