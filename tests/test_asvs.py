"""The table of OWASP ASVS is whole, and each of its answers is there."""

import ast
import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from scripts.print_asvs import STATUSES, Row, chapters, levels, page

ROOT = Path(settings.BASE_DIR)
by_chapter = pytest.mark.parametrize(
    "rows", [pytest.param(rows, id=f"V{number}") for number, _title, rows in chapters()]
)
ROWS = [row for _number, _title, rows in chapters() for row in rows]
BELONGS = {
    "met": {"evidence"},
    "deviation": {"reason", "compensation"},
    "not applicable": {"reason"},
    "open": {"awaits"},
}
MAY = {"evidence", "note"}


@cache
def functions_of(file: str) -> frozenset[str]:
    """The names of the test functions that a file holds."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@cache
def headings_of(file: str) -> frozenset[str]:
    """As a page of Markdown is linked to: lower case, dashes for spaces."""
    text = (ROOT / file).read_text(encoding="utf-8")
    found = (re.sub(r"[^\w\- ]", "", line) for line in re.findall(r"^#+ (.*)$", text, re.MULTILINE))
    return frozenset(unicodedata.normalize("NFC", line.lower().replace(" ", "-")) for line in found)


def is_there(evidence: str) -> bool:
    file, _, test = evidence.partition("::")
    file, _, heading = file.partition("#")
    if not (ROOT / file).is_file():
        return False
    if heading:
        return heading in headings_of(file)
    return not test or (test.startswith("test_") and test in functions_of(file))


def test_the_standard_s_list_is_whole() -> None:
    assert Counter(levels().values()) == {1: 71, 2: 182, 3: 92}
    sections = Counter(number.rsplit(".", 1)[0] for number in levels())
    assert len({section.split(".")[0] for section in sections}) == 17


def test_every_requirement_of_levels_1_and_2_stands_there_once_in_order_with_its_level() -> None:
    asked = [(number, level) for number, level in levels().items() if level < 3]
    assert [(row["id"], row["level"]) for row in ROWS] == asked


@by_chapter
def test_a_row_says_what_its_state_asks_for_and_nothing_else(rows: list[Row]) -> None:
    for row in rows:
        assert row["status"] in STATUSES
        said = set(row) - {"id", "level", "asks", "status"}
        assert BELONGS[row["status"]] <= said <= BELONGS[row["status"]] | MAY, row["id"]
        assert len(row["asks"]) > 3
        assert "|" not in str(row.values())


@by_chapter
def test_each_evidence_is_there(rows: list[Row]) -> None:
    for row in rows:
        evidence = row.get("evidence", [])
        assert evidence or row["status"] != "met", row["id"]
        assert [one for one in evidence if not is_there(one)] == []
        assert len(set(evidence)) == len(evidence)


@by_chapter
def test_what_is_not_met_has_its_reason_in_sentences(rows: list[Row]) -> None:
    for row in (row for row in rows if row["status"] != "met"):
        for key in BELONGS[row["status"]]:
            assert row[key].endswith("."), (row["id"], key)
            assert len(row[key].split()) >= 4, (row["id"], key)


@pytest.mark.parametrize(
    "evidence",
    ["tests/test_asvs.py::test_no_such_test", "tests/no_such_file.py", "README.md#no-such-heading", "tests"],
)
def test_an_evidence_that_is_not_there_is_noticed(evidence: str) -> None:
    assert not is_there(evidence)


def test_the_printed_page_is_the_one_the_rows_give() -> None:
    assert (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8") == page() + "\n", (
        "python scripts/print_asvs.py > docs/asvs.md"
    )
