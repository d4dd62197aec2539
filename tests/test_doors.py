"""Two doors, one code base: neither serves, knows or leads to what is the other's."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import Resolver404, get_resolver, include, path, resolve
from lxml import html

from accounts.models import Application, User
from accounts.templatetags.portal_mail import page as link_in_a_mail
from clave_portal import shared_urls
from clave_portal.doors import DOORS
from tests.backoffice.builders import OFFICE_PASSWORD, at_the_office, make_employee
from tests.builders import PASSWORD, make_clave, make_person
from tests.test_architecture import addresses, breaks, is_limited
from tests.visitor import Visitor
from tests.walker import log_in

pytestmark = pytest.mark.django_db

Enter = Callable[[str], None]


def is_forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


FAILURES = {
    "/prueba/no-existe/": 404,
    "/prueba/rompe/": 500,
    "/prueba/limite/": 429,
    "/prueba/prohibido/": 403,
}
_failing = [path("rompe/", breaks), path("limite/", is_limited), path("prohibido/", is_forbidden)]


class WithFailures:
    """The addresses of a door, and some that fail."""

    def __init__(self, urls: str) -> None:
        self.urlpatterns = [path("prueba/", include(_failing)), path("", include(urls))]


@pytest.fixture
def at_door(settings: LazySettings) -> Enter:
    """What clave_portal.settings makes of PORTAL_DOOR (tests/test_settings.py looks at that)."""
    settings.PORTAL_DEMO = True  # stands for the second factor

    def enter(name: str) -> None:
        door = DOORS[name]
        settings.PORTAL_DOOR, settings.LOGIN_URL = name, door.log_in
        settings.ROOT_URLCONF = WithFailures(door.urls)
        settings.AUTHENTICATION_BACKENDS = [*door.backends]
        settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = door.session_cookie, door.csrf_cookie
        base = Path(settings.BASE_DIR)
        folders = [*(base / folder for folder in door.templates), base / "templates"]
        settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": folders}]

    return enter


def all_of(door: str) -> list[str]:
    return sorted(set(addresses(get_resolver(DOORS[door].urls).url_patterns)))


def links(response: HttpResponse) -> Iterator[str]:
    """Where a page leads on this host: links and forms."""
    if not response.headers.get("Content-Type", "").startswith("text/html") or not response.content:
        return
    page = html.document_fromstring(response.content.decode())
    for target in page.xpath("//a/@href | //form/@action"):
        if target.startswith("/"):
            yield target.partition("?")[0].partition("#")[0]


def expect_only_links_that_lead_somewhere(client: Client, pages: list[str]) -> None:
    for address in pages:
        for response in (client.get(address), client.post(address)):
            assert response.status_code < 500, address
            for target in links(response):
                assert resolve(target), (address, target)


# --- What is there ------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/admin", "/admin/auditoria/"])
def test_the_public_door_has_no_address_of_the_office(at_door: Enter, address: str) -> None:
    at_door("public")
    with pytest.raises(Resolver404):
        resolve(address)
    assert Client().get(address).status_code == 404


def test_the_office_s_door_has_only_the_office(at_door: Enter) -> None:
    strangers = [address for address in all_of("office") if not address.startswith("/admin/")]
    shared = {"/", *addresses(shared_urls.urlpatterns)}
    assert set(strangers) == shared
    at_door("office")
    for address in all_of("public"):
        assert address in shared or Client().get(address).status_code == 404, address


def test_whoever_comes_to_the_office_s_host_is_led_to_its_log_in(at_door: Enter) -> None:
    at_door("office")
    assert "Entrar a la oficina" in Visitor().open("/").text


# --- What it leads to ---------------------------------------------------------------------------------


@pytest.mark.parametrize("door", ["public", "office"])
def test_every_page_for_a_stranger_leads_only_to_pages_of_its_door(at_door: Enter, door: str) -> None:
    at_door(door)
    expect_only_links_that_lead_somewhere(Client(), all_of(door))


def test_every_page_for_a_citizen_leads_only_to_pages_of_the_public_door(at_door: Enter) -> None:
    at_door("public")
    person = make_person()
    make_clave(person.cuil)
    inside = log_in(Visitor(), person)
    expect_only_links_that_lead_somewhere(
        inside.client, ["/inicio/", "/inicio/clave/", "/aplicaciones/mis-datos/"]
    )


@pytest.mark.parametrize("role", ["Supervisor", "Contenidos"])
def test_every_page_for_an_employee_leads_only_to_pages_of_the_office_s_door(
    at_door: Enter, role: str
) -> None:
    at_door("office")
    employee = make_employee(role)
    make_person()
    staying = [address for address in all_of("office") if "logout" not in address]
    expect_only_links_that_lead_somewhere(at_the_office(employee).client, staying)


@pytest.mark.parametrize("door", ["public", "office"])
@pytest.mark.parametrize("address", FAILURES)
def test_a_failure_has_a_page_at_each_door_that_leads_back_into_it(
    at_door: Enter, door: str, address: str
) -> None:
    at_door(door)
    response = Client(raise_request_exception=False).get(address)
    assert response.status_code == FAILURES[address]
    targets = list(links(response))
    assert targets
    assert all(resolve(target) for target in targets)
    assert ("MiAnses" in response.content.decode()) is (door == "public")


@pytest.mark.parametrize("door", ["public", "office"])
def test_a_form_without_its_token_gets_a_page_of_its_door(at_door: Enter, door: str) -> None:
    at_door(door)
    where = "/" if door == "public" else "/admin/login/"
    response = Client(enforce_csrf_checks=True).post(where, {})
    assert response.status_code == 403
    assert all(resolve(target) for target in links(response))


def test_a_mail_sent_by_the_office_s_process_leads_to_the_portal(
    at_door: Enter, settings: LazySettings
) -> None:
    at_door("office")
    settings.SITE_URL = "https://clave.ejemplo.ar"
    assert link_in_a_mail("usi-07") == "https://clave.ejemplo.ar/usi-07/"


def test_the_office_may_name_pages_of_the_portal_that_it_does_not_serve(at_door: Enter) -> None:
    at_door("office")
    Application(name="Datos", level=2, position=1, address="/aplicaciones/mis-datos/").full_clean()


@pytest.mark.parametrize(("url", "shown"), [("https://oficina.ejemplo.ar", True), ("", False)])
def test_the_demonstration_leads_to_the_office_where_it_knows_its_address(
    at_door: Enter, settings: LazySettings, url: str, shown: bool
) -> None:
    at_door("public")
    settings.PORTAL_OFFICE_URL = url
    assert ('href="https://oficina.ejemplo.ar/admin/"' in Client().get("/demo/").content.decode()) is shown


# --- Whom it knows ------------------------------------------------------------------------------------


def carried(to: Visitor, name: str, session_of: Visitor, under: str) -> None:
    to.client.cookies[name] = session_of.client.cookies[under].value


def test_a_citizen_s_session_is_nobody_s_at_the_office(at_door: Enter) -> None:
    at_door("public")
    person = make_person()
    make_clave(person.cuil)
    inside, other = log_in(Visitor(), person), Visitor()
    assert inside.open("/inicio/").url == "/inicio/"
    at_door("office")
    carried(other, "oficina", session_of=inside, under="sesion")
    assert not other.client.get("/admin/login/").wsgi_request.user.is_authenticated


def test_an_employee_s_session_is_nobody_s_at_the_public_door(at_door: Enter) -> None:
    at_door("office")
    inside, other = at_the_office(make_employee("Supervisor")), Visitor()
    assert inside.client.get("/admin/").status_code == 200
    at_door("public")
    carried(other, "sesion", session_of=inside, under="oficina")
    assert not other.client.get("/").wsgi_request.user.is_authenticated


def test_an_employee_s_key_opens_nothing_at_the_public_door(at_door: Enter) -> None:
    User.objects.create_superuser("root", password=OFFICE_PASSWORD)
    at_door("office")
    assert Client().login(username="root", password=OFFICE_PASSWORD)
    at_door("public")
    assert not Client().login(username="root", password=OFFICE_PASSWORD)


def test_a_clave_opens_nothing_at_the_office(at_door: Enter) -> None:
    person = make_person()
    make_clave(person.cuil)
    at_door("public")
    assert Client().login(cuil=person.cuil, password=PASSWORD)
    at_door("office")
    assert not Client().login(cuil=person.cuil, password=PASSWORD)
