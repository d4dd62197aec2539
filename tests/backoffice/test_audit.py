"""The audit: read by those who may, in plain words; whom they looked for stands in the events alone."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpResponseBase
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.events import OFFICE_CHAIN, Actor, ClaveEvent, Note, Trail, broken_events, record
from accounts.models import Clave
from backoffice.audit import PAGE, Filter, all_of, newest
from backoffice.models import Employee
from backoffice.roles import ROLES
from backoffice.sheets import cell, lines
from identity.cuil import Cuil
from tests.backoffice.builders import at_the_office, events_of_people, make_employee
from tests.builders import make_clave, make_cuil, system
from tests.offices.builders import make_office
from tests.visitor import NotOnThePage, Visitor

pytestmark = pytest.mark.django_db

MARTA, JUAN = make_cuil(30111222), make_cuil(20222333)


@pytest.fixture
def auditor(db: None) -> Employee:
    return make_employee("Auditor", "aurora")


@pytest.fixture
def aurora(auditor: Employee) -> Visitor:
    return at_the_office(auditor)


def note(cuil: str = MARTA, kind: Note = Note.SIGNED_IN, trail: Trail | None = None) -> ClaveEvent:
    with transaction.atomic():
        return record(cuil, kind, trail or Trail(Actor.OWNER, "200.45.1.2"))


def by(employee: Employee, **evidence: object) -> Trail:
    return Trail(Actor.STAFF, "10.0.0.7", employee.user_id, employee.office.code, evidence)


def kinds_of_office() -> list[str]:
    """What the office remembers of itself, in order."""
    return list(ClaveEvent.objects.filter(cuil=OFFICE_CHAIN).order_by("seq").values_list("kind", flat=True))


def rows(who: Visitor) -> list[list[str]]:
    """The cells of the list, as read."""
    found = who.page.xpath("//main//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("./td")] for row in found]


def numbers(who: Visitor) -> list[int]:
    return [int(row[0]) for row in rows(who)]


def filtered(who: Visitor, **typed: str) -> Visitor:
    who.open("/admin/auditoria/")
    for label, value in typed.items():
        label = label.replace("_", " ")
        (who.select if label in {"Oficina", "Qué pasó"} else who.fill)(label, value)
    return who.press("FILTRAR")


# --- Who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in ROLES if role != "Auditor"])
@pytest.mark.parametrize("address", ["/admin/auditoria/", "/admin/auditoria/csv/"])
def test_only_an_auditor_reads_or_exports_the_audit(role: str, address: str) -> None:
    who = at_the_office(make_employee(role))
    assert who.client.get(address).status_code == 403
    token = {"csrfmiddlewaretoken": who.client.cookies["csrf"].value, "cuil": MARTA}
    assert who.client.post(address, token).status_code == 403
    assert set(kinds_of_office()) == {Note.STAFF_IN}


def test_a_superuser_without_a_role_reads_nothing() -> None:
    employee = make_employee(None)
    employee.user.is_superuser = True
    employee.user.save()
    assert at_the_office(employee).client.get("/admin/auditoria/").status_code == 403


def test_no_page_of_the_office_changes_an_event() -> None:
    """Not even for a superuser with every role: the admin does not know the events."""
    employee = make_employee("Auditor")
    employee.user.is_superuser = True
    employee.user.save()
    who, event = at_the_office(employee), note()
    token = {"csrfmiddlewaretoken": who.client.cookies["csrf"].value, "office": "X", "post": "yes"}
    for deed in ("change", "delete", "history"):
        for send in (who.client.get, who.client.post):
            assert send(f"/admin/accounts/claveevent/{event.pk}/{deed}/", token).status_code in {403, 404}
    assert events_of_people().get() == event


# --- The list -------------------------------------------------------------------------------------


def test_an_event_is_told_in_plain_words_with_the_names_of_employee_and_office(aurora: Visitor) -> None:
    ana = make_employee("Mesa de entrada", "ana", office=make_office("UDAI AZUL"))
    make_clave(MARTA, level=None).enable_in_office(trail=by(ana, document_type="DU", original_seen=True))
    told = rows(aurora.open("/admin/auditoria/"))[0]
    enabled = Clave.objects.get()
    assert told[2:] == [
        "27-30111222-5",
        f"Se habilitó la clave en una oficina, con nivel 3 Clave {enabled.pk}"
        " Pendiente de habilitación → Habilitada con nivel 3",
        "Personal de una oficina ana UDAI AZUL",
        "10.0.0.7",
        "Documento que se comparó: DNI Se vio el original: sí",
    ]


def test_an_event_of_an_office_and_an_employee_that_are_gone_still_shows(aurora: Visitor) -> None:
    note(trail=Trail(Actor.STAFF, "10.0.0.7", 4711, "CERRADA"))
    assert rows(aurora.open("/admin/auditoria/"))[0][4] == "Personal de una oficina empleado 4711 CERRADA"


def test_each_filter_leaves_what_it_asks_for(aurora: Visitor) -> None:
    azul, junin = make_office("AZUL"), make_office("JUNIN")
    ana = make_employee("Mesa de entrada", "ana", office=azul)
    beto = make_employee("Mesa de entrada", "beto", office=junin)
    of_ana = note(MARTA, Note.CASE_OPENED, by(ana)).pk
    of_beto = note(JUAN, Note.CASE_OPENED, by(beto)).pk
    signed_in = note(JUAN, Note.SIGNED_IN).pk
    assert numbers(filtered(aurora, Empleado="ana")) == [of_ana]
    assert numbers(filtered(aurora, Oficina="JUNIN")) == [of_beto]
    assert numbers(filtered(aurora, Qué_pasó="Ingreso con la clave")) == [signed_in]
    assert numbers(filtered(aurora, Oficina="JUNIN", Empleado="ana")) == []
    of_juan = filtered(aurora, CUIL=Cuil(JUAN).formatted, Qué_pasó="Una oficina abrió el caso")
    assert numbers(of_juan) == [of_beto]
    assert numbers(filtered(aurora, CUIL=MARTA))[-1] == of_ana


def test_days_are_those_of_buenos_aires_and_both_are_included(aurora: Visitor, auditor: Employee) -> None:
    made = {}
    for moment in (
        "2026-03-09T23:59:59",
        "2026-03-10T00:00:00",
        "2026-03-11T23:59:59",
        "2026-03-12T00:00:00",
    ):
        with time_machine.travel(f"{moment}-03:00", tick=False):
            made[moment] = note().pk
    inside = [made["2026-03-11T23:59:59"], made["2026-03-10T00:00:00"]]
    assert numbers(filtered(aurora, Desde_el_día="10/03/2026", Hasta_el_día="11/03/2026")) == inside
    assert numbers(filtered(aurora, Desde_el_día="2026-03-12", Hasta_el_día="2026-03-12")) == [
        made["2026-03-12T00:00:00"]
    ]


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"CUIL": "27301112226"}, "El CUIL no es correcto. Revisá que los números estén bien copiados."),
        ({"Empleado": "nadie"}, "No hay ningún empleado con ese nombre"),
        ({"Desde_el_día": "ayer"}, "Desde el día: escribí el día, el mes y el año, así: 31/12/2026"),
        (
            {"Desde_el_día": "2/1/2026", "Hasta_el_día": "1/1/2026"},
            "El último día tiene que ser igual o posterior al primero",
        ),
    ],
)
def test_a_filter_that_makes_no_sense_shows_no_event_and_says_why(
    aurora: Visitor, typed: dict[str, str], error: str
) -> None:
    note()
    filtered(aurora, **typed)
    assert (aurora.errors(), rows(aurora)) == ([error], [])


def test_a_citizen_s_user_name_is_no_employee(aurora: Visitor) -> None:
    make_clave(MARTA)
    assert filtered(aurora, Empleado=f"cuil:{MARTA}").errors() == ["No hay ningún empleado con ese nombre"]


def test_fifty_a_page_and_every_event_on_exactly_one_of_them(aurora: Visitor) -> None:
    """Also where many happened at the same moment, as when the purge runs."""
    with time_machine.travel("2026-03-10T12:00:00-03:00", tick=False):
        made = [note().pk for _ in range(2 * PAGE + 5)]
    seen = numbers(filtered(aurora, Qué_pasó="Ingreso con la clave"))
    assert len(seen) == PAGE
    for _ in range(2):
        seen += numbers(aurora.press("VER ANTERIORES"))
    assert seen == made[::-1]
    with pytest.raises(NotOnThePage):
        aurora.press("VER ANTERIORES")
    assert numbers(aurora.press("VOLVER A LOS MÁS NUEVOS")) == made[: -PAGE - 1 : -1]


@pytest.mark.parametrize("before", ["", "0", "-1", "x", "9" * 19, "9" * 400, "١"])
def test_a_page_after_no_event_is_the_first(aurora: Visitor, before: str) -> None:
    made = note().pk
    token = {"csrfmiddlewaretoken": aurora.client.cookies["csrf"].value, "before": before}
    aurora.response = aurora.client.post("/admin/auditoria/", token)
    assert numbers(aurora)[0] == made


def test_a_page_costs_as_many_queries_whatever_it_shows(
    aurora: Visitor, django_assert_max_num_queries: object
) -> None:
    for name in ("ana", "beto", "carla"):
        note(trail=by(make_employee("Mesa de entrada", name)))
    # The list, its employees, the offices twice (choices and names), the event of this look; the rest is who
    # is looking.
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        aurora.open("/admin/auditoria/")
    assert len(rows(aurora)) == 4


# --- Without a trace ------------------------------------------------------------------------------


def test_whose_events_were_read_stands_in_no_address_and_no_session(aurora: Visitor) -> None:
    for _ in range(PAGE + 1):
        note()
    for step in (lambda: filtered(aurora, CUIL=MARTA), lambda: aurora.press("VER ANTERIORES")):
        step()
        assert MARTA not in aurora.url
        assert "30111222" not in aurora.url
        for session in Session.objects.all():
            assert "30111222" not in repr(session.get_decoded())


def test_whoever_reads_the_events_of_a_cuil_leaves_an_event_there(aurora: Visitor, auditor: Employee) -> None:
    note()
    filtered(aurora, CUIL=MARTA, Qué_pasó="Ingreso con la clave")
    left = ClaveEvent.objects.latest("pk")
    assert (left.cuil, left.kind, left.staff_id) == (MARTA, Note.AUDIT_READ, auditor.user_id)
    assert left.evidence == {"kind": "signed_in"}


def test_reading_what_is_nobody_s_is_an_event_of_the_office(aurora: Visitor, auditor: Employee) -> None:
    note()
    filtered(aurora, Qué_pasó="Ingreso con la clave")
    left = ClaveEvent.objects.latest("pk")
    assert (left.cuil, left.kind, left.staff_id) == (OFFICE_CHAIN, Note.AUDIT_READ, auditor.user_id)
    assert left.evidence == {"kind": "signed_in"}


# --- The file -------------------------------------------------------------------------------------


def content(response: HttpResponseBase) -> str:
    return b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]


def exported(who: Visitor) -> list[list[str]]:
    """Lines of the file after the header, as a spreadsheet reads them."""
    who.press("EXPORTAR (CSV)")
    text = content(who.response)
    assert text.startswith("\ufeffEvento;Cuándo;CUIL;")
    return list(csv.reader(io.StringIO(text), delimiter=";"))[1:]


def test_the_file_holds_what_the_filter_shows_all_pages_of_it(aurora: Visitor) -> None:
    made = [note(JUAN).pk for _ in range(PAGE + 3)]
    note(MARTA)
    filtered(aurora, CUIL=JUAN, Qué_pasó="Ingreso con la clave")
    assert [int(line[0]) for line in exported(aurora)] == made[::-1]
    assert aurora.response["Content-Type"] == "text/csv; charset=utf-8"
    assert f'"auditoria-{timezone.localdate():%Y-%m-%d}.csv"' in aurora.response["Content-Disposition"]


def test_a_file_is_an_event_of_the_office_and_does_not_hold_itself(
    aurora: Visitor, auditor: Employee
) -> None:
    last = note()
    aurora.open("/admin/auditoria/")
    assert last.pk in [int(line[0]) for line in exported(aurora)]
    left = ClaveEvent.objects.latest("pk")
    assert (left.cuil, left.kind) == (OFFICE_CHAIN, Note.AUDIT_EXPORTED)
    assert (left.staff_id, left.office, left.evidence) == (
        auditor.user_id,
        auditor.office.code,
        {"newest": left.pk - 1},
    )
    assert list(broken_events()) == []


def test_a_file_of_one_cuil_is_an_event_of_that_cuil(aurora: Visitor) -> None:
    note(MARTA)
    filtered(aurora, CUIL=MARTA)
    exported(aurora)
    left = ClaveEvent.objects.latest("pk")
    assert (left.cuil, left.kind) == (MARTA, Note.AUDIT_EXPORTED)


def test_no_file_is_taken_by_an_address_alone(aurora: Visitor) -> None:
    note()
    assert aurora.open("/admin/auditoria/csv/").url == "/admin/auditoria/"
    assert Note.AUDIT_EXPORTED not in kinds_of_office()


def test_a_file_does_not_change_while_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches, and new events between them."""
    monkeypatch.setattr("backoffice.audit._FILE_BATCH", 2)
    with time_machine.travel("2026-03-10T12:00:00-03:00", tick=False):
        made = [note().pk for _ in range(7)]
        sent = []
        for batch in all_of(Filter(), newest()):
            sent += [event.pk for event in batch]
            note()
    assert sent == made[::-1]


