"""Whatever is sent to the log-in: it neither breaks nor opens it, and the key never comes back."""

import re
from typing import Any

import pytest
from captcha.models import CaptchaStore
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client

from identity.models import Person
from tests.builders import PASSWORD, make_clave, make_person

BAD = "Nada8nada"

pytestmark = pytest.mark.django_db


@pytest.fixture
def marta() -> Person:
    person = make_person()
    make_clave(person.cuil)
    return person


BIG = "9" * 1_000_000


def send(data: Any, **how: Any) -> HttpResponse:
    """A log-in with a good CSRF token and a good code, however odd the rest."""
    client = Client(raise_request_exception=False)
    client.get("/")
    key = CaptchaStore.objects.latest("pk").hashkey
    code = CaptchaStore.objects.get(hashkey=key).response
    if isinstance(data, dict):
        data = {"captcha_key": key, "captcha": code, "cuil": "", "password": BAD, **data}
    return client.post("/", data, **how)


ODD = {
    "nothing": {},
    "NUL in the key": {"password": "Ab3\0defgh"},
    "NUL in the CUIL": {"cuil": "2730111222\0"},
    "NUL in the code": {"captcha": "12\0456"},
    "NUL in the code's key": {"captcha_key": "0" * 39 + "\0"},
    "a megabyte of CUIL": {"cuil": BIG},
    "a megabyte of key": {"password": BIG},
    "a megabyte of code": {"captcha": BIG},
    "full-width digits": {"cuil": "２７３０１１１２２２６", "captcha": "１２３４５６"},
    "digits of another script": {"cuil": "٢٧٣٠١١١٢٢٢٦", "captcha": "١٢٣٤٥٦"},
    "emoji": {"cuil": "👵🏽" * 11, "password": "👩‍👩‍👧‍👦Aa1", "captcha": "🦆🦆"},
    "twice the CUIL": {"cuil": ["27301112226", "20222333442"]},
    "twice the key": {"password": ["uno", PASSWORD]},
    "arrays": {"cuil[]": "27301112226", "password[0]": PASSWORD, "captcha[$ne]": "1"},
    "an object": {"cuil": '{"$gt": ""}', "password": "' OR 1=1 --"},
    "percent and braces": {"cuil": "%s%d{}{0}", "password": "%(x)s{{ 7*7 }}"},
    "a lone surrogate": {"cuil": "\udcff".encode("utf-8", "surrogatepass"), "password": b"\xff\xfe\x00"},
    "line ends": {"cuil": "27301112226\r\nSet-Cookie: a=b", "password": "a\r\nb"},
    "too many fields": {f"campo{number}": "x" for number in range(200)},
}


@pytest.mark.parametrize("name", ODD)
def test_nothing_sent_breaks_the_page_or_opens_it(name: str, marta: Person) -> None:
    answer = send(ODD[name])
    assert answer.status_code in {200, 400, 413}
    assert not Session.objects.exists()


@pytest.mark.parametrize("name", ODD)
def test_nothing_sent_opens_it_either_with_the_right_cuil(name: str, marta: Person) -> None:
    answer = send({"cuil": marta.cuil, **ODD[name]})
    assert answer.status_code in {200, 302, 400, 413}
    opened = name == "twice the key"  # as every browser and framework reads it: the last one counts
    assert (answer.status_code == 302) is opened


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"cuil": ["27301112226"]}', "application/json"),
        ("<a/>", "text/xml"),
        ("sin forma", "multipart/form-data"),
        ("--x\r\nsin fin", "multipart/form-data; boundary=x"),
        ("cuil=%FF%FE&password=%00", "application/x-www-form-urlencoded"),
        ("cuil=1", "application/x-www-form-urlencoded; charset=inventado"),
        ("cuil=1", "application/x-www-form-urlencoded; charset=utf-16"),
        ("&&&===&", "application/x-www-form-urlencoded"),
        ("", ""),
    ],
)
def test_no_kind_of_body_breaks_the_page(body: str, kind: str) -> None:
    client = Client(raise_request_exception=False)
    assert client.generic("POST", "/", body, content_type=kind).status_code in {200, 400}


@pytest.mark.parametrize("query", ["?cuil=27301112226", "?next=//malo.example", "?%00=%FF", "?" + "a" * 5000])
def test_the_address_says_nothing_to_the_log_in(query: str, marta: Person) -> None:
    page = Client(raise_request_exception=False).get("/" + query)
    assert page.status_code == 200
    assert b"27301112226" not in page.content
    assert b"malo.example" not in page.content


@pytest.mark.parametrize("typed", [BAD, "Ñandú7 <b>&\"'", "x" * 300, "Ab3\0defgh"])
def test_the_key_is_never_sent_back(marta: Person, typed: str) -> None:
    answer = send({"cuil": marta.cuil, "password": typed})
    page = answer.content.decode()
    assert typed not in page
    assert typed.replace("&", "&amp;").replace("<", "&lt;") not in page
    assert not re.search(r'name="password"[^>]*\bvalue=', page)


def test_what_was_typed_is_shown_as_text_and_not_as_html() -> None:
    page = send({"cuil": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page
