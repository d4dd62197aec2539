"""Which mails tell of a move, queued in its transaction: no move without its mail, nor the reverse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.formats import date_format

from accounts.events import Note
from accounts.form_number import grouped
from accounts.lifecycle import LEVELS, LIVE, MOVES, Move, State
from accounts.mail import Letter, queue
from guards.limits import Limit, LimitReached

if TYPE_CHECKING:
    from accounts.models import Clave


def tell(move: Move, claves: Sequence[Clave]) -> None:
    """Queue the mails of one move; `claves` as they were before it (a new one: as it is).

    A key without an address gets none. What a key goes through but once needs no limit, and the
    purge could not afford one.
    """
    letters = [letter for clave in claves for letter in _LETTERS[move](clave) if letter.to]
    if move is not Move.EXPIRE:
        letters = [letter for letter in letters if _within_limit(letter)]
    queue(letters)


def tell_of_papers(note: Note, clave: Clave, *, missing: str = "") -> None:
    """Papers from abroad came, or lack something: no move of the key, but the person waits for it."""
    name = "received" if note is Note.PAPERS_RECEIVED else "observed"
    # Urgent: strangers who ask for keys in somebody's name must not silence it.
    letter = Letter(name, clave.email, clave.cuil, {"missing": missing} if missing else {}, urgent=True)
    if letter.to and _within_limit(letter):
        queue([letter])


def day(moment: date | None) -> str:
    """21 de febrero de 2026. Only a key that is not pending has no such day."""
    return date_format(moment, r"j \d\e F \d\e Y") if moment else ""


def _within_limit(letter: Letter) -> bool:
    """Count the mail; over the limit it is left out, and the move takes place all the same.

    Warnings have a count of their own, each kind: noise made by a stranger cannot silence them.
    """
    per_cuil, per_address = settings.PORTAL_MAILS_PER_CUIL_DAY, settings.PORTAL_MAILS_PER_ADDRESS_DAY
    counts: list[tuple[str, int, tuple[str, ...]]]
    if letter.urgent:
        counts = [("warnings", per_cuil, (letter.cuil, letter.name))]
    else:
        # Anybody can type anybody's address: the same mailbox is not filled in many people's names.
        counts = [("mails", per_cuil, (letter.cuil,)), ("mails-to", per_address, (letter.to.lower(),))]
    try:
        for name, free, who in counts:
            Limit(name, free, timedelta(days=1)).spend(*who)
    except LimitReached:
        return False
    return True


def _pending(clave: Clave) -> list[Letter]:
    """To the address just given, and to the owner of the key that works meanwhile."""
    fill: dict[str, str | int] = {
        "form_number": grouped(clave.form_number),
        "deadline": day(clave.deadline),
    }
    letters = [Letter("pending", clave.email, clave.cuil, fill)]
    live = type(clave).objects.live().filter(cuil=clave.cuil).first()
    if live is not None:
        numbers: dict[str, str | int] = {"new": clave.pk, "former": live.pk}
        letters.append(Letter("requested", live.email, clave.cuil, numbers, urgent=True))
    return letters


def _replaced(clave: Clave) -> list[Letter]:
    """To whoever lost a key that worked, or a form that was still to be used: anybody may have asked."""
    if clave.state not in LIVE:
        fill: dict[str, str | int] = {"form_number": grouped(clave.form_number)}
        return [Letter("voided", clave.email, clave.cuil, fill, urgent=True)]
    return [Letter("replaced", clave.email, clave.cuil, {"new": 0, "former": clave.pk}, urgent=True)]


def _enabled(move: Move) -> Callable[[Clave], list[Letter]]:
    level = LEVELS[State(str(MOVES[move][1]))]
    return lambda clave: [Letter("enabled", clave.email, clave.cuil, {"level": level}, urgent=True)]


def _plain(name: str, *, urgent: bool) -> Callable[[Clave], list[Letter]]:
    return lambda clave: [Letter(name, clave.email, clave.cuil, urgent=urgent)]


_LETTERS: dict[Move, Callable[[Clave], list[Letter]]] = {
    Move.CREATE_PENDING:   _pending,
    Move.CREATE_VERIFIED:  _plain("created", urgent=True),
    Move.ENABLE_ONLINE:    _enabled(Move.ENABLE_ONLINE),
    Move.ENABLE_IN_OFFICE: _enabled(Move.ENABLE_IN_OFFICE),
    Move.RAISE_LEVEL:      _plain("raised", urgent=True),
    Move.EXPIRE:           _plain("expired", urgent=False),
    Move.REPLACE:          _replaced,
    Move.RESTORE:          _plain("restored", urgent=True),
    Move.REVOKE:           _plain("revoked", urgent=True),
}  # fmt: skip
