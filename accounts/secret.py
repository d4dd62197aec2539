"""The secret of a key: compared, renewed, changed. Births and erasures apart, nothing else writes it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from accounts import blocking, notices
from accounts.events import Note, Trail, record
from accounts.hashers import nobodys_hash
from accounts.lifecycle import LIVE
from guards.locks import one_at_a_time

if TYPE_CHECKING:
    from accounts.models import Clave

# With the one in use they are the last five, which may not come back.
KEPT = 4


class UsedBefore(Exception):
    """It is one of the last five."""


class SecretGone(Exception):
    """The secret that was given is not, or no longer, what opens this key; nothing changed."""


def new_seal() -> str:
    return secrets.token_hex(16)


def secret_matches(raw: str, clave: Clave | None) -> bool:
    """Compare a typed secret with a key's, at the same cost when there is no key."""
    if clave is None or not clave.password:
        check_password(raw, nobodys_hash())
        return False
    return is_secret_of(clave, raw)


def is_secret_of(row: Any, raw: str) -> bool:
    """Compare a typed secret with the `password` of a row.

    A hash made with older parameters is renewed only if it is still the stored one: a secret changed
    meanwhile must not come back.
    """
    stored = row.password

    def renew(raw: str) -> None:
        anew = make_password(raw)
        if type(row).objects.filter(pk=row.pk, password=stored).update(password=anew):
            row.password = anew  # by which an employee's session is known

    return check_password(raw, stored, renew)


def change_secret(clave: Clave, raw: str, trail: Trail) -> None:
    """Give a live key another secret and another seal; its level stays, every session of it ends.

    `clave` is the key as it was when its secret was found right: the seal it had then decides. At most
    four comparisons and one hash, made before anybody has to wait for this person's lock.

    Raises:
        UsedBefore: one of the last five; the one in use is the caller's to compare, who has it in clear.
        SecretGone: somebody was faster, or the key is no longer live, or its holder blocked the access.
    """
    if any(check_password(raw, former) for former in clave.former_passwords):
        raise UsedBefore
    new_hash = make_password(raw)
    with transaction.atomic():
        one_at_a_time(clave.cuil)
        same = type(clave).objects.filter(pk=clave.pk, seal=clave.seal, state__in=LIVE)
        changed = not blocking.is_blocked(clave.cuil) and same.update(
            password=new_hash,
            former_passwords=[clave.password, *clave.former_passwords][:KEPT],
            secret_since=timezone.now(),
            seal=new_seal(),
        )
        if not changed:
            raise SecretGone
        record(clave.cuil, Note.KEY_CHANGED, trail, clave_number=clave.pk)
        notices.tell_of(Note.KEY_CHANGED, clave)
    clave.refresh_from_db()
