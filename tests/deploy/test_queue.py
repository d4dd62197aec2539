"""When more come than can be served: who waited too long is told so, and the others are served."""

import http.client
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.faults.children import free_port, stop, until

ROOT = Path(__file__).resolve().parents[2]
SLOW = 2.6  # seconds
SITE = f"""
import time
def application(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        time.sleep({SLOW})
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
"""


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """A site with one thread."""
    (tmp_path / "site_of_one.py").write_text(SITE)
    number = free_port()
    options = ["-k", "clave_portal.worker.PortalWorker", "-w", "1", "--threads", "1", "--no-control-socket"]
    process = subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-m", "gunicorn", *options, "--bind", f"127.0.0.1:{number}",
         "--pythonpath", f"{ROOT},{tmp_path}", "site_of_one"],
        cwd=ROOT, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until(lambda: answers(number), 30, "gunicorn")
        yield number
    finally:
        stop(process)


def answers(port: int) -> bool:
    try:
        return ask(port, "/")[0] == 200
    except OSError:
        return False


def ask(port: int, path: str, form: bytes | None = None) -> tuple[int, str, str | None]:
    one = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        one.request("POST" if form else "GET", path, form)
        answer = one.getresponse()
        return answer.status, answer.read().decode(), answer.headers["Retry-After"]
    finally:
        one.close()


def test_who_waited_too_long_is_told_so_and_the_next_is_served(port: int) -> None:
    with ThreadPoolExecutor() as people:
        slow = people.submit(ask, port, "/slow")
        sleep(0.3)
        waiting = [people.submit(ask, port, "/", form) for form in (None, b"x" * 10_000)]
        balancer = people.submit(ask, port, "/salud/vivo")
        assert slow.result()[0] == 200
        for status, told, again in (one.result() for one in waiting):
            assert (status, again) == (503, "60")
            assert "Hay demasiada gente" in told
            assert "Volver al inicio" in told
        assert balancer.result()[0] == 200
    assert ask(port, "/")[0] == 200


def test_a_browser_that_takes_its_time_to_send_has_not_waited_for_us(port: int) -> None:
    one = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    one.connect()
    start = monotonic()
    sleep(SLOW)
    one.request("GET", "/")
    assert one.getresponse().status == 200
    assert monotonic() - start < SLOW + 1
    one.close()
