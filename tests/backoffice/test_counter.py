"""At the counter: the search, the case, and the deeds with their evidence."""

from datetime import date, timedelta
from functools import partial

import pytest
import time_machine
from django.utils import timezone

from accounts.events import OFFICE_CHAIN, Actor, ClaveEvent, Note, broken_events
from accounts.form_number import grouped
from accounts.lifecycle import Move, MoveNotAllowed, State
from accounts.models import Application, Clave, User
from backoffice.deeds import DEEDS
from identity.models import Curatela, Person, QuizRound
from identity.quiz import attempts_left
from identity.rounds import Purpose
from tests.accounts.mailbox import waiting
from tests.backoffice.builders import (
    at_the_office,
    events_of_people,
    look_up,
    make_employee,
    show_document,
)
from tests.builders import PASSWORD, make_clave, make_person, system
from tests.racing import at_once
from tests.visitor import NotOnThePage, Visitor
from tests.walker import log_in, questions, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def marta(db: None) -> Person:
    return make_person()


@pytest.fixture
def ana(db: None) -> Visitor:
    """At the counter of Viedma."""
    return at_the_office(make_employee("Mesa de entrada"))


def enable(who: Visitor, person: Person, number: str) -> Visitor:
    look_up(who, number).follow("Habilitar con USI-07")
    who.fill("Número del formulario USI-07", number)
    show_document(who, person)
    return who.press("CONTINUAR")


# --- Looking up -------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["form", "form in groups", "cuil", "cuil with dashes", "document", "dotted"])
def test_an_exact_number_opens_the_case_at_once(ana: Visitor, marta: Person, how: str) -> None:
    number = make_clave(marta.cuil, level=None).form_number
    typed = {
        "form": number,
        "form in groups": grouped(number).lower(),
        "cuil": marta.cuil,
        "cuil with dashes": "27-30111222-5",
        "document": "30111222",
        "dotted": "30.111.222",
    }[how]
    look_up(ana, typed)
    assert ana.url == f"/admin/caso/{marta.pk}/"
    assert "PERALTA, MARTA INÉS" in ana.text
    assert "DNI 30111222" in ana.text
    assert "Quedan 90 días" in ana.text


@pytest.mark.parametrize("typed", ["", "   ", "3011122", "PERALTA", "27-30111222-6", "9" * 500, "%", "'\x00"])
def test_what_is_no_exact_number_opens_nothing_and_says_so(ana: Visitor, marta: Person, typed: str) -> None:
    look_up(ana, typed)
    assert ana.url == "/admin/"
    assert ana.page.xpath("//*[@role='alert' or @role='status']")
    assert not events_of_people().exists()
    missed = ClaveEvent.objects.filter(cuil=OFFICE_CHAIN, kind=Note.LOOKUP_MISSED)
    assert [event.evidence for event in missed] == [{}] * bool(typed.strip()), "that, not what was typed"


def test_whoever_looks_for_number_after_number_is_stopped(settings, ana: Visitor, marta: Person) -> None:
    settings.PORTAL_MISSES_PER_EMPLOYEE_HOUR = 2
    for document in ("1000001", "1000002"):
        assert look_up(ana, document).url == "/admin/"
    assert look_up(ana, "1000003").status == 429


def test_a_document_number_that_two_persons_have_asks_for_the_cuil(ana: Visitor, marta: Person) -> None:
    make_person(28999111, document_number="30111222", document_type="LE")
    assert "Buscá por CUIL" in str(look_up(ana, "30111222").page.text_content())


def test_nobody_opens_a_case_that_they_did_not_look_up(ana: Visitor, marta: Person) -> None:
    assert ana.open(f"/admin/caso/{marta.pk}/").url == "/admin/"
    look_up(ana, marta.cuil)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        ana.open(f"/admin/caso/{marta.pk}/")
    assert "PERALTA" not in ana.text


def test_each_look_is_an_event_with_who_and_where(ana: Visitor, marta: Person) -> None:
    look_up(ana, marta.cuil)
    event = events_of_people().get()
    assert (event.kind, event.actor, event.office) == (Note.CASE_OPENED, Actor.STAFF, "VIEDMA")
    assert event.staff_id


