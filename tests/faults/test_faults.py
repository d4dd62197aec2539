"""A little of each run of `make faults`, on a cluster of its own."""

import os

import pytest
from django.db import connection

from tests.faults.cluster import programs
from tests.faults.run import run_one

pytestmark = [
    pytest.mark.skipif(programs() is None, reason="no PostgreSQL is installed that a run could start"),
    pytest.mark.skipif(
        connection.vendor != "postgresql" and not os.environ.get("FAULTS"),
        reason="once is enough: it runs beside the suite on PostgreSQL, on a cluster of its own",
    ),
]


def test_what_was_acknowledged_outlives_kills_and_the_harness_notices_a_commit_that_does_not() -> None:
    rows = {row["name"]: row for row in run_one("brief", 1)}
    for name in ("workers", "backends", "postmaster"):
        assert rows[name]["passed"], rows[name]
    assert rows["control: asynchronous commit"]["verdict"]["lost"]
