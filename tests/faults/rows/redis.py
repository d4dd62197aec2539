"""Redis, which only spares the database questions: dead or silent, nobody may notice."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from tests.faults.children import free_port, stop, until
from tests.faults.proxy import Proxy
from tests.faults.rows import Row, Size
from tests.faults.rows.network import Fault, suffer
from tests.faults.stage import stage

_MODES = {
    "Redis dead": ("6 s without a connection", "cut"),
    "Redis silent": ("6 s of no answer", "blackhole"),
}


def run(size: Size) -> list[Row]:
    if not shutil.which("redis-server"):
        return [
            Row(name, what, passed=True, why_not="no redis-server here")
            for name, (what, _mode) in _MODES.items()
        ]
    return [_row(name, what, mode, size) for name, (what, mode) in _MODES.items()]


def _row(name: str, what: str, mode: str, size: Size) -> Row:
    with redis_server() as inside, Proxy(inside.connection_pool.connection_kwargs["port"]) as line:
        url = f"redis://127.0.0.1:{line.port}/0"
        with stage(portal={"REDIS_URL": url}) as here:
            fault = Fault(
                name, what, lambda _here: line.turn(mode), lambda _here: line.turn("ok"), 6, unnoticed=True
            )
            row = suffer(here, fault, size)
        asked = inside.info("commandstats").get("cmdstat_pttl", {}).get("calls", 0)
    # A portal that never asks would not notice either.
    row.more["questions answered by Redis"] = asked
    row.passed = row.passed and asked > 0
    return row


@contextmanager
def redis_server() -> Iterator[redis.Redis]:
    """One that keeps nothing on disk."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            ["redis-server", "--port", str(port), "--save", "", "--bind", "127.0.0.1"],
            cwd=folder, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        inside = redis.Redis(port=port)
        try:
            until(lambda: _answers(inside), 10, "redis-server")
            yield inside
        finally:
            inside.close()
            stop(process)


def _answers(inside: redis.Redis) -> bool:
    try:
        return bool(inside.ping())
    except redis.ConnectionError:
        return False
