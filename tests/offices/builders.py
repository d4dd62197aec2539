"""Offices and zones for tests: Viedma, which serves its neighbours over the river, and some others."""

from typing import Any

from offices.models import Office, Zone


def make_office(name: str, **changes: Any) -> Office:
    """In Viedma, unless told otherwise; the name is its code too."""
    usual = {
        "street": "Buenos Aires 150", "locality": "Viedma", "postal_code": "8500", "province": "R",
        "hours": "Lunes a viernes de 8 a 14 hs.", "phone": "(02920) 42-0000",
    }  # fmt: skip
    return Office.objects.create(code=name[:16], name=name, **(usual | changes))


def make_zone(
    office: Office, postal_code: str = "", locality: str = "", province: str = "B", notice: str = ""
) -> Zone:
    return Zone.objects.create(
        office=office, postal_code=postal_code, locality=locality, province=province, notice=notice
    )
