"""What a measurement keeps for docs/figures.md, and the machine it was measured on."""

import json
import os
import platform
import sqlite3
from pathlib import Path
from typing import Any

from _side_by_side import ROOT

FOLDER = ROOT / "docs" / "figures"


def machine(*further: str) -> str:
    """Cores, memory and versions; `further` says what else matters, the database's version for one."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    python, sqlite = platform.python_version(), sqlite3.sqlite_version
    return ", ".join([f"{cores} cores, {memory:.0f} GiB", f"Python {python}", f"SQLite {sqlite}", *further])


def load() -> str:
    """A note on who else works on this machine while it is measured."""
    return f"Load of the machine in the last minutes: {', '.join(f'{one:.1f}' for one in os.getloadavg())}."


def keep(name: str, **figures: Any) -> Path:
    """Write docs/figures/NAME.json: title, command, machine, columns, rows and notes (print_figures.py)."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / f"{name}.json"
    file.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return file
