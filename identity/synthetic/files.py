"""A synthetic population → the register's files."""

import csv
from pathlib import Path

from identity.synthetic.population import population

COLUMNS = {
    "people.csv": (
        "cuil", "surname", "given_names", "document_type", "document_number", "sex", "birth_date",
        "street", "locality", "postal_code", "province", "country", "tramite", "death_date",
    ),
    "facts.csv": ("cuil", "kind", "value", "since", "until"),
    "curatelas.csv": ("curador_cuil", "curado_cuil", "since", "until", "court_file"),
}  # fmt: skip


def write_files(folder: Path, *, people: int, seed: int) -> dict[str, int]:
    """Write them into `folder`; how many rows each got. Same seed and size, same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = dict.fromkeys(COLUMNS, 0)
    streams = [(folder / name).open("w", encoding="utf-8", newline="") for name in COLUMNS]
    writers = [csv.writer(stream, lineterminator="\n") for stream in streams]
    try:
        for writer, columns in zip(writers, COLUMNS.values(), strict=True):
            writer.writerow(columns)
        for block in population(people, seed):
            parts = (block.people, block.facts, block.curatelas)
            for name, writer, part in zip(COLUMNS, writers, parts, strict=True):
                writer.writerows(part)
                rows[name] += len(part)
    finally:
        for stream in streams:
            stream.close()
    return rows
