"""Localities and postal codes in the form in which they are compared and indexed."""

import re

from guards.spelling import same

# Registers shorten these words, each its own way. «9 de Julio» and «25 de Mayo» are towns.
_IN_FULL = {
    "cap": "capitan", "cmte": "comandante", "cnel": "coronel", "cte": "comandante", "dr": "doctor",
    "gdor": "gobernador", "gob": "gobernador", "gral": "general", "ing": "ingeniero",
    "nueve": "9", "pte": "presidente", "sta": "santa", "sto": "santo", "tte": "teniente",
    "veinticinco": "25",
}  # fmt: skip
_CPA = re.compile(r"([A-HJ-NP-Z])([1-9][0-9]{3})(?:[A-Z]{3})?")
_DIGITS = re.compile(r"[1-9][0-9]{3}")
LONGEST_PLACE = 120  # characters; words written in full may outgrow what a locality may have


def place_of(locality: str) -> str:
    """One string for all spellings of a locality: «Gral. Acha» and «GENERAL ACHA» are one place."""
    words = map(same, re.split(r"[\s.,/-]+", locality))
    return "".join(_IN_FULL.get(word, word) for word in words)[:LONGEST_PLACE]


def digits_of(postal_code: str) -> str:
    """The four digits of a postal code, also of a CPA (B8504XAA, B8504 → 8504); '' where there are none."""
    bare = re.sub(r"[\s-]", "", postal_code).upper()
    if found := _CPA.fullmatch(bare):
        return found[2]
    return bare if _DIGITS.fullmatch(bare) else ""


def province_of(postal_code: str) -> str | None:
    """The letter with which a CPA begins; four digits alone do not tell a province."""
    found = _CPA.fullmatch(postal_code.upper())
    return found[1] if found else None
