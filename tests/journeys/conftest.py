"""What the tests of logging in look at."""

import pytest

from accounts import backends
from accounts.models import Clave


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which secrets were looked at."""
    seen: list[str] = []
    matches = backends.secret_matches

    def watched(raw: str, clave: Clave | None) -> bool:
        seen.append(raw)
        return matches(raw, clave)

    monkeypatch.setattr(backends, "secret_matches", watched)
    return seen
