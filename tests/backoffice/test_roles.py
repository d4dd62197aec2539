"""Who may what at an office: every address, every role, each thing it may be about, by GET and by POST."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.events import Actor, ClaveEvent
from accounts.models import Application, Clave, FrequentQuestion, PolicyVersion
from backoffice.access import WHO, About, Door, doors
from backoffice.deeds import DEEDS
from backoffice.management.commands.print_access import table
from backoffice.models import Employee, Proposal
from backoffice.roles import ROLES, SUPERUSER, May
from identity.models import Person, WrongDataReport
from offices.models import Office
from tests.backoffice.builders import at_the_office, look_up, make_employee
from tests.builders import make_clave, make_person
from tests.offices.builders import make_office, make_zone
from tests.visitor import Visitor
from tests.walker import log_in

pytestmark = pytest.mark.django_db


# --- The matrix -------------------------------------------------------------------------------------


@dataclass
class World:
    """One of each thing that an address may name."""

    marta: Person
    office: Office
    someone: Employee
    proposal: Proposal
    report: WrongDataReport
    zone: object
    draft: PolicyVersion

    def address(self, door: Door, own: Employee, about: About) -> str:
        numbers: dict[str, Callable[[], object]] = {
            "propuesta": lambda: self.proposal,
            "aviso": lambda: self.report,
            "offices_office": lambda: self.office,
            "offices_zone": lambda: self.zone,
            "accounts_application": Application.objects.first,
            "accounts_frequentquestion": FrequentQuestion.objects.first,
            "accounts_policyversion": lambda: self.draft,
            "backoffice_employee": lambda: own if about is About.OWN_CUIL else self.someone,
        }
        model = door.name.rpartition("_")[0] or door.name
        row = numbers.get(model, lambda: self.marta)()
        return door.plain_address.replace("/N/", f"/{row.pk}/").replace("/app/", "/accounts/")  # type: ignore[union-attr]


@pytest.fixture
def world() -> World:
    """A key of Marta's that every deed can be tried on, and a proposal and a report about her."""
    marta, office = make_person(), make_office("VIEDMA")
    make_clave(marta.cuil)
    make_clave(marta.cuil, level=None)
    someone = make_employee("Mesa de entrada", "someone", office=office)
    waits = {"cuil": marta.cuil, "action": "elevar", "evidence": {}}
    later = timezone.now() + timedelta(days=2)
    return World(
        marta=marta,
        office=office,
        someone=someone,
        proposal=Proposal.objects.create(office=office, proposed_by=someone.user, **waits),
        report=WrongDataReport.objects.create(cuil=marta.cuil),
        zone=make_zone(office, locality="Viedma"),
        draft=PolicyVersion.objects.create(name="2031", text="Texto", published_at=later),
    )


def hire(who: str, world: World, about: About) -> Employee:
    role = None if who == SUPERUSER else who
    office = make_office("AZUL") if about is About.OTHER_OFFICE else world.office
    employee = make_employee(role, office=office, cuil=world.marta.cuil if about is About.OWN_CUIL else "")
    if who == SUPERUSER:
        employee.user.is_superuser = True
        employee.user.save()
    return employee


def answers(who: Visitor, address: str, method: str) -> bool:
    """Whether the page is open: it answers, asks again or leads on within the office."""
    token = {"csrfmiddlewaretoken": who.client.cookies["csrf"].value, "confirmed": "1"}
    send = who.client.get if method == "GET" else who.client.post
    answer = send(address, token if method == "POST" else None)
    assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, address
    to_log_in = answer.status_code == HTTPStatus.FOUND and "/login/" in answer["Location"]
    return answer.status_code not in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND} and not to_log_in


LEAVES = {"logout", "login", "segundo-factor"}


@pytest.mark.parametrize("about", About)
@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_page_is_open_to_whom_the_table_says_and_to_nobody_else(
    world: World, who: str, about: About, method: str
) -> None:
    employee = hire(who, world, about)
    browser = at_the_office(employee)
    if May.LOOK_UP in ROLES.get(who, ()):
        look_up(browser, world.marta.cuil)
    wrong = []
    for door in doors():
        if door.name in LEAVES:
            continue
        is_open = answers(browser, world.address(door, employee, about), method)
        expected = door.opens(who, about, reading=method == "GET")
        if door.name == "backoffice_employee_change" and method == "GET":
            expected = bool(door.mark(who))  # one's own row may be read, and is not saved
        if is_open is not expected:
            wrong.append(f"{method} {door.address} for {who}, about {about}: open is {is_open}")
    assert not wrong, "\n".join(wrong)
    # Nothing was shown as evidence, so nothing came of it.
    assert sorted(Clave.objects.values_list("state", flat=True)) == ["level_2", "pending"]
    assert Proposal.objects.get().decision == Proposal.Decision.WAITING


