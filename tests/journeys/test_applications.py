"""The applications: what the list offers, the one gate, and the addresses that the office may write."""

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.applications import OWN_PAGES, own_addresses, refuse_impossible_address
from accounts.events import ClaveEvent
from accounts.models import Application, Clave
from tests.backoffice.builders import at_the_office, make_employee
from tests.backoffice.editing import complaints, filled_in, save
from tests.builders import make_clave, make_person, system
from tests.visitor import NotOnThePage, Visitor
from tests.walker import log_in

pytestmark = pytest.mark.django_db

ELSEWHERE = "https://asignaciones.ejemplo.gob.ar/entrar?desde=clave"


def somebody_with(level: int) -> Visitor:
    person = make_person(30111222 + level)
    make_clave(person.cuil, level=level)
    return log_in(Visitor(), person)


def of(name: str) -> Application:
    return Application.objects.get(name=name)


def card(who: Visitor, name: str) -> str:
    """What the list says of one application."""
    cards = who.open("/inicio/").page.xpath("//li[@class='application']")
    return next(text for c in cards if (text := " ".join(c.text_content().split())).startswith(name))


# --- The list ---------------------------------------------------------------------------------------


def test_the_list_says_what_opens_where_it_is_and_what_to_do_about_the_rest() -> None:
    Application.objects.filter(name="Mis asignaciones").update(address=ELSEWHERE)
    who = somebody_with(2)
    assert card(who, "Mis datos") == "Mis datos Habilitada para vos"
    assert card(who, "Mis asignaciones").endswith("Se abre en otro sitio: asignaciones.ejemplo.gob.ar")
    assert card(who, "Historia laboral").endswith("Habilitada para vos Se abre desde su propio sitio.")
    locked = card(who, "Servicios Corporativos")
    for words in ("Requiere nivel 3", "en una oficina, sin turno, con tu DNI", "Cómo se consigue"):
        assert words in locked


def test_a_key_of_level_3_meets_no_lock() -> None:
    assert "Requiere nivel 3" not in somebody_with(3).open("/inicio/").text


def test_what_cannot_be_opened_from_here_is_no_link() -> None:
    who = somebody_with(2).open("/inicio/")
    with pytest.raises(NotOnThePage):
        who.follow("Historia laboral")


def test_every_link_of_the_list_opens() -> None:
    who = somebody_with(2)
    links = who.open("/inicio/").page.xpath("//li[@class='application']//a/@href")
    assert len(links) == 2 + 3  # ours, and the way to level 3
    statuses = {link: who.open(link).status for link in links}
    assert sorted(statuses.values()) == [200, 200, 403, 403, 403]


# --- The gate ---------------------------------------------------------------------------------------


def test_the_gate_leads_to_the_address_of_the_application() -> None:
    Application.objects.filter(name="Mis asignaciones").update(address=ELSEWHERE)
    answer = somebody_with(2).client.get("/aplicaciones/mis-asignaciones/")
    assert (answer.status_code, answer["Location"]) == (302, ELSEWHERE)
    assert answer["Referrer-Policy"] == "same-origin"


def test_an_application_of_level_3_is_shut_to_level_2_with_the_way_to_get_it() -> None:
    Application.objects.filter(name="Servicios Corporativos").update(address=ELSEWHERE)
    who = somebody_with(2).open("/aplicaciones/servicios-corporativos/")
    assert who.status == 403
    for words in (
        "Clave de nivel 3",
        "cualquier oficina de ANSES, sin turno, presentando tu DNI",
        "Es gratis",
    ):
        assert words in who.text
    assert who.follow("BUSCAR UNA OFICINA").url == "/oficinas/"


def test_the_gate_opens_on_the_click_after_the_level_was_raised() -> None:
    Application.objects.filter(name="Servicios Corporativos").update(address=ELSEWHERE)
    who = somebody_with(2)
    assert who.client.get("/aplicaciones/servicios-corporativos/").status_code == 403
    Clave.objects.live().get().raise_level(trail=system())
    assert who.client.get("/aplicaciones/servicios-corporativos/")["Location"] == ELSEWHERE


def test_an_application_without_an_address_says_where_it_opens() -> None:
    who = somebody_with(2).open("/aplicaciones/historia-laboral/")
    assert who.status == 200
    assert "Se abre desde su propio sitio." in who.text


@pytest.mark.parametrize("slug", ["no-hay", "mis-asignaciones"])
def test_what_is_withdrawn_or_never_was_is_not_there(slug: str) -> None:
    Application.objects.filter(name="Mis asignaciones").update(withdrawn=True, address=ELSEWHERE)
    assert somebody_with(2).open(f"/aplicaciones/{slug}/").status == 404


