"""The paper way: a pending key and a form for whoever cannot, or will not, prove it online."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.events import ClaveEvent, broken_events
from accounts.form_number import grouped
from accounts.lifecycle import Move, State
from accounts.models import Clave
from identity.models import Person
from tests.builders import EMAIL, PASSWORD, make_clave, make_curatela, make_person
from tests.racing import at_once
from tests.visitor import Visitor
from tests.walker import (
    ENABLING,
    FROM_ABROAD,
    ON_PAPER,
    ONLINE,
    TURNED_TO_PAPER,
    log_in,
    pages,
    questions,
    walk,
)

pytestmark = pytest.mark.django_db


def pending_of(person: Person) -> Clave:
    return Clave.objects.get(cuil=person.cuil, state=State.PENDING)


def download(visitor: Visitor) -> bytes:
    """What «DESCARGAR FORMULARIO USI-07» brings."""
    link = visitor.page.xpath("//a[contains(., 'DESCARGAR FORMULARIO USI-07')]/@href")[0]
    response = visitor.client.get(link)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="formulario-usi-07.pdf"'
    return response.content


# --- The good end -----------------------------------------------------------------------------------


def test_who_chooses_the_form_leaves_with_a_pending_key_ninety_days_and_the_form(visitor: Visitor) -> None:
    marta = make_person()
    with time_machine.travel("2026-11-23 12:00 -0300", tick=False):
        walk(visitor, marta, route=ON_PAPER)
        clave = pending_of(marta)
        assert (clave.deadline, clave.email) == (date(2027, 2, 21), EMAIL)
        assert "generó la clave con éxito" in visitor.text
        assert "90 días corridos, hasta el 21 de febrero de 2027 inclusive" in visitor.text
        assert grouped(clave.form_number) in visitor.text
        assert download(visitor).startswith(b"%PDF")
    kinds = list(ClaveEvent.objects.filter(cuil=marta.cuil).values_list("kind", flat=True).order_by("seq"))
    assert kinds == ["looked_up", "create_pending", "form_downloaded"]
    assert not list(broken_events())


def test_who_lives_abroad_gives_country_address_and_telephone_too(visitor: Visitor) -> None:
    marta = make_person()
    walk(visitor, marta, route=FROM_ABROAD)
    clave = pending_of(marta)
    assert (clave.country, clave.address_abroad, clave.phone, clave.email) == (
        "ES", "Calle de Alcalá 12, 28014 Madrid", "+34 600 123 456", EMAIL,
    )  # fmt: skip
    for said in ("certificación consular", "Paseo Colón", "Constancia de Consulado", "apoderado"):
        assert said in visitor.text
    assert download(visitor).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("leave_empty", "told"),
    [
        ("País", "Elegí el país donde vivís"),
        ("Domicilio en el exterior", "Ingresá tu domicilio en el exterior"),
        ("Teléfono", "Ingresá tu teléfono"),
        ("E-Mail", "Ingresá tu E-Mail"),
    ],
)
def test_each_thing_that_is_missing_is_asked_for_and_the_rest_is_still_there(
    visitor: Visitor, leave_empty: str, told: str
) -> None:
    walk(visitor, make_person(), "pendiente", FROM_ABROAD)
    typed = {"Domicilio en el exterior": "Calle Mayor 1", "Teléfono": "+34 600 123 456", "E-Mail": EMAIL}
    if leave_empty != "País":
        visitor.select("País", "España")
    for label, value in typed.items():
        visitor.fill(label, "" if label == leave_empty else value)
    visitor.fill("Elegí una clave", PASSWORD).fill("Confirmá tu clave", PASSWORD).press("CREAR CLAVE")
    assert visitor.errors() == [told]
    page = visitor.response.content.decode()
    assert [value for label, value in typed.items() if label != leave_empty and value not in page] == []
    assert PASSWORD not in page
    assert not Clave.objects.exists()


@pytest.mark.parametrize(
    "typed", ["marta", "marta@", "@ejemplo.com", "a b@c.com", "a@b.com\0", "x" * 300 + "@b.co"]
)
def test_what_is_no_e_mail_says_how_one_looks(visitor: Visitor, typed: str) -> None:
    walk(visitor, make_person(), "pendiente", ON_PAPER)
    visitor.fill("E-Mail", typed).fill("Elegí una clave", PASSWORD).fill("Confirmá tu clave", PASSWORD)
    visitor.press("CREAR CLAVE")
    assert "Revisá el E-Mail: tiene que ser como nombre@ejemplo.com" in visitor.errors()


@pytest.mark.parametrize("typed", ["no tengo", "12345", "+34 <b>600123456</b>"])
def test_what_is_no_telephone_is_refused(visitor: Visitor, typed: str) -> None:
    walk(visitor, make_person(), "pendiente", FROM_ABROAD)
    visitor.fill("Teléfono", typed).press("CREAR CLAVE")
    assert "Revisá el teléfono: lleva números, y al menos 6" in visitor.errors()


def test_the_online_way_keeps_the_e_mail_that_is_given_and_needs_none(visitor: Visitor) -> None:
    marta, rosa = make_person(), make_person(28999111)
    walk(visitor, marta, "clave").fill("E-Mail", EMAIL)
    ONLINE.answers["clave"](visitor, marta)
    walk(Visitor(), rosa)
    assert Clave.objects.get(cuil=marta.cuil).email == EMAIL
    assert Clave.objects.get(cuil=rosa.cuil).email == ""


# --- Every place the paper way begins (ruling R1) ---------------------------------------------------


def test_the_end_of_the_attempts_leads_to_the_form(visitor: Visitor) -> None:
    marta = make_person()
    walk(visitor, marta, "preguntas")
    questions(visitor, marta, right=False)
    for _ in range(2):
        visitor.press("NUEVAS PREGUNTAS DE IDENTIFICACIÓN")
        questions(visitor, marta, right=False)
    assert "Superaste el máximo de intentos permitidos" in visitor.text
    visitor.press("CONTINUAR")
    ON_PAPER.answers["pendiente"](visitor, marta)
    assert "DESCARGAR FORMULARIO USI-07" in visitor.text


def test_a_person_of_whom_little_is_known_leaves_with_the_form(visitor: Visitor) -> None:
    marta = make_person(facts={})
    walk(visitor, marta, route=TURNED_TO_PAPER)
    assert pending_of(marta)


def test_who_is_sent_to_the_form_may_go_back_and_try_the_number_again(visitor: Visitor) -> None:
    marta = make_person()
    walk(visitor, marta, "papel", TURNED_TO_PAPER)
    visitor.follow("Volver")
    for step in ("como", "tramite", "preguntas", "clave"):
        ONLINE.answers[step](visitor, marta)
    assert "nivel 2" in visitor.text


# --- The key that was there -------------------------------------------------------------------------


def test_the_old_key_logs_in_on_every_one_of_the_ninety_days(visitor: Visitor) -> None:
    marta = make_person()
    make_clave(marta.cuil, password="Margarita73x")
    walk(visitor, marta, route=ON_PAPER)
    assert "generó el olvido de clave con éxito" in visitor.text
    assert "sigue funcionando" in visitor.text
    for days in (0, 1, 45, 90, 91):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            assert log_in(Visitor(), marta, "Margarita73x").url == "/inicio/"
            assert log_in(Visitor(), marta, PASSWORD).url == "/"


def test_a_pending_key_is_replaced_at_once_and_its_form_is_void(visitor: Visitor) -> None:
    marta = make_person()
    walk(visitor, marta, route=ON_PAPER)
    first = pending_of(marta)
    link = visitor.page.xpath("//a[contains(., 'DESCARGAR')]/@href")[0]
    walk(Visitor(), marta, route=ON_PAPER)
    first.refresh_from_db()
    assert first.state == State.REPLACED
    assert visitor.open(link).url == "/aviso/formulario-vencido/"
    assert visitor.open("/crear/formulario/").url == "/aviso/clave-no-pendiente/"


# --- Twice, in two tabs, at once --------------------------------------------------------------------


def test_the_form_sent_twice_makes_one_key(visitor: Visitor) -> None:
    marta = make_person()
    walk(visitor, marta, route=ON_PAPER)
    visitor.post_again()
    assert "DESCARGAR FORMULARIO USI-07" in visitor.text
    assert Clave.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_form_sent_four_times_at_the_same_moment_makes_one_key() -> None:
    marta, visitor = make_person(), Visitor()
    walk(visitor, marta, "pendiente", ON_PAPER)
    visitor.fill("E-Mail", EMAIL).fill("Elegí una clave", PASSWORD).fill("Confirmá tu clave", PASSWORD)
    sent = visitor.form("CREAR CLAVE")
    tabs = [visitor.twin() for _ in range(4)]
    cookies = visitor.client.cookies.output(header="", sep=";")

    def send(tab: Visitor) -> int:
        other = Visitor()
        other.client.cookies.load(cookies)
        return other.client.post(*sent).status_code

    assert at_once(*[lambda tab=tab: send(tab) for tab in tabs]) == [302] * 4
    births = ClaveEvent.objects.filter(cuil=marta.cuil, kind=Move.CREATE_PENDING)
    assert (births.count(), Clave.objects.count()) == (1, 1)


@pytest.mark.parametrize(("first", "second"), [("on-paper", "online"), ("online", "on-paper")])
def test_of_two_tabs_that_go_two_ways_the_one_left_behind_is_told_so(first: str, second: str) -> None:
    """The choice of the way is the last page that both have; whoever chooses second is old."""
    marta, tab = make_person(), Visitor()
    walk(tab, marta, "como")
    other = tab.twin().open("/crear/como/")
    buttons = {"on-paper": "CON EL FORMULARIO USI-07", "online": "POR INTERNET, AHORA"}
    ends = {"on-paper": "/crear/pendiente/", "online": "/crear/tramite/"}
    assert tab.press(buttons[first]).url == ends[first]
    other.press(buttons[second])
    assert "Esta página quedó vieja" in other.text
    assert not Clave.objects.exists()


def test_too_many_requests_for_one_person_end_at_a_page_that_says_what_to_do() -> None:
    marta = make_person()
    for _ in range(3):
        walk(Visitor(), marta, route=ON_PAPER)
    fourth = Visitor()
    for _ in pages(fourth, marta, ON_PAPER):
        pass
    assert fourth.url == "/aviso/muchos-pedidos/"
    assert pending_of(marta)


# --- Strangers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", [ON_PAPER, TURNED_TO_PAPER, FROM_ABROAD], ids=["wish", "turned", "abroad"])
def test_a_stranger_who_goes_the_paper_way_learns_no_more_than_the_masked_data(
    visitor: Visitor, route: object
) -> None:
    marta = make_person()
    shown = ""
    for _ in pages(visitor, marta, route):
        shown += visitor.text
    for private in ("PERALTA", "MARTA", "BELGRANO", "1983-05", "30111222"):
        assert private not in shown.replace(marta.cuil, "").replace("27-30111222-5", "")


def test_a_stranger_cannot_disable_my_key(visitor: Visitor) -> None:
    marta = make_person()
    mine = make_clave(marta.cuil, password="Margarita73x")
    for _ in range(3):
        walk(Visitor(), marta, route=ON_PAPER)
    mine.refresh_from_db()
    assert mine.state == State.LEVEL_2
    assert log_in(visitor, marta, "Margarita73x").url == "/inicio/"


def test_a_stranger_cannot_open_my_pending_key_by_asking_for_another(visitor: Visitor) -> None:
    """Theirs takes the place of mine, but neither opens anything without proof."""
    marta = make_person()
    walk(visitor, marta, route=ON_PAPER)
    stranger = Visitor()
    walk(stranger, marta, route=ON_PAPER)
    assert log_in(stranger, marta).url == "/"
    assert Clave.objects.live().count() == 0


# --- At the edges -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ['"a,victima@ejemplo.com,b"@x.com', '"x\x01y"@x.com', "a@b.com,c@d.com", "<a@b.com>"]
)
def test_one_field_reaches_one_mailbox(visitor: Visitor, typed: str) -> None:
    walk(visitor, make_person(), "pendiente", ON_PAPER)
    visitor.fill("E-Mail", typed).fill("Elegí una clave", PASSWORD).fill("Confirmá tu clave", PASSWORD)
    assert visitor.press("CREAR CLAVE").errors() == [
        "Revisá el E-Mail: tiene que ser como nombre@ejemplo.com"
    ]


def fill_in(visitor: Visitor) -> Visitor:
    visitor.fill("E-Mail", EMAIL).fill("Elegí una clave", PASSWORD).fill("Confirmá tu clave", PASSWORD)
    return visitor.press("CREAR CLAVE")


def test_whoever_came_under_curatela_on_the_way_gets_no_pending_key(visitor: Visitor) -> None:
    marta = make_person()
    walk(visitor, marta, "pendiente", ON_PAPER)
    make_curatela(make_person(28999111), marta)
    assert fill_in(visitor).url == "/aviso/no-podemos-continuar/"
    assert not Clave.objects.exists()


def test_a_stranger_asks_for_keys_of_mine_a_few_times_a_month_and_no_more(settings) -> None:
    settings.PORTAL_PENDING_PER_CUIL_MONTH = 2
    marta = make_person()
    for day in range(3):
        with time_machine.travel(timezone.now() + timedelta(days=2 * day)):
            visitor = walk(Visitor(), marta, "pendiente", ON_PAPER)
            fill_in(visitor)
    assert visitor.url == "/aviso/muchos-pedidos/"
    assert Clave.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_double_click_costs_one_request_and_shows_the_key(settings) -> None:
    settings.PORTAL_PENDING_PER_CUIL_DAY = 1
    marta, visitor = make_person(), Visitor()
    walk(visitor, marta, "pendiente", ON_PAPER)
    visitor.fill("E-Mail", EMAIL).fill("Elegí una clave", PASSWORD).fill("Confirmá tu clave", PASSWORD)
    sent = visitor.form("CREAR CLAVE")
    cookies = visitor.client.cookies.output(header="", sep=";")

    def send() -> str:
        other = Visitor()
        other.client.cookies.load(cookies)
        return str(other.client.post(*sent)["Location"])

    assert set(at_once(send, send, send)) == {"/crear/formulario/"}


def test_who_could_not_be_asked_is_not_sent_to_the_questions_again(visitor: Visitor) -> None:
    walk(visitor, make_person(facts={}), route=TURNED_TO_PAPER)
    assert "HABILITÁ TU CLAVE" not in visitor.text
    rosa = make_person(28999111)
    assert "HABILITÁ TU CLAVE" in walk(Visitor(), rosa, route=ON_PAPER).text


def test_the_browser_forgets_the_form_when_somebody_else_logs_in(visitor: Visitor) -> None:
    marta, rosa = make_person(), make_person(28999111)
    make_clave(rosa.cuil)
    walk(visitor, marta, route=ON_PAPER)
    log_in(visitor, rosa)
    assert visitor.open("/usi-07/listo/").url == "/usi-07/"


def test_the_browser_forgets_one_persons_journey_when_another_enables(visitor: Visitor) -> None:
    marta, rosa = make_person(), make_person(28999111)
    make_clave(rosa.cuil, level=None)
    walk(visitor, marta, route=ON_PAPER)
    walk(visitor, rosa, "preguntas", ENABLING)
    assert visitor.open("/oficinas/").follow("Volver").url == "/habilitar/preguntas/"
    assert visitor.open("/crear/formulario/").url == "/crear/politicas/"