def test_no_address_holds_a_number_of_anybody(ana: Visitor, marta: Person) -> None:
    number = make_clave(marta.cuil, level=None).form_number
    enable(ana, marta, number).press("CONFIRMAR")
    for secret in (marta.cuil, marta.document_number, number):
        assert secret not in ana.url


# --- Enabling ---------------------------------------------------------------------------------------


def test_with_form_and_document_the_key_is_enabled_at_level_3_and_works(ana: Visitor, marta: Person) -> None:
    number = make_clave(marta.cuil, level=None).form_number
    enable(ana, marta, number)
    assert "Revisá y confirmá" in ana.text
    assert Clave.objects.get().state == State.PENDING, "not before it is confirmed"
    ana.press("CONFIRMAR")
    assert "Hecho: Habilitar con USI-07." in ana.text
    assert Clave.objects.get().state == State.LEVEL_3
    citizen = log_in(Visitor(), marta)
    assert "Nivel 3" in citizen.text
    event = ClaveEvent.objects.get(kind="enable_in_office")
    assert event.evidence["form_number"] == number
    assert marta.document_number not in str(event.evidence)
    assert "enabled" in waiting()
    assert not list(broken_events())


def test_a_document_that_is_not_the_register_s_enables_nothing(ana: Visitor, marta: Person) -> None:
    number = make_clave(marta.cuil, level=None).form_number
    look_up(ana, number).follow("Habilitar con USI-07")
    ana.fill("Número del formulario USI-07", number)
    ana.select("Tipo de documento que presenta", "DNI").fill("Número del documento que presenta", "30111223")
    ana.tick("Vi el original y la foto es de quien lo presenta").press("CONTINUAR")
    assert ana.errors() == ["El documento no es el del registro. Leelo de nuevo."]
    assert "30111222" not in "".join(ana.errors())


def test_a_replaced_form_says_since_when_it_is_void(ana: Visitor, marta: Person) -> None:
    old = make_clave(marta.cuil, level=None).form_number
    make_clave(marta.cuil, level=None)
    enable(ana, marta, old)
    today = timezone.localdate().strftime("%d/%m/%Y")
    assert ana.errors() == [
        f"Ese formulario ya no sirve. Su clave: Reemplazada por otra el {today}. Pedí el último."
    ]


def test_somebody_else_s_form_enables_nothing(ana: Visitor, marta: Person) -> None:
    make_clave(marta.cuil, level=None)
    other = make_clave(make_person(28999111).cuil, level=None).form_number
    look_up(ana, marta.cuil).follow("Habilitar con USI-07")
    ana.fill("Número del formulario USI-07", other)
    show_document(ana, marta)
    assert ana.press("CONTINUAR").errors() == ["Ese formulario no es de esta persona."]


def test_correcting_brings_back_what_was_typed(ana: Visitor, marta: Person) -> None:
    number = make_clave(marta.cuil, level=None).form_number
    enable(ana, marta, number).press("CORREGIR")
    assert number in ana.response.content.decode()
    assert Clave.objects.get().state == State.PENDING


def test_after_the_last_day_the_counter_cannot_enable(ana: Visitor, marta: Person) -> None:
    number = make_clave(marta.cuil, level=None).form_number
    enable(ana, marta, number)
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        fresh = at_the_office(make_employee("Mesa de entrada", "luz"))
        look_up(fresh, marta.cuil)
        assert "Habilitar con USI-07: No hay una clave pendiente." in fresh.text


def test_a_person_under_curatela_is_not_enabled(ana: Visitor, marta: Person) -> None:
    make_clave(marta.cuil, level=None)
    curador = make_person(28999111)
    Curatela.objects.create(curador=curador, curado=marta, since=date(2026, 1, 1), court_file="1/26")
    look_up(ana, marta.cuil)
    assert "Habilitar con USI-07: Esta persona no puede tener clave." in ana.text
    assert "Relación de Curatela" in ana.text


def test_pressing_confirm_twice_does_it_once(ana: Visitor, marta: Person) -> None:
    number = make_clave(marta.cuil, level=None).form_number
    enable(ana, marta, number).press("CONFIRMAR").post_again()
    assert ClaveEvent.objects.filter(kind="enable_in_office").count() == 1
    assert "No hay una clave pendiente." in ana.text


