"""A little of each run of `make faults`, on a cluster of its own."""

import os
from typing import Any

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


def rows_of(run: str, scale: float) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in run_one(run, scale)}


def wrong_in(row: dict[str, Any]) -> list[str]:
    return [one for found in row["verdict"].values() if isinstance(found, list) for one in found]


def test_what_was_acknowledged_outlives_kills_and_the_harness_notices_a_commit_that_does_not() -> None:
    rows = rows_of("brief", 1)
    for name in ("workers", "backends", "postmaster"):
        assert not wrong_in(rows[name])
        assert rows[name]["verdict"]["acknowledged"] > 0
    assert rows["control: asynchronous commit"]["verdict"]["lost"]


def test_the_harness_notices_moves_that_are_no_transaction() -> None:
    rows = rows_of("kills", 0.005)
    assert not wrong_in(rows["workers"])
    careless = rows["control: each statement for itself"]["verdict"]
    assert careless["half_states"] or careless["double_effects"]


def test_a_database_silent_cut_off_or_without_a_disk_a_wrong_clock_and_no_mail_server_lose_nothing() -> None:
    rows = rows_of("network", 0.05)
    assert {"database silent", "database cut off", "disk full", "clock jumps", "mail server dead"} <= set(
        rows
    )
    for row in rows.values():
        assert not wrong_in(row)
        assert row["why_not"] or row["verdict"]["acknowledged"] > 0


def test_nobody_notices_that_redis_is_dead_or_silent() -> None:
    for row in rows_of("redis", 0.05).values():
        assert not wrong_in(row)
        assert row["why_not"] or row["more"]["questions answered by Redis"] > 0
        assert row["why_not"] or row["more"]["5xx or broken off"] == 0


def test_a_purge_killed_again_and_again_ends_with_exactly_the_keys_that_were_due() -> None:
    (row,) = rows_of("purge", 0.05).values()
    assert not wrong_in(row)
    assert row["more"]["refused with a clock 6 minutes wrong, either way"] == "yes"


def test_a_sender_that_is_killed_loses_no_mail_and_repeats_at_most_one_each_time() -> None:
    rows = rows_of("mails", 0.03)
    assert not wrong_in(rows["mails"])
    assert rows["mails"]["more"]["sent twice"] <= 4
    assert rows["control: noted by the hundred"]["passed"], rows
    assert rows["control: sent before the commit"]["verdict"]["wrong_mails"]


def test_four_who_write_to_one_file_wait_for_each_other_and_without_our_setting_find_it_locked() -> None:
    rows = rows_of("sqlite", 0.05)
    assert not wrong_in(rows["SQLite"])
    assert (rows["SQLite"]["more"]["«locked»"], rows["SQLite"]["more"]["integrity"]) == (0, "ok")
    assert rows["control: SQLite, deferred transactions"]["more"]["«locked»"] > 0
