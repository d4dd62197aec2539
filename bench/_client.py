"""A browser over a raw connection: light enough to share two cores with what it measures.

Everything goes to 127.0.0.1; each visitor has an address of their own in 127.0.0.0/8, so that the
portal and nginx count them as different connections.
"""

import asyncio
import ssl
from dataclasses import dataclass, field
from functools import cached_property
from http.cookies import SimpleCookie
from itertools import count
from urllib.parse import urlencode, urlsplit

from lxml import html

from tests.visitor import Visitor

HOST = "clave.test"
_SECONDS = 30
_REDIRECTS = 5
_numbers = count(1)
# The certificate was made a moment ago, for this run.
_TLS = ssl.create_default_context()
_TLS.check_hostname, _TLS.verify_mode = False, ssl.CERT_NONE


def new_address() -> str:
    """The next of sixteen million addresses of this machine; 127.0.0.x stays free."""
    number = next(_numbers) % (2**24 - 2**16) + 2**16
    return f"127.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@dataclass
class Answer:
    """Status 0: no answer came, the connection broke or the time was up."""

    status_code: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)
    content: bytes = b""

    @cached_property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.content.decode())


class Line:
    """One connection that is kept open, from one address."""

    def __init__(self, port: int, address: str | None = None, seconds: float = _SECONDS) -> None:
        self.port, self.address, self.seconds = port, address or new_address(), seconds
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, cookies: dict[str, str], body: str | None = None) -> Answer:
        try:
            async with asyncio.timeout(self.seconds):
                return await self._ask(_request(method, path, cookies, body))
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            await self.hang_up()
            return Answer()

    async def hang_up(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    async def _ask(self, request: bytes) -> Answer:
        kept = self._writer is not None
        try:
            return await self._send(request)
        except (ConnectionError, asyncio.IncompleteReadError):
            # The server may close a kept connection whenever it likes; browsers try once more on a new one.
            await self.hang_up()
            if not kept:
                raise
            return await self._send(request)

    async def _send(self, request: bytes) -> Answer:
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(
                "127.0.0.1",
                self.port,
                local_addr=(self.address, 0),
                limit=2**20,
                ssl=_TLS,
                server_hostname=HOST,
            )
        self._writer.write(request)
        answer = _head(await self._reader.readuntil(b"\r\n\r\n"))
        answer.content = await self._body(answer.headers)
        if answer.headers.get("connection", "").lower() == "close":
            await self.hang_up()
        return answer

    async def _body(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding") != "chunked":
            return await self._reader.readexactly(int(headers.get("content-length", 0)))
        parts = []
        while size := int(await self._reader.readline(), 16):
            parts.append(await self._reader.readexactly(size))
            await self._reader.readline()
        await self._reader.readline()
        return b"".join(parts)


def _request(method: str, path: str, cookies: dict[str, str], body: str | None) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "Accept-Language: es-AR", "User-Agent: bench"]
    if cookies:
        lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()))
    if body is not None:
        lines += [
            f"Origin: https://{HOST}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        ]
    return "\r\n".join([*lines, "", body or ""]).encode()


def _head(raw: bytes) -> Answer:
    first, *lines = raw.decode("latin-1").split("\r\n")
    answer = Answer(int(first.split(" ", 2)[1]))
    for line in filter(None, lines):
        name, _, value = line.partition(":")
        if name.lower() == "set-cookie":
            answer.cookies.append(value.strip())
        else:
            answer.headers[name.lower()] = value.strip()
    return answer


class Trouble(Exception):
    """An answer that the visitor cannot go on with. `status` is 0 when none came."""

    def __init__(self, status: int, where: str) -> None:
        super().__init__(f"{status} on {where}")
        self.status = status


class Remote(Visitor):
    """The tests' visitor, who finds fields by label and buttons by their text; over the wire."""

    response: Answer

    def __init__(self, port: int, address: str | None = None) -> None:
        self.line = Line(port, address)
        self.cookies: dict[str, str] = {}
        self.response, self.url, self.typed = Answer(), "", {}
        # How long each page took that was asked for, redirects included: (when asked, seconds).
        self.pages: list[tuple[float, float]] = []

    @property
    def page(self) -> html.HtmlElement:
        return self.response.tree

    async def open(self, url: str) -> "Remote":
        return await self._go("GET", url)

    async def press(self, text: str) -> "Remote":
        url, values = self.form(text)
        return await self._go("POST", url, urlencode(values))

    async def fetch(self, url: str) -> Answer:
        """A picture or a file: the page stays."""
        return await self._ask("GET", url)

    async def _go(self, method: str, url: str, body: str | None = None) -> "Remote":
        loop = asyncio.get_running_loop()
        start = loop.time()
        answer = await self._ask(method, url, body)
        for _ in range(_REDIRECTS):
            if answer.status_code not in {301, 302, 303}:
                break
            url = urlsplit(answer.headers["location"])._replace(scheme="", netloc="").geturl()
            answer = await self._ask("GET", url)
        self.pages.append((start, loop.time() - start))
        self.response, self.url, self.typed = answer, url, {}
        if answer.status_code != 200:
            raise Trouble(answer.status_code, f"{method} {urlsplit(url).path}")
        return self

    async def _ask(self, method: str, url: str, body: str | None = None) -> Answer:
        answer = await self.line.ask(method, url, self.cookies, body)
        for line in answer.cookies:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer
