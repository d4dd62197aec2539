"""When something fails, the report does not say whose it was."""

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory

from accounts.models import User
from journeys.reporting import NobodysReport
from tests.builders import PASSWORD, make_clave, make_person


@pytest.mark.django_db
def test_a_report_of_an_error_holds_nothing_of_whoever_met_it() -> None:
    marta = make_person()
    make_clave(marta.cuil)
    request = RequestFactory().post("/", {"cuil": marta.cuil, "password": PASSWORD, "captcha": "123456"})
    request.user = User.objects.get(cuil=marta.cuil)
    request.COOKIES["sesion"] = "the-session"
    secrets = (marta.cuil, "27-30111222-5", PASSWORD, "123456", "the-session")
    for report in (_text(request), _html(request)):
        assert not [secret for secret in secrets if secret in report]


def _error(typed: str) -> tuple:
    """An exception met while `typed` was at hand."""
    with pytest.raises(ZeroDivisionError) as met:
        _ = len(typed) / 0
    return met.type, met.value, met.tb


def _text(request: HttpRequest) -> str:
    return NobodysReport(request, *_error(PASSWORD), is_email=True).get_traceback_text()


def _html(request: HttpRequest) -> str:
    return NobodysReport(request, *_error(PASSWORD), is_email=True).get_traceback_html()


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["utf-7", "rot13", "utf-16", "latin-1", "no-such"])
def test_a_form_in_another_alphabet_than_utf_8_is_refused_kindly(charset: str) -> None:
    content_type = f"application/x-www-form-urlencoded; charset={charset}"
    stranger, visitor = Client(), Client(enforce_csrf_checks=True)
    visitor.get("/")  # a cookie makes the token be looked for in the form
    for client in (stranger, visitor):
        sent = client.generic("POST", "/", b"cuil=+2AA-", content_type=content_type)
        assert sent.status_code == 400
        assert "inicio" in sent.content.decode()
