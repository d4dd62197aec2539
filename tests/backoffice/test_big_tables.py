"""What the office asks of tables that grow with the country: few queries, an index behind each, no count."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.events import ClaveEvent
from accounts.form_number import new_form_number
from accounts.models import Clave
from backoffice import audit, proposals, reports
from backoffice.cases import NotFound, find
from backoffice.models import Employee, Proposal
from backoffice.reports import Report
from backoffice.roles import ROLES
from backoffice.site import office_site
from backoffice.urls import pages
from identity.models import Person
from tests import crowd
from tests.backoffice.builders import at_the_office, make_employee
from tests.builders import make_cuil
from tests.plans import Asked, asked_by

pytestmark = pytest.mark.django_db

PERSONS = 1000
# The board counts whole tables, at most every five minutes; on the first page it stands too.
BOARD = {"tablero", "tablero-csv"}


@pytest.fixture(autouse=True)
def _a_crowd(db: None) -> None:
    """A thousand of each, which PostgreSQL would rather read whole if it had the choice."""
    crowd.fill(PERSONS)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(crowd.BIG)}")
            cursor.execute("SET LOCAL enable_seqscan = off")


def somebody() -> Person:
    return Person.objects.order_by("pk")[PERSONS // 2]


# --- Looking up -------------------------------------------------------------------------------------


def form_number() -> str:
    return Clave.objects.exclude(form_number="").order_by("pk")[PERSONS // 5].form_number


def form_of_somebody_gone() -> str:
    """Their key is still there."""
    number = form_number()
    Person.objects.get(cuil=Clave.objects.with_form(number).get().cuil).delete()
    return number


# What is typed, and whether it finds somebody.
TYPED: dict[str, tuple[Callable[[], str], bool]] = {
    "a form number": (form_number, True),
    "a CUIL": (lambda: somebody().cuil, True),
    "a document": (lambda: somebody().document_number, True),
    "a form number of nobody": (new_form_number, False),
    "the form of somebody gone": (form_of_somebody_gone, False),
    "a CUIL of nobody": (lambda: make_cuil(30111222), False),
    "a document of nobody": (lambda: "30111222", False),
    "a passport of nobody": (lambda: "AAB123456", False),
}


def looked_up(typed: str) -> Person | None:
    try:
        return find(typed)
    except NotFound:
        return None


@pytest.mark.parametrize("what", TYPED)
def test_a_search_takes_three_queries_at_most_and_an_index_answers_each(what: str) -> None:
    number, is_found = TYPED[what]
    typed = number()
    assert bool(looked_up(typed)) is is_found
    asked = asked_by(lambda: looked_up(typed))
    assert 1 <= len(asked) <= 3
    for query in asked:
        assert [(reading.seeks, bool(reading.index)) for reading in query.readings] == [(True, True)], query


def test_the_index_of_form_numbers_is_the_one_that_keeps_them_apart() -> None:
    """It leaves out the keys without a form: on SQLite a query that does not say so would read them all."""
    number = form_number()
    first, *_ = asked_by(lambda: looked_up(number))
    assert [reading.index for reading in first.readings] == ["form_number_of_one_clave"]


# --- Lists ------------------------------------------------------------------------------------------


def audit_page(before: int | None = None, **chosen: object) -> list[audit.Line]:
    return audit.InWords().tell(audit.page_of(audit.Filter(**chosen), before)[0])  # type: ignore[arg-type]


def an_early_event() -> int:
    return ClaveEvent.objects.order_by("pk")[PERSONS // 10].pk


def someones_event() -> ClaveEvent:
    """Of a kind that one in a hundred is: along the moments PostgreSQL would rather pick a common one."""
    return ClaveEvent.objects.filter(kind="raise_level").order_by("pk")[5]


def queue(state: str, after: int | None = None) -> list[Report]:
    rows = list(reports.queue(Report.Kind.WRONG_DATA, reports.State(state), after))
    reports.names_of(rows)
    reports.asked_for(rows)
    return rows


def amid(state: str) -> int:
    of_state = Report.objects.filter(kind=Report.Kind.WRONG_DATA, state=state).order_by("pk")
    return of_state[of_state.count() // 2].pk


def waiting() -> Callable[[], object]:
    office = Proposal.objects.filter(decision="waiting")[0].office
    return lambda: list(proposals.with_names(proposals.waiting_at(office)))


# Each makes its page ready, and gives back what shows it.
LISTS: dict[str, Callable[[], Callable[[], object]]] = {
    "the audit": lambda: audit_page,
    "the audit, a late page": lambda: partial(audit_page, an_early_event()),
    "the audit of one CUIL": lambda: partial(audit_page, cuil=somebody().cuil),
    "the audit of one employee": lambda: partial(audit_page, staff_id=someones_event().staff_id),
    "the audit of one office": lambda: partial(audit_page, office=someones_event().office),
    "the audit of one kind": lambda: partial(audit_page, kind="raise_level"),
    "the audit of one kind, a late page": lambda: partial(audit_page, an_early_event(), kind="raise_level"),
    "the audit of a month": lambda: partial(audit_page, since=timezone.localdate() - timedelta(days=30)),
    "open reports": lambda: partial(queue, "open"),
    "open reports, a late page": lambda: partial(queue, "open", amid("open")),
    "taken reports": lambda: partial(queue, "taken"),
    "taken reports, a late page": lambda: partial(queue, "taken", amid("taken")),
    "closed reports": lambda: partial(queue, "closed"),
    "closed reports, a late page": lambda: partial(queue, "closed", amid("closed")),
    "what waits for a second person": waiting,
}


@pytest.mark.parametrize("name", LISTS)
def test_a_page_of_a_list_reads_no_big_table_whole(name: str) -> None:
    show = LISTS[name]()
    assert show()
    for query in asked_by(show):
        assert not query.reads_whole & crowd.BIG, query


def somebody_of_every_role() -> Employee:
    employee = make_employee(None)
    employee.user.groups.set(Group.objects.filter(name__in=ROLES))
    employee.user.is_superuser = True
    employee.user.save()
    return employee


def addresses() -> list[str]:
    """Every page that needs no number, and every list that the library makes."""
    own = [page for page in pages() if page.name not in BOARD and "<" not in str(page.pattern)]
    lists = [
        f"{model._meta.app_label}_{model._meta.model_name}_changelist" for model in office_site._registry
    ]
    return [reverse(f"admin:{name}") for name in (*[page.name for page in own], *lists)]


def test_no_list_of_the_office_counts_a_big_table() -> None:
    who = at_the_office(somebody_of_every_role())
    opened = {"/admin/auditoria/", "/admin/avisos/", "/admin/propuestas/", "/admin/offices/office/"}
    assert opened <= set(addresses())
    for address in addresses():
        if "logout" not in address:
            for query in asked_by(lambda address=address: who.open(address)):  # type: ignore[misc]
                assert not query.counts & crowd.BIG, (address, query)


def test_the_case_that_a_search_opens_reads_no_big_table_whole() -> None:
    who, number = at_the_office(somebody_of_every_role()), form_number()
    who.open("/admin/").fill("Número de formulario, CUIL o documento", number)
    asked = asked_by(lambda: who.press("BUSCAR"))
    assert "PERALTA" in who.text
    for query in asked:
        assert not query.reads_whole & crowd.BIG, query
        assert not query.counts & crowd.BIG, query


# --- The plans are read as they are -----------------------------------------------------------------


def only(action: Callable[[], object]) -> Asked:
    (query,) = asked_by(action)
    return query


@pytest.mark.parametrize(
    "rows",
    [
        lambda: Person.objects.filter(surname="PERALTA"),
        lambda: Person.objects.filter(document_number__icontains="111"),
        lambda: Person.objects.filter(surname="PERALTA").order_by("pk")[:1],
        lambda: Person.objects.order_by("surname")[:50],
        lambda: Person.objects.order_by("cuil")[500:550],
        lambda: Person.objects.order_by("cuil"),
    ],
)
def test_what_passes_rows_by_is_seen_to_read_the_whole_table(rows: Callable[[], QuerySet[Person]]) -> None:
    assert only(lambda: list(rows())).reads_whole == {"identity_person"}


def test_a_count_is_seen() -> None:
    assert only(Person.objects.count).counts == {"identity_person"}
    assert only(Person.objects.count).reads_whole == {"identity_person"}


def test_the_first_rows_along_an_index_are_not_the_whole_table() -> None:
    assert not only(lambda: list(Person.objects.order_by("cuil")[:50])).reads_whole
