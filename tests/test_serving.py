"""The portal as gunicorn serves it, over real sockets: deploy/gunicorn.conf.py and the worker."""

import re
import socket
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.db import connection

from tests.serving import portal

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="no page here asks the database: once, on SQLite, is enough"
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """A port where two workers answer, and their log."""
    folder = tmp_path_factory.mktemp("served")
    # Of the database, /metricas says what it finds.
    database = f"sqlite:///{folder}/base.sqlite3"
    with portal(folder / "log", PORTAL_METRICS_DIR=str(folder / "metrics"), DATABASE_URL=database) as port:
        yield port, folder / "log"


def sent(port: int, request: bytes) -> str:
    """What comes back for these bytes, until the server closes."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as line:
        line.sendall(request)
        answer = b""
        while more := line.recv(65536):
            answer += more
    return answer.decode()


def get(port: int, path: str) -> tuple[int, bytes]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as line:
        line.request("GET", path)
        response = line.getresponse()
        return response.status, response.read()


def test_pages_and_papers_are_served_by_workers_that_were_forked_from_a_loaded_process(
    served: tuple[int, Path],
) -> None:
    port, _log = served
    for _each_worker in range(4):
        assert get(port, "/poder-especifico/")[1].startswith(b"%PDF-")
    assert get(port, "/no-existe/")[0] == 404


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        pytest.param(b"GET /20301112225" + b"x" * 4000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, id="address"),
        pytest.param(b"GET / HTTP/1.1\r\nX: 20301112225" + b"x" * 9000 + b"\r\n\r\n", 431, id="header"),
        pytest.param(b"20301112225 nonsense\r\n\r\n", 400, id="no request at all"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\n20301112225\r\n\r\n", 400, id="no header at all"),
    ],
)
def test_what_cannot_be_read_is_refused_in_spanish_without_repeating_it(
    served: tuple[int, Path], request_bytes: bytes, status: int
) -> None:
    port, log = served
    answer = sent(port, request_bytes)
    assert answer.startswith(f"HTTP/1.1 {status} ")
    assert '<html lang="es-AR">' in answer
    assert "20301112225" not in answer + log.read_text()


def test_the_longest_address_of_ours_fits(served: tuple[int, Path]) -> None:
    port, _log = served
    assert get(port, f"/no-existe/{'x' * 1900}/")[0] == 404


def test_whichever_worker_is_asked_for_the_metrics_it_answers_for_both(served: tuple[int, Path]) -> None:
    port, _log = served
    assert [get(port, "/salud/vivo")[0] for _ in range(20)] == [200] * 20
    counted = re.compile(rb'^clave_requests_total{.*view="salud-vivo"} (.+)$', re.MULTILINE)
    assert {tuple(counted.findall(get(port, "/metricas")[1])) for _ in range(20)} == {(b"20.0",)}
