"""Whatever is sent to whatever address, by whomever: the portal answers as it does to anybody.

At least 5,000 requests in each run, the same ones as long as nothing changes. `make hostile` sends others
each time, HOSTILE says how many.
"""

import os
from typing import Any

import pytest
from django.db import transaction
from django.test import RequestFactory
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from clave_portal.requests import Utf8Request
from tests.hostile.judging import judge
from tests.hostile.places import PLACES
from tests.hostile.sending import requests

WANTED = int(os.environ.get("HOSTILE", "0"))
EACH = -(-(WANTED or 5000) // len(PLACES))

# Without the search for why: it sends a failing request hundreds of times over.
PHASES = (Phase.generate, Phase.shrink)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _read_as_the_server_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.test.client.WSGIRequest", Utf8Request)


@pytest.mark.parametrize("place", PLACES)
def test_whatever_is_sent_gets_an_answer_like_any_other(place: str) -> None:
    here = PLACES[place]()
    cookies = here.client.cookies.output(header="", sep=";")
    sent = 0

    @settings(
        max_examples=EACH, deadline=None, database=None, derandomize=not WANTED, print_blob=bool(WANTED),
        suppress_health_check=list(HealthCheck), phases=PHASES,
    )  # fmt: skip
    @given(st.data())
    def every_request(data: st.DataObject) -> None:
        nonlocal sent
        request = data.draw(requests(here))
        here.client.cookies.clear()
        here.client.cookies.load(cookies)
        with transaction.atomic():
            answer = request.by(here.client)
            judge(answer)
            for _ in range(3):
                if answer.status_code not in {301, 302}:
                    break
                answer = here.client.get(answer["Location"], secure=True)
                judge(answer)
            transaction.set_rollback(True)
        sent += 1

    every_request()
    assert sent >= EACH


@pytest.mark.parametrize("charset", ["rot13", "idna", "base64", "utf-16", "inventado", ""])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_charset_breaks_what_the_server_runs(
    monkeypatch: pytest.MonkeyPatch, method: str, charset: str
) -> None:
    """Through the entry point of the server: a failure before the first middleware gets no page of ours."""
    from clave_portal.wsgi import application

    monkeypatch.setattr("django.db.close_old_connections", lambda **_: None)
    environ = RequestFactory().generic(
        method, "/?q=%C3", b"a=%E1", f"application/x-www-form-urlencoded; charset={charset}", secure=True
    ).environ  # fmt: skip
    started: list[Any] = []
    page = b"".join(application(environ, lambda *head: started.append(head)))
    assert started[0][0] == "400 Bad Request"
    assert "No pudimos entender el pedido" in page.decode()