# --- Raising ----------------------------------------------------------------------------------------


def test_raising_names_the_application_and_the_citizen_sees_it_open(ana: Visitor, marta: Person) -> None:
    make_clave(marta.cuil)
    look_up(ana, marta.cuil).follow("Elevar a nivel 3")
    show_document(ana, marta)
    ana.select("Aplicación que necesita", str(Application.objects.get(name="Servicios Corporativos")))
    assert ana.press("CONTINUAR").errors() == ["Para Servicios Corporativos tiene que aceptar la cláusula"]
    show_document(ana, marta)
    ana.select("Aplicación que necesita", str(Application.objects.get(name="Servicios Corporativos")))
    ana.tick("Aceptó la cláusula de esa aplicación").press("CONTINUAR").press("CONFIRMAR")
    assert Clave.objects.get().level == 3
    assert ClaveEvent.objects.get(kind="raise_level").evidence["application"] == "Servicios Corporativos"
    assert "Requiere nivel 3" not in log_in(Visitor(), marta).text


# --- Supervisor -------------------------------------------------------------------------------------


def test_a_supervisor_gives_the_attempts_back(marta: Person) -> None:
    walk(Visitor(), marta, "preguntas")
    boss = at_the_office(make_employee("Supervisor"))
    look_up(boss, marta.cuil).follow("Restablecer intentos")
    boss.fill("Motivo", "Se equivocó por los nervios").press("CONTINUAR").press("CONFIRMAR")
    assert attempts_left(marta.cuil, Purpose.CREATE) == 3
    assert ClaveEvent.objects.filter(kind=Note.ATTEMPTS_RESET, actor=Actor.STAFF).exists()
    assert not QuizRound.objects.filter(forgiven_at=None).exists()


def test_the_case_says_what_is_blocked_and_who_lifts_it(ana: Visitor, marta: Person) -> None:
    visitor = Visitor()
    walk(visitor, marta, "preguntas")
    questions(visitor, marta, right=False)
    for _ in range(2):
        visitor.press("NUEVAS PREGUNTAS DE IDENTIFICACIÓN")
        questions(visitor, marta, right=False)
    assert "Los restablece un supervisor." in look_up(ana, marta.cuil).text


def test_a_supervisor_revokes_with_a_reason_and_the_citizen_is_out(marta: Person) -> None:
    make_clave(marta.cuil)
    citizen = log_in(Visitor(), marta)
    boss = at_the_office(make_employee("Supervisor"))
    look_up(boss, marta.cuil).follow("Revocar la clave")
    boss.select("Por qué", "Otra persona conoce la clave").fill("Detalle", "Lo contó por teléfono")
    boss.press("CONTINUAR").press("CONFIRMAR")
    assert Clave.objects.get().state == State.REVOKED
    assert citizen.open("/inicio/").url == "/"
    assert log_in(Visitor(), marta, PASSWORD).url == "/"


# --- At once ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_four_employees_who_raise_one_key_at_once_one_does_and_three_are_told_by_whom() -> None:
    """Forty times, through the pages, each ready to press CONFIRMAR."""
    marta = make_person()
    names = ("ana", "beto", "caro", "dani")
    browsers = [at_the_office(make_employee("Mesa de entrada", name)) for name in names]
    for who in browsers:
        look_up(who, marta.cuil)
    for _ in range(40):
        clave = make_clave(marta.cuil)
        sent = [confirmation(who, marta, clave) for who in browsers]
        answers = at_once(*[partial(_post, who, *form) for who, form in zip(browsers, sent, strict=True)])
        done = [answer for answer in answers if "Hecho: Elevar a nivel 3." in answer]
        raised = ClaveEvent.objects.get(kind=Move.RAISE_LEVEL, clave_number=clave.pk)
        winner = User.objects.get(pk=raised.staff_id).username
        told = [answer for answer in answers if f"Lo último: La clave pasó a nivel 3. {winner}" in answer]
        assert (len(done), len(told)) == (1, 3), answers
        assert Clave.objects.live().get().level == 3


