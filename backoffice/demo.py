"""The employees of the demonstration: one for each role, all of the same office."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from accounts.demo import STAFF, STAFF_PASSWORD
from backoffice.models import Employee
from offices.models import Office


def make_employees(cuils: list[str]) -> None:
    """Their own CUILs are the given ones: persons of the register like any other."""
    office = Office.objects.filter(kind=Office.Kind.UDAI).order_by("name").first()
    uca = Office.objects.filter(kind=Office.Kind.UCA).first() or office
    if office is None or uca is None:
        return
    users = get_user_model().objects
    for (username, role), cuil in zip(STAFF, cuils, strict=True):
        user, new = users.get_or_create(username=username, defaults={"is_staff": True})
        if new:
            user.set_password(STAFF_PASSWORD)
            user.save()
            user.groups.set([Group.objects.get(name=role)])
        where = uca if role == "UCA" else office
        Employee.objects.get_or_create(user=user, defaults={"office": where, "cuil": cuil})
