"""The demonstration as it is loaded: what its page promises of curador and curado is what happens."""

import pytest
from django.core.management import call_command

from accounts.demo import DEMO_PASSWORD
from accounts.models import Clave
from identity.models import Person
from journeys.pages.demo import DEMO, _rows
from tests.visitor import Visitor
from tests.walker import act_for, log_in, named

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded(settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.PORTAL_DEMO = True
    call_command("load_demo")


def person_of(case: str) -> Person:
    (cuil,) = (row["cuil"] for row in _rows(DEMO / "cases.csv") if row["case"] == case)
    return Person.objects.get(cuil=cuil)


def test_the_curadora_has_a_key_and_acts_for_either_of_her_two(visitor: Visitor) -> None:
    silvia = person_of("curador")
    assert Clave.objects.live().get(cuil=silvia.cuil).level == 2
    for curado in (person_of("curado"), person_of("suspended")):
        act_for(visitor, silvia, curado, DEMO_PASSWORD)
        assert f"Estás actuando en nombre de {curado.given_names}" in visitor.page.text_content()
        visitor.press("SALIR")
    assert named(curado).startswith("Clotilde Zubiría, CUIL 27-•••••")


def test_the_suspended_key_opens_nothing_and_the_page_of_the_demonstration_says_so(
    visitor: Visitor,
) -> None:
    clotilde = person_of("suspended")
    assert log_in(visitor, clotilde, DEMO_PASSWORD).url == "/aviso/clave-suspendida/"
    told = " ".join(visitor.open("/demo/").text.split("Clotilde: su clave está suspendida")[2].split())
    assert "Habilitada con nivel 2 (suspendida mientras dure la curatela)" in told
