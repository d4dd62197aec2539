"""The certificate of CUIL as it leaves the printer."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from accounts.certificates import CODES, new_certificate
from forms_usi07.certificate import CertificatePaper, paper_of, render_certificate
from identity.models import Person
from tests.builders import make_person
from tests.forms_usi07.examples import widest
from tests.forms_usi07.reading import codes_of, fonts_of, insides_of, pages_of, text_of, tool
from tests.forms_usi07.test_press import HOSTILE

PAPER = CertificatePaper(
    names="PERALTA, MARTA INÉS",
    cuil="27-30111222-5",
    issued=date(2026, 11, 23),
    last_day=date(2027, 2, 21),
    code="K7QM-3D9X-2HVR-A4TBC",
    page="https://clave.ejemplo.ar/constancia/",
    link="https://clave.ejemplo.ar/constancia/?codigo=K7QM3D9X2HVRA4TBC",
)
LONG_SITE = f"https://{'clave.' * 20}ejemplo.gob.ar/constancia/"
FULLEST = replace(
    PAPER,
    names=", ".join(widest(Person, "surname", "given_names")),
    page=LONG_SITE,
    link=f"{LONG_SITE}?codigo=K7QM3D9X2HVRA4TBC",
)
every_paper = pytest.mark.parametrize("paper", [PAPER, FULLEST], ids=["ordinary", "fullest"])


def test_it_says_whose_cuil_it_is_since_when_until_when_and_how_to_check_it() -> None:
    text = text_of(render_certificate(PAPER))
    for words in (
        "Constancia de CUIL",
        "PERALTA, MARTA INÉS",
        "27-30111222-5",
        "23 de noviembre de 2026",
        "21 de febrero de 2027",
        "https://clave.ejemplo.ar/constancia/",
        "K7QM-3D9X-2HVR-A4TBC",
        "no la aceptes",
        "Todos los trámites son gratuitos.",
    ):
        assert words in text


@every_paper
def test_whatever_the_length_of_the_name_it_is_one_page_and_nothing_falls_off_it(
    paper: CertificatePaper,
) -> None:
    pdf = render_certificate(paper)
    assert pages_of(pdf) == 1
    text = text_of(pdf)
    assert "Todos los trámites son gratuitos." in text  # its last paragraph
    assert text.count("W") == paper.names.count("W")
    assert paper.code in text


@every_paper
def test_a_reader_finds_the_link_and_nothing_else(paper: CertificatePaper, tmp_path: Path) -> None:
    assert codes_of(render_certificate(paper), tmp_path) == {f"QR-Code:{paper.link}"}


def test_a_screen_reader_finds_language_title_headings_table_and_the_code_described() -> None:
    pdf = render_certificate(PAPER)
    assert re.search(r"Tagged:\s+yes", tool("pdfinfo", "-", pdf=pdf).decode())
    assert 'pdfuaid:part="1"' in tool("pdfinfo", "-meta", "-", pdf=pdf).decode()
    inside = insides_of(pdf)
    assert "/Lang (es-AR)" in inside
    assert f"/Alt <feff{'Código QR que lleva'.encode('utf-16-be').hex()}" in inside
    tags = re.findall(r"^ *(\w+)", tool("pdfinfo", "-struct", "-", pdf=pdf).decode(), re.MULTILINE)
    assert [tags.count(tag) for tag in ("H1", "H2", "Figure", "TH", "TD")] == [1, 2, 1, 2, 2]
    assert fonts_of(pdf) == {"Portal-Print": True, "Portal-Print-Bold": True}


def test_the_file_tells_of_nobody_outside_its_page() -> None:
    pdf = render_certificate(PAPER)
    about = tool("pdfinfo", "-", pdf=pdf).decode() + tool("pdfinfo", "-meta", "-", pdf=pdf).decode()
    assert re.search(r"Title:\s+Constancia de CUIL\n", about)
    for datum in ("PERALTA", "30111222", "K7QM"):
        assert datum not in about


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_leaves_it_whole(text: str) -> None:
    """The name is all that comes from elsewhere; CUIL, dates and codes have a shape of their own."""
    pdf = render_certificate(replace(PAPER, names=text))
    assert pages_of(pdf) == 1
    assert "Todos los trámites son gratuitos." in text_of(pdf)


@pytest.mark.django_db
def test_its_link_is_made_of_the_address_of_the_site_and_leads_to_its_code(settings: object) -> None:
    settings.SITE_URL = "https://clave.ejemplo.ar"  # type: ignore[attr-defined]
    marta = make_person()
    certificate, code = new_certificate(marta.cuil)
    paper = paper_of(certificate, code, marta)
    assert paper.page == "https://clave.ejemplo.ar/constancia/"
    assert paper.link == f"https://clave.ejemplo.ar/constancia/?codigo={code}"
    assert CODES.parse(paper.code) == code
    assert (paper.names, paper.cuil) == ("PERALTA, MARTA INÉS", "27-30111222-5")
