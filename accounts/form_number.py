"""The number of a form USI-07: 12 random characters and one that checks them. Tells nothing of anybody.

Crockford's alphabet: without I, L, O and U, which are read as 1, 0 and V. The last character is
Luhn's over that alphabet, so that one wrong character, or two neighbours swapped, is noticed.
"""

import re
import secrets

from stdnum import luhn

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FORM_NUMBER_LENGTH = 13
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


class InvalidFormNumber(ValueError):
    """The message is a sentence for whoever typed it."""


def new_form_number() -> str:
    """60 random bits and the check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(FORM_NUMBER_LENGTH - 1))
    return body + luhn.calc_check_digit(body, ALPHABET)


def parse_form_number(typed: str) -> str:
    """The number as it is stored, from what a person copied or a scanner read.

    Raises:
        InvalidFormNumber: it cannot be one, with a sentence that says what to look at.
    """
    number = re.sub(r"[\s\-.]", "", typed).upper().translate(_READ_AS)
    if not number:
        raise InvalidFormNumber("Ingresá el número de formulario")
    if len(number) != FORM_NUMBER_LENGTH:
        raise InvalidFormNumber(
            f"El número de formulario tiene {FORM_NUMBER_LENGTH} letras y números. Escribiste {len(number)}."
        )
    if not set(number) <= set(ALPHABET) or not luhn.is_valid(number, ALPHABET):
        raise InvalidFormNumber("El número de formulario no es correcto. Revisá que esté bien copiado.")
    return number


def grouped(number: str) -> str:
    """As it is printed and read aloud: K7QM-3D9X-2HVRA."""
    return "-".join((number[:4], number[4:8], number[8:]))
