"""Prints docs/figures.md: every file of docs/figures/ as a section with its table.

    python bench/print_figures.py > docs/figures.md
    python bench/print_figures.py FOLDER            the files of another folder

A file is what one command measured: `title`, `command`, `machine` (a sentence: cores, versions, who else
worked on it), `columns`, `rows` (lists as long as `columns`) and `notes`. Whole numbers are printed with
thousands separated, others with three significant digits; None is a dash.
"""

import json
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "figures"
KEYS = {"title", "command", "machine", "columns", "rows", "notes"}
HEAD = """\
# Measurements

Each section is what one command printed, kept on the machine it names. Printed by
`python bench/print_figures.py > docs/figures.md` from `docs/figures/`: not to be edited.
"""

Cell = str | int | float | bool | None


def page(folder: Path) -> str:
    """Raises ValueError for a file that is not of the form above."""
    return "\n".join([HEAD, *(section(file) for file in sorted(folder.glob("*.json")))])


def section(file: Path) -> str:
    figures = json.loads(file.read_text(encoding="utf-8"))
    complain(file.name, figures)
    return "\n".join([
        f"## {figures['title']}",
        "",
        f"`{figures['command']}`, on {figures['machine']}",
        "",
        line(figures["columns"]),
        line(["---"] * len(figures["columns"])),
        *(line(row) for row in figures["rows"]),
        "",
        *(f"- {note}" for note in figures["notes"]),
        *[""] * bool(figures["notes"]),
    ])  # fmt: skip


def complain(name: str, figures: dict) -> None:
    if set(figures) != KEYS:
        raise ValueError(f"{name}: has {sorted(figures)}, should have {sorted(KEYS)}")
    if not isinstance(figures["machine"], str):
        raise ValueError(f"{name}: machine is a sentence")  # noqa: TRY004 - a file, not a caller
    for row in figures["rows"]:
        if len(row) != len(figures["columns"]):
            raise ValueError(f"{name}: a row of {len(row)} under {len(figures['columns'])} columns: {row}")


def line(cells: list[Cell]) -> str:
    return f"| {' | '.join(map(shown, cells))} |"


def shown(cell: Cell) -> str:
    match cell:
        case None:
            return "–"
        case bool():
            return "yes" if cell else "no"
        case int():
            return f"{cell:,}"
        case float():
            return significant(cell)
        case _:
            return str(cell).replace("|", "\\|").replace("\n", " ")


def significant(number: float) -> str:
    """Three digits that say something, without an exponent: 0.00123, 4.56, 12,346."""
    if abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{float(f'{number:.3g}'):.10f}".rstrip("0").rstrip(".")


if __name__ == "__main__":
    sys.stdout.write(page(Path(sys.argv[1]) if sys.argv[1:] else FOLDER))
