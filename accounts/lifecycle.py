"""The life of a Clave: its states, its moves, and which move leads where. Nothing else decides it.

Level is part of the state, so a pending key with a level, or an enabled one without, cannot be
written down. Sources: the manual (pending, 90 days, office) and the 2019 guide (levels 2 and 3).
"""

from django.db.models import TextChoices


class State(TextChoices):
    PENDING = "pending", "Pendiente de habilitación"
    LEVEL_2 = "level_2", "Habilitada con nivel 2"
    LEVEL_3 = "level_3", "Habilitada con nivel 3"
    EXPIRED = "expired", "Vencida"
    REPLACED = "replaced", "Reemplazada por otra"
    REVOKED = "revoked", "Dada de baja"


class Move(TextChoices):
    CREATE_PENDING = "create_pending", "Se creó la clave, pendiente de habilitación"
    CREATE_VERIFIED = "create_verified", "Se creó la clave por internet, con nivel 2"
    ENABLE_ONLINE = "enable_online", "Se habilitó la clave por internet, con nivel 2"
    ENABLE_IN_OFFICE = "enable_in_office", "Se habilitó la clave en una oficina, con nivel 3"
    RAISE_LEVEL = "raise_level", "La clave pasó a nivel 3"
    EXPIRE = "expire", "La clave venció sin que la habilitaran"
    REPLACE = "replace", "Otra clave reemplazó a esta"
    RESTORE = "restore", "La clave reemplazada volvió a valer"
    REVOKE = "revoke", "Se dio de baja la clave"


LIVE = frozenset({State.LEVEL_2, State.LEVEL_3})
CURRENT = LIVE | {State.PENDING}

BIRTHS = {
    Move.CREATE_PENDING:   State.PENDING,
    Move.CREATE_VERIFIED:  State.LEVEL_2,
}  # fmt: skip

# None as target: the state the key had before it was replaced.
MOVES: dict[Move, tuple[frozenset[State], State | None]] = {
    # move                 from                            to
    Move.ENABLE_ONLINE:    (frozenset({State.PENDING}),    State.LEVEL_2),
    Move.ENABLE_IN_OFFICE: (frozenset({State.PENDING}),    State.LEVEL_3),
    Move.RAISE_LEVEL:      (frozenset({State.LEVEL_2}),    State.LEVEL_3),
    Move.EXPIRE:           (frozenset({State.PENDING}),    State.EXPIRED),
    Move.REPLACE:          (CURRENT,                       State.REPLACED),
    Move.RESTORE:          (frozenset({State.REPLACED}),   None),
    Move.REVOKE:           (CURRENT,                       State.REVOKED),
}  # fmt: skip

LEVELS = {State.LEVEL_2: 2, State.LEVEL_3: 3}


class MoveNotAllowed(Exception):
    """The stored key is not, or no longer, where this move may start."""


class AccessBlocked(MoveNotAllowed):
    """The holder blocked the access: by internet nothing begins to work for this CUIL."""
