"""How the secret of a Clave is stored."""

import secrets
from functools import lru_cache

from django.contrib.auth.hashers import Argon2PasswordHasher, make_password

from accounts.hashing import in_turn


class ClaveArgon2Hasher(Argon2PasswordHasher):
    """Argon2id with OWASP's minimum: 19 MiB, two passes, one lane (Password Storage Cheat Sheet).

    Django's own default (100 MiB, eight lanes) costs seven times the processor time: two cores
    could not log in more than nine persons a second.
    """

    time_cost = 2
    memory_cost = 19456
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Raises HashingBusy, as `verify` does (accounts/hashing.py)."""
        return in_turn(lambda: super(ClaveArgon2Hasher, self).encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        return in_turn(lambda: super(ClaveArgon2Hasher, self).verify(password, encoded))


@lru_cache(maxsize=1)
def nobodys_hash() -> str:
    """What a password is compared with when there is no key: same cost, never right."""
    return make_password(secrets.token_urlsafe(32))
