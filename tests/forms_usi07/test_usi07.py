"""The form USI-07 as it leaves the printer, and what it says of whom."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Clave
from forms_usi07.documents import WHAT_TO_BRING, what_to_bring
from forms_usi07.usi07 import Usi07, render, usi07_of
from identity.models import Person
from offices.models import Office, Zone
from tests.builders import make_clave, make_person, system
from tests.forms_usi07.examples import ABROAD, FORMS, RESIDENT
from tests.forms_usi07.reading import codes_of, fonts_of, insides_of, pages_of, text_of, tool

every_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)

pytestmark = pytest.mark.django_db

# --- What is printed --------------------------------------------------------------------------------


def test_a_resident_reads_what_to_bring_where_and_until_when() -> None:
    text = text_of(render(RESIDENT))
    for words in (
        "Formulario USI-07",
        "K7QM-3D9X-2HVRA",
        "Emitido el 23/11/2026",
        "Domingo 21 de febrero de 2027",
        "P••• M••• I•••",
        "27-•••••222-5",
        "tu DNI número •••••222: original.",
        "UDAI Olavarría",
        "Rivadavia 2801, 7400 Olavarría, Buenos Aires",
        "Lunes a viernes de 8 a 14 hs.",
        "Teléfono: 02284 42-0000",
        "Para quienes viven en tu zona: Concurrí a la UDAI de tu zona.",
        "Todos los trámites son gratuitos.",
    ):
        assert words in text
    assert "Certificación" not in text
    assert "apoderado" not in text


def test_whoever_has_no_office_in_their_zone_may_go_to_any() -> None:
    text = text_of(render(FORMS["resident of a place without office"]))
    assert "Presentate en cualquier oficina de ANSES." in text
    assert "tu zona" not in text


def test_a_non_resident_reads_how_to_certify_and_where_to_send_it() -> None:
    text = text_of(render(ABROAD))
    for words in (
        "Calle de Alcalá 123, 28009 Madrid (España)",
        "marta@ejemplo.com",
        "+34 600 123 456",
        "Certificación de la firma",
        "Certificación consular. Consulado de",
        "Apostilla. País",
        "Constancia de Consulado (o similar)",
        "fecha de nacimiento y sexo",
        "el original de su propio documento de identidad",
        "Av. Paseo Colón Nº 239",
        "C1063ACO",
        "Todos los trámites son gratuitos.",
    ):
        assert words in text
    assert "UDAI" not in text


def test_there_are_lines_to_write_the_name_the_document_and_to_sign() -> None:
    for form in (RESIDENT, ABROAD):
        by_hand = text_of(render(form)).partition("Para completar a mano")[2]
        for label in ("Apellido y nombre", "Tipo y número de documento", "Firma", "echa"):
            assert label in by_hand


@every_form
def test_whatever_its_length_the_form_is_one_page_and_nothing_falls_off_it(form: Usi07) -> None:
    pdf = render(form)
    assert pages_of(pdf) == 1
    text = text_of(pdf)
    assert "Todos los trámites son gratuitos." in text  # its last paragraph
    parts = [vars(part) for part in (form, form.counter, form.abroad) if part]
    values = [value for part in parts for value in part.values() if isinstance(value, str)]
    assert text.count("W") == "".join(values).count("W")


@every_form
def test_two_readers_read_the_number_and_nothing_else(form: Usi07, tmp_path: Path) -> None:
    assert codes_of(render(form), tmp_path) == {f"QR-Code:{form.number}", f"CODE-128:{form.number}"}


# --- What kind of file it is ------------------------------------------------------------------------


@every_form
def test_a_screen_reader_finds_language_title_headings_table_and_the_codes_described(form: Usi07) -> None:
    pdf = render(form)
    about = tool("pdfinfo", "-", pdf=pdf).decode()
    assert re.search(r"Tagged:\s+yes", about)
    assert 'pdfuaid:part="1"' in tool("pdfinfo", "-meta", "-", pdf=pdf).decode()
    inside = insides_of(pdf)
    assert "/Lang (es-AR)" in inside
    assert "/DisplayDocTitle true" in inside
    for description in ("Código QR con el número", "Código de barras con el número"):
        assert f"/Alt <feff{description.encode('utf-16-be').hex()}" in inside
    structure = tool("pdfinfo", "-struct", "-", pdf=pdf).decode()
    tags = re.findall(r"^ *(\w+)", structure, re.MULTILINE)
    rows = 7 if form.abroad else 4
    assert [tags.count(tag) for tag in ("H1", "Figure", "TH", "TD")] == [1, 2, rows, rows]
    assert {"H2", "Table", "TR", "L", "LI", "Lbl", "LBody", "P"} <= set(tags)


def test_the_file_tells_of_nobody_outside_its_page() -> None:
    pdf = render(RESIDENT)
    about = tool("pdfinfo", "-", pdf=pdf).decode() + tool("pdfinfo", "-meta", "-", pdf=pdf).decode()
    assert re.search(r"Title:\s+Formulario USI-07\n", about)
    assert re.search(r"Author:\s+Portal de demostración", about)
    for datum in ("P••", "222", "K7QM", "Olavarr"):
        assert datum not in about


def test_every_name_of_europe_is_set_in_the_font_that_is_shipped_and_embedded() -> None:
    letters = "".join(chr(code) for code in [*range(0xA1, 0xAD), *range(0xAE, 0x180)])
    pdf = render(replace(RESIDENT, names=letters))
    assert fonts_of(pdf) == {"Portal-Print": True, "Portal-Print-Bold": True}
    assert "ŁłŃńŅņŇň" in text_of(pdf)


def test_the_same_form_printed_again_is_the_same_file() -> None:
    assert render(RESIDENT) == render(RESIDENT)


# --- Whose form it is -------------------------------------------------------------------------------


def pending_key_of(person: Person, **content: str) -> Clave:
    return Clave.create_pending(
        person.cuil, password_hash="!", policies=("2019", timezone.now()), trail=system(), **content
    )


@time_machine.travel("2026-11-23T12:00:00-03:00", tick=False)
def test_the_form_of_a_pending_key_says_no_more_than_the_screen_did() -> None:
    person = make_person()
    clave = pending_key_of(person, email="marta@ejemplo.com")
    form = usi07_of(clave)
    assert form.deadline == date(2026, 11, 23) + timedelta(days=90)
    pdf = render(form)
    assert form.number == clave.form_number
    assert (form.cuil, form.document_number) == (f"27-•••••222-{person.cuil[-1]}", "•••••222")
    assert "P••• M••• I•••" in text_of(pdf)
    for hidden in ("PERALTA", "MARTA", person.document_number, person.cuil, "BELGRANO", "marta@", "1983"):
        assert hidden not in text_of(pdf).replace("-", "").replace(".", "")
        assert hidden not in insides_of(pdf)


def test_a_key_created_late_in_the_evening_is_issued_on_the_day_it_was_in_argentina() -> None:
    with time_machine.travel("2026-11-24T01:30:00Z", tick=False):
        clave = pending_key_of(make_person())
    assert usi07_of(clave).issued == date(2026, 11, 23)


def test_the_office_of_the_zone_comes_with_its_hours_and_the_notice() -> None:
    person = make_person(postal_code="8504", locality="CARMEN DE PATAGONES")
    office = Office.objects.create(
        code="PAT", name="UDAI Patagones", street="Comodoro Rivadavia 20", locality="Carmen de Patagones",
        postal_code="8504", province="B", hours="De 8 a 14 hs.", phone="02920 46-0000",
    )  # fmt: skip
    Zone.objects.create(
        office=office, postal_code="8504", locality="Carmen de Patagones", province="B", notice="Andá ahí."
    )
    counter = usi07_of(pending_key_of(person)).counter
    assert counter is not None
    assert (counter.name, counter.hours, counter.phone, counter.notice) == (
        "UDAI Patagones", "De 8 a 14 hs.", "02920 46-0000", "Andá ahí.",
    )  # fmt: skip
    assert counter.address.startswith("Comodoro Rivadavia 20")


def test_who_lives_abroad_gets_the_form_to_certify_with_the_address_of_the_uca() -> None:
    clave = pending_key_of(
        make_person(), country="ES", address_abroad="Alcalá 1", phone="+34 6", email="m@e.es"
    )
    form = usi07_of(clave)
    assert form.counter is None
    assert form.abroad is not None
    assert (form.abroad.country, form.abroad.address, form.abroad.email) == ("España", "Alcalá 1", "m@e.es")
    assert form.abroad.send_to[0] == "Unidad Central de Apoyo (UCA)"
    assert "C1063ACO" in form.abroad.send_to


@pytest.mark.parametrize("level", [2, 3])
def test_an_enabled_key_has_no_form(level: int) -> None:
    clave = make_clave(make_person().cuil, level=level)
    with pytest.raises(ValueError, match="pending"):
        usi07_of(clave)


@pytest.mark.parametrize(
    ("document_type", "bring"),
    [
        ("DU", "original"),
        ("LE", "original y fotocopia"),
        ("LC", "original y fotocopia"),
        ("CI", "original y fotocopia"),
        ("PAS", "original y fotocopia"),
    ],
)
def test_the_form_asks_for_a_photocopy_of_papers_that_no_register_answers_for(
    document_type: str, bring: str
) -> None:
    person = make_person(document_type=document_type)
    assert usi07_of(pending_key_of(person)).bring == bring


def test_every_type_of_document_of_the_register_has_its_rule_and_an_unknown_one_is_copied() -> None:
    assert set(WHAT_TO_BRING) == set(Person.DocumentType.values)
    assert what_to_bring("??") == "original y fotocopia"
