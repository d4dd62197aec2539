"""What holds for the whole portal: layers, notices, and every address with its headers."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, include, path
from django.utils import timezone

from guards.limits import Limit, LimitReached
from journeys.flows import JOURNEYS
from journeys.pages.information import NOTICES

BASE = Path(settings.BASE_DIR)


def breaks(request: HttpRequest) -> HttpResponse:
    raise KeyError("27301112225")


def is_limited(request: HttpRequest) -> HttpResponse:
    raise LimitReached(Limit("x", 1, timedelta(hours=1)), timezone.now() + timedelta(minutes=3))


urlpatterns = [
    path("prueba/rompe/", breaks),
    path("prueba/limite/", is_limited),
    path("", include("clave_portal.urls")),
]

# --- Layers -----------------------------------------------------------------------------------------


def test_imports_point_downwards_only() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(  # noqa: S603 - our own tool
        [lint, "--no-cache"], cwd=BASE, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 broken" in run.stdout


# --- Notices ----------------------------------------------------------------------------------------


def dead_ends() -> Iterator[str]:
    """The names in DeadEnd("…") and self._end("…") of every journey's code."""
    for file in sorted((BASE / "journeys").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in {"DeadEnd", "_end"}:
                yield from (a.value for a in node.args if isinstance(a, ast.Constant))


def _name(function: ast.expr) -> str:
    return getattr(function, "id", "") or getattr(function, "attr", "")


@pytest.mark.parametrize("name", sorted(set(dead_ends())))
def test_every_dead_end_of_a_journey_has_its_notice(name: str) -> None:
    assert name in NOTICES


@pytest.mark.parametrize("name", sorted(NOTICES))
def test_every_notice_has_its_page(name: str) -> None:
    get_template(f"notices/{name}.html")


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(NOTICES))
def test_every_notice_opens_by_its_address_and_says_its_status(client: Client, name: str) -> None:
    assert client.get(f"/aviso/{name}/").status_code == NOTICES[name]


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.slug)
def test_every_step_of_a_journey_has_a_template(journey: object) -> None:
    for step in journey.steps:  # type: ignore[attr-defined]
        page = step.page()
        page.step, page.question = step, None
        for name in page.get_template_names():
            get_template(name)


# --- Addresses --------------------------------------------------------------------------------------

EXAMPLES = {"name": "no-acepto", "key": "0" * 40, "slug": "no-acepto", "pk": "1", "token": "x"}
EXAMPLES |= {"number": "1", "object_id": "1", "content_type_id": "1"}  # the office


def addresses(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    for pattern in patterns:
        here = str(pattern.pattern)
        for converter_name in pattern.pattern.converters:
            shape = next(part for part in here.split("/") if part.endswith(f"{converter_name}>"))
            here = here.replace(shape, EXAMPLES[converter_name])
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, before + here)
        else:
            yield before + here


ADDRESSES = sorted(set(addresses(get_resolver("clave_portal.urls").url_patterns)))
ERRORS = ["/no-existe/", "/prueba/rompe/", "/prueba/limite/", "/crear", "/aviso/no-hay/", "/.env"]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
        " media-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}


def directives(policy: str) -> set[str]:
    return {directive.strip() for directive in policy.split(";")}


def expect_every_header(response: HttpResponse) -> None:
    empty = response.status_code == 301  # nothing to frame; the policy says so too
    for name, value in HEADERS.items():
        if empty and name == "X-Frame-Options":
            continue
        assert directives(response.headers.get(name, "missing")) == directives(value), name
    assert "no-store" in response["Cache-Control"]


def test_the_addresses_of_the_interface_are_among_them() -> None:
    assert {"/", "/crear/", "/inicio/", "/salir/", "/politicas/", "/oficinas/", "/demo/"} <= set(ADDRESSES)
    assert len(ADDRESSES) > 20


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("address", [*ADDRESSES, *ERRORS])
def test_every_address_answers_with_every_header(address: str) -> None:
    client = Client(raise_request_exception=False)
    for method in (client.get, client.head, client.options, client.post):
        response = method(address, secure=True)
        if address != "/prueba/rompe/":
            assert response.status_code < 500, method
        expect_every_header(response)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_only_a_journey_gives_an_anonymous_visitor_a_session(client: Client, address: str) -> None:
    client.get(address)
    in_a_journey = any(address.startswith(f"/{journey.slug}/") for journey in JOURNEYS)
    assert (settings.SESSION_COOKIE_NAME in client.cookies) is in_a_journey


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_cookie_is_out_of_reach_of_scripts_and_of_other_sites(client: Client, address: str) -> None:
    client.get(address)
    for cookie in client.cookies.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/"), cookie.key


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_sends_inline_code_or_styles_that_the_policy_would_stop(client: Client, address: str) -> None:
    response = client.get(address)
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return
    page = response.content.decode()
    assert "<style" not in page
    for line in page.splitlines():
        assert " style=" not in line
        assert " onclick=" not in line
        assert "<script" not in line or " src=" in line


# --- When something fails ---------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_failure_shows_a_page_that_helps_and_nothing_of_the_failure() -> None:
    response = Client(raise_request_exception=False).get("/prueba/rompe/")
    assert response.status_code == 500
    page = response.content.decode()
    assert "27301112225" not in page
    assert "KeyError" not in page
    assert "Traceback" not in page


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_limit_met_anywhere_says_how_long_to_wait(client: Client) -> None:
    response = client.get("/prueba/limite/")
    assert (response.status_code, response["Retry-After"]) == (429, "180")
    assert "Esperá 3 minutos" in response.content.decode()


@pytest.mark.django_db
def test_a_page_that_is_not_there_is_in_spanish(client: Client) -> None:
    response = client.get("/no-existe/")
    assert response.status_code == 404
    assert '<html lang="es-AR">' in response.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_gets_a_page_that_helps() -> None:
    response = Client(enforce_csrf_checks=True).post("/", {})
    assert response.status_code == 403
    assert '<html lang="es-AR">' in response.content.decode()


@pytest.mark.django_db
def test_another_host_s_name_gets_no_page_built_with_it() -> None:
    response = Client(raise_request_exception=False).get("/", HTTP_HOST="malo.example")
    assert response.status_code == 400
    assert b"malo.example" not in response.content
