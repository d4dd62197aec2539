"""Reports of wrong data: a queue in which each has one taker, an end, and its trace in the chain."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from accounts.events import Actor, ClaveEvent, Note, Trail, broken_events
from backoffice.deeds import NotNow
from backoffice.models import Employee
from backoffice.reports import PAGE, Report, close, queue, take
from backoffice.roles import ROLES
from identity.models import Person
from tests.backoffice.builders import at_the_office, events_of_people, make_employee
from tests.builders import make_cuil, make_person
from tests.racing import at_once, failures
from tests.visitor import NotOnThePage, Visitor
from tests.walker import walk

pytestmark = pytest.mark.django_db

QUEUE = "/admin/avisos/?de=datos"
WRONG_DATA = Report.Kind.WRONG_DATA


@pytest.fixture
def marta(db: None) -> Person:
    return make_person()


@pytest.fixture
def report(marta: Person) -> Report:
    return Report.objects.create(cuil=marta.cuil)


@pytest.fixture
def sara() -> Employee:
    return make_employee("Supervisor", "sara")


@pytest.fixture
def tomas() -> Employee:
    return make_employee("Supervisor", "tomas")


def at(report: Report) -> str:
    return f"/admin/avisos/{report.pk}/"


def by(employee: Employee) -> Trail:
    return Trail(Actor.STAFF, staff_id=employee.user_id, office=employee.office.code)


def notes(report: Report) -> list[tuple[str, int | None, str]]:
    rows = ClaveEvent.objects.filter(cuil=report.cuil).order_by("seq")
    return list(rows.values_list("kind", "staff_id", "office"))


# --- The way of a report ----------------------------------------------------------------------------


def test_a_report_goes_from_incorrectos_through_the_queue_to_its_end(marta: Person, sara: Employee) -> None:
    walk(Visitor(), marta, "datos").press("INCORRECTOS")
    report = Report.objects.get()
    who = at_the_office(sara).open(QUEUE).follow(f"Aviso {report.pk}")
    assert "27-•••••222-5" in who.text, "whose it is, the case tells"
    who.press("TOMARLO")
    assert "Lo tiene sara" in who.text
    who.choose("Se corrigió en el registro").press("RESOLVER")
    assert "Se corrigió en el registro, el" in who.text
    report.refresh_from_db()
    assert (report.state, report.taken_by, report.result) == ("closed", sara.user_id, "corrected")
    assert report.closed_at


def test_each_step_is_an_event_with_who_where_and_which(report: Report, sara: Employee) -> None:
    who = at_the_office(sara).open(at(report)).press("TOMARLO")
    who.choose("La persona no vino").press("RESOLVER")
    here = (sara.user_id, sara.office.code)
    assert notes(report) == [(Note.REPORT_TAKEN, *here), (Note.REPORT_CLOSED, *here)]
    last = ClaveEvent.objects.get(kind=Note.REPORT_CLOSED)
    assert last.evidence == {"report": report.pk, "result": "absent"}
    assert not list(broken_events())


def test_the_register_is_shown_in_the_case_whose_opening_is_an_event(report: Report, sara: Employee) -> None:
    who = at_the_office(sara).open(at(report))
    assert "PERALTA" not in who.text
    who.press("ABRIR EL CASO")
    assert "PERALTA" in who.text
    assert notes(report)[-1][0] == Note.CASE_OPENED


def test_a_report_on_somebody_who_left_the_register_still_opens(sara: Employee) -> None:
    report = Report.objects.create(cuil=make_cuil(30111999))
    who = at_the_office(sara).open(at(report)).press("ABRIR EL CASO")
    assert "ya no está en el registro" in who.text


def test_once_closed_a_new_report_of_the_same_cuil_is_a_new_task(
    marta: Person, report: Report, sara: Employee
) -> None:
    take(report, sara, by(sara))
    close(report, sara, Report.Result.RIGHT, by(sara))
    walk(Visitor(), marta, "datos").press("INCORRECTOS")
    assert [r.state for r in Report.objects.order_by("pk")] == ["closed", "open"]


# --- The queue --------------------------------------------------------------------------------------


def test_the_open_ones_come_first_and_each_state_has_its_list(sara: Employee) -> None:
    opened, taken, closed = (Report.objects.create(cuil=make_cuil(30111222 + n)) for n in range(3))
    take(taken, sara, by(sara))
    take(closed, sara, by(sara))
    closed.refresh_from_db()
    close(closed, sara, Report.Result.RIGHT, by(sara))
    who = at_the_office(sara).open(QUEUE)
    for tab, shown, hidden in (("Abiertos", opened, taken), ("Tomados", taken, closed)):
        who.follow(tab)
        assert f"Aviso {shown.pk}" in who.text
        assert f"Aviso {hidden.pk}" not in who.text
    who.follow("Resueltos")
    assert "sara" in who.text
    assert "Los datos estaban bien" in who.text


@pytest.mark.parametrize("state", list(Report.State))
def test_page_after_page_shows_every_report_once(sara: Employee, state: Report.State) -> None:
    now = timezone.now()
    columns = {
        "open": {},
        "taken": {"taken_by": sara.user_id, "taken_at": now},
        "closed": {"taken_by": sara.user_id, "taken_at": now, "closed_at": now, "result": "right"},
    }[state]
    rows = Report.objects.bulk_create(
        Report(cuil=make_cuil(30200000 + n), state=state, **columns) for n in range(2 * PAGE + 1)
    )
    seen: list[int] = []
    found = list(queue(WRONG_DATA, state, None))
    while found:
        seen += [row.pk for row in found[:PAGE]]
        found = list(queue(WRONG_DATA, state, seen[-1])) if len(found) > PAGE else []
    expected = sorted(row.pk for row in rows)
    assert seen == (expected[::-1] if state == "closed" else expected)


def test_the_second_page_is_a_link_away(sara: Employee) -> None:
    rows = Report.objects.bulk_create(Report(cuil=make_cuil(30200000 + n)) for n in range(PAGE + 1))
    who = at_the_office(sara).open(QUEUE)
    assert f"Aviso {rows[-1].pk}" not in who.text
    assert f"Aviso {rows[-1].pk}" in who.follow("Ver los que siguen").text


@pytest.mark.parametrize("query", ["estado=x", "despues=x", "despues=-1", "despues=²", f"despues={'9' * 40}"])
def test_a_made_up_address_of_the_queue_is_answered(sara: Employee, query: str) -> None:
    assert at_the_office(sara).open(f"{QUEUE}&{query}").status == 200


def test_no_address_of_the_queue_holds_a_cuil(report: Report, sara: Employee) -> None:
    who = at_the_office(sara)
    who.open(at(report)).press("TOMARLO")
    for url in (at(report), f"{QUEUE}&estado=tomados"):
        links = who.open(url).page.xpath("//@href | //@action")
        assert at(report) in [*links, who.url]
        assert not [link for link in [*links, who.url] if report.cuil in link.replace("-", "")]


def test_the_list_costs_the_same_whatever_its_length(
    sara: Employee, tomas: Employee, django_assert_max_num_queries: object
) -> None:
    for n in range(20):
        row = Report.objects.create(cuil=make_cuil(30200000 + n))
        take(row, (sara, tomas)[n % 2], by(sara))
    who = at_the_office(sara)
    with django_assert_max_num_queries(11):  # type: ignore[operator]
        who.open(f"{QUEUE}&estado=tomados")
    assert "tomas" in who.text


# --- Who may, and who was first ---------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(ROLES))
def test_only_a_supervisor_works_the_queue_and_an_auditor_reads_it(report: Report, role: str) -> None:
    who = at_the_office(make_employee(role))
    status = 200 if role in {"Supervisor", "Auditor"} else 403
    assert [who.open(url).status for url in (QUEUE, at(report))] == [status, status]
    sent = {"take": "1", "csrfmiddlewaretoken": who.client.cookies["csrf"].value}
    who.client.post(at(report), sent)
    report.refresh_from_db()
    assert (report.state == "taken") is (role == "Supervisor")


def test_nobody_handles_the_report_on_their_own_cuil(report: Report) -> None:
    own = make_employee("Supervisor", cuil=report.cuil)
    who = at_the_office(own).open(at(report))
    with pytest.raises(NotOnThePage):
        who.press("TOMARLO")
    sent = {"take": "1", "csrfmiddlewaretoken": who.client.cookies["csrf"].value}
    who.client.post(at(report), sent)
    report.refresh_from_db()
    assert report.state == "open"
    assert not events_of_people().exists()


def test_what_somebody_left_lying_can_be_taken_over_and_is_theirs_no_more(
    report: Report, sara: Employee, tomas: Employee
) -> None:
    first, second = at_the_office(sara), at_the_office(tomas)
    first.open(at(report)).press("TOMARLO")
    second.open(at(report)).press("TOMARLO")
    first.choose("Los datos estaban bien").press("RESOLVER")
    assert "No se hizo. El aviso lo tiene tomas." in first.text
    second.choose("Los datos estaban bien").press("RESOLVER")
    assert "Quedó resuelto." in second.text
    report.refresh_from_db()
    with pytest.raises(NotNow, match="ya está resuelto, por tomas: Los datos estaban bien"):
        close(report, sara, Report.Result.ABSENT, by(sara))


def test_a_closed_report_is_taken_by_nobody(report: Report, sara: Employee, tomas: Employee) -> None:
    at_the_office(sara).open(at(report)).press("TOMARLO").choose("Los datos estaban bien").press("RESOLVER")
    report.refresh_from_db()
    with pytest.raises(NotNow, match="ya está resuelto, por sara"):
        take(report, tomas, by(tomas))
    assert len(notes(report)) == 2


def test_an_open_report_cannot_be_closed_without_taking_it(report: Report, sara: Employee) -> None:
    with pytest.raises(NotNow, match="primero hay que tomarlo"):
        close(report, sara, Report.Result.RIGHT, by(sara))
    assert not ClaveEvent.objects.exists()


def test_a_result_must_be_chosen(report: Report, sara: Employee) -> None:
    who = at_the_office(sara).open(at(report)).press("TOMARLO").press("RESOLVER")
    assert who.errors() == ["Elegí cómo terminó"]
    report.refresh_from_db()
    assert report.state == "taken"


def test_taking_twice_by_the_same_person_is_one_event(report: Report, sara: Employee) -> None:
    who = at_the_office(sara).open(at(report)).press("TOMARLO")
    who.post_again()
    assert len(notes(report)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_at_the_same_instant_one_has_it_and_the_other_is_told(marta: Person) -> None:
    sara, tomas = make_employee("Supervisor", "sara"), make_employee("Supervisor", "tomas")
    for _ in range(10):
        report = Report.objects.create(cuil=marta.cuil)
        copies = [Report.objects.get(pk=report.pk) for _ in range(2)]
        outcomes = at_once(
            lambda mine=copies[0]: take(mine, sara, by(sara)),
            lambda mine=copies[1]: take(mine, tomas, by(tomas)),
        )
        assert failures(outcomes, NotNow) == 1
        report.refresh_from_db()
        loser = next(outcome for outcome in outcomes if isinstance(outcome, NotNow))
        assert ("sara" if report.taken_by == sara.user_id else "tomas") in str(loser)
        Report.objects.filter(pk=report.pk).delete()
    assert ClaveEvent.objects.count() == 10


# --- What the database refuses ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "taken"},
        {"state": "closed", "taken_by": 1, "taken_at": timezone.now(), "closed_at": timezone.now()},
        {"state": "closed", "closed_at": timezone.now(), "result": "right"},
        {"state": "x"},
        {"result": "right"},
        {"taken_by": 1},
    ],
)
def test_a_state_without_what_belongs_to_it_cannot_be_written_down(
    report: Model, changes: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError, match="report_says_who_and_how_it_ended"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(**changes)
