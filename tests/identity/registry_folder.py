"""A folder of register files, written by a test."""

import csv
import io
from pathlib import Path
from typing import Any

from identity.importer.run import Report, import_folder
from identity.synthetic.files import COLUMNS as SYNTHETIC
from tests.builders import make_cuil

COLUMNS = SYNTHETIC | {
    "offices.csv": (
        "code", "name", "kind", "street", "locality", "postal_code", "province", "hours", "phone",
    ),
    "zones.csv": ("office_code", "postal_code", "locality", "province", "notice"),
}  # fmt: skip
USUAL: dict[str, dict[str, str]] = {
    "people.csv": {
        "surname": "Peralta", "given_names": "Marta Inés", "document_type": "DU",
        "document_number": "30111222", "sex": "F", "birth_date": "1983-05-17",
        "street": "Belgrano 2350", "locality": "Olavarría", "postal_code": "7400", "province": "B",
        "country": "AR", "tramite": "00123456789", "death_date": "",
    },
    "facts.csv": {"kind": "employer", "value": "SANTA JULIA S A", "since": "2001-03-01", "until": ""},
    "offices.csv": {
        "code": "0101", "name": "UDAI Viedma", "kind": "udai", "street": "Buenos Aires 150",
        "locality": "Viedma", "postal_code": "8500", "province": "R",
        "hours": "Lunes a viernes de 8 a 14 hs.", "phone": "(02920) 42-0000",
    },
    "zones.csv": {
        "office_code": "0101", "postal_code": "8504", "locality": "Carmen de Patagones",
        "province": "B", "notice": "Te corresponde Viedma.",
    },
    "curatelas.csv": {"since": "2012-05-10", "until": "", "court_file": "4120/2012"},
}  # fmt: skip

MARTA, PABLO, ROSA = (make_cuil(number) for number in (30111222, 31222333, 32333444))

Change = dict[str, str]


class RegistryFolder:
    """people.csv with Marta, Pablo and Rosa, unless told otherwise; other files where asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.people({"cuil": MARTA}, {"cuil": PABLO}, {"cuil": ROSA})

    def people(self, *changes: Change) -> None:
        self._write("people.csv", changes)

    def facts(self, *changes: Change) -> None:
        self._write("facts.csv", changes)

    def curatelas(self, *changes: Change) -> None:
        self._write("curatelas.csv", changes)

    def offices(self, *changes: Change) -> None:
        self._write("offices.csv", changes)

    def zones(self, *changes: Change) -> None:
        self._write("zones.csv", changes)

    def text(self, name: str, text: str | bytes) -> None:
        data = text.encode() if isinstance(text, str) else text
        (self.path / name).write_bytes(data)

    def line(self, name: str, /, **change: str) -> str:
        """One line of a file, as csv writes it, with its line feed."""
        stream = io.StringIO()
        values = USUAL[name] | change
        csv.writer(stream, lineterminator="\n").writerow(values[column] for column in COLUMNS[name])
        return stream.getvalue()

    def header(self, name: str) -> str:
        return ",".join(COLUMNS[name]) + "\n"

    def load(self, **options: Any) -> Report:
        return import_folder(self.path, **options)

    def outcome(self, name: str = "people.csv", **options: Any) -> tuple[int, int, int, int]:
        """New, changed, unchanged, removed."""
        (file,) = (file for file in self.load(**options).files if file.name == name)
        done = file.outcome
        assert done is not None
        return done.new, done.changed, done.unchanged, done.removed

    def rejects(self) -> list[tuple[str, int, str]]:
        """(File, line, reason) as the last run wrote them."""
        path = self.path / "rejects.csv"
        if not path.exists():
            return []
        with path.open(newline="", encoding="utf-8") as stream:
            return [(r["file"], int(r["line"]), r["reason"]) for r in csv.DictReader(stream)]

    def _write(self, name: str, changes: tuple[Change, ...]) -> None:
        lines = [self.header(name), *(self.line(name, **change) for change in changes)]
        self.text(name, "".join(lines))
