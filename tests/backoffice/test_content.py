"""What the office edits as rows: who may, what is kept of each change, and what never goes away."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Application, FrequentQuestion, PolicyVersion, User
from accounts.questions import PAGES
from backoffice.models import Employee
from backoffice.roles import ROLES
from backoffice.site import office_site
from offices.models import Zone
from tests.backoffice.builders import OFFICE_PASSWORD, at_the_office, make_employee
from tests.backoffice.editing import complaints, filled_in, history, save
from tests.builders import make_cuil
from tests.offices.builders import make_office, make_zone
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db

CONTENTS = (
    "offices/office", "offices/zone", "accounts/application", "accounts/frequentquestion",
    "accounts/policyversion",
)  # fmt: skip
EMPLOYEES = "backoffice/employee"
INLINE = re.compile(r"<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=|javascript:", re.IGNORECASE)


@pytest.fixture
def celia() -> Visitor:
    """In charge of contents."""
    return at_the_office(make_employee("Contenidos", "celia"))


@pytest.fixture
def root() -> Visitor:
    """A superuser without a role or an office."""
    User.objects.create_superuser("root", password=OFFICE_PASSWORD)
    who = Visitor()
    who.open("/admin/login/").fill("Nombre de usuario", "root")
    return who.fill("Clave de la oficina", OFFICE_PASSWORD).press("ENTRAR")


def change(row: object) -> str:
    meta = row._meta  # type: ignore[attr-defined]
    return f"/admin/{meta.app_label}/{meta.model_name}/{row.pk}/change/"  # type: ignore[attr-defined]


def rows() -> list[object]:
    """One of each that is edited."""
    office = make_office("Azul")
    first = [Application.objects.first(), FrequentQuestion.objects.first(), PolicyVersion.objects.first()]
    return [office, make_zone(office, locality="Azul"), *first]


# --- Who may ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("model", [*CONTENTS, EMPLOYEES])
def test_contents_are_edited_by_one_role_employees_by_none_and_an_auditor_reads_all(
    role: str, model: str
) -> None:
    who = at_the_office(make_employee(role))
    may = role == "Contenidos" and model in CONTENTS
    assert who.open(f"/admin/{model}/add/").status == (200 if may else 403)
    assert who.open(f"/admin/{model}/").status == (200 if may or role == "Auditor" else 403)


def test_a_superuser_without_a_role_sees_to_employees_and_edits_no_contents(root: Visitor) -> None:
    assert root.open(f"/admin/{EMPLOYEES}/").status == 200
    for model in CONTENTS:
        assert root.open(f"/admin/{model}/").status == 403
        assert root.open(f"/admin/{model}/add/").status == 403


def test_a_post_past_the_form_is_refused_where_the_page_is() -> None:
    row = FrequentQuestion.objects.first()
    assert row
    who = at_the_office(make_employee("Mesa de entrada"))
    token = who.client.cookies["csrf"].value
    sent = {"question": "x", "answer": "x", "position": 1, "csrfmiddlewaretoken": token}
    assert who.client.post(change(row), sent).status_code == 403
    assert not FrequentQuestion.objects.filter(answer="x").exists()


def test_nothing_can_be_deleted_by_anybody(celia: Visitor, root: Visitor) -> None:
    employee = Employee.objects.get(user__username="celia")
    for who, row in [*((celia, row) for row in rows()), (root, employee)]:
        here = change(row)
        assert who.open(here).status == 200
        gone = here.replace("/change/", "/delete/")
        assert gone not in who.response.content.decode()
        sent = {"post": "yes", "csrfmiddlewaretoken": who.client.cookies["csrf"].value}
        assert who.client.post(gone, sent).status_code == 403
        assert type(row).objects.filter(pk=row.pk).exists()  # type: ignore[attr-defined]


def test_no_model_can_be_changed_in_bulk() -> None:
    assert [admin.actions for admin in office_site._registry.values()] == [None] * 6


def test_a_stranger_and_a_citizen_are_sent_to_the_log_in(client: Client) -> None:
    citizen = User.objects.create(username="x", cuil=make_cuil(30111222))
    for _ in range(2):
        answer = client.get("/admin/accounts/application/")
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/admin/login/")
        client.force_login(citizen, backend="accounts.backends.ClaveBackend")


# --- What is kept of a change -----------------------------------------------------------------------


def test_the_history_says_who_changed_what_from_what_to_what(celia: Visitor) -> None:
    office = make_office("Azul", hours="8 a 14")
    save(celia, change(office), hours="8 a 16", kind="uca")
    kept = history(celia, change(office))
    assert "Horario: de «8 a 14» a «8 a 16»." in kept
    assert "Clase: de «Oficina de atención (UDAI)» a «Unidad Central de Apoyo (UCA)»." in kept
    assert "celia" in kept
    assert "Localidad" not in kept


def test_the_history_names_what_a_row_points_to(celia: Visitor) -> None:
    azul, tandil = make_office("Azul"), make_office("Tandil")
    zone = make_zone(azul, locality="Rauch")
    save(celia, change(zone), office=tandil.code)
    assert "Oficina: de «Azul» a «Tandil»." in history(celia, change(zone))


def test_the_history_begins_with_what_a_row_was_born_with(celia: Visitor) -> None:
    sent = {"question": "¿Abren el sábado?", "answer": "No.", "position": "5", "published": "on"}
    save(celia, "/admin/accounts/frequentquestion/add/", **sent)
    row = FrequentQuestion.objects.get(question="¿Abren el sábado?")
    kept = history(celia, change(row))
    assert "Pregunta: «¿Abren el sábado?». Respuesta: «No.». Orden: «5». Se muestra: «sí»." in kept


def test_a_level_that_rises_is_in_the_history_and_on_the_citizens_page(celia: Visitor) -> None:
    application = Application.objects.get(name="Historia laboral")
    save(celia, change(application), level="3")
    assert Application.objects.get(pk=application.pk).level == 3
    assert "Nivel que pide: de «2» a «3»." in history(celia, change(application))


def test_markup_in_a_change_is_text_in_its_history(celia: Visitor) -> None:
    office = make_office("Azul")
    save(celia, change(office), hours="<b>8</b>")
    celia.open(change(office).replace("/change/", "/history/"))
    assert "«&lt;b&gt;8&lt;/b&gt;»" in celia.response.content.decode()


# --- Offices and zones ------------------------------------------------------------------------------


def test_the_code_of_an_office_stays_because_others_name_it(celia: Visitor) -> None:
    office = make_office("Azul")
    make_zone(office, locality="Rauch")
    save(celia, change(office), code="otro", name="Azul Centro")
    office.refresh_from_db()
    assert (office.code, office.name) == ("Azul", "Azul Centro")


@pytest.mark.parametrize("spelled", ["Gral. Acha", "GENERAL ACHA", "general  acha"])
def test_a_place_has_one_zone_however_it_is_spelled(celia: Visitor, spelled: str) -> None:
    office = make_office("Azul")
    make_zone(office, locality="General Acha", province="L")
    save(celia, "/admin/offices/zone/add/", office=office.code, locality=spelled, province="L")
    assert "Ese lugar ya tiene su zona" in complaints(celia)
    assert Zone.objects.count() == 1


# --- Frequent questions -----------------------------------------------------------------------------


def answered(answer: str) -> str:
    return "|".join(FrequentQuestion(question="?", answer=answer).paragraphs)


def test_what_the_office_publishes_is_on_the_page_and_what_it_withdraws_is_not(celia: Visitor) -> None:
    row = FrequentQuestion.objects.get(question="¿Cuánto cuesta?")
    save(celia, change(row), answer="Nada de nada.\n\nNunca. Mirá las [oficinas](oficinas).")
    page = Visitor().open("/preguntas-frecuentes/")
    assert "Nada de nada." in page.text
    assert page.page.xpath("//details/p/a[text()='oficinas']/@href") == ["/oficinas/"]
    sent = filled_in(celia, change(row))
    del sent["published"]
    celia.client.post(change(row), sent)
    assert "¿Cuánto cuesta?" not in page.open("/preguntas-frecuentes/").text


def test_a_link_to_a_page_that_does_not_exist_is_refused(celia: Visitor) -> None:
    row = FrequentQuestion.objects.first()
    assert row
    save(celia, change(row), answer="Mirá [esto](https://ejemplo.com).")
    assert "No hay una página «https://ejemplo.com»." in complaints(celia)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_that_an_answer_may_lead_to_opens_for_a_stranger(name: str) -> None:
    link = re.fullmatch('<a href="([^"]+)">acá</a>', answered(f"[acá]({name})"))
    assert link
    assert Client().get(link[1], follow=True).status_code == 200


def test_the_telephone_of_an_answer_is_the_portals(settings: object) -> None:
    settings.PORTAL_PHONE = "131"  # type: ignore[attr-defined]
    assert answered("Llamá al [teléfono].") == 'Llamá al <a href="tel:131">131</a>.'


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<b>a</b> & b", "&lt;b&gt;a&lt;/b&gt; &amp; b"),
        ("[<i>x</i>](crear)", '<a href="/crear/">&lt;i&gt;x&lt;/i&gt;</a>'),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("[x](admin:index)", "x"),
        ('[x](" onclick="y)', "x"),
        ("[a [b](crear)", '[a <a href="/crear/">b</a>'),
        ("a [b] (c) [d]()", "a [b] (c) d"),
        ("uno\r\n\r\n \n dos", "uno|dos"),
    ],
)
def test_an_answer_is_text_besides_its_links(typed: str, shown: str) -> None:
    assert answered(typed) == shown


@given(st.text(alphabet=st.sampled_from("[]()<>&\"' \nacrear/:teléfono"), max_size=60))
def test_no_answer_whatever_makes_another_tag_than_a_link_to_us(typed: str) -> None:
    tags = re.findall(r"<[^>]*>?", answered(typed))
    assert all(re.fullmatch(r'</a>|<a href="(/[a-z0-9-]+/|/|tel:\d+)">', tag) for tag in tags)


# --- Policies ---------------------------------------------------------------------------------------


def test_a_version_that_somebody_may_have_accepted_stays_as_it_is(celia: Visitor) -> None:
    version = PolicyVersion.objects.get(name="2019")
    assert celia.open(change(version)).status == 200
    assert not celia.page.xpath("//textarea")
    token = celia.client.cookies["csrf"].value
    sent = {"name": "2019", "text": "Otro texto", "csrfmiddlewaretoken": token}
    assert celia.client.post(change(version), sent).status_code == 403
    version.refresh_from_db()
    assert "expresión de voluntad" in version.text


def test_a_draft_can_be_written_in_several_sittings_and_published(celia: Visitor) -> None:
    save(celia, "/admin/accounts/policyversion/add/", name="2027", text="Uno.")
    draft = PolicyVersion.objects.get(name="2027")
    tomorrow = timezone.localtime() + timedelta(days=1)
    save(celia, change(draft), text="Uno.\nDos.", published_at=f"{tomorrow:%d/%m/%Y} 09:00")
    draft.refresh_from_db()
    assert draft.points == ["Uno.", "Dos."]
    assert f"Rige desde: de «» a «{tomorrow:%d/%m/%Y} 09:00»." in history(celia, change(draft))


def test_a_version_cannot_begin_in_the_past(celia: Visitor) -> None:
    sent = {"name": "2020", "text": "Uno.", "published_at": "01/01/2020 00:00"}
    save(celia, "/admin/accounts/policyversion/add/", **sent)
    assert "Tiene que ser ahora o más adelante." in complaints(celia)
    assert PolicyVersion.objects.count() == 1


@pytest.mark.parametrize("name", ["20|19", "2019 ", "", "x" * 21, "<b>"])
def test_a_version_has_a_name_that_can_be_written_on_a_key(celia: Visitor, name: str) -> None:
    save(celia, "/admin/accounts/policyversion/add/", name=name, text="Uno.")
    assert complaints(celia)
    assert PolicyVersion.objects.count() == 1


# --- Employees --------------------------------------------------------------------------------------


def hire(root: Visitor, **changes: str) -> Visitor:
    office = make_office("Azul")
    role = root.open(f"/admin/{EMPLOYEES}/add/").page.xpath("//label[contains(., 'UCA')]//input/@value")[0]
    sent = {
        "username": "ursula", "password": "una contraseña larga", "roles": role, "is_active": "on",
        "office": str(office.pk), "cuil": "27-30111222-5", **changes,
    }  # fmt: skip
    return save(root, f"/admin/{EMPLOYEES}/add/", **sent)


def test_a_superuser_makes_an_employee_who_can_then_log_in(root: Visitor) -> None:
    hire(root)
    employee = Employee.objects.get()
    assert (employee.cuil, [g.name for g in employee.user.groups.all()]) == ("27301112225", ["UCA"])
    who = Visitor().open("/admin/login/").fill("Nombre de usuario", "ursula")
    who.fill("Clave de la oficina", "una contraseña larga").press("ENTRAR")
    assert who.url == "/admin/"


def test_what_the_form_of_an_employee_does_not_ask_for_is_not_written(root: Visitor) -> None:
    hire(root, is_superuser="on", user="1", is_staff="", user_permissions="1")
    employee = Employee.objects.get()
    assert (employee.user.username, employee.user.is_staff, employee.user.is_superuser) == (
        "ursula",
        True,
        False,
    )
    assert not employee.user.user_permissions.exists()


def test_every_form_of_the_office_names_its_fields() -> None:
    """A column that a model gets later is on no form until somebody puts it there."""
    for model, page in office_site._registry.items():
        assert page.fields or page.form._meta.fields, model


def test_the_history_of_an_employee_tells_the_role_and_never_the_password(root: Visitor) -> None:
    hire(root)
    kept = history(root, change(Employee.objects.get()))
    assert "Funciones: «UCA»." in kept
    assert "Clave de la oficina: se puso una nueva." in kept
    assert "una contraseña larga" not in "".join(LogEntry.objects.values_list("change_message", flat=True))


def test_an_employee_who_leaves_is_out_at_once_and_stays_on_record(root: Visitor) -> None:
    employee = make_employee("Mesa de entrada")
    who = at_the_office(employee)
    sent = filled_in(root, change(employee))
    del sent["is_active"]
    root.client.post(change(employee), sent)
    assert who.open("/admin/").url.startswith("/admin/login/")
    assert Employee.objects.filter(pk=employee.pk).exists()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"password": "corta"}, "15"),
        ({"password": ""}, "Ponele una clave"),
        ({"username": "ROOT"}, "Ya hay alguien con ese nombre de usuario"),
        ({"username": "cuil:27301112225"}, "nombre de usuario"),
        ({"cuil": "123"}, "CUIL"),
    ],
)
def test_an_employee_is_refused_with_a_sentence(
    root: Visitor, changes: dict[str, str], complaint: str
) -> None:
    hire(root, **changes)
    assert complaint in complaints(root)
    assert not Employee.objects.exists()


# --- The pages themselves ---------------------------------------------------------------------------


def test_no_page_of_the_admin_needs_an_exception_from_the_security_policy(
    celia: Visitor, root: Visitor
) -> None:
    employee = Employee.objects.get(user__username="celia")
    for who, row in [*((celia, row) for row in rows()), (root, employee)]:
        here = change(row)
        listed = here.rsplit("/", 3)[0] + "/"
        for url in (here, listed, f"{listed}add/", here.replace("/change/", "/history/")):
            assert who.open(url).status == 200
            assert not INLINE.findall(who.response.content.decode()), url
