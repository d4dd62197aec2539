"""A gunicorn of a test's own, with the configuration that is deployed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings

from tests.test_settings import OURS

BASE = Path(settings.BASE_DIR)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def portal(log: Path, **values: str) -> Iterator[int]:
    """The port where two workers answer with these settings; what they say is written to `log`."""
    port = free_port()
    machine = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    ours = {"PORTAL_DEMO": "1", "SITE_URL": f"http://127.0.0.1:{port}", "PORTAL_THREADS": "4", **values}
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "deploy/gunicorn.conf.py",
        "--bind",
        f"127.0.0.1:{port}",
    ]
    with log.open("w") as output:
        process = subprocess.Popen(  # noqa: S603 - our own server
            command, cwd=BASE, env={**machine, **ours}, stdout=output, stderr=output
        )
    try:
        _until_it_answers(port, process)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _until_it_answers(port: int, process: subprocess.Popen[bytes]) -> None:
    for _try in range(600):
        assert process.poll() is None, "it did not start"
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("it does not answer")
