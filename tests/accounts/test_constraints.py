"""What the database itself refuses, each by its name, and in words that staff can read."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.form_number import new_form_number
from accounts.lifecycle import State
from accounts.models import Application, Clave, ClaveEvent, User
from tests.builders import make_clave, make_cuil, system

CUIL, OTHER = make_cuil(30111222), make_cuil(20222333)

pytestmark = pytest.mark.django_db


def bare_clave(**changes: Any) -> Clave:
    fields = {
        "cuil": CUIL,
        "state": State.LEVEL_2,
        "policies_version": "2019",
        "policies_accepted_at": timezone.now(),
    }
    return Clave(**{**fields, **changes})


def refused_by(write: Callable[[], Any]) -> str:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        write()
    return str(refused.value)


@pytest.mark.parametrize("state", ["level_4", "", "PENDING", "level_2 "])
def test_a_state_that_does_not_exist_is_refused(state: str) -> None:
    key = make_clave(CUIL)
    refusal = refused_by(lambda: Clave.objects.filter(pk=key.pk).update(state=state))
    assert "clave_state_is_known" in refusal


@pytest.mark.parametrize("cuil", ["", "2730111222", "2730111222x", "27-30111222", "２７３０１１１２２２６"])
def test_a_cuil_that_is_not_11_digits_is_refused(cuil: str) -> None:
    assert "clave_cuil_is_11_digits" in refused_by(bare_clave(cuil=cuil).save)


def test_a_second_pending_key_of_one_person_is_refused() -> None:
    make_clave(CUIL, level=None)
    second = bare_clave(state=State.PENDING, deadline=date(2026, 1, 1), form_number=new_form_number())
    refusal = refused_by(second.save)
    assert "one_pending_clave_per_cuil" in refusal or "accounts_clave.cuil" in refusal


def test_a_pending_key_without_a_form_is_refused() -> None:
    pending = bare_clave(state=State.PENDING, deadline=date(2026, 1, 1))
    assert "pending_clave_has_its_form" in refused_by(pending.save)


def test_two_keys_never_share_a_form_number() -> None:
    first = make_clave(CUIL, level=None)
    refusal = refused_by(bare_clave(form_number=first.form_number).save)
    assert "form_number_of_one_clave" in refusal or "accounts_clave.form_number" in refusal


@pytest.mark.parametrize("state", [State.LEVEL_2, State.LEVEL_3])
@pytest.mark.parametrize("level", [2, 3])
def test_a_second_live_key_of_one_person_is_refused_at_any_level(state: State, level: int) -> None:
    make_clave(CUIL, level=level)
    refusal = refused_by(bare_clave(state=state).save)
    assert "one_live_clave_per_cuil" in refusal or "accounts_clave.cuil" in refusal


def test_one_live_and_one_pending_key_and_any_number_of_former_ones_go_together() -> None:
    for _ in range(3):
        make_clave(CUIL)
        make_clave(CUIL, level=None)
    make_clave(OTHER, level=None)
    make_clave(OTHER)
    assert Clave.objects.filter(state=State.REPLACED).count() == 5


def test_a_pending_key_without_a_last_day_is_refused() -> None:
    assert "deadline_exactly_when_pending" in refused_by(bare_clave(state=State.PENDING).save)


@pytest.mark.parametrize("state", sorted(set(State) - {State.PENDING}))
def test_a_last_day_on_any_other_key_is_refused(state: str) -> None:
    refusal = refused_by(bare_clave(state=state, deadline=date(2026, 1, 1)).save)
    assert "deadline_exactly_when_pending" in refusal


@pytest.mark.parametrize("power", ["is_staff", "is_superuser"])
def test_whoever_has_a_cuil_is_never_staff(power: str) -> None:
    make_clave(CUIL)
    refusal = refused_by(lambda: User.objects.filter(cuil=CUIL).update(**{power: True}))
    assert "citizens_are_never_staff" in refusal
    clerk = User.objects.create_user("oficina", password=None, **{power: True})
    assert "citizens_are_never_staff" in refused_by(
        lambda: User.objects.filter(pk=clerk.pk).update(cuil=OTHER)
    )


def test_two_users_with_one_cuil_are_refused() -> None:
    make_clave(CUIL)
    refused_by(lambda: User.objects.create(username="otro", cuil=CUIL))


@pytest.mark.parametrize("level", [0, 1, 4])
def test_an_application_asks_for_level_2_or_3(level: int) -> None:
    application = Application(name="Nueva", level=level, position=9)
    assert "application_level_is_2_or_3" in refused_by(application.save)


def test_an_event_of_no_cuil_and_a_second_event_of_one_place_are_refused() -> None:
    make_clave(CUIL)
    first = ClaveEvent.objects.values().get()
    del first["id"]
    nobody = {**first, "cuil": "x", "seq": 9}
    assert "event_cuil_is_11_digits" in refused_by(ClaveEvent(**nobody).save)
    refused_by(ClaveEvent(**first).save)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"state": "level_4"}, "Ese estado no existe."),
        ({"cuil": "x"}, "El CUIL tiene que tener 11 números."),
        ({"deadline": date(2026, 1, 1)}, "Sólo las claves pendientes tienen un último día."),
        ({}, "Ya hay una clave habilitada para ese CUIL."),
        (
            {"state": State.PENDING, "deadline": date(2026, 1, 1)},
            "Ya hay una clave pendiente para ese CUIL.",
        ),
    ],
)
def test_each_refusal_has_a_sentence(changes: dict[str, Any], sentence: str) -> None:
    make_clave(CUIL)
    make_clave(CUIL, level=None)
    with pytest.raises(ValidationError) as refused:
        bare_clave(**changes).validate_constraints()
    assert sentence in refused.value.messages


def test_every_constraint_of_the_models_is_in_the_database_under_its_name() -> None:
    catalogue = {
        "sqlite": "SELECT sql FROM sqlite_master",
        "postgresql": "SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        stored = " ".join(str(row[0]) for row in cursor.fetchall())
    for model in (Clave, ClaveEvent, User, Application):
        assert [c.name for c in model._meta.constraints if c.name not in stored] == []


def test_a_refused_row_leaves_the_others_as_they_were() -> None:
    key = make_clave(CUIL)
    refused_by(bare_clave().save)
    key.raise_level(trail=system())
    assert list(Clave.objects.values_list("state", flat=True)) == [State.LEVEL_3]
