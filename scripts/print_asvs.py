"""Prints docs/asvs.md: what OWASP ASVS 5.0.0 asks at levels 1 and 2, and what answers it here.

    python scripts/print_asvs.py > docs/asvs.md

The rows stand in docs/asvs/v01.toml … v17.toml, one `[[requirement]]` each: `id`, `level`, `asks` (in our
words), and a `status` with what belongs to it:

    met             evidence: tests (tests/….py::test_…), files, or headings of pages (docs/….md#heading);
                    note, where the tests do not say it all
    deviation       reason, and compensation: what makes up for it
    not applicable  reason, and evidence where a test shows that the thing is absent
    open            awaits: what is missing
"""

import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "asvs"
STATUSES = ("met", "deviation", "not applicable", "open")
HEAD = """\
# OWASP ASVS 5.0.0, levels 1 and 2

What the [Application Security Verification Standard](https://github.com/OWASP/ASVS/tree/v5.0.0/5.0/en)
asks, in our words, and what answers it: a test, a page, or the reason why not. Printed by
`python scripts/print_asvs.py > docs/asvs.md` from `docs/asvs/`: not to be edited. A test compares the rows
with the standard's own list and each evidence with the tests there are (`tests/test_asvs.py`).
"""

Row = dict[str, Any]


def levels() -> dict[str, int]:
    """Every requirement of the standard, of level 3 too."""
    sections = tomllib.loads((FOLDER / "levels.toml").read_text(encoding="utf-8"))["levels"]
    return {
        f"{section}.{n}": int(level) for section, row in sections.items() for n, level in enumerate(row, 1)
    }


def chapters() -> Iterator[tuple[int, str, list[Row]]]:
    """(number, title, rows), in the order of the standard."""
    for file in sorted(FOLDER.glob("v*.toml")):
        chapter = tomllib.loads(file.read_text(encoding="utf-8"))
        yield int(file.stem[1:]), chapter["title"], chapter["requirement"]


def page() -> str:
    parts = list(chapters())
    every = [row for _number, _title, rows in parts for row in rows]
    return "\n".join([HEAD, *_counts(every), *(line for part in parts for line in _chapter(*part))])


def _counts(every: list[Row]) -> Iterator[str]:
    count = Counter((row["level"], row["status"]) for row in every)
    yield f"| level | {' | '.join(STATUSES)} | all |"
    yield "|---|" + "---|" * (len(STATUSES) + 1)
    for level in (1, 2):
        numbers = [count[level, status] for status in STATUSES]
        yield f"| {level} | {' | '.join(map(str, numbers))} | {sum(numbers)} |"


def _chapter(number: int, title: str, rows: list[Row]) -> Iterator[str]:
    yield ""
    yield f"## V{number} {title}"
    yield ""
    yield "| | level | asks | | answered by |"
    yield "|---|---|---|---|---|"
    for row in rows:
        yield f"| {row['id']} | {row['level']} | {row['asks']} | {row['status']} | {_answer(row)} |"


def _answer(row: Row) -> str:
    told = [row.get(key, "") for key in ("reason", "compensation", "awaits", "note")]
    if row["status"] == "deviation":
        told[1] = f"Instead: {told[1]}"
    return " ".join(filter(None, [*told, "; ".join(map(_link, row.get("evidence", [])))]))


def _link(evidence: str) -> str:
    """From docs/asvs.md: the file, under the name of the test or of the heading."""
    file, _, name = evidence.partition("::")
    shown = name.removeprefix("test_").replace("_", " ") or file
    address = "../" + file if not file.startswith("docs/") else file.removeprefix("docs/")
    return f"[{shown}]({address})"


if __name__ == "__main__":
    sys.stdout.write(page() + "\n")
