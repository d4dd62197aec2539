"""A country for a harness: persons with facts, a key each, and the events of these keys in whole chains.

The register is generated and imported by the portal's own commands; keys and events are written by its
own bulk code, with real form numbers, seals and hashes. Everybody's secret is PASSWORD: one hash serves
some thousands of keys, so that logging in costs what it does and filling does not.
"""

import csv
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from _machine import manage

PASSWORD = "Girasol58k"
_HASHES, _KEYS_OF_A_HASH = 64, 500
_BLOCK = 10_000
_YEAR = timedelta(days=365)
# By place in the register: the last of each twenty has no key any more, the one before a pending one.
_KINDS = 20
_LEVEL_2_UNTIL, _LEVEL_3_UNTIL, _PENDING = 12, 18, 18


@dataclass(frozen=True)
class Someone:
    """What a person knows and types. Without a key: `tramite`. With a pending one: `form_number`."""

    cuil: str
    tramite: str = ""
    form_number: str = ""


@dataclass(frozen=True)
class Crowd:
    """Persons by what they can come for, each for one visit."""

    holders: list[str]
    newcomers: list[Someone]
    waiting: list[Someone]


def fill(env: dict[str, str], people: int, *, wanted: int) -> Crowd:
    """Fill the empty database of this environment, in which Django is set up already.

    `wanted` is how many newcomers and how many waiting persons the caller may send.
    """
    with tempfile.TemporaryDirectory(prefix="clave-register-") as folder:
        for told, command in (
            ("tables", ("migrate", "-v0")),
            ("a register", ("generate_registry", folder, "--people", str(people))),
            ("its import", ("import_registry", folder)),
        ):
            with _timed(told):
                manage(env, *command)
        with _timed(f"{people:,} keys, their users and events"):
            _write_keys(Path(folder) / "people.csv", min(_HASHES, people // _KEYS_OF_A_HASH + 1))
            _analyze()
        with _timed("who comes"):
            return _choose(Path(folder) / "people.csv", wanted)


class _timed:  # noqa: N801 - reads as a word
    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        self._start = time.monotonic()

    def __exit__(self, *_: object) -> None:
        seconds = time.monotonic() - self._start
        print(f"  filling: {self._what}, {seconds:.0f} s", file=sys.stderr, flush=True)


# --- Keys and what happened to them ---------------------------------------------------------------


def _blocks(people: Path) -> Iterator[list[tuple[int, str]]]:
    """(Place in the register, CUIL), so many at a time."""
    block: list[tuple[int, str]] = []
    with people.open(newline="", encoding="utf-8") as stream:
        for place, row in enumerate(csv.DictReader(stream)):
            block.append((place, row["cuil"]))
            if len(block) == _BLOCK:
                yield block
                block = []
    if block:
        yield block


def _state(place: int) -> str:
    from accounts.lifecycle import State

    kind = place % _KINDS
    if kind < _LEVEL_2_UNTIL:
        return State.LEVEL_2
    if kind < _LEVEL_3_UNTIL:
        return State.LEVEL_3
    return State.PENDING if kind == _PENDING else State.EXPIRED


def _write_keys(people: Path, different: int) -> None:
    from django.contrib.auth.hashers import make_password
    from django.db import transaction
    from django.utils import timezone

    hashes = [make_password(PASSWORD) for _ in range(different)]
    start, number = timezone.now() - _YEAR, 1
    for block in _blocks(people):
        with transaction.atomic():
            _keys(block, hashes, start)
            _events(block, number, start)
        number += len(block)


def _keys(block: list[tuple[int, str]], hashes: list[str], start: datetime) -> None:
    from django.utils import timezone

    from accounts.form_number import new_form_number
    from accounts.lifecycle import State
    from accounts.models import Clave, User
    from accounts.secret import new_seal
    from guards.bulk import insert_like

    states = [_state(place) for place, _ in block]
    kept = [state != State.EXPIRED for state in states]
    addresses = [f"p{cuil}@ejemplo.com.ar" if has else "" for (_, cuil), has in zip(block, kept, strict=True)]
    today = timezone.localdate()
    insert_like(
        Clave(policies_version="2019", policies_accepted_at=start, created_at=start, secret_since=start),
        cuil=[cuil for _, cuil in block],
        state=states,
        password=[
            hashes[place % len(hashes)] if has else "" for (place, _), has in zip(block, kept, strict=True)
        ],
        seal=[new_seal() for _ in block],
        form_number=["" if state == State.LEVEL_2 else new_form_number() for state in states],
        deadline=[
            today + timedelta(days=30 + place % 60) if state == State.PENDING else None
            for (place, _), state in zip(block, states, strict=True)
        ],
        email=addresses,
        email_confirmed_at=[start if state in {State.LEVEL_2, State.LEVEL_3} else None for state in states],
    )
    insert_like(
        User(password="", date_joined=start),
        cuil=[cuil for _, cuil in block],
        username=[f"cuil:{cuil}" for _, cuil in block],
    )


def _events(block: list[tuple[int, str]], number: int, start: datetime) -> None:
    """The moves that lead to each key's state, one chain a person."""
    from accounts.events import Actor, ClaveEvent
    from accounts.lifecycle import Move, State
    from guards.bulk import insert

    lives = {
        State.LEVEL_2: ((Move.CREATE_VERIFIED, "", State.LEVEL_2),),
        State.LEVEL_3: ((Move.CREATE_PENDING, "", State.PENDING),
                        (Move.ENABLE_IN_OFFICE, State.PENDING, State.LEVEL_3)),
        State.PENDING: ((Move.CREATE_PENDING, "", State.PENDING),),
        State.EXPIRED: ((Move.CREATE_PENDING, "", State.PENDING),
                        (Move.EXPIRE, State.PENDING, State.EXPIRED)),
    }  # fmt: skip
    events = []
    for offset, (place, cuil) in enumerate(block):
        mac = ""
        for seq, (kind, source, target) in enumerate(lives[State(_state(place))], start=1):
            event = ClaveEvent(
                cuil=cuil, seq=seq, kind=kind, at=start, clave_number=number + offset, source=source,
                target=target, actor=Actor.SYSTEM,
            )  # fmt: skip
            mac = event.mac = event.sealed(mac)
            events.append(event)
    insert(events)


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")
        cursor.execute("RESET statement_timeout")


# --- Who comes --------------------------------------------------------------------------------------

# Alive, and nobody's charge: the others are turned away, which is not what is measured here.
_FREE = """
    p.death_date IS NULL AND p.country = 'AR' AND c.state IN ({states})
    AND NOT EXISTS (SELECT FROM identity_curatela t WHERE t.curado_cuil = p.cuil)
    AND NOT EXISTS (SELECT FROM identity_curatela t WHERE t.curador_cuil = p.cuil)
"""
_HOLDERS = f"""
    SELECT c.cuil FROM accounts_clave c JOIN identity_person p USING (cuil)
    WHERE {_FREE.format(states="'level_2', 'level_3'")} LIMIT 200000
"""
_WAITING = f"""
    SELECT c.cuil, c.form_number FROM accounts_clave c JOIN identity_person p USING (cuil)
    WHERE {_FREE.format(states="'pending'")} LIMIT %s
"""
# With enough on record to be asked four questions.
_NEWCOMERS = f"""
    SELECT c.cuil FROM accounts_clave c JOIN identity_person p USING (cuil)
    WHERE {_FREE.format(states="'expired'")} AND p.tramite_hash <> ''
      AND (SELECT count(*) >= 6 AND count(DISTINCT kind) >= 3 FROM identity_fact f WHERE f.cuil = p.cuil)
    LIMIT %s
"""


def _choose(people: Path, wanted: int) -> Crowd:
    new = {cuil for (cuil,) in _rows(_NEWCOMERS, wanted)}
    with people.open(newline="", encoding="utf-8") as stream:
        known = [Someone(row["cuil"], row["tramite"]) for row in csv.DictReader(stream) if row["cuil"] in new]
    waiting = [Someone(cuil, form_number=number) for cuil, number in _rows(_WAITING, wanted)]
    return Crowd([cuil for (cuil,) in _rows(_HOLDERS)], known, waiting)


def _rows(statement: str, *parameters: object) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(statement, parameters or None)
        found = cursor.fetchall()
        cursor.execute("RESET statement_timeout")
        return found
