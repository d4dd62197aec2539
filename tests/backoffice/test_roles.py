"""Role by page by deed: the matrix, cell by cell, by GET and by POST."""

import pytest

from backoffice.deeds import DEEDS
from backoffice.models import Proposal
from backoffice.roles import ROLES, May
from backoffice.urls import pages
from tests.backoffice.builders import at_the_office, look_up, make_employee
from tests.builders import make_clave, make_person
from tests.offices.builders import make_office

pytestmark = pytest.mark.django_db

NOBODY = None
WHO = [*ROLES, NOBODY]


def may(role: str | None, *needs: May) -> bool:
    return bool(role) and bool(ROLES[str(role)] & set(needs))


@pytest.mark.parametrize("slug", DEEDS)
@pytest.mark.parametrize("role", WHO)
@pytest.mark.parametrize("elsewhere", [False, True], ids=["own office", "another office"])
def test_only_the_role_that_may_gets_the_form_of_a_deed(
    role: str | None, slug: str, *, elsewhere: bool
) -> None:
    """A person may go to any office, so which one makes no difference."""
    marta = make_person()
    make_clave(marta.cuil, level=None)
    who = at_the_office(make_employee(role, office=make_office("AZUL") if elsewhere else None))
    if may(role, May.LOOK_UP):
        look_up(who, marta.cuil)
    address = f"/admin/caso/{marta.pk}/{slug}/"
    allowed = may(role, DEEDS[slug].may)
    assert (who.open(address).status == 403) is not allowed
    token = {"csrfmiddlewaretoken": who.client.cookies["csrf"].value, "confirmed": "1"}
    assert (who.client.post(address, token).status_code == 403) is not allowed


@pytest.mark.parametrize("role", WHO)
def test_only_the_role_that_may_opens_each_page(role: str | None) -> None:
    needs = {
        "/admin/buscar/": (May.LOOK_UP,),
        "/admin/caso/1/": (May.LOOK_UP,),
        "/admin/propuestas/": (May.APPROVE,),
        "/admin/propuestas/1/": (May.APPROVE,),
        "/admin/avisos/": (May.REPORTS,),
        "/admin/avisos/1/": (May.REPORTS,),
        "/admin/auditoria/": (May.AUDIT,),
        "/admin/auditoria/csv/": (May.EXPORT,),
        "/admin/tablero/": (May.BOARD,),
        "/admin/tablero/csv/": (May.BOARD,),
    }
    who = at_the_office(make_employee(role))
    for address, any_of in needs.items():
        assert (who.client.get(address).status_code == 403) is not may(role, *any_of), address
    assert who.open("/admin/").status == 200


def test_every_page_of_the_office_asks_who_it_is() -> None:
    from tests.visitor import Visitor

    for pattern in pages():
        address = "/admin/" + str(pattern.pattern).replace("<int:number>", "1").replace(
            "<slug:slug>", "elevar"
        )
        assert Visitor().open(address).url.startswith("/admin/login/"), address


def test_a_superuser_without_a_role_does_nothing_at_an_office() -> None:
    employee = make_employee(NOBODY)
    employee.user.is_superuser = True
    employee.user.save()
    who = at_the_office(employee)
    assert who.client.get("/admin/buscar/").status_code == 403
    assert who.client.get("/admin/propuestas/").status_code == 403
    assert not Proposal.objects.exists()
