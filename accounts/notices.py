"""Which mails tell of a move or of a note, queued in its transaction: none without its mail, nor the reverse.

To whom: what somebody typed when asking for a key is told how that key fares until it works. What happens to
a working key is told to the address that its holder confirmed, and to nobody else (docs/decisions/0017).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from accounts.events import Note
from accounts.form_number import grouped
from accounts.lifecycle import LEVELS, LIVE, MOVES, Move, State
from accounts.mail import Letter, Power, mark_of, queue
from guards.limits import Limit, LimitReached

if TYPE_CHECKING:
    from accounts.models import Clave

Fill = Mapping[str, str | int | float]

# Mails that tell of something that is no move.
_NOTES = {
    Note.SIGNED_IN:     "new_browser",
    Note.KEY_CHANGED:   "changed",
    Note.EMAIL_CHANGED: "email_changed",
    Note.BLOCKED:       "blocked",
    Note.UNBLOCKED:     "unblocked",
    Note.QUIZ_FAILED:   "questions_failed",
}  # fmt: skip


def tell(move: Move, claves: Sequence[Clave]) -> None:
    """Queue the mails of one move; `claves` as they were before it (a new one: as it is).

    A key without an address gets none. What a key goes through but once needs no limit, and the
    purge could not afford one.
    """
    letters = [letter for clave in claves for letter in _LETTERS[move](clave) if letter.to]
    if move is not Move.EXPIRE:
        letters = [letter for letter in letters if _within_limit(letter)]
    queue(letters)


def tell_of(note: Note, clave: Clave, **fill: str | int | float) -> None:
    """Queue what tells the holder of a working key of a note in its chain."""
    # Blocked: nothing is left to shut. Unblocked: an office saw the document, and whoever reads the mail of
    # a key that was not safe must not shut out its holder after each visit there.
    power = Power.REPORT if note in {Note.BLOCKED, Note.UNBLOCKED} else Power.BLOCK
    letters = _to_holder(_NOTES[note], clave, power, **fill)
    queue([letter for letter in letters if _within_limit(letter)])


def tell_of_papers(note: Note, clave: Clave, *, missing: str = "") -> None:
    """Papers from abroad came, or lack something: no move of the key, but the person waits for it."""
    name = "received" if note is Note.PAPERS_RECEIVED else "observed"
    # Urgent: strangers who ask for keys in somebody's name must not silence it.
    letter = Letter(name, clave.email, clave.cuil, {"missing": missing} if missing else {}, urgent=True)
    if letter.to and _within_limit(letter):
        queue([letter])


def undo_life() -> timedelta:
    """How long the confirmed address before a change is told of everything too, and can undo the change."""
    return timedelta(hours=settings.PORTAL_UNDO_HOURS)


def addresses_of(clave: Clave) -> list[str]:
    """Where the holder of a working key is told: confirmed ones, and for some days the one before."""
    addresses = [clave.email] if clave.email_confirmed_at else []
    changed = clave.email_changed_at
    if clave.former_email and changed and changed > timezone.now() - undo_life():
        addresses.append(clave.former_email)
    return addresses


def day(moment: date | None) -> str:
    """21 de febrero de 2026. Only a key that is not pending has no such day."""
    return date_format(moment, r"j \d\e F \d\e Y") if moment else ""


def moment() -> str:
    """Now, as people say it: 21 de febrero de 2026 a las 14:05."""
    return date_format(timezone.localtime(), r"j \d\e F \d\e Y \a \l\a\s H:i")


def _within_limit(letter: Letter) -> bool:
    """Count the mail; over the limit it is left out, and the move takes place all the same.

    Warnings have a count of their own, each kind: noise made by a stranger cannot silence them.
    """
    per_cuil, per_address = settings.PORTAL_MAILS_PER_CUIL_DAY, settings.PORTAL_MAILS_PER_ADDRESS_DAY
    counts: list[tuple[str, int, tuple[str, ...]]]
    if letter.urgent:
        counts = [("warnings", per_cuil, (letter.cuil, letter.name, letter.to.lower()))]
    else:
        # Anybody can type anybody's address: the same mailbox is not filled in many people's names.
        counts = [("mails", per_cuil, (letter.cuil,)), ("mails-to", per_address, (letter.to.lower(),))]
    try:
        for name, free, who in counts:
            Limit(name, free, timedelta(days=1)).spend(*who)
    except LimitReached:
        return False
    return True


def _to_holder(
    name: str, clave: Clave, power: Power = Power.BLOCK, **fill: str | int | float
) -> list[Letter]:
    """A warning, with a «No fui yo» that blocks the access."""
    return [
        Letter(name, address, clave.cuil, {**_denial(clave, power, address), **fill}, urgent=True)
        for address in addresses_of(clave)
    ]


def _to_typed(name: str, clave: Clave, *, urgent: bool, **fill: str | int | float) -> Letter:
    """To an address that nobody confirmed: its «No fui yo» tells an office, and takes nothing away."""
    return Letter(
        name, clave.email, clave.cuil, {**_denial(clave, Power.REPORT, clave.email), **fill}, urgent=urgent
    )


def _denial(clave: Clave, power: Power, to: str) -> Fill:
    """What the link is made of when the mail leaves: see accounts/denial.py."""
    since = timezone.now().timestamp()
    return {"clave": clave.pk, "power": power.value, "since": since, "to": mark_of(to)}


def _pending(clave: Clave) -> list[Letter]:
    """To the address just given, and to the owner of the key that works meanwhile."""
    fill: Fill = {"form_number": grouped(clave.form_number), "deadline": day(clave.deadline)}
    letters = [_to_typed("pending", clave, urgent=False, **fill)]
    live = type(clave).objects.live().filter(cuil=clave.cuil).first()
    if live is not None:
        letters += _replacement("requested", live, new=clave.pk)
    return letters


def _replaced(clave: Clave) -> list[Letter]:
    """To whoever lost a key that worked, or a form that was still to be used: anybody may have asked."""
    if clave.state in LIVE:
        return _replacement("replaced", clave, new=0)
    return [_to_typed("voided", clave, urgent=True, form_number=grouped(clave.form_number))]


def _replacement(name: str, former: Clave, *, new: int) -> list[Letter]:
    """To the holder of the key that is, or is to be, replaced: with the link that calls that off."""
    numbers: Fill = {"new": new, "former": former.pk}
    return [Letter(name, address, former.cuil, numbers, urgent=True) for address in addresses_of(former)]


def _revoked(clave: Clave) -> list[Letter]:
    if clave.state in LIVE:
        return _to_holder("revoked", clave)
    return [_to_typed("revoked", clave, urgent=True)]


def _expired(clave: Clave) -> list[Letter]:
    return [Letter("expired", clave.email, clave.cuil)]


def _enabled(move: Move) -> Callable[[Clave], list[Letter]]:
    level = LEVELS[State(str(MOVES[move][1]))]
    return lambda clave: [_to_typed("enabled", clave, urgent=True, level=level)]


_LETTERS: dict[Move, Callable[[Clave], list[Letter]]] = {
    Move.CREATE_PENDING:   _pending,
    Move.CREATE_VERIFIED:  lambda clave: [_to_typed("created", clave, urgent=True)],
    Move.ENABLE_ONLINE:    _enabled(Move.ENABLE_ONLINE),
    Move.ENABLE_IN_OFFICE: _enabled(Move.ENABLE_IN_OFFICE),
    Move.RAISE_LEVEL:      lambda clave: _to_holder("raised", clave),
    Move.EXPIRE:           _expired,
    Move.REPLACE:          _replaced,
    Move.RESTORE:          lambda clave: _to_holder("restored", clave),
    Move.REVOKE:           _revoked,
}  # fmt: skip
