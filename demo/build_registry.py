"""Writes the people of demo/registry/ and demo/cases.csv: those of persons.toml among a synthetic crowd.

    python -m demo.build_registry

Nobody in it exists. Run it again after a change; the files are kept in the repository. offices.csv and
zones.csv, beside them, are written by hand: every office has the agency's own free telephone number.
"""

import csv
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from identity.synthetic.files import COLUMNS
from identity.synthetic.population import Block, cuils, population

HERE = Path(__file__).resolve().parent
CROWD, SEED = 270, 2019
CASE_COLUMNS = ("cuil", "case", "title", "what_happens")
USUAL = {"document": "DU", "province": "", "country": "AR", "tramite": "", "death": "", "facts": {}}

Row = tuple[str, ...]
Person = dict[str, Any]


def cuil_of(person: Person) -> str:
    number = person.get("cuil_number") or int(person["number"])
    return str(cuils(np.array([number]), np.array(["FMX".index(person["sex"])]))[0])


def person_row(person: Person) -> Row:
    columns = (
        "surname", "given_names", "document", "number", "sex", "birth", "street", "locality",
        "postal_code", "province", "country", "tramite", "death",
    )  # fmt: skip
    return (cuil_of(person), *(person[column] for column in columns))


def fact_rows(person: Person) -> list[Row]:
    """With periods that follow one another from the age of twenty on; children have none."""
    rows: list[Row] = []
    for kind, values in person["facts"].items():
        for place, value in enumerate(values):
            year = min(2024, int(person["birth"][:4]) + 20 + 4 * place)
            ends = f"{year + 4}-02-28" if place < len(values) - 1 and year < 2020 else ""
            period = ("", "") if kind == "child" else (f"{year}-03-01", ends)
            rows.append((cuil_of(person), kind, value, *period))
    return rows


def curatela_rows(persons: list[Person], curatelas: list[dict[str, str]]) -> list[Row]:
    by_name = {f"{person['surname']} {person['given_names']}": cuil_of(person) for person in persons}
    return [
        (by_name[one["curador"]], by_name[one["curado"]], one["since"], one.get("until", ""),
         f"{4120 + place}/{one['since'][:4]}")
        for place, one in enumerate(curatelas)
    ]  # fmt: skip


def write(path: Path, columns: Row, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def main() -> None:
    told = tomllib.loads((HERE / "persons.toml").read_text(encoding="utf-8"))
    persons = [USUAL | person for person in told["person"]]
    crowd = Block([], [], [])
    for block in population(CROWD, SEED):
        crowd.people.extend(block.people)
        crowd.facts.extend(block.facts)
    rows = {
        "people.csv": [*map(person_row, persons), *crowd.people],
        "facts.csv": [*(row for person in persons for row in fact_rows(person)), *crowd.facts],
        "curatelas.csv": curatela_rows(persons, told["curatela"]),
    }
    (HERE / "registry").mkdir(exist_ok=True)
    for name, columns in COLUMNS.items():
        write(HERE / "registry" / name, columns, rows[name])
    cases = [(cuil_of(p), p["case"], p["title"], p["what_happens"]) for p in persons if "case" in p]
    write(HERE / "cases.csv", CASE_COLUMNS, cases)


if __name__ == "__main__":
    main()
