"""Another secret for the same key: in one place, at one moment, and the old one never comes back."""

import ast
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.blocking import block
from accounts.events import Actor, ClaveEvent, Note, Trail, broken_events
from accounts.hashers import ClaveArgon2Hasher
from accounts.lifecycle import State
from accounts.models import ERASED, Clave, secret_matches
from accounts.purge import expendable_secrets, purge
from accounts.secret import KEPT, SecretGone, UsedBefore, change_secret
from tests.accounts.mailbox import waiting
from tests.accounts.test_secret import weaken
from tests.builders import EMAIL, PASSWORD, make_clave, make_cuil, system
from tests.racing import at_once, failures

BASE = Path(settings.BASE_DIR)
CUIL = make_cuil(30111222)
NEW = "Otra9clave"
OWNER = Trail(Actor.OWNER, "200.45.1.2")

pytestmark = pytest.mark.django_db


def copy(clave: Clave) -> Clave:
    return Clave.objects.get(pk=clave.pk)


def opened_by(clave: Clave) -> list[str]:
    """Which of the secrets of these tests opens the key as it is stored now."""
    return [raw for raw in (PASSWORD, NEW, "Tercera7k") if secret_matches(raw, copy(clave))]


# --- What changes, and what does not ------------------------------------------------------------------


def test_the_new_secret_opens_and_the_old_one_does_not() -> None:
    clave = make_clave(CUIL)
    change_secret(clave, NEW, OWNER)
    assert opened_by(clave) == [NEW]


@pytest.mark.parametrize("level", [2, 3])
def test_level_state_and_its_date_stay_and_the_seal_is_another(level: int) -> None:
    clave = make_clave(CUIL, level=level)
    before = copy(clave)
    change_secret(clave, NEW, OWNER)
    assert (clave.level, clave.state, clave.state_since) == (level, before.state, before.state_since)
    assert clave.seal != before.seal
    assert clave.secret_since > before.secret_since


def test_it_is_one_event_by_the_owner_and_one_mail() -> None:
    clave = make_clave(CUIL)
    change_secret(clave, NEW, OWNER)
    event = ClaveEvent.objects.get(kind=Note.KEY_CHANGED)
    assert (event.actor, event.address, event.clave_number) == (Actor.OWNER, "200.45.1.2", clave.pk)
    assert waiting(EMAIL) == ["created", "changed"]
    assert not list(broken_events())


# --- The last five ------------------------------------------------------------------------------------


def secret(number: int) -> str:
    return f"Girasol{number}7k"


def test_none_of_the_last_five_comes_back_and_the_sixth_may() -> None:
    clave = make_clave(CUIL, password=secret(0))
    for number in range(1, 5):
        change_secret(clave, secret(number), OWNER)
    for number in range(4):
        with pytest.raises(UsedBefore):
            change_secret(clave, secret(number), OWNER)
    change_secret(clave, secret(5), OWNER)
    change_secret(clave, secret(0), OWNER)
    assert secret_matches(secret(0), copy(clave))


def test_of_the_former_ones_four_hashes_are_kept_and_comparing_costs_four_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clave = make_clave(CUIL, password=secret(0))
    for number in range(1, 8):
        change_secret(clave, secret(number), OWNER)
    assert len(clave.former_passwords) == KEPT == 4
    assert not any(secret(number) in str(clave.former_passwords) for number in range(8))
    compared: list[str] = []
    verify = ClaveArgon2Hasher.verify

    def counted(self: ClaveArgon2Hasher, password: str, encoded: str) -> bool:
        compared.append(encoded)
        return verify(self, password, encoded)

    monkeypatch.setattr(ClaveArgon2Hasher, "verify", counted)
    change_secret(clave, secret(9), OWNER)
    assert len(compared) == 4


@pytest.mark.parametrize("end", ["revoke", "purge"])
def test_the_former_ones_are_erased_with_the_key(end: str) -> None:
    clave = make_clave(CUIL)
    change_secret(clave, NEW, OWNER)
    if end == "revoke":
        clave.revoke(trail=system())
    else:
        clave.replace(trail=system())
        assert copy(clave).former_passwords, "it may come back"
        long_ago = clave.state_since.replace(year=2020)
        Clave.objects.filter(pk=clave.pk).update(state_since=long_ago)
        assert expendable_secrets(clave.state_since.date()).count() == 1
        purge(clave.state_since.date())
    stored = copy(clave)
    assert (stored.password, stored.former_passwords) == ("", [])


def test_what_is_erased_names_every_column_that_holds_a_secret_or_an_address() -> None:
    private = {
        f.attname for f in Clave._meta.concrete_fields if "password" in f.attname or "email" in f.attname
    }
    assert private <= set(ERASED)