def test_a_page_of_ours_obeys_what_the_office_says_of_its_application() -> None:
    who = somebody_with(2)
    for url in ("/aplicaciones/mis-datos/", "/aplicaciones/mis-datos/mis-datos.json"):
        Application.objects.filter(slug="mis-datos").update(level=3, withdrawn=False)
        assert who.open(url).status == 403
        Application.objects.filter(slug="mis-datos").update(level=2, withdrawn=True)
        assert who.open(url).status == 404


def test_without_logging_in_nothing_opens() -> None:
    Application.objects.filter(name="Mis asignaciones").update(address=ELSEWHERE)
    for slug in ("mis-asignaciones", "mis-datos", "constancia-de-cuil", "servicios-corporativos"):
        for method in (Client().get, Client().post):
            answer = method(f"/aplicaciones/{slug}/")
            assert (answer.status_code, answer["Location"]) == (302, "/")


def test_opening_an_application_is_no_event() -> None:
    who = somebody_with(2)
    before = ClaveEvent.objects.count()
    for slug in ("mis-datos", "constancia-de-cuil", "historia-laboral", "servicios-corporativos"):
        who.open(f"/aplicaciones/{slug}/")
    assert ClaveEvent.objects.count() == before


def test_an_address_that_would_be_refused_today_leads_nowhere() -> None:
    """Written past the form, or to a page of ours that is no more."""
    who = somebody_with(2)
    for address in ("//malo.ejemplo", "/salir/", "https://bueno.ejemplo@malo.ejemplo/"):
        Application.objects.filter(name="Historia laboral").update(address=address)
        assert "Se abre desde su propio sitio." in who.open("/aplicaciones/historia-laboral/").text


# --- Addresses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [ELSEWHERE, "https://sitio.ejemplo:8443/a/b", *own_addresses()],
)
def test_an_address_is_a_page_of_ours_or_https_elsewhere(address: str) -> None:
    refuse_impossible_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://sitio.ejemplo/",
        "javascript:alert(1)",
        "data:text/html,x",
        "//malo.ejemplo/",
        "/salir/",
        "/admin/",
        "/inicio/cancelar-pedido/",
        "/aplicaciones/mis-datos/../../salir/",
        "https://",
        "https://bueno.ejemplo@malo.ejemplo/",
        "https://bueno.ejemplo\\@malo.ejemplo/",
        "https://sitio.ejemplo/a b",
        "https://sitio.ejemplo/\r\nX: y",
        " https://sitio.ejemplo",
        "sitio.ejemplo",
    ],
)
def test_any_other_address_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        refuse_impossible_address(address)


def test_every_page_of_ours_that_may_be_an_application_opens() -> None:
    who = somebody_with(2)
    assert {"/aplicaciones/mis-datos/", "/aplicaciones/constancia-de-cuil/"} <= set(own_addresses())
    assert len(OWN_PAGES) == len(set(own_addresses()))
    assert {who.open(address).status for address in own_addresses()} == {200}


def test_the_database_refuses_an_address_that_is_neither() -> None:
    with (
        pytest.raises(IntegrityError, match="application_address_is_ours_or_https"),
        transaction.atomic(),
    ):
        Application.objects.update(address="javascript:alert(1)")


# --- At the office ----------------------------------------------------------------------------------


@pytest.fixture
def celia(settings: LazySettings) -> Visitor:
    """In charge of contents."""
    settings.PORTAL_DEMO = True  # without the second factor
    return at_the_office(make_employee("Contenidos", "celia"))


def test_the_office_writes_an_address_and_the_list_leads_there(celia: Visitor) -> None:
    change = f"/admin/accounts/application/{of('Historia laboral').pk}/change/"
    save(celia, change, address="http://historia.ejemplo/")
    assert "Tiene que empezar con https://" in complaints(celia)
    save(celia, change, address="/salir/")
    assert "No hay una página «/salir/»." in complaints(celia)
    save(celia, change, address=ELSEWHERE)
    assert of("Historia laboral").address == ELSEWHERE
    answer = somebody_with(2).client.get("/aplicaciones/historia-laboral/")
    assert answer["Location"] == ELSEWHERE


def test_the_name_in_the_address_is_made_of_the_name_and_stays(celia: Visitor) -> None:
    add = "/admin/accounts/application/add/"
    save(celia, add, name="Turnos: ¡pedí uno!", level="2", position="9")
    row = of("Turnos: ¡pedí uno!")
    assert row.slug == "turnos-pedi-uno"
    change = f"/admin/accounts/application/{row.pk}/change/"
    assert "slug" not in filled_in(celia, change)
    save(celia, change, name="Turnos")
    assert of("Turnos").slug == "turnos-pedi-uno"


def test_two_names_that_sound_alike_have_two_addresses() -> None:
    slugs = [
        Application.objects.create(name=name, level=2, position=9).slug
        for name in ("Pensión", "Pension", "¿pensión?", "???")
    ]
    assert slugs == ["pension", "pension-2", "pension-3", "aplicacion"]
