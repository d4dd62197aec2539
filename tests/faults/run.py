"""Runs what is asked for and prints one table: `make faults`.

    ROWS=kills,mails SCALE=0.1 .venv/bin/python -m tests.faults.run [--figures]

SCALE=1, the default, is the whole of each run; --figures writes docs/figures/faults.json. Exit 1 when a run
lost something, or a control lost nothing; 2 when one could not be made here, which is not the same as held.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.faults.children import free_port
from tests.faults.cluster import programs, version
from tests.faults.portal import ROOT, environment
from tests.faults.rows import COLUMNS

NOTES = [
    "Acknowledged: the success page came. Lost: no event carries that request's number. Half states: a key's"
    " row differs from the replay of its events. Wrong mails: more or fewer than events that they tell of.",
    "A control switches the safety off; it holds when the harness did find a loss.",
    "kill −9 does not test fsync: what the system had in memory outlives it. A power cut is not tested here.",
    "Runs can be made one by one (ROWS) and shorter (SCALE): the second column says how often it was broken.",
    "0 found in n means at most 3/n with 95 % confidence.",
]
# In this order they are printed; the name is that of a module of tests/faults/rows/.
RUNS = ["kills", "postgres", "network", "redis", "mails", "purge", "sqlite", "pages"]


def run_one(name: str, scale: float) -> list[dict[str, Any]]:
    """The rows of one run, made by a process that knows its database from the start.

    Raises:
        subprocess.CalledProcessError: the run itself failed; what it said stands above.
    """
    with tempfile.TemporaryDirectory() as folder:
        url = f"postgres://postgres@127.0.0.1:{free_port()}/clave"
        if name == "sqlite":
            url = f"sqlite:///{folder}/clave.sqlite3"
        out = Path(folder, "rows.json")
        subprocess.run(
            [sys.executable, "-m", "tests.faults.row", name, str(scale), str(out)],
            cwd=ROOT, env=environment(DATABASE_URL=url), check=True,
        )  # fmt: skip
        rows: list[dict[str, Any]] = json.loads(out.read_text(encoding="utf-8"))
    return rows


def main() -> int:
    if programs() is None:
        print(
            "Falta PostgreSQL. Instalalo y probá de nuevo:  sudo apt-get install postgresql", file=sys.stderr
        )
        return 2
    asked = os.environ.get("ROWS") or ",".join(RUNS)
    scale = float(os.environ.get("SCALE") or 1)
    rows = []
    for name in asked.split(","):
        print(f"== {name}", flush=True)
        for row in run_one(name, scale):
            print(" | ".join("–" if cell is None else str(cell) for cell in row["cells"]), flush=True)
            rows.append(row)
        if "--figures" in sys.argv:
            write_figures([row["cells"] for row in rows])
    if not all(row["passed"] for row in rows):
        return 1
    return 2 if any(row["why_not"] for row in rows) else 0


def write_figures(cells: list[list[Any]]) -> None:
    """For bench/print_figures.py. What was not run now stays as it was measured before."""
    file = ROOT / "docs" / "figures" / "faults.json"
    before = json.loads(file.read_text(encoding="utf-8"))["rows"] if file.exists() else []
    rows = {row[0]: row for row in before + cells}
    figures = {
        "title": "Faults",
        "command": "make faults FLAGS=--figures",
        "machine": f"{os.cpu_count()} cores, PostgreSQL {version()}",
        "columns": COLUMNS,
        "rows": list(rows.values()),
        "notes": NOTES,
    }
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    file.parent.mkdir(exist_ok=True)
    file.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
