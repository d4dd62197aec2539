"""Mails about a key, queued in the transaction of what they tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from accounts.lifecycle import Move

if TYPE_CHECKING:
    from accounts.models import Clave


def tell(move: Move, claves: Sequence[Clave]) -> None:
    """Queue the mails of one move; `claves` as they were before it (a new one: as it is)."""
