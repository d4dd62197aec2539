"""Lines of the log, for people and for programs."""

import json
import logging

import pytest
from django.test import Client, RequestFactory
from django.urls import resolve

from operation.logs import Json, Line
from operation.request_id import current

FORMATS = {"line": Line("{levelname} {name} {message}", style="{"), "json": Json()}


def record(message: str, *args: object, **extra: object) -> logging.LogRecord:
    one = logging.LogRecord("portal", logging.ERROR, "", 0, message, args, None)
    vars(one).update(extra)
    return one


def failing(message: str) -> logging.LogRecord:
    one = record("spoilt")
    with pytest.raises(ValueError, match="base") as met:
        int(message, base=99)
    met.value.args = (message,)
    one.exc_info = (met.type, met.value, met.tb)
    return one


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("secret", ["27301112225", "30.111.222", "marta@ejemplo.ar"])
def test_neither_a_message_nor_a_failure_says_whose_it_was(name: str, secret: str) -> None:
    form = FORMATS[name]
    for one in (record("de %s", secret), failing(secret), record(f"de {secret}")):
        assert secret not in form.format(one)


@pytest.mark.parametrize("name", FORMATS)
def test_what_another_formatter_made_of_a_failure_is_not_repeated(name: str) -> None:
    one = failing("27301112225")
    logging.Formatter().format(one)
    assert one.exc_text
    assert "27301112225" not in FORMATS[name].format(one)


def test_nobody_writes_a_line_of_their_own_into_the_log() -> None:
    forged = "x\nERROR portal todo bien\r\u2028ERROR"
    assert len(FORMATS["line"].format(record("%s", forged)).splitlines()) == 1
    assert len(FORMATS["json"].format(record("%s", forged)).splitlines()) == 1
    below = FORMATS["line"].format(failing(forged)).splitlines()[1:]
    assert below
    assert all(line.startswith("    ") for line in below), "a failure stands below its line"


def test_a_program_reads_one_object_with_known_fields_whatever_the_record_carries() -> None:
    one = failing("no")
    vars(one).update(status_code=500, request="<WSGIRequest: POST '/x/27301112225'>", cuil="27301112225")
    token = current.set("BCDF-GHJK-LMNP")
    try:
        fields = json.loads(FORMATS["json"].format(one))
    finally:
        current.reset(token)
    assert set(fields) == {"at", "level", "logger", "message", "process", "request_id", "status", "exception"}
    assert (fields["level"], fields["status"], fields["request_id"]) == ("ERROR", 500, "BCDF-GHJK-LMNP")
    assert fields["exception"][-1] == "ValueError: no"


@pytest.mark.parametrize("name", FORMATS)
def test_an_address_is_told_as_its_route(name: str) -> None:
    request = RequestFactory().get("/no-fui-yo/perez-marta/")
    request.resolver_match = resolve(request.path)
    told = FORMATS[name].format(record("Internal Server Error: %s", request.path, request=request))
    assert "/no-fui-yo/<str:token>/" in told
    assert "perez" not in told


def test_an_address_that_is_none_of_ours_is_not_told() -> None:
    request = RequestFactory().get("/perez-marta/")
    told = FORMATS["line"].format(record("Not Found: %s", request.path, request=request))
    assert told == "ERROR portal Not Found: (dirección)"


# --- The code of a request --------------------------------------------------------------------------


def code(client: Client, **headers: str) -> str:
    return client.get("/salud/vivo", **headers).headers["X-Request-Id"]


def test_every_answer_carries_a_code_of_its_own(client: Client) -> None:
    codes = {code(client) for _ in range(20)}
    assert len(codes) == 20
    assert all(set(one) <= set("BCDFGHJKLMNPQRSTVWXZ-") and len(one) == 14 for one in codes)


def test_without_a_proxy_of_ours_a_visitor_chooses_no_code(client: Client) -> None:
    assert code(client, HTTP_X_REQUEST_ID="a1b2c3d4e5f60718") != "a1b2c3d4e5f60718"


@pytest.mark.parametrize(
    "given",
    ["", "short", "x" * 65, "con espacios 123", "a\r\nSet-Cookie: x=1", "27301112225", "27-30111222-5",
     "27301112225" * 2 + "2730111222", "marta-27301112225"],
)  # fmt: skip
def test_a_code_that_is_none_is_not_taken_from_a_proxy_either(client: Client, settings, given: str) -> None:
    settings.PORTAL_PROXIES = 1
    assert code(client, HTTP_X_REQUEST_ID=given) != given


@pytest.mark.parametrize(
    "given",
    [
        "4f1e0a7c9b3d2e6f8a5b",
        "4f1e0a7c9b3d2e6f8a5b4f1e0a7c9b3d",
        # As nginx writes it: in every third there are seven digits in a row.
        "3051234567e0a7c9b3d2e6f8a5b4f1ea",
    ],
)
def test_the_proxy_s_code_is_taken(client: Client, settings, given: str) -> None:
    settings.PORTAL_PROXIES = 1
    assert code(client, HTTP_X_REQUEST_ID=given) == given


@pytest.mark.django_db
@pytest.mark.urls("tests.test_architecture")
@pytest.mark.parametrize("name", FORMATS)
def test_the_page_that_says_something_failed_names_the_code_that_the_log_has(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.setFormatter(FORMATS[name])
    answer = Client(raise_request_exception=False).get("/prueba/rompe/")
    shown = answer.headers["X-Request-Id"]
    assert f"<strong>{shown}</strong>" in answer.content.decode()
    assert shown in caplog.text
    assert "/prueba/rompe/" in caplog.text
    assert "27301112225" not in caplog.text
