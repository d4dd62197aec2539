"""Somebody who acts for a person in their care, whatever page they chose it on."""

import pytest

from accounts.representation import Acting
from journeys.home import base


def act_for(monkeypatch: pytest.MonkeyPatch, subject: str) -> None:
    """From now on whoever is logged in acts for this CUIL."""
    monkeypatch.setattr(base, "acting_for", lambda *who: Acting(str(who[-1]), subject))
