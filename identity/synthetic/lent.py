"""Names lent to a register that has too few of its own to hide a truth among."""

from collections.abc import Collection, Iterable
from itertools import islice

from identity.synthetic.employers import employer_name, plain
from identity.synthetic.names import GIVEN
from identity.synthetic.places import BANKS, HEALTH_INSURERS, LOCALITIES, STREETS


def lent(kind: str, own: Collection[str], fewest: int) -> list[str]:
    """Invented or common values of this kind, as many as `own` lacks to be `fewest`.

    Written in capitals where all the register's own are.
    """
    missing = max(0, fewest - len(own))
    capitals = all(value == value.upper() for value in own)
    taken = {plain(value) for value in own}
    fresh = (value for value in dict.fromkeys(_names(kind)) if plain(value) not in taken)
    return [plain(value) if capitals else value for value in islice(fresh, missing)]


_NAMES: dict[str, list[str]] = {
    "health_insurer": list(HEALTH_INSURERS),
    "payment_bank": list(BANKS),
    "locality": [place.name for place in LOCALITIES],
    "street": list(STREETS),
    "child": [name for names in GIVEN.values() for name in names],
}


def _names(kind: str) -> Iterable[str]:
    if kind == "employer":  # the number is the employer; a thousand are more than a register can lack
        return (employer_name(number, LOCALITIES[number % len(LOCALITIES)]) for number in range(1000))
    return _NAMES[kind]
