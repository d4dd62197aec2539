"""Keyed hashes: what must be comparable or repeatable, and useless to whoever steals the table."""

import hashlib
import hmac
from functools import lru_cache

from django.conf import settings


@lru_cache(maxsize=64)
def _key(data_key: str, purpose: str) -> bytes:
    return hmac.digest(data_key.encode(), f"clave/{purpose}".encode(), hashlib.sha256)


def keyed_hash(purpose: str, *parts: object) -> str:
    """64 hex digits that only this deployment can compute.

    The purpose separates the uses: equal parts give unrelated hashes under different purposes.
    Each part goes in with its length, so that ("ab", "c") and ("a", "bc") differ whatever they hold.
    """
    content = "".join(f"{len(part)}:{part}" for part in map(str, parts))
    return hmac.digest(_key(settings.PORTAL_DATA_KEY, purpose), content.encode(), hashlib.sha256).hex()


def keyed_numbers(purpose: str, *parts: object, below: int, count: int) -> list[int]:
    """`count` numbers in [0, below) fixed by the parts; repeats are possible.

    Each is 64 bits wide before the modulus, so the bias is nil; one hash gives four of them.
    """
    blocks = (keyed_hash(purpose, *parts, block) for block in range(-(-count // 4)))
    wide = (int(digest[at : at + 16], 16) for digest in blocks for at in range(0, 64, 16))
    return [number % below for number in wide][:count]
