"""A hasher that costs nothing, for what is measured without the hash."""

from typing import Any

from django.contrib.auth.hashers import BasePasswordHasher


class FreeHasher(BasePasswordHasher):
    """Keeps the password as it is: never outside a benchmark."""

    algorithm = "free"

    def encode(self, password: str, salt: str) -> str:
        return f"{self.algorithm}${salt}${password}"

    def decode(self, encoded: str) -> dict[str, Any]:
        algorithm, salt, password = encoded.split("$", 2)
        return {"algorithm": algorithm, "salt": salt, "hash": password}

    def verify(self, password: str, encoded: str) -> bool:
        return bool(self.decode(encoded)["hash"] == password)
