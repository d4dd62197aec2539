"""Rows of a whole country, written in bulk and past every door: to measure with, and to see plans of queries.

Numbers are real (check digits, form numbers, constraints); seals, secrets and chains are not.
"""

from datetime import timedelta

import numpy as np
from django.contrib.auth.models import AbstractUser
from django.db import connection, transaction
from django.utils import timezone

from accounts.events import ClaveEvent
from accounts.form_number import new_form_number
from accounts.lifecycle import State
from accounts.models import Clave, User
from backoffice.models import Proposal
from guards.bulk import insert_like
from identity.models import Person, WrongDataReport
from identity.synthetic.population import cuils
from offices.models import Office

# The tables that grow with the country.
BIG = {model._meta.db_table for model in (Person, User, Clave, ClaveEvent, WrongDataReport, Proposal)}

OFFICES = 300
WAITING_AT_AN_OFFICE = 20
_CHUNK = 10_000
_YEAR = timedelta(days=365)
_FIRST_DOCUMENT = 10_000_000
# By the last digit of a key's number: six in ten work or worked without a form.
_STATES = (
    State.PENDING, *[State.LEVEL_2] * 5, *[State.LEVEL_3] * 2, State.EXPIRED, State.REPLACED,
)  # fmt: skip
_WITH_FORM = {State.PENDING, State.LEVEL_3, State.EXPIRED}


def fill(persons: int) -> None:
    """That many persons, each with a user, a key, an event, a report and a proposal, over a year."""
    write_people(persons)
    write_keys(persons)
    write_what_follows(persons)


def documents_of(some: range) -> list[int]:
    return [_FIRST_DOCUMENT + number for number in some]


def cuils_of(some: range) -> list[str]:
    numbers = np.array(documents_of(some))
    return [f"{cuil:011d}" for cuil in cuils(numbers, np.zeros_like(numbers)).tolist()]


def _chunks(rows: int) -> list[range]:
    return [range(first, min(first + _CHUNK, rows)) for first in range(0, rows, _CHUNK)]


@transaction.atomic
def write_people(persons: int) -> None:
    like = Person(
        surname="PERALTA", given_names="MARTA INÉS", document_type="DU", sex="F", birth_date="1983-05-17",
        street="BELGRANO 2350", locality="OLAVARRIA", postal_code="7400", province="B",
    )  # fmt: skip
    for some in _chunks(persons):
        insert_like(like, cuil=cuils_of(some), document_number=[str(n) for n in documents_of(some)])


@transaction.atomic
def write_keys(keys: int) -> None:
    """One a person, a tenth of them pending: some of these overdue, the others by days left."""
    today, start = timezone.localdate(), timezone.now() - _YEAR
    like = Clave(policies_version="2019", policies_accepted_at=start, seal="x")
    for some in _chunks(keys):
        states = [_STATES[number % len(_STATES)] for number in some]
        insert_like(
            like,
            cuil=cuils_of(some),
            state=states,
            created_at=[start + _YEAR * (number / keys) for number in some],
            form_number=[new_form_number() if state in _WITH_FORM else "" for state in states],
            deadline=[
                today + timedelta(days=number // 10 % 96 - 5) if state == State.PENDING else None
                for number, state in zip(some, states, strict=True)
            ],
        )


# --- What follows from the keys, a statement a table ------------------------------------------------

_USERS = """
    INSERT INTO accounts_user (username, cuil, password, first_name, last_name, email, is_staff, is_active,
        is_superuser, date_joined)
    SELECT 'cuil:' || cuil, cuil, '', '', '', '', FALSE, TRUE, FALSE, created_at
    FROM accounts_clave ORDER BY id
"""
_EVENTS = """
    INSERT INTO accounts_claveevent (cuil, seq, kind, at, clave_number, source, target, actor, staff_id,
        office, address, evidence, mac)
    SELECT cuil, 1,
        CASE WHEN id % 100 < 70 THEN 'signed_in' WHEN id % 100 < 90 THEN 'case_opened'
             WHEN id % 100 < 99 THEN 'enable_in_office' ELSE 'raise_level' END,
        created_at, id, '', '', CASE WHEN id % 100 < 70 THEN 'owner' ELSE 'staff' END,
        CASE WHEN id % 100 >= 70 THEN 1 + id % 2000 END,
        CASE WHEN id % 100 < 70 THEN '' ELSE 'O' || id % 300 END, '200.45.1.2', '{{}}', 'x'
    FROM accounts_clave ORDER BY id
"""
_REPORTS = """
    INSERT INTO identity_wrongdatareport (cuil, kind, reported_at, state, taken_by, taken_at, closed_at,
        result)
    SELECT cuil, 'wrong_data', created_at,
        CASE WHEN id > {taken} THEN 'open' WHEN id > {closed} THEN 'taken' ELSE 'closed' END,
        CASE WHEN id <= {taken} THEN {employee} END, CASE WHEN id <= {taken} THEN created_at END,
        CASE WHEN id <= {closed} THEN created_at END, CASE WHEN id <= {closed} THEN 'right' ELSE '' END
    FROM accounts_clave ORDER BY id
"""
_PROPOSALS = """
    INSERT INTO backoffice_proposal (cuil, action, evidence, event_number, office_id, proposed_by_id,
        proposed_at, decision, decided_by_id, decided_at)
    SELECT cuil, 'elevar', '{{}}', 0, {office} + id % {offices}, {employee},
        CASE WHEN id > {decided} THEN CURRENT_TIMESTAMP ELSE created_at END,
        CASE WHEN id > {decided} THEN 'waiting' ELSE 'approved' END,
        CASE WHEN id <= {decided} THEN {other} END, CASE WHEN id <= {decided} THEN created_at END
    FROM accounts_clave ORDER BY id
"""


@transaction.atomic
def write_what_follows(keys: int) -> None:
    """What waits is what came last: a walk from the wrong end passes everything else on its way."""
    employee, other = _employees()
    waiting = min(OFFICES * WAITING_AT_AN_OFFICE, keys // 10)
    last = Clave.objects.order_by("-pk").values_list("pk", flat=True)[0]
    known = {
        "employee": employee.pk, "other": other.pk,
        "office": _first_of_the_offices(), "offices": OFFICES,
        "decided": last - waiting, "closed": last - keys // 5, "taken": last - keys // 10,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in (_USERS, _EVENTS, _REPORTS, _PROPOSALS):
            cursor.execute(statement.format(**known))


def _employees() -> list[AbstractUser]:
    return [User.objects.create(username=name, is_staff=True) for name in ("propuso", "decidió")]


def _first_of_the_offices() -> int:
    """They are numbered one after the other from here on."""
    made = Office.objects.bulk_create(
        Office(code=f"O{n}", name=f"OFICINA {n}", street="X 1", province="B") for n in range(OFFICES)
    )
    return made[0].pk
