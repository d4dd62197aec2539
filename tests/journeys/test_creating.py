"""Creating a key by proving who you are, from the first page to the log-in."""

import pytest

from accounts.lifecycle import State
from accounts.models import Clave
from tests.builders import PASSWORD, make_clave, make_person
from tests.visitor import Visitor
from tests.walker import log_in, walk

pytestmark = pytest.mark.django_db


def test_a_person_who_proves_who_she_is_leaves_with_a_key_of_level_2_and_logs_in(visitor: Visitor) -> None:
    marta = make_person()
    walk(visitor, marta)
    assert "Tu clave fue habilitada exitosamente con nivel 2." in visitor.text
    assert Clave.objects.get(cuil=marta.cuil).state == State.LEVEL_2
    log_in(visitor, marta)
    assert visitor.url == "/inicio/"
    assert "MARTA INÉS PERALTA" in visitor.text
