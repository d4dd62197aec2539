"""Keyed hashes: what must be comparable or repeatable, and useless to whoever steals the table."""

import hashlib
import hmac

from django.conf import settings


def _key(purpose: str) -> bytes:
    return hmac.digest(settings.PORTAL_DATA_KEY.encode(), f"clave/{purpose}".encode(), hashlib.sha256)


def keyed_hash(purpose: str, *parts: object) -> str:
    """64 hex digits that only this deployment can compute.

    The purpose separates the uses: equal parts give unrelated hashes under different purposes.
    Parts are joined by NUL, so ("ab", "c") and ("a", "bc") differ.
    """
    return hmac.digest(_key(purpose), "\0".join(map(str, parts)).encode(), hashlib.sha256).hex()


def keyed_number(purpose: str, *parts: object, below: int) -> int:
    """A number in [0, below) fixed by the parts; 64 bits wide before the modulus, so the bias is nil."""
    return int(keyed_hash(purpose, *parts)[:16], 16) % below
