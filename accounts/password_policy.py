"""The rules for the secret of a Clave: one class a rule (guide, Políticas de Seguridad; rulings R5-R7).

The same rules run in the browser (static/js); tests/password_vectors.json binds both. Nothing is
stripped or normalised: what was typed is what is judged and hashed.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Protocol

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator

SHORTEST, LONGEST = 8, 15
# What whoever guesses a key of this portal tries first. Told in docs/seguridad.md.
PORTAL_WORDS = ("anses", "argentina", "clave", "cuil", "portal", "seguridad", "social")


@dataclass(frozen=True)
class About:
    """What a password must not contain: the person it belongs to."""

    names: tuple[str, ...] = ()
    document: str = ""
    cuil: str = ""
    birth_date: date | None = None

    def words(self) -> set[str]:
        """Name parts of three letters or more, lower case, without accents."""
        return {w for name in self.names for w in re.findall("[a-z]{3,}", plain(name))}

    def numbers(self) -> set[str]:
        """The document, the CUIL and the usual ways to write the birth date."""
        numbers = {self.document.lstrip("0"), self.cuil}
        if self.birth_date:
            ways = ("%d%m%Y", "%d%m%y", "%Y%m%d", "%m%d%Y", "%Y")
            numbers |= {self.birth_date.strftime(way) for way in ways}
        return {plain(n) for n in numbers if n}


def plain(text: str) -> str:
    """Lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


class Rule(Protocol):
    name: str

    def broken_by(self, password: str, about: About) -> str | None:
        """What to do about it, for the person who typed it; None when the rule is kept."""


class Length:
    name = "length"

    def broken_by(self, password: str, about: About) -> str | None:
        if SHORTEST <= len(password) <= LONGEST:
            return None
        return (
            f"La clave tiene que tener entre {SHORTEST} y {LONGEST} caracteres. "
            f"La tuya tiene {len(password)}."
        )


class Letters:
    name = "letters"

    def broken_by(self, password: str, about: About) -> str | None:
        if not re.search("[0-9]", password):
            return "Agregá al menos un número"
        return None if re.search("[A-Za-z]", password) else "Agregá al menos una letra"


class Uppercase:
    name = "uppercase"

    def broken_by(self, password: str, about: About) -> str | None:
        return None if re.search("[A-Z]", password) else "Agregá al menos una letra mayúscula"


class Alphabet:
    name = "alphabet"

    def broken_by(self, password: str, about: About) -> str | None:
        if re.fullmatch("[A-Za-z0-9]*", password):
            return None
        return "Sacá los caracteres especiales: usá sólo letras sin acento y números"


class Repeats:
    """R5: two equal neighbours, or with PORTAL_REPEATS=anywhere any character twice."""

    name = "repeats"

    def broken_by(self, password: str, about: About) -> str | None:
        apart = settings.PORTAL_REPEATS == "anywhere"
        found = re.search(r"(.).*\1" if apart else r"(.)\1", password, re.DOTALL)
        if not found:
            return None
        piece = found[1] if apart else found[0]
        return f"La clave tiene caracteres repetidos ({piece})"


class Series:
    """R6: three or more digits, or four or more letters, rising or falling by one."""

    name = "series"

    def broken_by(self, password: str, about: About) -> str | None:
        for size, alphabet in ((3, "[0-9]+"), (4, "[A-Za-z]+")):
            for start in range(len(password) - size + 1):
                piece = password[start : start + size]
                if re.fullmatch(alphabet, piece) and _rises_or_falls(piece.lower()):
                    return f"La clave tiene una serie ({piece})"
        return None


class PortalWords:
    """ASVS 6.2.11: nothing that this very portal puts into everybody's mind."""

    name = "words"

    def broken_by(self, password: str, about: About) -> str | None:
        # Of these letters alone, as the browser compares them: no sign of another alphabet counts as one.
        lower = "".join(c.lower() if c.isascii() else c for c in password)
        found = next((word for word in PORTAL_WORDS if word in lower), None)
        return f"No uses en la clave palabras de este portal, como «{found}»" if found else None


class Personal:
    """R7 and the policies: nothing «que tenga relación directa con tu persona»."""

    name = "personal"

    def broken_by(self, password: str, about: About) -> str | None:
        lower = plain(password)
        words = set(re.findall("[a-z]+", lower))
        if any(word in words or (len(word) > 3 and word in lower) for word in about.words()):
            return "No uses tu nombre ni tu apellido en la clave"
        if any(number in lower for number in about.numbers()):
            return "No uses tu documento, tu CUIL ni tu fecha de nacimiento en la clave"
        return None


class Common:
    """Django's list of the 20,000 most used passwords, upper or lower case."""

    name = "common"
    _listed = CommonPasswordValidator()

    def broken_by(self, password: str, about: About) -> str | None:
        if password.lower() not in self._listed.passwords:
            return None
        return "Esa clave la usa mucha gente y es fácil de adivinar. Elegí otra."


RULES: tuple[Rule, ...] = (
    Length(), Letters(), Uppercase(), Alphabet(), Repeats(), Series(), PortalWords(), Personal(), Common(),
)  # fmt: skip


def _rises_or_falls(piece: str) -> bool:
    """Whether each character follows the one before by exactly one, all upwards or all downwards."""
    return {ord(b) - ord(a) for a, b in pairwise(piece)} in ({1}, {-1})


def broken_rules(password: str, about: About | None = None, rules: Iterable[Rule] = RULES) -> dict[str, str]:
    """Every broken rule with its message, in the order of the rules."""
    about = about or About()
    verdicts = ((rule.name, rule.broken_by(password, about)) for rule in rules)
    return {name: message for name, message in verdicts if message}
