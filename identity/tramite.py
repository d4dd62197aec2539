"""The number of the trámite printed on the DNI: does it belong to this person?

It shows that the card is at hand, no more: it opens the questions, it never replaces them (R4).
"""

import re
from datetime import timedelta

from django.conf import settings
from django.utils.crypto import constant_time_compare

from guards.keyed import stored_hash, stored_hashes
from guards.limits import Limit
from identity.models import Person

DIGITS = 11


class InvalidTramite(ValueError):
    """What was typed cannot be a trámite number. The message says what to do."""


def parse_tramite(text: str) -> str:
    """Eleven digits; spaces, dots and dashes are tolerated.

    Raises:
        InvalidTramite: with a sentence for the person who typed it.
    """
    digits = re.sub(r"[\s.\-–]", "", text)
    if not digits:
        raise InvalidTramite("Ingresá el número de trámite de tu DNI")
    if not (digits.isascii() and digits.isdigit()):
        raise InvalidTramite("El número de trámite lleva sólo números")
    if len(digits) != DIGITS:
        raise InvalidTramite(
            f"El número de trámite tiene que tener {DIGITS} números. Escribiste {len(digits)}."
        )
    return digits


def tramite_hash(cuil: str, tramite: str) -> str:
    """What the register keeps of it: 11 digits are too few for a hash without a key."""
    return stored_hash("tramite", cuil, tramite)


def tramite_matches(person: Person, tramite: str) -> bool:
    """Compare a typed number with the register's. The try is counted first.

    Raises:
        guards.limits.LimitReached: three tries a day, six in all; nothing was compared.
    """
    for limit in tramite_limits():
        limit.spend(person.cuil)
    known = stored_hashes("tramite", person.cuil, tramite)
    matches = any(constant_time_compare(each, person.tramite_hash) for each in known)
    if matches:
        for limit in tramite_limits():
            limit.forget(person.cuil)
    return matches


def tries_left(cuil: str) -> int:
    """How many more numbers may be tried today."""
    return min(limit.left(cuil) for limit in tramite_limits())


def tramite_limits() -> tuple[Limit, Limit]:
    return (
        Limit("tramite-day", settings.PORTAL_TRAMITE_PER_DAY, timedelta(days=1)),
        Limit("tramite-in-all", settings.PORTAL_TRAMITE_IN_ALL, timedelta(days=3650)),
    )
