"""An address that is shut is refused without the database; whatever Redis does, the count is that one's."""

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guards import shut
from guards.limits import Limit, LimitReached
from guards.models import Counter

ADDRESS = "200.45.1.2"
THREE = Limit("three", free=3, window=timedelta(minutes=10), by_address=True)
WITHOUT = Limit("of-a-person", free=3, window=timedelta(minutes=10))

pytestmark = pytest.mark.django_db
needs_redis = pytest.mark.skipif(not shutil.which("redis-server"), reason="there is no redis-server here")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(autouse=True)
def _a_breaker_of_its_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(shut, "_breaker", shut._Breaker())
    yield
    shut._redis.cache_clear()


class Server:
    """A Redis of our own, that keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(  # noqa: S603 - our own tool
            [shutil.which("redis-server"), "--port", str(self.port), "--save", "", "--bind", "127.0.0.1"],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.inside = redis.Redis(port=self.port)
        for _ in range(200):
            if self._answers():
                return
            time.sleep(0.02)
        raise RuntimeError("redis-server does not start")

    def _answers(self) -> bool:
        try:
            return bool(self.inside.ping())
        except redis.ConnectionError:
            return False

    def die(self) -> None:
        self.process.kill()
        self.process.wait()
        self.inside.close()


@pytest.fixture
def server(tmp_path: Path, settings: LazySettings) -> Iterator[Server]:
    server = Server(tmp_path)
    settings.REDIS_URL = f"redis://127.0.0.1:{server.port}/0"
    yield server
    server.die()


def tries(limit: Limit, times: int) -> list[bool]:
    def one() -> bool:
        try:
            limit.spend(ADDRESS)
        except LimitReached:
            return False
        return True

    return [one() for _ in range(times)]


def statements(job: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as seen:
        job()
    return len(seen)


# --- It works -----------------------------------------------------------------------------------------


@needs_redis
def test_an_address_that_is_shut_is_refused_without_the_database(server: Server) -> None:
    assert tries(THREE, 4) == [True, True, True, False]
    assert statements(lambda: tries(THREE, 20)) == 0
    with pytest.raises(LimitReached) as refused:
        THREE.spend(ADDRESS)
    assert refused.value.minutes_left == 10


@needs_redis
def test_as_many_pass_as_without_it_and_others_are_not_kept_out(server: Server) -> None:
    assert tries(THREE, 10).count(True) == 3
    assert THREE.spend("200.45.1.3") == 1
    assert Limit("other", free=3, window=timedelta(minutes=10), by_address=True).spend(ADDRESS) == 1


@needs_redis
def test_a_limit_on_a_person_is_never_asked_of_it(server: Server) -> None:
    tries(WITHOUT, 5)
    assert server.inside.dbsize() == 0


@needs_redis
@pytest.mark.parametrize("reopen", [THREE.forget, THREE.give_back], ids=["forgotten", "given back"])
def test_what_is_opened_before_its_time_is_open_at_once(
    server: Server, reopen: Callable[[str], None]
) -> None:
    tries(THREE, 4)
    reopen(ADDRESS)
    assert tries(THREE, 1) == [True]


@needs_redis
def test_it_holds_nothing_of_anybody_and_forgets_in_time(server: Server) -> None:
    tries(THREE, 4)
    (key,) = server.inside.keys("*")
    assert ADDRESS.encode() not in key
    assert THREE.key(ADDRESS).encode() not in key
    assert server.inside.get(key) == b"1"
    assert 0 < server.inside.ttl(key) <= 600


# --- It does not --------------------------------------------------------------------------------------


@needs_redis
def test_killed_in_the_middle_nobody_notices_and_the_count_is_right(server: Server) -> None:
    assert tries(THREE, 2) == [True, True]
    server.die()
    assert tries(THREE, 3) == [True, False, False]
    assert Counter.objects.get(key=THREE.key(ADDRESS)).used == 3


@needs_redis
def test_what_was_lost_with_it_is_learned_again_from_the_database(server: Server) -> None:
    tries(THREE, 4)
    server.inside.flushall()
    assert tries(THREE, 1) == [False]
    assert server.inside.dbsize() == 1


def answering(what: bytes | None) -> Callable[[socket.socket], None]:
    def answer(client: socket.socket) -> None:
        with client:
            while client.recv(4096):
                if what is not None:
                    client.sendall(what)

    return answer


@pytest.fixture
def impostor(settings: LazySettings) -> Iterator[Callable[[bytes | None], list[int]]]:
    """Something on the port that is no Redis: says always the same, or nothing; who came is counted."""
    listener = socket.create_server(("127.0.0.1", 0))
    settings.REDIS_URL = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
    came: list[int] = []

    def start(what: bytes | None) -> list[int]:
        def serve() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                came.append(1)
                client.settimeout(5)
                try:
                    answering(what)(client)
                except OSError:
                    continue

        threading.Thread(target=serve, daemon=True).start()
        return came

    yield start
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


NONSENSE = {
    "silence": None,
    "an error": b"-LOADING loading the dataset in memory\r\n",
    "another protocol": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "text": b"$3\r\nabc\r\n",
    "nothing": b"$-1\r\n",
    "a number past all time": b":9223372036854775807\r\n",
    "a negative number": b":-7\r\n",
    "no protocol": b"\x00\xff\xfe\r\n",
}


@pytest.mark.parametrize("name", NONSENSE)
def test_whatever_answers_in_its_place_keeps_nobody_out_and_lets_nobody_in(
    impostor: Callable[[bytes | None], list[int]], name: str
) -> None:
    impostor(NONSENSE[name])
    assert tries(THREE, 5) == [True, True, True, False, False]


def test_a_silent_one_is_left_alone_after_the_first_page_that_waited(
    impostor: Callable[[bytes | None], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    came = impostor(None)
    tries(THREE, 30)
    assert len(came) == 1
    rested = time.monotonic() + shut._REST + 1
    monkeypatch.setattr("guards.shut.time.monotonic", lambda: rested)
    tries(THREE, 30)
    assert len(came) == 2


def test_without_one_nothing_is_asked(settings: LazySettings) -> None:
    settings.REDIS_URL = ""
    assert tries(THREE, 5).count(True) == 3
    assert shut._redis.cache_info().currsize == 0