# --- Not for every key ----------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["replace", "revoke"])
def test_a_key_that_is_no_longer_live_gets_no_new_secret(end: str) -> None:
    clave = make_clave(CUIL)
    stale = copy(clave)
    getattr(clave, end)(trail=system())
    before = Clave.objects.values().get(pk=clave.pk)
    with pytest.raises(SecretGone):
        change_secret(stale, NEW, OWNER)
    assert Clave.objects.values().get(pk=clave.pk) == before
    assert not ClaveEvent.objects.filter(kind=Note.KEY_CHANGED).exists()


def test_a_pending_key_gets_none_either() -> None:
    with pytest.raises(SecretGone):
        change_secret(make_clave(CUIL, level=None), NEW, OWNER)


def test_with_the_access_blocked_there_is_no_changing() -> None:
    clave = make_clave(CUIL)
    block(CUIL, OWNER)
    with pytest.raises(SecretGone):
        change_secret(clave, NEW, OWNER)
    assert opened_by(clave) == [PASSWORD]


def test_a_copy_from_before_another_change_changes_nothing() -> None:
    """Read, then save would bring the old secret back (design, §5)."""
    clave = make_clave(CUIL)
    stale = copy(clave)
    change_secret(clave, NEW, OWNER)
    with pytest.raises(SecretGone):
        change_secret(stale, "Tercera7k", OWNER)
    assert opened_by(clave) == [NEW]


# --- At the same moment ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_one_happens_and_the_other_is_told() -> None:
    for number in range(8):
        clave = make_clave(make_cuil(31000000 + number))
        mine, theirs = copy(clave), copy(clave)
        outcomes = at_once(
            partial(change_secret, mine, NEW, OWNER), partial(change_secret, theirs, "Tercera7k", OWNER)
        )
        assert failures(outcomes, SecretGone) == 1
        assert opened_by(clave) == (["Tercera7k"] if outcomes[0] else [NEW])
        assert ClaveEvent.objects.filter(clave_number=clave.pk, kind=Note.KEY_CHANGED).count() == 1
    assert not list(broken_events())


@pytest.mark.django_db(transaction=True)
def test_a_change_against_a_log_in_that_renews_the_old_hash_keeps_the_new_secret() -> None:
    for number in range(12):
        clave = make_clave(make_cuil(31000000 + number))
        weak, mine = weaken(clave), copy(clave)
        outcomes = at_once(partial(secret_matches, PASSWORD, weak), partial(change_secret, mine, NEW, OWNER))
        assert failures(outcomes, SecretGone) == 0
        assert opened_by(clave) == [NEW]
        with pytest.raises(UsedBefore):
            change_secret(copy(clave), PASSWORD, OWNER)


@pytest.mark.django_db(transaction=True)
def test_a_change_against_a_replacement_leaves_one_live_key_and_no_secret_on_the_wrong_one() -> None:
    new_hash = make_password("Tercera7k")
    for number in range(6):
        cuil = make_cuil(31000000 + number)
        clave = make_clave(cuil)
        content = {"password_hash": new_hash, "policies": ("2019", clave.created_at), "trail": system()}
        outcomes = at_once(
            partial(change_secret, copy(clave), NEW, OWNER), partial(Clave.create_verified, cuil, **content)
        )
        failures(outcomes, SecretGone)
        live = Clave.objects.live().get(cuil=cuil)
        assert secret_matches("Tercera7k", live)
        assert copy(clave).state == State.REPLACED
        assert opened_by(clave) == ([PASSWORD] if outcomes[0] else [NEW])


@pytest.mark.django_db(transaction=True)
def test_a_change_against_a_revocation_leaves_nothing_that_opens() -> None:
    for number in range(6):
        clave = make_clave(make_cuil(31000000 + number))
        other = copy(clave)
        outcomes = at_once(
            partial(change_secret, copy(clave), NEW, OWNER), lambda other=other: other.revoke(trail=system())
        )
        failures(outcomes, SecretGone)
        assert (copy(clave).password, copy(clave).former_passwords) == ("", [])


# --- One place ------------------------------------------------------------------------------------------


def writers_of(column: str) -> set[str]:
    """Functions of the portal that pass this column by its name to `update` or `create`."""
    found = set()
    for package in ("accounts", "backoffice", "journeys", "forms_usi07", "identity", "offices", "guards"):
        for file in sorted((BASE / package).rglob("*.py")):
            for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(function, ast.FunctionDef) and _writes(function, column):
                    found.add(f"{file.stem}.{function.name}")
    return found


def _writes(function: ast.FunctionDef, column: str) -> bool:
    calls: list[Any] = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    return any(
        getattr(call.func, "attr", "") in {"update", "create", "update_or_create"}
        and any(keyword.arg == column for keyword in call.keywords)
        for call in calls
    )


def test_the_secret_is_written_at_birth_when_it_changes_and_when_its_hash_is_renewed() -> None:
    renewing = {"secret.is_secret_of", "secret.renew"}
    assert writers_of("password") == {"models._born", "secret.change_secret", *renewing}
    assert writers_of("former_passwords") == {"secret.change_secret"}
