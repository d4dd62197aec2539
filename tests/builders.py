"""People and keys for tests, made by the real moves and with real numbers."""

from datetime import date
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from stdnum.ar import cuit

from accounts.events import Actor, Trail
from accounts.models import Clave
from identity.kinds import KINDS
from identity.models import Choice, Curatela, Fact, Person
from identity.tramite import tramite_hash

PASSWORD = "Girasol58k"
TRAMITE = "00123456789"
EMAIL = "marta@ejemplo.com.ar"

_FACTS = {
    "employer": ["SANTA JULIA S A", "MOLINOS DEL SUR S A", "HUMEREZ WAYAR VALERIA", "EL CEIBO S R L"],
    "health_insurer": ["OBRA SOCIAL DEL PERSONAL DE LA SANIDAD", "OBRA SOCIAL BANCARIA"],
    "payment_bank": ["BANCO DE LA RIBERA", "CORREO DEL LITORAL"],
    "locality": ["TANDIL", "AZUL"],
    "street": ["LOS AROMOS", "CORONEL SUAREZ"],
    "child": ["MARTINA", "JOAQUIN"],
}


def make_cuil(document: int, prefix: str = "27") -> str:
    """A CUIL with a right check digit; the prefix gives way to 23 where there is none (as ANSES does)."""
    for kind in (prefix, "23", "24"):
        body = f"{kind}{document:08d}"
        digit = cuit.calc_check_digit(body)
        if digit.isdigit() and cuit.is_valid(body + digit):
            return body + digit
    raise ValueError(document)


def make_person(
    document: int = 30111222,
    *,
    tramite: str = TRAMITE,
    facts: Any = _FACTS,
    **changes: Any,
) -> Person:
    """Marta Inés Peralta unless told otherwise: lives in Olavarría, has a DNI and a full file."""
    cuil = make_cuil(document)
    person = Person.objects.create(
        **{
            "cuil": cuil,
            "surname": "PERALTA",
            "given_names": "MARTA INÉS",
            "document_type": "DU",
            "document_number": str(document),
            "sex": "F",
            "birth_date": date(1983, 5, 17),
            "street": "BELGRANO 2350",
            "locality": "OLAVARRIA",
            "postal_code": "7400",
            "province": "B",
            "tramite_hash": tramite_hash(cuil, tramite) if tramite else "",
            **changes,
        }
    )
    Fact.objects.bulk_create(
        Fact(person=person, kind=kind, value=value, since=date(2001, 3, 1))
        for kind, values in facts.items()
        for value in values
    )
    list_choices(facts)
    return person


def list_choices(facts: Any = _FACTS, others: int = 40) -> None:
    """The catalogue of wrong answers: every value of the facts, among many of their like."""
    for kind in KINDS:
        values = [*(f"{kind.upper()} NUMERO {n}" for n in range(others)), *facts.get(kind, [])]
        listed = set(Choice.objects.filter(kind=kind).values_list("value", flat=True))
        new = [v for v in values if v not in listed]
        Choice.objects.bulk_create(
            Choice(kind=kind, value=value, pool=kind, place=place)
            for place, value in enumerate(new, start=len(listed))
        )


def true_facts(person: Person) -> set[str]:
    return set(Fact.objects.filter(person=person).values_list("value", flat=True))


@cache
def hash_of(password: str) -> str:
    """As it is stored. Made once a process: that two keys have two hashes is tested where keys are made."""
    return make_password(password)


def make_clave(cuil: str, *, password: str = PASSWORD, level: int | None = 2, email: str = EMAIL) -> Clave:
    """A live key of that level whose holder confirmed the address, or a pending one (None)."""
    content = {
        "password_hash": hash_of(password),
        "email": email,
        "policies": ("2019", timezone.now()),
        "trail": system(),
    }
    if level is None:
        return Clave.create_pending(cuil, **content)
    clave = Clave.create_verified(cuil, **content)
    confirm_address(clave)
    if level == 3:
        clave.raise_level(trail=system())
    return clave


def make_curatela(
    curador: Person, curado: Person, *, since: date = date(2020, 1, 1), until: date | None = None
) -> Curatela:
    """In force until told otherwise."""
    return Curatela.objects.create(
        curador=curador, curado=curado, since=since, until=until, court_file="4120/2020"
    )


def confirm_address(clave: Clave) -> None:
    """As if the code that went there had come back."""
    if clave.email:
        Clave.objects.filter(pk=clave.pk).update(email_confirmed_at=timezone.now())
        clave.refresh_from_db()


def system() -> Trail:
    return Trail(Actor.SYSTEM)
