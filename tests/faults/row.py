"""One run in a process of its own: Django is set up for the database of that run."""

import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

import django

from tests.faults.rows import Run, Size


def main() -> None:
    name, scale, out = sys.argv[1:]
    django.setup()
    run: Run = importlib.import_module(f"tests.faults.rows.{name}").run
    rows = run(Size(float(scale)))
    told = [{**asdict(row), "cells": row.cells()} for row in rows]
    Path(out).write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
