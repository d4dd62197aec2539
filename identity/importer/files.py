"""The register's files, one entry each: columns, rules over a row, table, key. A new file is a new entry."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from identity.importer import columns
from identity.importer.columns import Column
from identity.kinds import KINDS
from identity.models import Person
from identity.tramite import tramite_hash

Row = tuple[str, ...]

_AR_POSTAL_CODE = re.compile(r"[1-9][0-9]{3}|[A-HJ-NP-Z][0-9]{4}[A-Z]{3}")
_ENDS_BEFORE = "until: es anterior a since"


@dataclass(frozen=True)
class RegisterFile:
    """How one file is read and where it goes.

    `key` names the columns that say which row this is, `persons` those that must be somebody the
    register knows. `whole_for` names the column that says whose row this is: for each person of the
    same folder's people.csv the file is the whole truth, and what it no longer lists is removed.
    Whatever belongs to anybody else stays. `flaw` gives the reason why a row of good columns is bad
    as a whole, or None. `seal` makes a row fit to be stored.
    """

    name: str
    table: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    flaw: Callable[[Row], str | None]
    persons: tuple[str, ...] = ()
    whole_for: str | None = None
    required: bool = False
    seal: Callable[[Row], Row] | None = None


def flaw_of_person(row: Row) -> str | None:
    """Columns that contradict each other."""
    _, _, _, document, number, _, birth, _, _, postal_code, province, country, death, _ = row
    if death and death < birth:
        return "death_date: es anterior al nacimiento"
    if not number.isdigit() and document in {"DU", "LE", "LC"}:
        return "document_number: en un DU, una LE o una LC lleva sólo números"
    if country != "AR":
        return "province: queda vacía si la persona vive en el exterior" if province else None
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
    persons=("cuil",),
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
    persons=("curador_cuil", "curado_cuil"),
    flaw=flaw_of_curatela,
    whole_for="curado_cuil",
)

# In the order in which they are stored: persons before whatever speaks of them.
FILES = (PEOPLE, FACTS, CURATELAS)
