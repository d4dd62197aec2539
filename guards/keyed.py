"""Keyed hashes: what must be comparable or repeatable, and useless to whoever steals the table.

The key can be changed: what is made is made with `PORTAL_DATA_KEY`, what is compared may have been made with
one of `PORTAL_DATA_KEY_FALLBACKS`. A hash that stays in a table for long begins with a mark of its key, so
that one can see which key is still needed (`rekey`). Two things outlast every key: an event stays as it was
sealed, and a count must not begin anew. Those of the keys before that are in `PORTAL_DATA_KEY_RETIRED` too
serve these, and nothing that opens anything, whoever else came to know them.
"""

import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.crypto import constant_time_compare

_MARK = 8  # hex digits
EVENTS, COUNTS = "audit", "limit"


@dataclass(frozen=True)
class DataKey:
    """What may be told of one. `setting`: where it stands."""

    setting: str
    mark: str
    retired: bool


@lru_cache(maxsize=64)
def _key(data_key: str, purpose: str) -> bytes:
    return hmac.digest(data_key.encode(), f"clave/{purpose}".encode(), hashlib.sha256)


def keyed_hash(purpose: str, *parts: object) -> str:
    """64 hex digits that only this deployment can compute.

    The purpose separates the uses: equal parts give unrelated hashes under different purposes.
    Each part goes in with its length, so that ("ab", "c") and ("a", "bc") differ whatever they hold.
    """
    return _hash(settings.PORTAL_DATA_KEY, purpose, parts)


def keyed_hashes(purpose: str, *parts: object) -> list[str]:
    """What `keyed_hash` gives, and what it gave under each key before, the latest first."""
    return [_hash(key, purpose, parts) for key in _keys(purpose)]


def is_keyed_hash(given: str, purpose: str, *parts: object) -> bool:
    """Whether the hash is of these parts, under any of the keys."""
    return key_number(given, purpose, *parts) is not None


def key_number(given: str, purpose: str, *parts: object) -> int | None:
    """Which key made it: 0 the one in use, 1 and on those before, the latest first; None: none of them."""
    hashes = (_hash(key, purpose, parts) for key in _keys(purpose))
    return next((number for number, each in enumerate(hashes) if constant_time_compare(given, each)), None)


def stored_hash(purpose: str, *parts: object) -> str:
    """`keyed_hash` for a column: 64 digits too, the first of which tell the key."""
    return _marked(settings.PORTAL_DATA_KEY, purpose, parts)


def stored_hashes(purpose: str, *parts: object) -> list[str]:
    """Whatever a column may hold of these parts: under each key, also as it was written without a mark."""
    return [make(key, purpose, parts) for key in _keys(purpose) for make in (_marked, _hash)]


def key_mark(data_key: str) -> str:
    """The first digits of what is stored under this key. The key cannot be had from it."""
    return _hash(data_key, "mark", ())[:_MARK]


def data_keys() -> list[DataKey]:
    """The one in use and all before it, the latest first: an event has its number here (`key_number`)."""
    in_use, *before = _all_keys()
    told = [DataKey("PORTAL_DATA_KEY", key_mark(in_use), retired=False)]
    for number, key in enumerate(before, start=1):
        retired = key in settings.PORTAL_DATA_KEY_RETIRED
        told.append(DataKey(f"PORTAL_DATA_KEY_FALLBACKS, la {number}ª", key_mark(key), retired))
    return told


def keyed_numbers(purpose: str, *parts: object, below: int, count: int) -> list[int]:
    """`count` numbers in [0, below) fixed by the parts; repeats are possible.

    Each is 64 bits wide before the modulus, so the bias is nil; one hash gives four of them.
    """
    blocks = (keyed_hash(purpose, *parts, block) for block in range(-(-count // 4)))
    wide = (int(digest[at : at + 16], 16) for digest in blocks for at in range(0, 64, 16))
    return [number % below for number in wide][:count]


def _keys(purpose: str) -> list[str]:
    if purpose in {EVENTS, COUNTS}:
        return _all_keys()
    in_use, *before = _all_keys()
    return [in_use, *(key for key in before if key not in settings.PORTAL_DATA_KEY_RETIRED)]


def _all_keys() -> list[str]:
    """Each once: to restore a copy, a key of before is put in use and stays among those before."""
    return list(dict.fromkeys([settings.PORTAL_DATA_KEY, *settings.PORTAL_DATA_KEY_FALLBACKS]))


def _hash(data_key: str, purpose: str, parts: tuple[object, ...]) -> str:
    content = "".join(f"{len(part)}:{part}" for part in map(str, parts))
    return hmac.digest(_key(data_key, purpose), content.encode(), hashlib.sha256).hex()


def _marked(data_key: str, purpose: str, parts: tuple[object, ...]) -> str:
    return (key_mark(data_key) + _hash(data_key, purpose, parts))[:64]
