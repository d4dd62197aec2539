"""The secret of a key: how it is stored, compared and renewed, and that an old one never comes back."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import RequestFactory

from accounts import models
from accounts.hashers import ClaveArgon2Hasher, nobodys_hash
from accounts.lifecycle import State
from accounts.models import Clave, User, secret_matches
from tests.builders import PASSWORD, make_clave, make_cuil, make_person, system
from tests.racing import at_once, failures
from tests.visitor import Visitor
from tests.walker import log_in

CUIL = make_cuil(30111222)
NEW = "Otra9clave"

pytestmark = pytest.mark.django_db


class WeakerHasher(ClaveArgon2Hasher):
    """How a key was hashed before the parameters were raised."""

    time_cost, memory_cost = 1, 8192


def weaker_hash(password: str = PASSWORD) -> str:
    return WeakerHasher().encode(password, "0123456789abcdef0123")


def weaken(clave: Clave) -> Clave:
    Clave.objects.filter(pk=clave.pk).update(password=weaker_hash())
    return Clave.objects.get(pk=clave.pk)


def stored_hash(clave: Clave) -> str:
    return Clave.objects.values_list("password", flat=True).get(pk=clave.pk)


def parameters(encoded: str) -> dict[str, Any]:
    decoded = identify_hasher(encoded).decode(encoded)
    wanted = ("variety", "memory_cost", "time_cost", "parallelism", "version")
    return {name: decoded[name] for name in wanted}


OWASP = {"variety": "argon2id", "memory_cost": 19456, "time_cost": 2, "parallelism": 1, "version": 19}


def test_a_key_is_stored_as_argon2id_with_the_parameters_of_owasp() -> None:
    stored = make_clave(CUIL).password
    assert stored.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert parameters(stored) == OWASP
    assert PASSWORD not in stored


def test_nobody_s_hash_costs_the_same() -> None:
    assert parameters(nobodys_hash()) == OWASP


def test_equal_secrets_have_different_hashes() -> None:
    assert make_password(PASSWORD) != make_password(PASSWORD)


def test_comparing_costs_one_verification_with_and_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    clave, revoked = make_clave(CUIL), make_clave(make_cuil(20222333))
    revoked.revoke(trail=system())
    nobodys_hash()
    compared: list[dict[str, Any]] = []
    verify = ClaveArgon2Hasher.verify

    def counted(self: ClaveArgon2Hasher, password: str, encoded: str) -> bool:
        compared.append(parameters(encoded))
        return verify(self, password, encoded)

    monkeypatch.setattr(ClaveArgon2Hasher, "verify", counted)
    monkeypatch.setattr(ClaveArgon2Hasher, "encode", lambda *a, **k: pytest.fail("hashed once more"))
    for which, right in ((clave, True), (clave, False), (None, False), (revoked, False)):
        compared.clear()
        assert secret_matches(PASSWORD if right else "Nada8nada", which) is right
        assert compared == [OWASP]


@pytest.mark.parametrize(
    "typed", ["", " ", PASSWORD.lower(), PASSWORD + " ", " " + PASSWORD, PASSWORD + "\0"]
)
def test_only_the_secret_itself_opens(typed: str) -> None:
    assert not secret_matches(typed, make_clave(CUIL))


def test_nothing_opens_a_key_whose_secret_was_erased() -> None:
    clave = make_clave(CUIL)
    clave.revoke(trail=system())
    assert not secret_matches(PASSWORD, clave)
    assert not secret_matches("", clave)


# --- Renewing an old hash ---------------------------------------------------------------------------


def test_an_old_hash_is_renewed_when_the_right_secret_is_given() -> None:
    clave = weaken(make_clave(CUIL))
    assert secret_matches(PASSWORD, clave)
    assert parameters(stored_hash(clave)) == OWASP
    assert secret_matches(PASSWORD, Clave.objects.get(pk=clave.pk))


def test_a_wrong_secret_renews_nothing() -> None:
    clave = weaken(make_clave(CUIL))
    assert not secret_matches(NEW, clave)
    assert stored_hash(clave) == weaker_hash()


def test_a_good_hash_is_left_as_it_is() -> None:
    clave = make_clave(CUIL)
    assert secret_matches(PASSWORD, clave)
    assert stored_hash(clave) == clave.password


def test_renewing_the_hash_leaves_the_sessions_open() -> None:
    marta = make_person()
    clave = make_clave(marta.cuil)
    first = log_in(Visitor(), marta)
    weaken(clave)
    second = log_in(Visitor(), marta)
    assert parameters(stored_hash(clave)) == OWASP
    for browser in (first, second):
        assert browser.open("/inicio/").url == "/inicio/"


@contextmanager
def meanwhile(monkeypatch: pytest.MonkeyPatch, change: Any) -> Iterator[None]:
    """Lets something happen after the secret was found right and before its hash is renewed."""
    verify = ClaveArgon2Hasher.verify

    def verify_then_change(self: ClaveArgon2Hasher, password: str, encoded: str) -> bool:
        right = verify(self, password, encoded)
        change()
        return right

    with monkeypatch.context() as patch:
        patch.setattr(ClaveArgon2Hasher, "verify", verify_then_change)
        yield


def test_a_key_changed_while_its_old_hash_is_compared_keeps_the_new_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clave, new = weaken(make_clave(CUIL)), make_password(NEW)
    with meanwhile(monkeypatch, lambda: Clave.objects.filter(pk=clave.pk).update(password=new)):
        secret_matches(PASSWORD, clave)
    assert stored_hash(clave) == new
    assert not secret_matches(PASSWORD, Clave.objects.get(pk=clave.pk))


def test_an_employee_s_key_changed_while_its_old_hash_is_compared_keeps_the_new_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    new = make_password(NEW)
    ana = User.objects.create(username="ana", is_staff=True, password=weaker_hash())
    with meanwhile(monkeypatch, lambda: User.objects.filter(pk=ana.pk).update(password=new)):
        assert authenticate(username="ana", password=PASSWORD)
    assert User.objects.get(pk=ana.pk).password == new


def test_an_employee_s_old_hash_is_renewed_and_the_session_goes_on() -> None:
    ana = User.objects.create(username="ana", is_staff=True, password=weaker_hash())
    renewed = authenticate(username="ana", password=PASSWORD)
    assert isinstance(renewed, User)
    ana.refresh_from_db()
    assert parameters(ana.password) == OWASP
    assert renewed.get_session_auth_hash() == ana.get_session_auth_hash()


def test_a_key_revoked_while_its_old_hash_is_compared_stays_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    clave = weaken(make_clave(CUIL))
    with meanwhile(monkeypatch, lambda: Clave.objects.get(pk=clave.pk).revoke(trail=system())):
        secret_matches(PASSWORD, clave)
    assert stored_hash(clave) == ""


def test_a_secret_that_was_replaced_while_it_was_compared_opens_no_session_of_the_new_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever knows the old secret must not ride on the new key by logging in at the same moment."""
    marta = make_person()
    make_clave(marta.cuil)
    visitor = Visitor()
    new_hash = make_password(NEW)
    replaced: list[Clave] = []

    def replace_once() -> None:
        if not replaced:
            replaced.append(make_clave_with(marta.cuil, new_hash))

    with meanwhile(monkeypatch, replace_once):
        log_in(visitor, marta)
    assert replaced
    assert visitor.open("/inicio/").url != "/inicio/"


