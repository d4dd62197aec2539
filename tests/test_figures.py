"""docs/figures.md: nobody draws a figure by hand."""

import json
import subprocess
import sys
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def printed(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own script
        [sys.executable, ROOT / "bench" / "print_figures.py", *arguments],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


def kept(folder: Path, name: str, **changed: object) -> None:
    figures = {
        "title": name, "command": f"make {name}", "machine": "2 cores", "notes": ["Nobody else worked."],
        "columns": ["what", "A", "B", "ratio", "within"],
        "rows": [["log-in | page", 1_234_567, 250.4, 0.00456, True], ["the rest", None, 0.0, 12.0, False]],
    }  # fmt: skip
    (folder / f"{name}.json").write_text(json.dumps(figures | changed), encoding="utf-8")


def test_the_page_of_figures_is_the_one_the_files_print() -> None:
    run = printed()
    assert run.returncode == 0, run.stderr
    assert run.stdout == (ROOT / "docs" / "figures.md").read_text(encoding="utf-8")


def test_each_file_is_a_section_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("load", "bench", "faults"):
        kept(tmp_path, name)
    sections = printed(str(tmp_path)).stdout.split("\n## ")[1:]
    assert [section.splitlines()[0] for section in sections] == ["bench", "faults", "load"]
    assert sections[0].splitlines()[2:] == [
        "`make bench`, on 2 cores",
        "",
        "| what | A | B | ratio | within |",
        "| --- | --- | --- | --- | --- |",
        "| log-in \\| page | 1,234,567 | 250 | 0.00456 | yes |",
        "| the rest | – | 0 | 12 | no |",
        "",
        "- Nobody else worked.",
    ]


def test_a_row_that_does_not_fit_its_columns_is_not_printed(tmp_path: Path) -> None:
    kept(tmp_path, "bench", rows=[["log-in page", 1]])
    run = printed(str(tmp_path))
    assert run.returncode == 1
    assert "bench.json: a row of 2 under 5 columns" in run.stderr
