"""Questions to the register, and what may be shown of a person before they proved anything."""

from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils import timezone

from identity.cuil import Cuil
from identity.models import Curatela, Person


def person_who_may_hold_a_key(cuil: str) -> Person | None:
    """The person of this CUIL; None when unknown, deceased or under curatela (R12).

    The same two queries in every case: neither the answer nor its time says which it was.
    """
    person = Person.objects.filter(cuil=cuil).first()
    if under_curatela(cuil) or person is None or person.death_date is not None:
        return None
    return person


def under_curatela(cuil: str) -> bool:
    """Whether a judge put somebody else in charge of this person's matters, today."""
    return _in_force().filter(curado__cuil=cuil).exists()


def curatelas_of(curador: str) -> QuerySet[Curatela]:
    """Those in force today, with the curado. A curatela ends with the person in care.

    Two of the same two people are two rows; the one that lasts longer comes first.
    """
    theirs = _in_force().filter(curador__cuil=curador, curado__death_date=None).select_related("curado")
    return theirs.order_by(F("until").desc(nulls_first=True), "pk")


def _in_force() -> QuerySet[Curatela]:
    return Curatela.objects.filter(Curatela.in_force_on(timezone.localdate()))


@dataclass(frozen=True)
class Masked:
    """Enough for the owner to recognise themselves, too little for a stranger to learn (R11)."""

    cuil: str
    names: str
    document_type: str
    document_number: str
    birth_year: str


def masked(person: Person) -> Masked:
    """Initials, the last three digits of the document, the year of birth."""
    number = person.document_number
    shown = number[-3:] if len(number) > 4 else ""
    return Masked(
        cuil=Cuil(person.cuil).formatted,
        names=" ".join(_initial(part) for part in f"{person.surname} {person.given_names}".split()),
        document_type=person.get_document_type_display(),
        document_number="•••••" + shown,
        birth_year=str(person.birth_date.year),
    )


def _initial(word: str) -> str:
    return f"{word[0].upper()[0]}•••"  # some letters are two as capitals


def masked_cuil(cuil: str) -> str:
    """For paper that passes through many hands: 20-•••••678-6."""
    return f"{cuil[:2]}-•••••{cuil[7:10]}-{cuil[10:]}"
