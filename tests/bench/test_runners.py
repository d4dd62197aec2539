"""The runners of bench/ that start the real thing, at a size of a few seconds: so that they do not rot."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="they start a PostgreSQL of their own: once is enough"
)


def run(script: str, *options: str) -> str:
    command = [sys.executable, ROOT / "bench" / script, *options]
    done = subprocess.run(  # noqa: S603 - our own script
        command, cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_small_country_is_served_and_nothing_acknowledged_is_lost():
    said = run("load.py", "--people", "400", "--seconds", "2")
    assert " 0 of them lost; chains of events: all whole" in said
    assert " 0 changes acknowledged" not in said


def test_a_small_flood_is_met_and_everybody_else_is_counted():
    said = run("flood.py", "--tiny", "--people", "400")
    for figure in ("P4", "P5", "P6", "many addresses: other pages"):
        assert figure in said


def test_the_events_of_a_small_country_are_divided_and_a_replica_follows():
    tiny = ("--people", "300", "--visits", "0", "--looks", "5", "--rounds", "1", "--fsync", "off")
    said = run("scaling.py", *tiny)
    for figure in (
        "a row of accounts_claveevent",
        "the purge of 15 keys",
        "all chains verified on the replica",
    ):
        assert figure in said
