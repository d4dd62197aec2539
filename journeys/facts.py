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
    online_shut: str | None = None  # why the online way is not open; "" where it is
    way: str | None = None  # ONLINE, or why it is paper
    paper_agreed: bool | None = None
    tramite_checked: bool | None = None
    quiz_passed: int | None = None  # number of the round
    clave_issued: int | None = None  # number of the Clave
    pending_issued: int | None = None  # the same, on the paper way
    pending_known: int | None = None  # number of the pending Clave whose secret was given
    clave_enabled: int | None = None


ONLINE = "online"
# Why somebody is on the paper way (ruling R1). All but the person's own wish and a home abroad come
# as a surprise, and get a page that explains.
WISH, ABROAD, THIN, ATTEMPTS = "wish", "abroad", "thin", "attempts"
TRAMITE_LOST, TRAMITE_WRONG, TRAMITE_TRIES = "tramite-lost", "tramite-wrong", "tramite-tries"
BLOCKED = "blocked"
_SURPRISES = frozenset({THIN, ATTEMPTS, TRAMITE_LOST, TRAMITE_WRONG, TRAMITE_TRIES, BLOCKED})

NAMES = frozenset(field.name for field in fields(Facts))


def always(facts: Facts) -> bool:
    return True


def has_clave(facts: Facts) -> bool:
    return bool(facts.existing_clave)


def why_paper(facts: Facts) -> str:
    """The reason; "" on the online way and before it is known."""
    return facts.online_shut or ("" if facts.way in {None, ONLINE} else str(facts.way))


# What is not known yet is taken for the shortest way, so that «Paso 2 de 7» is a fair guess.


def may_prove_online(facts: Facts) -> bool:
    return not facts.online_shut


def online(facts: Facts) -> bool:
    return not why_paper(facts)


def online_with_tramite(facts: Facts) -> bool:
    return online(facts) and bool(facts.has_tramite)


def on_paper(facts: Facts) -> bool:
    return bool(why_paper(facts))


def turned_to_paper(facts: Facts) -> bool:
    return why_paper(facts) in _SURPRISES
