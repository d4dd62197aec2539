"""A database that refuses, that has gone silent, and that comes back: nobody hangs, and a page says so."""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import psycopg
import pytest
from django.db import close_old_connections, connection
from django.test import Client

from guards.patience import as_in_a_request
from guards.postgresql.base import DatabaseWrapper
from guards.postgresql.breaker import Breaker
from operation import checks
from operation.readiness import readiness
from tests.serving import free_port, portal

# Seconds after which a proxy in front would give up.
PROXY_GIVES_UP = 15

on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the server of this test has a database of its own: once is enough"
)
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server to lose")


def asked(port: int, path: str = "/") -> HTTPResponse:
    with closing(HTTPConnection("127.0.0.1", port, timeout=PROXY_GIVES_UP)) as line:
        line.request("GET", path)
        response = line.getresponse()
        response.read()
        return response


def expect_the_page_that_says_so(status: int, retry_after: str | None) -> None:
    assert status == 503
    assert int(retry_after or 0) > 0


@contextmanager
def silent_server(port: int) -> Iterator[None]:
    """Takes connections, as far as the kernel goes, and never says a word."""
    with closing(socket.socket()) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", port))
        server.listen(64)
        yield


@on_sqlite
def test_a_database_that_refuses_or_says_nothing_gets_everybody_a_page_and_hangs_nobody(
    tmp_path: Path,
) -> None:
    database = free_port()
    url = f"postgres://clave@127.0.0.1:{database}/clave"
    with portal(tmp_path / "log", DATABASE_URL=url) as port:
        refused = asked(port)
        expect_the_page_that_says_so(refused.status, refused.headers["Retry-After"])
        assert asked(port, "/oficinas/").status == 503
        with silent_server(database):
            silent = asked(port)
            expect_the_page_that_says_so(silent.status, silent.headers["Retry-After"])
            assert asked(port, "/ayuda/").status == 200, "a page without the database goes on"
    told = (tmp_path / "log").read_text()
    assert "gave no answer, for /oficinas/" in told
    assert "Traceback" not in told


# --- In the middle of work ------------------------------------------------------------------------------


class Relay:
    """Between the portal and its PostgreSQL: passes everything on until it is told to keep it."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._flows = threading.Event()
        self._flows.set()
        self._over = threading.Event()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def keep_everything(self) -> None:
        self._flows.clear()

    def pass_on_again(self) -> None:
        self._flows.set()

    def close(self) -> None:
        self._over.set()
        self._flows.set()
        self._server.close()

    def _accept(self) -> None:
        self._server.settimeout(0.1)
        while not self._over.is_set():
            try:
                client, _address = self._server.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            threading.Thread(target=self._relay, args=(client,), daemon=True).start()

    def _relay(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._to) as server:
            other = {client: server, server: client}
            while not self._over.is_set():
                for ready in select.select([client, server], [], [], 0.1)[0]:
                    data = ready.recv(65536)
                    self._flows.wait()
                    if not data:
                        return
                    other[ready].sendall(data)


@pytest.fixture
def relay(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    there = connection.get_connection_params()
    between = Relay(there["host"], int(there["port"] or 5432))
    monkeypatch.setattr(DatabaseWrapper, "breaker", Breaker(pause=0))
    before = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = between.port
    yield between
    between.close()
    connection.close()
    connection.settings_dict["PORT"] = before


@on_postgresql
def test_a_server_gone_silent_in_the_middle_is_told_of_and_the_next_request_after_its_return_works(
    relay: Relay,
) -> None:
    client = Client(raise_request_exception=False)
    assert client.get("/").status_code == 200
    relay.keep_everything()
    # Without a bound this call would not come back.
    response = client.get("/")
    expect_the_page_that_says_so(response.status_code, response.headers["Retry-After"])
    assert "Ahora no podemos atenderte" in response.content.decode()
    relay.pass_on_again()
    close_old_connections()  # as at the end of each request that comes over a socket
    assert client.get("/").status_code == 200


@on_postgresql
def test_a_command_may_wait_as_long_as_it_takes(relay: Relay) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")
        assert cursor.fetchone() == ("",)


def statement_timeout() -> str:
    """Of a connection that is opened now."""
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        (shown,) = cursor.fetchone()
    connection.close()
    return str(shown)


@on_postgresql
def test_the_server_ends_the_statement_of_a_page_and_not_that_of_a_command(transactional_db: None) -> None:
    assert statement_timeout() == "0"
    with as_in_a_request():
        assert statement_timeout() == "3s"


@on_postgresql
def test_a_look_at_a_server_gone_silent_ends_and_the_next_one_finds_it_back(
    relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operation.readiness.FRESH", 0.0)
    readiness.forget()
    migrations = checks._migrations

    def fall_silent() -> object:
        relay.keep_everything()
        return migrations()

    monkeypatch.setattr(checks, "_migrations", fall_silent)
    assert not readiness.report().well
    assert readiness._run is not None
    assert not readiness._run.result(timeout=PROXY_GIVES_UP).well, "while the server is silent yet"
    monkeypatch.setattr(checks, "_migrations", migrations)
    relay.pass_on_again()
    assert readiness.report().verdicts[0].well


# --- The breaker ------------------------------------------------------------------------------------------


def fails() -> None:
    raise psycopg.OperationalError("gone")


def tries(breaker: Breaker, how: str = "works") -> bool:
    """Whether a connection was tried at all."""
    tried = False
    try:
        with breaker.attempt():
            tried = True
            if how == "fails":
                fails()
    except psycopg.OperationalError:
        pass
    return tried


def test_after_a_failure_nobody_tries_for_a_moment() -> None:
    breaker = Breaker(pause=60)
    assert tries(breaker, "fails")
    assert not tries(breaker)


def test_after_the_moment_one_tries_and_the_others_do_not_wait_for_it() -> None:
    breaker = Breaker(pause=0)
    assert tries(breaker, "fails")
    with breaker.attempt():
        assert not tries(breaker)
    assert tries(breaker)


def test_whoever_was_to_find_out_and_fails_leaves_it_to_the_next() -> None:
    breaker = Breaker(pause=0)
    assert tries(breaker, "fails")
    assert tries(breaker, "fails")
    assert tries(breaker)


def test_while_all_is_well_many_connect_at_once() -> None:
    breaker = Breaker(pause=60)
    with breaker.attempt():
        assert tries(breaker)