def test_the_file_of_nothing_is_its_header(aurora: Visitor) -> None:
    token = {"csrfmiddlewaretoken": aurora.client.cookies["csrf"].value, "cuil": MARTA}
    response = aurora.client.post("/admin/auditoria/csv/", token)
    assert content(response).count("\n") == 1


# --- Cells ----------------------------------------------------------------------------------------

FORMULAS = ["=1+1", "+54 11", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1", "＝1+1", "－2"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_that_would_compute_is_shown_instead(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["27-30111222-5", "", "a=b", "10/03/2026 12:00:00", "Ñandú"])
def test_any_other_cell_stays_as_it_is(text: str) -> None:
    assert cell(text) == text


def test_a_formula_in_an_evidence_reaches_no_spreadsheet(aurora: Visitor) -> None:
    note(trail=Trail(Actor.SYSTEM, "=HYPERLINK(1)", evidence={"reason": "=cmd|' /C calc'!A0"}))
    line = exported(filtered(aurora, CUIL=MARTA))[-1]
    assert line[-2:] == ["'=HYPERLINK(1)", "Motivo: =cmd|' /C calc'!A0"]


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2), max_size=5))
def test_every_cell_comes_back_from_the_file_and_none_begins_a_formula(table: list[list[str]]) -> None:
    text = "".join(lines(table)).removeprefix("\ufeff")
    back = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert back == [[cell(value) for value in row] for row in table]
    assert not any(value.lstrip(" ").startswith(tuple("=+-@\t\r\n")) for row in back for value in row)


def test_a_long_file_is_made_as_it_is_sent() -> None:
    asked = 0

    def endless() -> Iterator[list[int]]:
        nonlocal asked
        while True:
            asked += 1
            yield [asked]

    next(lines(endless()))
    assert asked < 1000


@pytest.mark.parametrize("day", ["01/01/0001", "31/12/9999"])
def test_a_day_of_no_calendar_is_refused(aurora: Visitor, day: str) -> None:
    for field in ("Desde_el_día", "Hasta_el_día"):
        who = filtered(aurora, **{field: day})
        assert (who.status, who.errors()) == (200, ["El año tiene que estar entre 2000 y 2199"])


def test_events_of_the_system_are_nobody_s(aurora: Visitor) -> None:
    note(trail=system())
    assert rows(aurora.open("/admin/auditoria/"))[0][4] == "El sistema"


def test_a_day_that_has_no_events_is_empty(aurora: Visitor) -> None:
    note()
    tomorrow: date = timezone.localdate() + timedelta(days=1)
    assert rows(filtered(aurora, Desde_el_día=f"{tomorrow:%d/%m/%Y}")) == []
    assert "No hay eventos así." in aurora.text
