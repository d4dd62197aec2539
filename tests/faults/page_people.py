"""People who go through the portal's own pages, over the network: forms, CSRF marks, codes of pictures.

Finds fields by label and buttons by text, as tests/visitor.py does, whose client is exchanged for one that
speaks HTTP. The digits of a picture are read from django-simple-captcha's table.
"""

import http.client
import threading
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Self
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from django.db import connections

from identity.models import Person
from tests.visitor import NotOnThePage, Visitor
from tests.walker import ON_PAPER, walk

_TIMEOUT = 20


@dataclass
class Page:
    status_code: int
    content: bytes
    redirect_chain: list[tuple[str, int]] = field(default_factory=list)


class NetworkClient:
    """The part of Django's test client that a visitor uses, with cookies of its own."""

    def __init__(self, port: int) -> None:
        self._site = f"http://127.0.0.1:{port}"
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, url: str, *, follow: bool = True) -> Page:
        return self._open(Request(self._site + url))

    def post(self, url: str, data: dict[str, str], *, follow: bool = True) -> Page:
        return self._open(Request(self._site + url, urlencode(data).encode()))

    def _open(self, request: Request) -> Page:
        try:
            with self._opener.open(request, timeout=_TIMEOUT) as answer:
                ended = answer.url.removeprefix(self._site)
                return Page(answer.status, answer.read(), [(ended, 302)])
        except HTTPError as error:
            return Page(error.code, error.read())


class NetworkVisitor(Visitor):
    def __init__(self, port: int) -> None:
        super().__init__()
        self.client = NetworkClient(port)  # type: ignore[assignment]


class PageCrowd:
    """Each asks for a key with the paper form, once: whoever saw its number has been promised it."""

    def __init__(self, port: int, people: list[Person], threads: int = 4) -> None:
        self.acks: list[str] = []
        self.broken_off = 0
        self._port, self._people, self._lock = port, list(people), threading.Lock()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(threads)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self._threads:
            thread.join()

    @property
    def busy(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._people:
                    break
                person = self._people.pop()
            self._ask_until_it_comes(person)
        connections.close_all()

    def _ask_until_it_comes(self, person: Person) -> None:
        for _again in range(20):
            try:
                walk(NetworkVisitor(self._port), person, route=ON_PAPER)
            except (OSError, http.client.HTTPException, NotOnThePage, AssertionError):
                with self._lock:
                    self.broken_off += 1
                continue
            with self._lock:
                self.acks.append(person.cuil)
            return
