"""When more come than can be served: who waited too long is told so, and the others are served."""

import http.client
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.faults.children import free_port, stop, until

ROOT = Path(__file__).resolve().parents[2]
# Seconds: what the slow page takes, and longer than anybody waits for a thread.
SLOW, TOO_LONG = 5, 2.5
SITE = f"""
import time
from pathlib import Path
def application(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        (Path(__file__).parent / "begun").touch()
        time.sleep({SLOW})
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
"""


@dataclass(frozen=True)
class Site:
    port: int
    begun: Path

    def ask(self, path: str, form: bytes | None = None) -> tuple[int, str, str | None]:
        """Status, text and Retry-After."""
        one = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            one.request("POST" if form else "GET", path, form)
            answer = one.getresponse()
            return answer.status, answer.read().decode(), answer.headers["Retry-After"]
        finally:
            one.close()

    def answers(self) -> bool:
        try:
            return self.ask("/")[0] == 200
        except OSError:
            return False


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """With one thread."""
    (tmp_path / "site_of_one.py").write_text(SITE)
    site = Site(free_port(), tmp_path / "begun")
    options = ["-k", "clave_portal.worker.PortalWorker", "-w", "1", "--threads", "1", "--no-control-socket"]
    process = subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-m", "gunicorn", *options, "--bind", f"127.0.0.1:{site.port}",
         "--pythonpath", f"{ROOT},{tmp_path}", "site_of_one"],
        cwd=ROOT, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until(site.answers, 30, "gunicorn")
        yield site
    finally:
        stop(process)


def test_who_waited_too_long_is_told_so_and_the_next_is_served(site: Site) -> None:
    with ThreadPoolExecutor() as people:
        slow = people.submit(site.ask, "/slow")
        until(site.begun.exists, 10, "the slow page")
        waiting = [people.submit(site.ask, "/", form) for form in (None, b"x" * 10_000)]
        balancer = people.submit(site.ask, "/salud/vivo")
        assert slow.result()[0] == 200
        for status, told, again in (one.result() for one in waiting):
            assert (status, again) == (503, "60")
            assert "Hay demasiada gente" in told
            assert "Volver al inicio" in told
        assert balancer.result()[0] == 200
    assert site.ask("/")[0] == 200


def test_a_browser_that_takes_its_time_to_send_has_not_waited_for_us(site: Site) -> None:
    one = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    one.connect()
    start = monotonic()
    sleep(TOO_LONG)
    one.request("GET", "/")
    assert one.getresponse().status == 200
    assert monotonic() - start < TOO_LONG + 1
    one.close()
