"""What tests.visitor.Visitor asks of its client, over a real TLS connection."""

import http.client
import socket
import ssl
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.cookies import Morsel, SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.deploy.machine import HERE, HOST, Machine


@dataclass(frozen=True)
class Answer:
    """A page as it came, and where the redirects led."""

    status_code: int
    headers: Message
    content: bytes
    redirect_chain: list[tuple[str, int]] = field(default_factory=list)

    def get(self, name: str, default: str = "") -> str:
        return self.headers.get(name, default)

    @property
    def text(self) -> str:
        return self.content.decode()


class _Connection(http.client.HTTPSConnection):
    """To a host of the machine, by its name, though no name server knows it."""

    def __init__(self, machine: Machine, host: str, source: str) -> None:
        context = ssl.create_default_context(cafile=str(machine.certificate(HOST)))
        context.load_verify_locations(cafile=str(machine.certificate(host)))
        super().__init__(host, timeout=30, context=context)
        self._to, self._source, self._tls = (HERE, machine.https_port), source, context

    def connect(self) -> None:
        sock = socket.create_connection(self._to, 30, source_address=(self._source, 0))
        self.sock = self._tls.wrap_socket(sock, server_hostname=self.host)


@contextmanager
def begun(machine: Machine, request: bytes) -> Iterator[Any]:
    """A line on which these bytes were sent, and nothing more."""
    connection = _Connection(machine, HOST, HERE)
    connection.connect()
    with closing(connection.sock) as line:
        line.sendall(request)
        yield line


def conversation(machine: Machine, request: bytes) -> bytes:
    """What comes back for these bytes, until the other side closes."""
    with begun(machine, request) as line:
        return b"".join(iter(lambda: line.recv(65536), b""))


def handshake(machine: Machine, version: ssl.TLSVersion, ciphers: str) -> str:
    """The suite that is agreed upon by whoever offers nothing but this, weak ones too.

    Raises:
        ssl.SSLError: the other side will not.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cafile=str(machine.certificate(HOST)))
    context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of versions that nobody should speak
        context.minimum_version = context.maximum_version = version
    with (
        socket.create_connection((HERE, machine.https_port), 30) as sock,
        context.wrap_socket(sock, server_hostname=HOST) as tls,
    ):
        agreed = tls.cipher()
    assert agreed
    return agreed[0]


class Browser:
    """At one host, over the connections it is given: keeps its cookies, follows redirects where told to."""

    def __init__(self, host: str, connect: Callable[[], http.client.HTTPConnection]) -> None:
        self.host = host
        self.cookies: dict[str, Morsel[str]] = {}
        self._connect = connect

    def get(self, url: str, *, follow: bool = False, **headers: str) -> Answer:
        return self._followed(self.ask("GET", url, headers=headers), follow=follow)

    def post(self, url: str, data: dict[str, str], *, follow: bool = False) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{self.host}"}
        return self._followed(self.ask("POST", url, urlencode(data).encode(), kind), follow=follow)

    def ask(self, method: str, url: str, body: bytes = b"", headers: dict[str, Any] | None = None) -> Answer:
        """One request on a connection of its own."""
        sent = {"Cookie": "; ".join(f"{m.key}={m.value}" for m in self.cookies.values()), **(headers or {})}
        connection = self._connect()
        try:
            connection.request(method, url, body or None, sent)
            response = connection.getresponse()
            answer = Answer(response.status, response.msg, response.read())
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies.update(SimpleCookie(line))
        return answer

    def _followed(self, answer: Answer, *, follow: bool) -> Answer:
        chain: list[tuple[str, int]] = []
        while follow and answer.status_code in {301, 302} and len(chain) < 10:
            to = urlsplit(answer.get("Location"))
            assert to.netloc in {"", self.host}
            chain.append((to._replace(scheme="", netloc="").geturl(), answer.status_code))
            answer = self.ask("GET", chain[-1][0])
        return Answer(answer.status_code, answer.headers, answer.content, chain)


class HttpsClient(Browser):
    """A browser that reaches a host of the machine through its nginx."""

    def __init__(self, machine: Machine, host: str = HOST, source: str = HERE) -> None:
        super().__init__(host, lambda: _Connection(machine, host, source))