def confirmation(who: Visitor, person: Person, clave: Clave) -> tuple[str, dict[str, str]]:
    """What the confirming page would send."""
    evidence = {
        "document_type": person.document_type,
        "document_number": person.document_number,
        "original_seen": "on",
        "application": "Cambio de lugar de Cobro",
        "clave": str(clave.pk),
        "confirmed": "1",
        "csrfmiddlewaretoken": who.client.cookies["csrf"].value,
    }
    return f"/admin/caso/{person.pk}/elevar/", evidence


def _post(who: Visitor, address: str, sent: dict[str, str]) -> str:
    answer = who.client.post(address, sent, follow=True)
    return " ".join(who._take(answer, "").page.text_content().split())


@pytest.mark.django_db(transaction=True)
def test_enabling_at_the_counter_against_enabling_online_enables_once() -> None:
    for number in range(10):
        clave = make_clave(make_person(31_000_000 + number).cuil, level=None)
        copies = [Clave.objects.get(pk=clave.pk) for _ in range(2)]
        outcomes = at_once(
            partial(copies[0].enable_in_office, trail=system()),
            partial(copies[1].enable_online, trail=system()),
        )
        assert sum(isinstance(o, MoveNotAllowed) for o in outcomes) == 1
        assert Clave.objects.get(pk=clave.pk).level in {2, 3}


# --- Nobody unseen ----------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", DEEDS)
def test_nobody_acts_on_their_own_cuil(slug: str) -> None:
    marta = make_person()
    make_clave(marta.cuil, level=None)
    role = {"correo": "UCA", "restablecer": "Supervisor", "revocar": "Supervisor"}.get(
        slug, "Mesa de entrada"
    )
    herself = at_the_office(make_employee(role, cuil=marta.cuil))
    look_up(herself, marta.cuil)
    assert "Nadie actúa sobre su propio CUIL." in herself.text
    with pytest.raises(NotOnThePage):
        herself.follow(DEEDS[slug].label)
    assert herself.open(f"/admin/caso/{marta.pk}/{slug}/").status == 403
    token = {"csrfmiddlewaretoken": herself.client.cookies["csrf"].value, "confirmed": "1"}
    assert herself.client.post(f"/admin/caso/{marta.pk}/{slug}/", token).status_code == 403


def test_too_many_deeds_of_one_employee_in_a_day_stop(settings, marta: Person) -> None:
    settings.PORTAL_DEEDS_PER_EMPLOYEE_DAY = 1
    who = at_the_office(make_employee("Mesa de entrada"))
    rosa = make_person(28999111)
    enable(who, marta, make_clave(marta.cuil, level=None).form_number).press("CONFIRMAR")
    enable(who, rosa, make_clave(rosa.cuil, level=None).form_number).press("CONFIRMAR")
    assert who.status == 429
    assert Clave.objects.get(cuil=rosa.cuil).state == State.PENDING


def test_a_key_made_after_the_document_was_shown_is_not_raised(ana: Visitor, marta: Person) -> None:
    make_clave(marta.cuil)
    look_up(ana, marta.cuil).follow("Elevar a nivel 3")
    show_document(ana, marta)
    other = Application.objects.filter(level=3).exclude(name="Servicios Corporativos").first()
    ana.select("Aplicación que necesita", str(other)).press("CONTINUAR")
    make_clave(marta.cuil, password="Margarita73x")
    ana.press("CONFIRMAR")
    assert "La clave habilitada ya es otra." in ana.text
    assert Clave.objects.live().get().level == 2


def test_many_replaced_keys_do_not_hide_the_live_one(ana: Visitor, marta: Person) -> None:
    make_clave(marta.cuil)
    for _ in range(22):
        make_clave(marta.cuil, level=None)
    assert "Elevar a nivel 3: No hay" not in look_up(ana, marta.cuil).text


def test_what_an_office_revoked_does_not_come_back_by_a_mail(marta: Person) -> None:
    former = make_clave(marta.cuil)
    make_clave(marta.cuil)
    boss = at_the_office(make_employee("Supervisor"))
    look_up(boss, marta.cuil).follow("Revocar la clave")
    boss.select("Por qué", "Otra persona conoce la clave").fill("Detalle", "x")
    boss.press("CONTINUAR").press("CONFIRMAR")
    with pytest.raises(MoveNotAllowed):
        Clave.objects.get(pk=former.pk).restore(trail=system())
