"""The one door: no other code changes the state of a key, whether of one or of a hundred thousand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import notices
from accounts.events import Happening, Trail, record_all
from accounts.lifecycle import MOVES, Move, State
from guards.locks import one_at_a_time

if TYPE_CHECKING:
    from accounts.models import Clave


@transaction.atomic
def pass_through(
    claves: Sequence[Clave],
    move: Move,
    trail: Trail,
    *,
    target: State | None = None,
    only_if: Q | None = None,
    **changes: Any,
) -> list[Clave]:
    """Make the move with every key that is, in its stored row, where the move starts.

    In one transaction: the state, one event and the mail that tells of it. `only_if` is a further
    condition on the stored row, `changes` are further columns to set.

    Returns the keys that moved, as they were before: whoever is not among them was elsewhere.
    """
    one_at_a_time(*(clave.cuil for clave in claves))
    sources, fixed_target = MOVES[move]
    state = fixed_target or target
    rows = type(claves[0]).objects.filter(
        only_if or Q(), pk__in=[clave.pk for clave in claves], state__in=sources
    )
    moved = list(rows.order_by("pk").select_for_update())
    if not moved:
        return []
    changed = rows.update(**changes, state=state, state_since=timezone.now())
    if changed != len(moved):
        raise RuntimeError("a key changed although its row was locked")
    record_all(
        [Happening(was.cuil, move, was.pk, source=was.state, target=str(state)) for was in moved], trail
    )
    notices.tell(move, moved)
    return moved
