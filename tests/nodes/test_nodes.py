"""Several nodes behind one balancer: whoever is in the middle of something notices nothing of a dead one."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from accounts.models import Clave
from identity.models import Person
from tests.builders import PASSWORD, make_clave, make_person
from tests.nodes.nodes import BalancedBrowser, Node, running_nodes
from tests.visitor import Visitor
from tests.walker import ANSWERS, log_in, slug_of, walk

pytestmark = [
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite is a file of one machine: it has no second node"
    ),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(scope="module")
def started(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[list[Node]]:
    with django_db_blocker.unblock(), running_nodes(tmp_path_factory.mktemp("nodes")) as nodes:
        yield nodes


@pytest.fixture
def nodes(started: list[Node]) -> list[Node]:
    """Both alive: a test before this one may have killed one."""
    for node in started:
        if node.is_dead():
            node.launch()
            node.wait()
        node.answered = 0
    return started


@pytest.fixture
def citizen(nodes: list[Node]) -> Visitor:
    visitor = Visitor()
    visitor.client = BalancedBrowser(nodes)
    return visitor


def kill_the_first(nodes: list[Node]) -> None:
    """Both have served by then."""
    assert all(node.answered for node in nodes)
    nodes[0].kill()
    nodes[0].answered = 0


def go_on(visitor: Visitor, person: Person) -> None:
    """From the page that is open to the journey's end."""
    while (here := slug_of(visitor)) in ANSWERS:
        ANSWERS[here](visitor, person)


def test_a_limit_counts_the_tries_on_all_nodes_together(nodes: list[Node], citizen: Visitor) -> None:
    alma = make_person()
    make_clave(alma.cuil)
    for _ in range(settings.PORTAL_LOGINS_PER_MINUTE):
        assert "no son correctos" in log_in(citizen, alma, "Equivocada9").text
    assert "muchos intentos" in log_in(citizen, alma, PASSWORD).text
    assert citizen.open("/inicio/").url != "/inicio/"
    assert all(node.answered > settings.PORTAL_LOGINS_PER_MINUTE for node in nodes)


def test_whoever_answers_questions_goes_on_with_the_same_question_when_a_node_dies(
    nodes: list[Node], citizen: Visitor
) -> None:
    marta = make_person()
    make_clave(marta.cuil)
    walk(citizen, marta, "preguntas")
    asked = citizen.options()
    assert len(asked) > 1
    kill_the_first(nodes)
    assert citizen.open(citizen.url).options() == asked
    go_on(citizen, marta)
    assert slug_of(citizen) == "listo"
    assert sorted(Clave.objects.filter(cuil=marta.cuil).values_list("state", flat=True)) == [
        "level_2",
        "replaced",
    ]
    assert nodes[0].answered == 0


def test_whoever_is_inside_stays_inside_when_a_node_dies_and_can_leave(
    nodes: list[Node], citizen: Visitor
) -> None:
    rosa = make_person()
    make_clave(rosa.cuil)
    log_in(citizen, rosa)
    kill_the_first(nodes)
    for _ in nodes:
        assert citizen.open("/inicio/").url == "/inicio/"
    citizen.press("SALIR")
    assert citizen.open("/inicio/").url != "/inicio/"
