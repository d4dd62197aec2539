"""«Mis datos» on paper: as many pages as it takes, and what every screen reader needs."""

import re
from dataclasses import replace
from datetime import datetime

import pytest
from django.utils import timezone

from accounts.dossier import Block, Datum, Dossier
from forms_usi07.my_data import MOST_LINES, render_my_data
from tests.forms_usi07.reading import fonts_of, insides_of, pages_of, text_of, tool
from tests.forms_usi07.test_press import HOSTILE

MOMENT = timezone.make_aware(datetime(2026, 11, 23, 14, 5))  # noqa: DTZ001 - made aware
PERSONAL = Block("persona", "Datos personales", "Registro.", (Datum("apellido", "Apellido", "PERALTA"),))
DOSSIER = Dossier(
    "27301112225", "MARTA INÉS PERALTA", MOMENT, False, (PERSONAL, Block("x", "Vacío", "Portal.", ()))
)


def with_lines(texts: list[str]) -> Dossier:
    data = tuple(Datum("d", f"Dato {number}", text) for number, text in enumerate(texts))
    return replace(DOSSIER, blocks=(replace(PERSONAL, data=data),))


def test_each_block_says_what_is_held_and_where_it_comes_from() -> None:
    text = text_of(render_my_data(DOSSIER))
    for words in (
        "guardado de MARTA INÉS PERALTA, al 23 de noviembre de 2026, 14:05",
        "Datos personales",
        "Origen: Registro.",
        "Apellido PERALTA",
        "Vacío",
        "No hay nada guardado.",
        "Algunos datos están guardados y acá no se muestran",
        "Página 1 de 1",
    ):
        assert words in text
    assert "no se muestran" not in text_of(render_my_data(replace(DOSSIER, is_whole=True)))


def test_a_long_file_takes_several_pages_and_nothing_falls_off_them() -> None:
    pdf = render_my_data(with_lines([f"VALOR{number:03d} " + "palabra " * 20 for number in range(100)]))
    assert pages_of(pdf) > 3
    text = text_of(pdf)
    assert re.findall(r"VALOR(\d{3})", text) == [f"{number:03d}" for number in range(100)]
    assert f"Página {pages_of(pdf)} de {pages_of(pdf)}" in text


def test_of_a_file_made_to_have_no_end_the_beginning_is_printed_and_it_says_so() -> None:
    text = text_of(render_my_data(with_lines([f"VALOR{number:04d}" for number in range(MOST_LINES + 50)])))
    assert len(set(re.findall(r"VALOR\d{4}", text))) == MOST_LINES
    assert f"Son {MOST_LINES + 50}: acá están {MOST_LINES}." in text


def test_a_screen_reader_finds_language_title_headings_and_tables() -> None:
    pdf = render_my_data(with_lines(["uno", "dos"]))
    about = tool("pdfinfo", "-", pdf=pdf).decode()
    assert re.search(r"Tagged:\s+yes", about)
    assert re.search(r"Title:\s+Mis datos\n", about)
    assert "PERALTA" not in about
    assert 'pdfuaid:part="1"' in tool("pdfinfo", "-meta", "-", pdf=pdf).decode()
    assert "/Lang (es-AR)" in insides_of(pdf)
    tags = re.findall(r"^ *(\w+)", tool("pdfinfo", "-struct", "-", pdf=pdf).decode(), re.MULTILINE)
    assert [tags.count(tag) for tag in ("H1", "H2", "TH", "TD")] == [1, 1, 2, 2]
    assert fonts_of(pdf) == {"Portal-Print": True, "Portal-Print-Bold": True}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_anywhere_leaves_it_whole(text: str) -> None:
    block = Block(text, text, text, (Datum(text, text, text),), text)
    pdf = render_my_data(replace(DOSSIER, person_name=text, blocks=(block, PERSONAL)))
    assert "Apellido PERALTA" in text_of(pdf)
    assert "Todos los trámites son gratuitos." in text_of(pdf)
