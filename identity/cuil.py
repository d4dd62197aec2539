"""Cuil: the 11 digits that name a person before the social security.

Two digits of kind, eight of the document, one that checks the others (ANSES, Resolución 76/1994;
the arithmetic is python-stdnum's `ar.cuit`).
"""

import re
import unicodedata

from stdnum.ar import cuit

PREFIXES = frozenset({"20", "23", "24", "25", "26", "27"})
_TOLERATED = re.compile(r"[\s.\-‐-―−_/]")


class InvalidCuil(ValueError):
    """What was typed is not the CUIL of a person. The message says what to do."""


class Cuil(str):
    """Eleven digits. Made by `Cuil.parse`; a plain string wherever one is wanted."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> "Cuil":
        """Read a CUIL as people write it: with spaces, dots or dashes, or in full-width digits.

        Raises:
            InvalidCuil: with a sentence for the person who typed it.
        """
        digits = _TOLERATED.sub("", unicodedata.normalize("NFKC", text))
        if not digits:
            raise InvalidCuil("Ingresá tu número de CUIL")
        if not (digits.isascii() and digits.isdigit()):
            raise InvalidCuil("El CUIL lleva sólo números")
        if len(digits) != 11:
            raise InvalidCuil(f"El CUIL tiene que tener 11 números. Escribiste {len(digits)}.")
        # Not `cuit.is_valid`: it knows the prefixes of tax numbers, and those of persons lack 25 and 26.
        if digits[:2] not in PREFIXES or cuit.calc_check_digit(digits[:10]) != digits[10]:
            raise InvalidCuil("El CUIL no es correcto. Revisá que los números estén bien copiados.")
        return cls(digits)

    @property
    def formatted(self) -> str:
        """As printed on official papers: 20-12345678-6."""
        return f"{self[:2]}-{self[2:10]}-{self[10:]}"
