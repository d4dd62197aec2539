"""Codes that stand on paper and are typed by people: random, and one character that checks the others.

Crockford's alphabet: without I, L, O and U, which are read as 1, 0 and V. The last character is
Luhn's over that alphabet, so that one wrong character, or two neighbours swapped, is noticed.
"""

import re
import secrets
from dataclasses import dataclass
from itertools import pairwise

from stdnum import luhn

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
_GROUP = 4


class InvalidCode(ValueError):
    """The message is a sentence for whoever typed it."""


@dataclass(frozen=True)
class CheckedCode:
    """One sort of code. `name`: what its sentences call it; `length`: with the character that checks."""

    name: str
    length: int

    def new(self) -> str:
        """Five random bits a character, and the check character."""
        body = "".join(secrets.choice(ALPHABET) for _ in range(self.length - 1))
        return body + luhn.calc_check_digit(body, ALPHABET)

    def parse(self, typed: str) -> str:
        """The code as it is stored, from what a person copied or a scanner read.

        Raises:
            InvalidCode: it cannot be one, with a sentence that says what to look at.
        """
        code = re.sub(r"[\s\-.]", "", typed).upper().translate(_READ_AS)
        if not code:
            raise InvalidCode(f"Ingresá el {self.name}")
        if len(code) != self.length:
            raise InvalidCode(f"El {self.name} tiene {self.length} letras y números. Escribiste {len(code)}.")
        if not set(code) <= set(ALPHABET) or not luhn.is_valid(code, ALPHABET):
            raise InvalidCode(f"El {self.name} no es correcto. Revisá que esté bien copiado.")
        return code

    def grouped(self, code: str) -> str:
        """As it is printed and read aloud, by fours: K7QM-3D9X-2HVRA."""
        cuts = [*range(0, self.length - _GROUP + 1, _GROUP), self.length]
        return "-".join(code[start:end] for start, end in pairwise(cuts))
