"""Where a deployment asks for it, level 3 needs two different employees (ruling R16)."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.events import ClaveEvent, Note
from accounts.lifecycle import State
from accounts.models import Clave
from backoffice.models import Proposal
from identity.models import Person
from tests.backoffice.builders import at_the_office, look_up, make_employee, show_document
from tests.builders import make_clave, make_cuil, make_person
from tests.offices.builders import make_office
from tests.racing import at_once
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _two_persons(settings) -> None:
    settings.PORTAL_TWO_PERSONS = True


def proposed(person: Person) -> Visitor:
    """Ana proposes to enable the person's key."""
    ana = at_the_office(make_employee("Mesa de entrada"))
    number = make_clave(person.cuil, level=None).form_number
    return enabled(ana, person, number)


def enabled(who: Visitor, person: Person, number: str) -> Visitor:
    look_up(who, number).follow("Habilitar con USI-07")
    who.fill("Número del formulario USI-07", number)
    show_document(who, person)
    return who.press("CONTINUAR").press("CONFIRMAR")


def run(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue().strip()


def decide(who: Visitor, button: str) -> Visitor:
    who.open("/admin/propuestas/").follow("Habilitar con USI-07")
    return who.press(button)


def test_the_second_person_approves_and_then_it_happens() -> None:
    marta = make_person()
    ana = proposed(marta)
    assert "Lo tiene que aprobar otra persona" in ana.text
    assert Clave.objects.get().state == State.PENDING
    boss = at_the_office(make_employee("Supervisor", "beto"))
    assert "Aprobado y hecho." in decide(boss, "APROBAR").text
    assert Clave.objects.get().state == State.LEVEL_3
    event = ClaveEvent.objects.get(kind="enable_in_office")
    assert event.evidence["proposed_by"] != event.staff_id


def test_a_rejected_one_does_not_happen_and_is_an_event() -> None:
    proposed(make_person())
    boss = at_the_office(make_employee("Supervisor", "beto"))
    assert "Rechazado." in decide(boss, "RECHAZAR").text
    assert Clave.objects.get().state == State.PENDING
    assert ClaveEvent.objects.filter(kind=Note.DEED_REJECTED).exists()


def test_after_a_day_it_waits_no_more() -> None:
    proposed(make_person())
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        boss = at_the_office(make_employee("Supervisor", "beto"))
        assert "No hay nada que espere" in boss.open("/admin/propuestas/").text
        assert boss.open(f"/admin/propuestas/{Proposal.objects.get().pk}/").status == 404


def test_what_nobody_decided_is_marked_once_and_may_be_proposed_again() -> None:
    marta = make_person()
    proposed(marta)
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        for told in ("Propuestas vencidas: 1.", "Propuestas vencidas: 0."):
            assert run("expire_proposals") == told
        assert Proposal.objects.get().decision == Proposal.Decision.EXPIRED
        assert ClaveEvent.objects.filter(cuil=marta.cuil, kind=Note.DEED_EXPIRED).count() == 1
        luz = at_the_office(make_employee("Mesa de entrada", "luz"))
        enabled(luz, marta, Clave.objects.get().form_number)
        assert "Quedó propuesto." in luz.text


def test_an_overdue_one_is_marked_also_by_the_next_proposal() -> None:
    marta = make_person()
    proposed(marta)
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        luz = at_the_office(make_employee("Mesa de entrada", "luz"))
        enabled(luz, marta, Clave.objects.get().form_number)
    decisions = list(Proposal.objects.order_by("pk").values_list("decision", flat=True))
    assert decisions == [Proposal.Decision.EXPIRED, Proposal.Decision.WAITING]


def test_the_case_says_what_waits_and_who_proposed_it() -> None:
    marta = make_person()
    ana = proposed(marta)
    assert "Habilitar con USI-07: lo propuso ana" in ana.text


def test_the_second_person_reads_the_evidence_in_plain_words() -> None:
    proposed(make_person())
    boss = at_the_office(make_employee("Supervisor", "beto")).open("/admin/propuestas/")
    boss.follow("Habilitar con USI-07")
    for words in ("Número del formulario", "Documento que se comparó DNI", "Se vio el original sí"):
        assert words in boss.text
    assert "original_seen" not in boss.text


def test_another_office_does_not_see_it() -> None:
    proposed(make_person())
    boss = at_the_office(make_employee("Supervisor", "beto", office=make_office("AZUL")))
    assert "No hay nada que espere" in boss.open("/admin/propuestas/").text


def test_the_database_refuses_that_the_proposer_decides() -> None:
    proposed(make_person())
    found = Proposal.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=found.pk).update(
            decision="approved", decided_by=found.proposed_by, decided_at=timezone.now()
        )


def test_whoever_proposed_cannot_approve_even_with_both_roles() -> None:
    marta = make_person()
    proposed(marta)
    proposer = Proposal.objects.get().proposed_by
    from django.contrib.auth.models import Group

    proposer.groups.add(Group.objects.get(name="Supervisor"))
    ana = at_the_office(proposer.employee)
    page = ana.open(f"/admin/propuestas/{Proposal.objects.get().pk}/")
    assert "Lo propusiste vos" in page.text
    token = {"csrfmiddlewaretoken": ana.hidden("csrfmiddlewaretoken"), "approve": "1"}
    ana.client.post(ana.url, token)
    assert Clave.objects.get().state == State.PENDING


