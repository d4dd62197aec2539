"""The register's files, one entry each: columns, rules over a row, table, key. A new file is a new entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from identity.importer import columns
from identity.importer.columns import Column
from identity.kinds import KINDS
from identity.models import Person
from identity.tramite import tramite_hash
from offices.models import Office
from offices.places import digits_of, place_of

Row = tuple[str, ...]

_AR_POSTAL_CODE = re.compile(r"[1-9][0-9]{3}|[A-HJ-NP-Z][1-9][0-9]{3}[A-Z]{3}")
_ENDS_BEFORE = "until: es anterior a since"


@dataclass(frozen=True)
class RegisterFile:
    """How one file is read and where it goes.

    `key` names the columns that say which row this is, `refers` those that must name something
    another file brought, now or earlier, by its key; `unknown` is the reason where they do not.
    `whole_for`, one of them, says whose row this is: for each owner whom the same folder lists the
    file is the whole truth, and what it no longer lists is removed. Whatever belongs to anybody else
    stays. `flaw` gives the reason why a row of good columns is bad as a whole, or None. `seal` makes
    a row fit to be stored; the columns it adds at the end are `sealed`, each with the column of the
    file it comes from.
    """

    name: str
    table: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    flaw: Callable[[Row], str | None]
    refers: Mapping[str, RegisterFile] = field(default_factory=dict)
    whole_for: str | None = None
    unknown: str = ""
    required: bool = False
    seal: Callable[[Row], Row] | None = None
    sealed: Mapping[str, str] = field(default_factory=dict)

    @property
    def owner(self) -> RegisterFile | None:
        return self.refers[self.whole_for] if self.whole_for else None

    @property
    def key_in_file(self) -> str:
        """The key as whoever wrote the file calls it."""
        return ", ".join(self.sealed.get(name, name) for name in self.key)


def flaw_of_person(row: Row) -> str | None:
    """Columns that contradict each other."""
    _, _, _, document, number, _, birth, _, _, postal_code, province, country, death, _ = row
    if death and death < birth:
        return "death_date: es anterior al nacimiento"
    if not number.isdigit() and document in {"DU", "LE", "LC"}:
        return "document_number: en un DU, una LE o una LC lleva sólo números"
    if country != "AR":
        return "province: queda vacía si la persona vive en el exterior" if province else None
    return flaw_of_place(postal_code, province)


def flaw_of_place(postal_code: str, province: str) -> str | None:
    """Within the country."""
    if not province:
        return "province: falta"
    if not _AR_POSTAL_CODE.fullmatch(postal_code):
        return "postal_code: tiene que tener 4 números, o ser un CPA como B1842ZAB"
    return None


def seal_person(row: Row) -> Row:
    """The trámite number, which comes last, gives way to its hash."""
    return (*row[:-1], tramite_hash(row[0], row[-1])) if row[-1] else row


def flaw_of_fact(row: Row) -> str | None:
    _, _, _, since, until = row
    return _ENDS_BEFORE if until and since > until else None


def flaw_of_curatela(row: Row) -> str | None:
    curador, curado, since, until, _ = row
    if curador == curado:
        return "curado_cuil: nadie es curador de sí mismo"
    return _ENDS_BEFORE if until and since > until else None


def flaw_of_office(row: Row) -> str | None:
    _, _, _, _, locality, postal_code, province, _, _ = row
    return flaw_of_place(postal_code, province) or _flaw_of_name(locality)


def seal_office(row: Row) -> Row:
    return (*row, place_of(row[4]), digits_of(row[5]))


def flaw_of_zone(row: Row) -> str | None:
    """Without postal code and locality it is the whole province."""
    _, postal_code, locality, province, _ = row
    if flaw := flaw_of_place(postal_code or "1000", province):
        return flaw
    return _flaw_of_name(locality) if locality else None


def seal_zone(row: Row) -> Row:
    return (*row, place_of(row[2]), digits_of(row[1]))


def _flaw_of_name(locality: str) -> str | None:
    """A name of dashes would be searched as none, and make a zone the whole province."""
    return None if place_of(locality) else "locality: no tiene letras ni números"


PEOPLE = RegisterFile(
    name="people.csv",
    table="identity_person",
    required=True,
    columns=(
        columns.cuil("cuil"),
        columns.text("surname", 60),
        columns.text("given_names", 80),
        columns.one_of("document_type", Person.DocumentType.values),
        columns.document_number("document_number"),
        columns.one_of("sex", Person.Sex.values),
        columns.past_date("birth_date"),
        columns.text("street", 120),
        columns.text("locality", 80),
        columns.postal_code("postal_code"),
        columns.province("province"),
        columns.country("country"),
        columns.past_date("death_date", required=False),
        columns.tramite("tramite", field="tramite_hash"),
    ),
    key=("cuil",),
    unknown="esa persona no está en el registro",
    flaw=flaw_of_person,
    seal=seal_person,
)

FACTS = RegisterFile(
    name="facts.csv",
    table="identity_fact",
    columns=(
        columns.cuil("cuil"),
        columns.one_of("kind", KINDS),
        columns.text("value", 120),
        columns.any_date("since", required=False),
        columns.any_date("until", required=False),
    ),
    key=("cuil", "kind", "value", "since"),
    refers={"cuil": PEOPLE},
    flaw=flaw_of_fact,
    whole_for="cuil",
)

CURATELAS = RegisterFile(
    name="curatelas.csv",
    table="identity_curatela",
    columns=(
        columns.cuil("curador_cuil"),
        columns.cuil("curado_cuil"),
        columns.any_date("since"),
        columns.any_date("until", required=False),
        columns.text("court_file", 60),
    ),
    key=("curador_cuil", "curado_cuil", "since"),
    refers={"curador_cuil": PEOPLE, "curado_cuil": PEOPLE},
    flaw=flaw_of_curatela,
    whole_for="curado_cuil",
)

# For searching: the locality and the postal code in the one form all spellings share. Both seals
# add them in this order.
SEARCHED = {"place": "locality", "digits": "postal_code"}

OFFICES = RegisterFile(
    name="offices.csv",
    table="offices_office",
    columns=(
        columns.text("code", 16),
        columns.text("name", 80),
        columns.one_of("kind", Office.Kind.values),
        columns.text("street", 120),
        columns.text("locality", 80),
        columns.postal_code("postal_code"),
        columns.province("province"),
        columns.text("hours", 120, required=False),
        columns.phone("phone"),
    ),
    key=("code",),
    unknown="esa oficina no está en el registro",
    flaw=flaw_of_office,
    seal=seal_office,
    sealed=SEARCHED,
)

ZONES = RegisterFile(
    name="zones.csv",
    table="offices_zone",
    columns=(
        columns.text("office_code", 16),
        columns.postal_code("postal_code"),
        columns.text("locality", 80, required=False),
        columns.province("province"),
        columns.text("notice", 400, required=False),
    ),
    # Not the office: a zone that changes hands is the same zone.
    key=("province", "digits", "place"),
    refers={"office_code": OFFICES},
    flaw=flaw_of_zone,
    whole_for="office_code",
    seal=seal_zone,
    sealed=SEARCHED,
)

# In the order in which they are stored: persons and offices before whatever speaks of them.
FILES = (PEOPLE, FACTS, CURATELAS, OFFICES, ZONES)
