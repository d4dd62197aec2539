"""Two machines of the public door on loopback, and the client of a balancer: each request to the next.

They share the database and the two secrets of a site, and nothing else: no file, no memory, no cache.
"""

import http.client
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from tests.deploy.https_client import Answer, Browser
from tests.deploy.machine import HERE, HOST, child, free_port, gunicorn, site, wait_for
from tests.faults.children import children_of, kill, until

# What the proxy before a node says of the visitor.
_FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.44"}


class Node:
    """A gunicorn with the deployed configuration, and its workers. `answered` counts its requests."""

    def __init__(self, folder: Path, ends: ExitStack) -> None:
        self.port, self.answered = free_port(), 0
        self._folder, self._ends = folder, ends
        # A home of its own: what one node keeps in files the other does not find.
        folder.mkdir()
        self._values = {**site(folder), "DATABASE_URL": _address(), "PORTAL_DOOR": "public"}
        self.launch()

    def launch(self) -> None:
        started = child(gunicorn(self.port), self._values, self._folder / "gunicorn.log")
        self._process: subprocess.Popen[bytes] = self._ends.enter_context(started)

    def is_dead(self) -> bool:
        return self._process.poll() is not None

    def wait(self) -> None:
        """Until it listens."""
        wait_for(self.port, [self._process], self._folder)

    def kill(self) -> None:
        """As a machine that loses its power: nobody is told and nothing is finished."""
        workers = children_of(self._process.pid)
        assert workers
        for pid in (self._process.pid, *workers):
            kill(pid)
        self._process.wait()
        until(lambda: not self._listens(), 10, "a dead node's end")

    def _listens(self) -> bool:
        """As long as one of its processes still holds the socket."""
        with closing(socket.socket()) as probe:
            return probe.connect_ex((HERE, self.port)) == 0


@contextmanager
def running_nodes(folder: Path) -> Iterator[list[Node]]:
    """Two, on the database that this process is connected to."""
    with ExitStack() as ends:
        nodes = [Node(folder / name, ends) for name in ("one", "other")]
        for node in nodes:
            node.wait()
        yield nodes


def _address() -> str:
    ours: dict[str, Any] = connection.settings_dict
    password = f":{ours['PASSWORD']}" if ours["PASSWORD"] else ""
    server = f"{ours['HOST'] or 'localhost'}:{ours['PORT'] or 5432}"
    return f"postgres://{ours['USER']}{password}@{server}/{ours['NAME']}"


class BalancedBrowser(Browser):
    """Its requests go round the nodes, redirects and pictures too; one that is not there is left out."""

    def __init__(self, nodes: list[Node]) -> None:
        super().__init__(HOST, self._next)
        self._nodes, self._turn = nodes, 0

    def ask(self, method: str, url: str, body: bytes = b"", headers: dict[str, Any] | None = None) -> Answer:
        return super().ask(method, url, body, {"Host": HOST, **_FORWARDED, **(headers or {})})

    def _next(self) -> http.client.HTTPConnection:
        """Connected already: to a node that is dead nothing was sent yet."""
        at = self._turn % len(self._nodes)
        self._turn += 1
        for node in self._nodes[at:] + self._nodes[:at]:
            line = http.client.HTTPConnection(HERE, node.port, timeout=30)
            try:
                line.connect()
            except ConnectionRefusedError:
                continue
            node.answered += 1
            return line
        raise AssertionError("no node answers")
