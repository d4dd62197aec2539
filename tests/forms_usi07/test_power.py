"""The specific power: a blank model and a filled-in one."""

import re

import pytest

from forms_usi07.power import Power, render_power
from tests.forms_usi07.examples import FILLED, FULLEST_POWER
from tests.forms_usi07.reading import fonts_of, pages_of, text_of, tool

PURPOSE = "la habilitación de la Clave Personal de la Seguridad Social"


@pytest.mark.parametrize("power", [None, FILLED, FULLEST_POWER], ids=["blank", "filled", "fullest"])
def test_it_is_one_page_with_its_only_purpose_its_signature_and_its_version(power: Power | None) -> None:
    pdf = render_power(power)
    assert pages_of(pdf) == 1
    text = text_of(pdf)
    assert f"un único trámite: {PURPOSE}" in text
    assert "Este poder no autoriza a usar la clave, a cobrar ni a hacer ningún otro trámite." in text
    assert "Firma de quien da el poder" in text
    assert "Certificación consular. Consulado de" in text
    assert "Apostilla. País" in text
    assert re.search(r"Modelo de poder específico, versión \d+, del \d\d/\d\d/20\d\d", text)
    assert fonts_of(pdf) == {"Portal-Print": True, "Portal-Print-Bold": True}


def test_a_filled_in_power_names_who_gives_it_and_who_receives_it() -> None:
    giver, _, receiver = text_of(render_power(FILLED)).partition("Quien lo recibe (apoderado)")
    for words in ("PERALTA, MARTA INÉS", "27-30111222-5", "DNI 30111222"):
        assert words in giver
    for words in ("ÁLVAREZ, JOSÉ", "PAS AAB123456"):
        assert words in receiver


def test_what_is_not_known_stays_a_line_to_fill_in() -> None:
    blank, half = text_of(render_power(None)), text_of(render_power(Power(grantor_name="ANA PAZ")))
    assert half.replace(" ANA PAZ", "") == blank
    for label in ("Apellido y nombre", "CUIL", "Tipo y número de documento", "Lugar y fecha"):
        assert label in blank


def test_its_metadata_name_nobody() -> None:
    about = tool("pdfinfo", "-", pdf=render_power(FILLED)).decode()
    assert re.search(r"Title:\s+Poder específico\n", about)
    assert re.search(r"Tagged:\s+yes", about)
    assert "PERALTA" not in about