def test_whoever_is_not_in_is_sent_to_the_log_in_from_every_page(world: World) -> None:
    for door in doors():
        if door.name in LEAVES:
            continue
        address = world.address(door, world.someone, About.OWN_OFFICE)
        for method in ("get", "post"):
            answer = getattr(Visitor().client, method)(address)
            assert answer.status_code in {HTTPStatus.FOUND, HTTPStatus.FORBIDDEN}, address
            assert answer.status_code == HTTPStatus.FORBIDDEN or "/admin/login/" in answer["Location"], (
                address
            )


def test_each_deed_is_somebody_s() -> None:
    """And nobody has all of them: one person cannot both propose and approve by their role."""
    of_deeds = {door.name: door.who for door in doors() if door.name in DEEDS}
    assert of_deeds.keys() == DEEDS.keys()
    assert all(who and who < set(ROLES) for who in of_deeds.values())


def test_nothing_of_the_office_can_be_deleted_by_anybody() -> None:
    deleting = [door for door in doors() if door.name.endswith("_delete")]
    assert len(deleting) == 6
    assert not any(door.who for door in deleting)


def test_the_printed_tables_are_those_of_the_code() -> None:
    page = (Path(settings.BASE_DIR) / "docs" / "oficina.md").read_text(encoding="utf-8")
    assert "\n".join(table()) in page


FORMAL = re.compile(r"\b(usted|seleccione|ingrese|elija|haga|escriba|verifique|introduzca|por favor)\b", re.I)
ENGLISH = re.compile(r"\b(the|select|change|history|add|welcome|please|password|username)\b", re.I)


@pytest.mark.parametrize("who", ["Contenidos", "Auditor", SUPERUSER])
def test_also_the_library_s_pages_speak_as_argentines_do(world: World, who: str) -> None:
    employee = hire(who, world, About.OWN_OFFICE)
    browser = at_the_office(employee)
    found = []
    for door in doors():
        if not door.mark(who) or door.name in LEAVES | {"jsi18n", "auditoria-csv", "tablero-csv"}:
            continue
        address = world.address(door, employee, About.OWN_OFFICE)
        texts = [browser.open(address).text]
        if door.name.endswith("_add") and who in door.who:
            token = {"csrfmiddlewaretoken": browser.client.cookies["csrf"].value}
            texts.append(browser._take(browser.client.post(address, token), address).text)
        words = [word for text in texts for rule in (FORMAL, ENGLISH) for word in rule.finditer(text)]
        found += [
            f"{address}: «{word.string[max(0, word.start() - 30) : word.end() + 30]}»" for word in words
        ]
    assert not found, "\n".join(found)


def test_a_citizen_who_is_logged_in_is_nobody_at_the_office(world: World) -> None:
    """Nor do they leave a trace there as staff, whatever they send."""
    citizen = log_in(Visitor(), world.marta)
    token = {"csrfmiddlewaretoken": citizen.client.cookies["csrf"].value}
    for door in doors():
        address = world.address(door, world.someone, About.OWN_OFFICE)
        for answer in (citizen.client.get(address), citizen.client.post(address, token)):
            assert answer.status_code != HTTPStatus.OK or door.name == "login", address
    assert not ClaveEvent.objects.filter(actor=Actor.STAFF, staff_id__isnull=False).exists()
    assert citizen.open("/inicio/").status == HTTPStatus.OK, "and are still logged in"


# --- Superusers -------------------------------------------------------------------------------------


def test_a_superuser_without_an_office_does_nothing_at_one() -> None:
    employee = make_employee(None)
    employee.user.is_superuser = True
    employee.user.save()
    who = at_the_office(employee)
    assert who.client.get("/admin/buscar/").status_code == HTTPStatus.FORBIDDEN
    assert who.client.get("/admin/propuestas/").status_code == HTTPStatus.FORBIDDEN
    assert not Proposal.objects.exists()
