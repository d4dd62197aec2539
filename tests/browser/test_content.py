"""The office's contents and reports in the browser: lists, forms, histories, and the citizen's new page."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from accounts.models import FrequentQuestion, PolicyVersion
from identity.models import WrongDataReport
from tests.backoffice.builders import OFFICE_PASSWORD, make_employee
from tests.browser.browser_visitor import BrowserVisitor
from tests.browser.conftest import Visit
from tests.browser.inspection import Inspector, violations
from tests.browser.test_every_page import ways
from tests.builders import make_clave, make_person
from tests.offices.builders import make_office, make_zone
from tests.walker import log_in


@pytest.fixture(autouse=True)
def _without_second_factor(settings: LazySettings) -> None:
    settings.PORTAL_DEMO = True


def enter(who: BrowserVisitor, role: str) -> BrowserVisitor:
    name = make_employee(role, role.split()[0].lower()).user.username
    who.open("/admin/login/").fill("Nombre de usuario", name)
    return who.fill("Clave de la oficina", OFFICE_PASSWORD).press("ENTRAR")


def test_the_lists_forms_and_histories_of_the_contents_are_open_to_every_employee(visit: Visit) -> None:
    """The pages are Django's own: axe and the policy of the browser must have nothing against them."""
    question = FrequentQuestion.objects.first()
    assert question
    make_zone(make_office("Azul"), locality="Rauch")
    who = enter(visit(), "Contenidos")
    pages = [
        f"/admin/{model}/{page}"
        for model in ("offices/office", "offices/zone", "accounts/application", "accounts/policyversion")
        for page in ("", "add/")
    ]
    here = f"/admin/accounts/frequentquestion/{question.pk}"
    pages += ["/admin/accounts/frequentquestion/", f"{here}/change/", f"{here}/history/"]
    found = []
    for url in pages:
        who.complaints.clear()
        who.open(url)
        found += [f"{url}: {problem}" for problem in [*who.complaints, *violations(who)]]
    if found:
        pytest.fail("\n".join(found), pytrace=False)


@pytest.mark.parametrize("width", [1280, 320])
def test_the_queue_of_reports_is_open_to_every_employee(
    visit: Visit, inspector: Inspector, width: int
) -> None:
    report = WrongDataReport.objects.create(cuil=make_person().cuil)
    who = enter(visit(width), "Supervisor")
    inspector.look(who.open("/admin/avisos/"), "avisos, no fui yo")
    inspector.look(who.open("/admin/avisos/?de=datos"), "avisos")
    inspector.look(who.follow(f"Aviso {report.pk}"), "aviso")
    inspector.look(who.press("TOMARLO"), "aviso")
    inspector.look(who.choose("La persona no vino").press("RESOLVER"), "aviso")
    inspector.look(who.open("/admin/avisos/?de=datos&estado=resueltos"), "avisos resueltos")


@ways
def test_the_new_policies_are_open_to_everybody(
    visit: Visit, inspector: Inspector, width: int, js: str
) -> None:
    person = make_person()
    make_clave(person.cuil)
    moment = timezone.now() - timedelta(minutes=1)
    PolicyVersion.objects.create(name="2027", text="No prestes tu clave.\nNo la anotes.", published_at=moment)
    who = log_in(visit(width, js), person)
    inspector.look(who, "politicas-aceptar", axe=js != "off")
    assert who.press("ACEPTO").url.endswith("/inicio/")
