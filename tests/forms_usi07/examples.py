"""Forms to print: an ordinary one of each kind, and the fullest that the register and the pages admit."""

from dataclasses import replace
from datetime import date

from accounts.models import Clave
from forms_usi07.power import Power
from forms_usi07.usi07 import Abroad, Counter, Usi07
from offices.models import Office, Zone

SEND_TO = ("Unidad Central de Apoyo (UCA)", "Av. Paseo Colón Nº 239", "6to piso Frente", "C1063ACO")

RESIDENT = Usi07(
    number="K7QM3D9X2HVRA",
    issued=date(2026, 11, 23),
    deadline=date(2027, 2, 21),
    names="P••• M••• I•••",
    cuil="27-•••••222-5",
    document_type="DNI",
    document_number="•••••222",
    bring="original",
    counter=Counter(
        name="UDAI Olavarría",
        address="Rivadavia 2801, 7400 Olavarría, Buenos Aires",
        hours="Lunes a viernes de 8 a 14 hs.",
        phone="02284 42-0000",
        notice="Concurrí a la UDAI de tu zona.",
    ),
)
ABROAD = replace(
    RESIDENT,
    counter=None,
    abroad=Abroad(
        "España", "Calle de Alcalá 123, 28009 Madrid", "marta@ejemplo.com", "+34 600 123 456", SEND_TO
    ),
)


def widest(model: type, *columns: str) -> list[str]:
    """As many of the widest letter as each column holds."""
    return ["W" * model._meta.get_field(column).max_length for column in columns]  # type: ignore[attr-defined]


_LONG = {
    "names": " ".join(["W•••"] * 70),  # 140 letters: a name of one letter, a space, a name of one letter
    "document_type": "Libreta de Enrolamiento",
    "bring": "original y fotocopia",
}
_name, _street, _locality, _hours, _phone = widest(Office, "name", "street", "locality", "hours", "phone")
FULLEST_RESIDENT = replace(
    RESIDENT,
    **_LONG,
    counter=Counter(
        _name,
        f"{_street}, W1234WWW {_locality}, Ciudad Autónoma de Buenos Aires",
        _hours,
        _phone,
        *widest(Zone, "notice"),
    ),
)
FULLEST_ABROAD = replace(
    ABROAD,
    **_LONG,
    abroad=Abroad("WW", *widest(Clave, "address_abroad", "email", "phone"), SEND_TO),
)

FORMS = {
    "resident": RESIDENT,
    "resident of a place without office": replace(RESIDENT, counter=None),
    "non-resident": ABROAD,
    "fullest resident": FULLEST_RESIDENT,
    "fullest non-resident": FULLEST_ABROAD,
}

FILLED = Power(
    grantor_name="PERALTA, MARTA INÉS",
    grantor_cuil="27-30111222-5",
    grantor_document="DNI 30111222",
    grantee_name="ÁLVAREZ, JOSÉ",
    grantee_document="PAS AAB123456",
)
FULLEST_POWER = Power("W" * 142, "27-30111222-5", "W" * 44, "W" * 142, "W" * 44)
