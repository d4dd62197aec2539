"""Employees for tests, and what they type."""

from django.contrib.auth.models import Group
from django.db.models import QuerySet

from accounts.events import OFFICE_CHAIN, ClaveEvent
from accounts.models import User
from backoffice.models import Employee
from identity.models import Person
from offices.models import Office
from tests.builders import hash_of, make_cuil
from tests.offices.builders import make_office
from tests.visitor import Visitor

OFFICE_PASSWORD = "mostrador-de-prueba"


def make_employee(
    role: str | None, name: str = "ana", *, office: Office | None = None, cuil: str = ""
) -> Employee:
    """Of the office of Viedma unless told otherwise."""
    user = User.objects.create(username=name, password=hash_of(OFFICE_PASSWORD), is_staff=True)
    if role:
        user.groups.add(Group.objects.get(name=role))
    where = office or Office.objects.filter(code="VIEDMA").first() or make_office("VIEDMA")
    own = cuil or make_cuil(20_000_000 + user.pk)
    return Employee.objects.create(user=user, office=where, cuil=own)


def at_the_office(employee: Employee) -> Visitor:
    """A browser in which this employee is in. The demonstration's setting stands for the second factor."""
    who = Visitor()
    who.open("/admin/login/").fill("Nombre de usuario", employee.user.username)
    who.fill("Clave de la oficina", OFFICE_PASSWORD).press("ENTRAR")
    return who


def events_of_people() -> QuerySet[ClaveEvent]:
    """What happened to somebody's key, without what the office remembers of itself."""
    return ClaveEvent.objects.exclude(cuil=OFFICE_CHAIN)


def look_up(who: Visitor, number: str) -> Visitor:
    who.open("/admin/")
    who.fill("Número de formulario, CUIL o documento", number)
    return who.press("BUSCAR")


def show_document(who: Visitor, person: Person) -> None:
    """Types from the paper what the paper says."""
    who.select("Tipo de documento que presenta", person.get_document_type_display())
    who.fill("Número del documento que presenta", person.document_number)
    who.tick("Vi el original y la foto es de quien lo presenta")