def make_clave_with(cuil: str, password_hash: str) -> Clave:
    now = models.timezone.now()
    return Clave.create_verified(cuil, password_hash=password_hash, policies=("2019", now), trail=system())


@pytest.mark.django_db(transaction=True)
def test_in_many_races_of_renewing_against_revoking_no_secret_comes_back() -> None:
    for number in range(10):
        cuil = make_cuil(31000000 + number)
        clave = weaken(make_clave(cuil))
        other = Clave.objects.get(pk=clave.pk)
        outcomes = at_once(partial(secret_matches, PASSWORD, clave), partial(other.revoke, trail=system()))
        assert failures(outcomes, KeyError) == 0
        assert (Clave.objects.get(pk=clave.pk).state, stored_hash(clave)) == (State.REVOKED, "")


@pytest.mark.django_db(transaction=True)
def test_in_many_races_of_renewing_against_changing_the_new_secret_stays() -> None:
    clave, new = make_clave(CUIL), make_password(NEW)
    for _ in range(10):
        weak = weaken(clave)
        outcomes = at_once(
            partial(secret_matches, PASSWORD, weak),
            partial(Clave.objects.filter(pk=clave.pk).update, password=new),
        )
        assert failures(outcomes, KeyError) == 0
        assert stored_hash(clave) == new


# --- Two doors --------------------------------------------------------------------------------------


def enters(**credentials: str) -> bool:
    return authenticate(RequestFactory().post("/"), **credentials) is not None


def test_a_citizen_enters_with_the_key_and_not_as_staff() -> None:
    make_clave(CUIL)
    assert enters(cuil=CUIL, password=PASSWORD)
    assert not enters(username=CUIL, password=PASSWORD)


def test_a_citizen_is_refused_at_the_door_of_staff_even_with_a_password_of_their_own() -> None:
    make_clave(CUIL)
    user = models.User.objects.get(cuil=CUIL)
    user.set_password("una clave de mostrador")
    user.save()
    assert not enters(username=CUIL, password="una clave de mostrador")
    assert not enters(cuil=CUIL, password="una clave de mostrador")


def test_staff_enter_with_their_name_and_not_with_a_key() -> None:
    clerk = models.User.objects.create_user("oficina", password="una clave de mostrador", is_staff=True)
    assert enters(username="oficina", password="una clave de mostrador")
    assert not enters(cuil="oficina", password="una clave de mostrador")
    clerk.is_active = False
    clerk.save()
    assert not enters(username="oficina", password="una clave de mostrador")


@pytest.mark.parametrize("level", [None, 2, 3])
def test_live_keys_enter_and_pending_ones_do_not(level: int | None) -> None:
    make_clave(CUIL, level=level)
    assert enters(cuil=CUIL, password=PASSWORD) is (level is not None)


@pytest.mark.parametrize("end", ["replace", "revoke"])
def test_a_key_that_was_replaced_or_revoked_does_not_enter(end: str) -> None:
    getattr(make_clave(CUIL), end)(trail=system())
    assert not enters(cuil=CUIL, password=PASSWORD)


def test_a_citizen_barred_by_the_office_does_not_enter() -> None:
    make_clave(CUIL)
    models.User.objects.filter(cuil=CUIL).update(is_active=False)
    assert not enters(cuil=CUIL, password=PASSWORD)


def test_no_other_hasher_is_believed() -> None:
    assert settings.PASSWORD_HASHERS == ["accounts.hashers.ClaveArgon2Hasher"]
