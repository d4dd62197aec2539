"""All that a journey may remember, and the named conditions on it.

Never a password, a captcha or an answer: what is listed here is what the session can hold.
"""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Facts:
    policies_accepted: str | None = None  # version|moment, see journeys/pages/creating.py
    cuil: str | None = None
    abroad: bool | None = None
    existing_clave: str | None = None  # "enabled", "pending" or "" when the CUIL was entered
    has_tramite: bool | None = None
    replacement_agreed: bool | None = None
    data_confirmed: bool | None = None
    tramite_checked: bool | None = None
    quiz_passed: int | None = None  # number of the round
    clave_issued: int | None = None  # number of the Clave


NAMES = frozenset(field.name for field in fields(Facts))


def always(facts: Facts) -> bool:
    return True


def has_clave(facts: Facts) -> bool:
    return bool(facts.existing_clave)


def has_tramite(facts: Facts) -> bool:
    return bool(facts.has_tramite)
