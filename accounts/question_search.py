"""Frequent questions by the words that somebody has in mind: no accents, no capitals, no endings.

There are some dozens of them: one query brings them all, and words are compared here, alike on every
database.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.questions import FrequentQuestion, published_questions
from guards.spelling import same

LONGEST = 80  # characters of a question that are looked at
# Words of every question, which tell nothing of what it is about.
_SAY_NOTHING = (
    "a al ante aparece como con cual cuando de del desde donde el ella en es esta este esto hace hacer haga"
    " hago hay la las le lo los me mi mis muy necesito no nos o para pasa pero por porque pude puedo que"
    " quien quiero se sea si sin sobre soy su sus tengo tiene tu un una uno unos y ya yo"
)
_EMPTY = frozenset(_SAY_NOTHING.split())
# What people call a thing that the answers call otherwise.
_CALLED = {
    "contrasena": "clave", "password": "clave", "pin": "clave", "computadora": "pc", "compu": "pc",
    "costo": "cuesta", "precio": "cuesta", "pagar": "cuesta", "mail": "correo", "email": "correo",
    "usi07": "usi", "sucursal": "oficina", "extranjero": "exterior",
}  # fmt: skip
# Longest first: what is left of «vencida» is what is left of «vence».
_ENDINGS = (
    "aste", "iste", "ando", "endo", "ada", "ado", "ida", "ido", "io", "es", "as", "os", "ar", "er", "ir",
    *"rsaeiou",
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
_LEAST_STEM = 4  # letters; a shorter one would begin words of all kinds


@dataclass(frozen=True)
class Found:
    """`every_word`: each of the questions has all the words; otherwise each has at least one."""

    questions: list[FrequentQuestion]
    every_word: bool = True


def find_questions(text: str) -> Found:
    """Published questions for what somebody typed; those whose own words fit before those whose answer does.

    Where no question has all the words, those that have most of them.
    """
    stems = list(dict.fromkeys(_telling(_words(text[:LONGEST]))))
    scores = [(_score(row, stems), row) for row in published_questions()] if stems else []
    most = max((hits for (hits, _), _ in scores), default=0)
    best = [(score, row) for score, row in scores if most and score[0] == most]
    best.sort(key=lambda one: one[0], reverse=True)
    return Found([row for _, row in best], every_word=most == len(stems))


def _words(text: str) -> list[str]:
    return [_CALLED.get(word, word) for word in map(same, _WORD.findall(text))]


def _telling(words: Iterable[str]) -> list[str]:
    """The beginnings of the words that tell something; of all words, where none does."""
    words = list(words)
    return [_stem(word) for word in words if word not in _EMPTY] or [_stem(word) for word in words]


def _stem(word: str) -> str:
    """Without the ending that changes: «claves» and «clave», «olvidé» and «olvidaste» meet."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word.removesuffix(ending)
    return word


def _score(row: FrequentQuestion, stems: list[str]) -> tuple[int, int]:
    """How many of them the row has, and how many of those its question."""
    asked = _words(row.question)
    both = [*asked, *_words(row.plain)]
    return _hits(both, stems), _hits(asked, stems)


def _hits(words: list[str], stems: list[str]) -> int:
    return sum(any(word.startswith(stem) for word in words) for stem in stems)
