"""What ASVS asks of every response besides its headers (tests/test_architecture.py)."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from lxml import html

from accounts.events import ClaveEvent, Note
from tests.builders import PASSWORD, make_clave, make_cuil, make_person
from tests.journeys.test_entering_nonsense import send
from tests.test_architecture import ADDRESSES, HEADERS, directives
from tests.visitor import Visitor
from tests.walker import log_in


def static_files() -> list[str]:
    return [f"/static/{file.relative_to(settings.STATIC_ROOT)}" for file in one_of_each_kind()]


def one_of_each_kind() -> list[Path]:
    files = (file for file in sorted(Path(settings.STATIC_ROOT).rglob("*.*")) if "admin" not in file.parts)
    return list({file.suffix: file for file in files if file.suffix not in {".gz", ".br"}}.values())


@pytest.mark.django_db
def test_a_static_file_carries_every_header_and_is_for_no_other_site() -> None:
    files = static_files()
    assert {Path(file).suffix for file in files} >= {".css", ".js", ".svg", ".woff2"}
    for file in files:
        answer = Client().get(file, secure=True, HTTP_ORIGIN="https://malo.example")
        assert answer.status_code == 200, file
        assert "Access-Control-Allow-Origin" not in answer
        for name, value in HEADERS.items():
            assert directives(answer.headers.get(name, "missing")) == directives(value), (file, name)
        assert "max-age" in answer["Cache-Control"]
        answer.close()


@pytest.mark.django_db
@pytest.mark.parametrize("folder", ["/static/", "/static/css/", "/static/js", "/static/../manage.py"])
def test_no_folder_is_listed(folder: str) -> None:
    assert Client().get(folder).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_text_says_how_it_is_encoded_and_what_came_by_trace_is_not_told(address: str) -> None:
    client = Client(raise_request_exception=False)
    for answer in (client.get(address), client.trace(address, HTTP_X_MARK="Zanahoria")):
        kind = answer.headers.get("Content-Type", "")
        told = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert kind or not told
        assert not kind.startswith("text/") or "charset=utf-8" in kind.lower()
        assert b"Zanahoria" not in told
    assert answer.status_code >= 300 or kind.startswith("text/html")


@pytest.mark.django_db
def test_of_a_field_sent_twice_one_value_counts_everywhere() -> None:
    marta, somebody = make_person(), make_cuil(40111222)
    make_clave(marta.cuil)
    answer = send({"cuil": [somebody, marta.cuil], "password": ["Nada8nada", PASSWORD]})
    assert answer.headers["Location"] == "/inicio/"
    assert ClaveEvent.objects.filter(cuil=marta.cuil, kind=Note.SIGNED_IN).count() == 1
    assert not ClaveEvent.objects.filter(cuil=somebody).exists()
    assert "Location" not in send({"cuil": [marta.cuil, somebody], "password": [PASSWORD, PASSWORD]}).headers


def test_a_file_that_is_sent_all_the_same_is_read_past_and_kept_nowhere() -> None:
    file = SimpleUploadedFile("x.csv", b"x" * 5_000_000)
    request = RequestFactory().post("/", {"cuil": "1", "file": file, "password": "2"})
    assert dict(request.POST.items()) == {"cuil": "1", "password": "2"}
    assert not request.FILES


@pytest.mark.django_db
def test_leaving_is_at_hand_on_every_page() -> None:
    marta = make_person()
    make_clave(marta.cuil)
    who = log_in(Visitor(), marta)
    seen = 0
    for address in [*ADDRESSES, "/no-existe/"]:
        if not address.startswith(("/inicio/", "/aplicaciones/", "/oficinas/", "/no-existe/")):
            continue
        answer = who.client.get(address)
        if answer.status_code == 302 or not answer["Content-Type"].startswith("text/html"):
            continue
        page = html.document_fromstring(answer.content.decode())
        assert page.xpath("//header//form[@method='post' and @action='/salir/']//button[.='SALIR']"), address
        seen += 1
    assert seen > 8
