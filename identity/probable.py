"""The CUIL that a document number most likely has: arithmetic, which looks at no record of anybody.

Prefix 27 for F and 20 for M, then the document, then the check digit; where the arithmetic asks for a check
digit of 10, prefix 23 instead (ANSES, Resolución 76/1994; the digit is then 4 for F and 9 for M). Prefix 24
was given where another person had the number already. Since the end of 2021 any of the four is given at
random, whatever the sex on the document (Ministerio de Trabajo, Resolución 286/2021; AFIP and ANSES,
Resolución General Conjunta 5007/2021): for X nothing can be foretold.
"""

import re
import unicodedata
from dataclasses import dataclass

from stdnum.ar import cuit

from identity.cuil import Cuil

F, M, X = "F", "M", "X"
# Prefixes that are given to persons, the two usual ones first.
GIVEN = ("27", "20", "23", "24")
_USUAL = {F: ("27", "23"), M: ("20", "23"), X: ()}
_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_TOLERATED = re.compile(r"[\s.\-‐-―−_/]")
_SHORTEST, _LONGEST = 6, 8  # digits; with 6, a «libreta» of the oldest


class InvalidDocument(ValueError):
    """What was typed cannot be the number of a document. The message says what to do."""


@dataclass(frozen=True)
class Probable:
    """`first`: the one the old rule gives, None for X. `others`: what may have been given instead."""

    first: Cuil | None
    others: tuple[Cuil, ...]


def parse_document(text: str) -> str:
    """6 to 8 digits, as people write them: with dots, spaces or dashes.

    Raises:
        InvalidDocument: with a sentence for the person who typed it.
    """
    digits = _TOLERATED.sub("", unicodedata.normalize("NFKC", text))
    if not digits:
        raise InvalidDocument("Ingresá tu número de documento")
    if not (digits.isascii() and digits.isdigit()):
        raise InvalidDocument("El número de documento lleva sólo números")
    if len(digits) > _LONGEST:
        raise InvalidDocument(
            f"El número de documento tiene hasta {_LONGEST} números. Escribiste {len(digits)}."
        )
    if len(digits) < _SHORTEST:
        raise InvalidDocument(f"Al número de documento le faltan números. Escribiste {len(digits)}.")
    return digits


def probable_cuils(document: str, sex: str) -> Probable:
    """What the rules make of `document` (digits, as `parse_document` gives them) and `sex` (F, M, X)."""
    possible = {prefix: cuil for prefix in GIVEN if (cuil := _with(prefix, document))}
    first = next((possible[prefix] for prefix in _USUAL[sex] if prefix in possible), None)
    return Probable(first, tuple(cuil for cuil in possible.values() if cuil != first))


def _with(prefix: str, document: str) -> Cuil | None:
    """None where there is no check digit: stdnum writes a 9 for the 10 that cannot be written."""
    body = f"{prefix}{document:0>8}"
    number = body + cuit.calc_check_digit(body)
    adds_up = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=True)) % 11 == 0
    return Cuil(number) if adds_up else None