def test_one_deed_waits_once() -> None:
    marta = make_person()
    ana = proposed(marta).post_again()
    assert "Ya hay una propuesta igual que espera a otra persona." in ana.text
    assert Proposal.objects.count() == 1


def test_papers_from_abroad_too_are_enabled_by_two() -> None:
    marta = make_person()
    clave = make_clave(marta.cuil, level=None)
    Clave.objects.filter(pk=clave.pk).update(country="ES")
    uca = at_the_office(make_employee("UCA"))
    look_up(uca, marta.cuil).follow("Correo del exterior")
    uca.select("Qué pasó", "Está todo: habilitar la clave")
    uca.fill("Número del formulario USI-07", clave.form_number)
    uca.fill("Número del documento de la copia certificada", marta.document_number)
    uca.select("Certificación de la firma y de la copia", "Apostilla")
    uca.fill("Consulado o apostilla, número y fecha", "Madrid, 12/2026")
    uca.tick("La copia certificada es del documento del formulario, o hay Constancia de Consulado")
    uca.press("CONTINUAR").press("CONFIRMAR")
    assert "Lo tiene que aprobar otra persona" in uca.text
    assert Clave.objects.get().state == State.PENDING
    assert ClaveEvent.objects.get(kind=Note.DEED_PROPOSED).evidence["deed"] == "correo"


# --- Asked again at the approval --------------------------------------------------------------------


def proposer_leaves(person: Person) -> None:
    proposer = Proposal.objects.get().proposed_by
    proposer.is_active = False
    proposer.save()


def proposer_changes_role(person: Person) -> None:
    Proposal.objects.get().proposed_by.groups.clear()


def document_changes(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(document_number="99999999")


def form_is_replaced(person: Person) -> None:
    make_clave(person.cuil, level=None)


def person_dies(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(death_date=timezone.localdate())


def row_is_touched(person: Person) -> None:
    found = Proposal.objects.get()
    Proposal.objects.update(evidence={**found.evidence, "original_seen": False})


MEANWHILE = (
    proposer_leaves, proposer_changes_role, document_changes, form_is_replaced, person_dies, row_is_touched,
)  # fmt: skip


@pytest.mark.parametrize("meanwhile", MEANWHILE, ids=lambda change: change.__name__)
def test_what_is_no_longer_so_is_not_approved(meanwhile: Callable[[Person], None]) -> None:
    marta = make_person()
    proposed(marta)
    boss = at_the_office(make_employee("Supervisor", "beto"))
    boss.open("/admin/propuestas/").follow("Habilitar con USI-07")
    meanwhile(marta)
    assert "No se hizo." in boss.press("APROBAR").text
    assert not Clave.objects.live().exists()
    assert Proposal.objects.get().decision == Proposal.Decision.WAITING


def test_the_second_person_is_not_the_apoderado() -> None:
    marta = make_person()
    ana = at_the_office(make_employee("Mesa de entrada"))
    number = make_clave(marta.cuil, level=None).form_number
    look_up(ana, number).follow("Habilitar por apoderado").fill("Número del formulario USI-07", number)
    ana.select("Tipo de documento de la copia certificada", "DNI")
    ana.fill("Número del documento de la copia certificada", marta.document_number)
    ana.fill("Apellido y nombre del apoderado", "RUIZ BETO")
    ana.select("Tipo de documento del apoderado", "DNI")
    ana.fill("Número de documento del apoderado", "28.999.111")
    for label in (
        "Vi el original de su documento",
        "La copia certificada es del documento que figura en el formulario",
        "La finalidad del poder es la habilitación de la Clave",
    ):
        ana.tick(label)
    ana.select("Certificación de la firma", "Apostilla")
    ana.fill("Número y fecha de la certificación", "A-123").press("CONTINUAR").press("CONFIRMAR")
    boss = at_the_office(make_employee("Supervisor", "beto", cuil=make_cuil(28999111)))
    boss.open("/admin/propuestas/").follow("Habilitar por apoderado").press("APROBAR")
    assert "El apoderado tiene que ser otra persona." in boss.text
    assert not Clave.objects.live().exists()


def test_a_post_that_says_neither_decides_nothing() -> None:
    proposed(make_person())
    boss = at_the_office(make_employee("Supervisor", "beto"))
    boss.open("/admin/propuestas/").follow("Habilitar con USI-07")
    boss.client.post(boss.url, {"csrfmiddlewaretoken": boss.hidden("csrfmiddlewaretoken")})
    assert Proposal.objects.get().decision == Proposal.Decision.WAITING


@pytest.mark.django_db(transaction=True)
def test_of_four_who_approve_at_once_one_does() -> None:
    marta = make_person()
    proposed(marta)
    bosses = [at_the_office(make_employee("Supervisor", name)) for name in ("beto", "caro", "dani", "eva")]
    for boss in bosses:
        boss.open("/admin/propuestas/").follow("Habilitar con USI-07")
    at_once(*[partial(boss.press, "APROBAR") for boss in bosses])
    assert ClaveEvent.objects.filter(kind="enable_in_office").count() == 1
    assert sum("Aprobado y hecho." in boss.text for boss in bosses) == 1
