"""The kinds of fact the agency can ask about. A new kind is one entry here and rows in facts.csv."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

_COMPANY = (
    ("insurer", r"\b(OBRA SOCIAL|SEGURO DE SALUD|SERVICIOS? SOCIAL(ES)?)\b"),
    ("state", r"\b(MUNICIPALIDAD|MUNICIPIO|COMUNA|MINISTERIO|GOBIERNO|UNIVERSIDAD|HOSPITAL|ESCUELA"
              r"|INSTITUTO|DIRECCION GENERAL|PODER JUDICIAL)\b"),
    ("coop", r"\b(COOPERATIVA|COOP|MUTUAL|ASOCIACION|FUNDACION|CONSORCIO|SINDICATO|CLUB)\b"),
    ("srl", r"\b(S ?R ?L|S\.R\.L\.?|SRL)\s*$"),
    ("sas", r"\b(S ?A ?S|S\.A\.S\.?|SAS)\s*$"),
    ("sa", r"\b(S ?A ?(C|I|F|C I|C I F|U)*|S\.A\.([A-Z]\.)*|SACI|SACIF|SAIC|SAU)\s*$"),
    ("partners", r"( Y |\bE HIJOS\b|\bHNOS\b|\bHERMANOS\b|\bSOCIEDAD DE HECHO\b)"),
)  # fmt: skip
_COMPANY_RULES = tuple((name, re.compile(rule)) for name, rule in _COMPANY)


def _class_of_company(value: str) -> str:
    upper = value.upper()
    for name, rule in _COMPANY_RULES:
        if rule.search(upper):
            return name
    return "person" if 2 <= len(upper.split()) <= 4 else "other"


# Where the last letter tells the wrong thing.
_BOYS = frozenset({"bautista", "luca", "nicola", "elia", "jeremia", "noa"})
_GIRLS = frozenset(
    {
        "abril", "ailen", "ainhoa", "ayelen", "beatriz", "belen", "carmen", "consuelo", "dolores", "esther",
        "guadalupe", "ines", "irene", "isabel", "jazmin", "luz", "maite", "mercedes", "milagros", "miriam",
        "nahir", "noemi", "pilar", "raquel", "rocio", "ruth", "sol", "soledad", "zoe",
    }
)  # fmt: skip


def _class_of_given_name(value: str) -> str:
    """Girls' names or boys', as far as the first name tells: one boy among four girls would stand out."""
    decomposed = unicodedata.normalize("NFKD", value.casefold().strip())
    first = "".join(c for c in decomposed if not unicodedata.combining(c)).split(" ")[0]
    return "a" if first in _GIRLS or (first.endswith("a") and first not in _BOYS) else "o"


def _one_class(_value: str) -> str:
    return "all"


@dataclass(frozen=True)
class Kind:
    """How one kind of fact is asked. `category` is what R3 counts: a round mixes at least two.

    `known_as`: what such facts are called where a person reads what is known of them.
    """

    name: str
    category: str
    question: str
    none: str
    known_as: str
    class_of: Callable[[str], str] = _one_class


KINDS = {
    kind.name: kind
    for kind in (
        Kind("employer", "work",
             "¿Trabajaste en alguna de las siguientes Empresas/Organizaciones?",
             "No sé / No trabajé en ninguna de esas Empresas/organizaciones.",
             "Trabajos",
             _class_of_company),
        Kind("health_insurer", "health",
             "¿Cuál de estas es o fue tu obra social?",
             "No sé / Ninguna de esas fue mi obra social.",
             "Obras sociales",
             _class_of_company),
        Kind("payment_bank", "payments",
             "¿En cuál de estos bancos o correos cobraste alguna vez?",
             "No sé / No cobré en ninguno de esos lugares.",
             "Lugares de cobro"),
        Kind("locality", "home",
             "¿En cuál de estas localidades viviste?",
             "No sé / No viví en ninguna de esas localidades.",
             "Domicilios: localidades"),
        Kind("street", "home",
             "¿En cuál de estas calles viviste?",
             "No sé / No viví en ninguna de esas calles.",
             "Domicilios: calles"),
        Kind("child", "family",
             "¿Cuál de estos es el nombre de un hijo o una hija tuya?",
             "No sé / Ninguno de esos nombres.",
             "Hijos e hijas",
             _class_of_given_name),
    )
}  # fmt: skip
