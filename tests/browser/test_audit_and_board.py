"""Audit and board in the browser that shows them, at two widths."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.utils import timezone

from accounts.events import Actor, Trail
from backoffice.models import Employee
from tests.backoffice.builders import OFFICE_PASSWORD, make_employee
from tests.browser.conftest import Visit
from tests.browser.inspection import Inspector
from tests.builders import make_clave, make_cuil
from tests.offices.builders import make_office


@pytest.fixture
def auditor(transactional_db: None, settings: LazySettings) -> Employee:
    """And a month in which something happened, at two offices."""
    settings.PORTAL_DEMO = True
    names = ("UDAI Azul", "Oficina de atención integral de San Carlos de Bolívar")
    for document, name in enumerate(names, start=30111222):
        ana = make_employee("Mesa de entrada", f"ana{document}", office=make_office(name))
        with time_machine.travel(timezone.now() - timedelta(days=10), tick=False):
            trail = Trail(Actor.STAFF, "10.0.0.7", ana.user_id, ana.office.code, {"document_type": "DU"})
            make_clave(make_cuil(document), level=None).enable_in_office(trail=trail)
    return make_employee("Auditor", "aurora")


@pytest.mark.parametrize("width", [320, 1280])
def test_audit_and_board_are_as_every_other_page(
    visit: Visit, inspector: Inspector, auditor: Employee, width: int
) -> None:
    who = visit(width=width)
    who.open("/admin/login/")
    who.fill("Nombre de usuario", auditor.user.username)
    who.fill("Clave de la oficina", OFFICE_PASSWORD).press("ENTRAR")
    for address, name in (("/admin/tablero/", "board"), ("/admin/auditoria/", "audit")):
        who.open(address)
        inspector.look(who, name)
    who.fill("CUIL", "1").fill("Desde el día", "ayer").press("FILTRAR")
    inspector.look_at_errors(who, "audit")
