"""The press under hostile texts, hostile pages and many hands at once."""

import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import weasyprint
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms_usi07 import press
from forms_usi07.paper import LONGEST, PressBusy, printable
from forms_usi07.power import Power, render_power
from forms_usi07.usi07 import Usi07, render
from tests.forms_usi07.examples import ABROAD, FILLED, RESIDENT
from tests.forms_usi07.reading import insides_of, pages_of, text_of
from tests.racing import at_once

# --- Nothing is fetched -----------------------------------------------------------------------------


@pytest.fixture
def trap() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and the paths that were asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def lures(origin: str) -> dict[str, str]:
    """Every way in which a page can make WeasyPrint ask for something."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    face = f"@font-face {{ font-family: f; src: url({origin}/font) }} p {{ font-family: f }}"
    return {
        "picture": f'<img src="{origin}/img" alt="x">',
        "style sheet": f'<link rel="stylesheet" href="{origin}/css">',
        "import": f'<style>@import "{origin}/import";</style>',
        "background": f'<p style="background: url({origin}/url)">x</p>',
        "font": f"<style>{face}</style><p>x</p>",
        "picture in svg": f'{svg}<image href="{origin}/svg" width="9" height="9"/></svg>',
        "use in svg": f'{svg}<use href="{origin}/use#a"/></svg>',
        "object": f'<object data="{origin}/object"></object>',
        "embed": f'<embed src="{origin}/embed">',
        "attachment": f'<link rel="attachment" href="{origin}/attachment">',
        "attached link": f'<a rel="attachment" href="{origin}/link">x</a>',
        "base": f'<base href="{origin}/"><img src="based" alt="x">',
        "bullet": f'<ul><li style="list-style-image: url({origin}/bullet)">x</li></ul>',
        "content": f"<style>p::before {{ content: url({origin}/content) }}</style><p>x</p>",
    }


KINDS_OF_LURE = sorted(lures(""))


@pytest.mark.parametrize("kind", KINDS_OF_LURE)
def test_even_markup_that_got_onto_the_page_reaches_no_server(trap: tuple[str, list[str]], kind: str) -> None:
    origin, asked = trap
    page = f'<!DOCTYPE html><html lang="es-AR"><title>x</title><body>{lures(origin)[kind]}</body>'
    assert press.print_page(page).startswith(b"%PDF")
    assert asked == []


def test_the_trap_catches_whoever_fetches(trap: tuple[str, list[str]]) -> None:
    origin, asked = trap
    weasyprint.HTML(string="".join(lures(origin).values())).write_pdf()
    assert {"/img", "/css", "/import", "/url", "/font", "/svg", "/attachment"} <= set(asked)


@pytest.mark.parametrize("scheme", ["file", "data"])
def test_no_file_of_the_server_and_no_embedded_one_gets_into_the_pdf(tmp_path: Path, scheme: str) -> None:
    secret = tmp_path / "secreto.txt"
    secret.write_text("SECRETO DEL SERVIDOR")
    address = secret.as_uri() if scheme == "file" else "data:text/plain,SECRETO%20DEL%20SERVIDOR"
    page = f'<html lang="es-AR"><title>x</title><link rel="attachment" href="{address}"><p>x</p>'
    assert "SECRETO" in insides_of(weasyprint.HTML(string=page).write_pdf())
    assert "SECRETO" not in insides_of(press.print_page(page))


# --- Whatever stands in a field ---------------------------------------------------------------------

HOSTILE = {
    "markup": '</td></table><img src="http://127.0.0.1:9/x"><script>alert(1)</script>',
    "style": "</style><style>*{display:none}@page{size:1mm}",
    "attribute": '" style="position:fixed;font-size:900pt" x="',
    "template": "{{ form.number }}{% include 'base.html' %}",
    "controls": "A\x00B\x07C\x1b[31mD\r\nE\tF\x7f\x85G",
    "directions": "\u202egnp.exe\u202c \u2066\u200f\u061cabc\u2069",
    "halves": "a\ud800b\udfffc",
    "heap": "Z" + "\u0335\u0301\u0327" * 100,
    "one word": "W" * 5000,
    "no letters of ours": "東京 Москва العربية 😀👨‍👩‍👧",
    "blank": "\u00a0\u2003\u3164\u200b",
    "many lines": "a\n" * 500,
}


def filled_with(form: Any, text: str) -> Any:
    """The same form with this text in every field for texts, however deep; its number stays."""
    changes = {}
    for field in fields(form):
        value = getattr(form, field.name)
        if isinstance(value, str) and field.name != "number":
            changes[field.name] = text
        elif isinstance(value, tuple):
            changes[field.name] = (text,) * len(value)
        elif hasattr(value, "__dataclass_fields__"):
            changes[field.name] = filled_with(value, text)
    return replace(form, **changes)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("form", [RESIDENT, ABROAD], ids=["resident", "non-resident"])
def test_a_hostile_text_in_every_field_leaves_the_form_whole(form: Usi07, text: str) -> None:
    pdf = render(filled_with(form, text))
    assert pages_of(pdf) == 1
    printed = text_of(pdf)
    for words in ("K7QM-3D9X-2HVRA", "Para completar a mano", "Todos los trámites son gratuitos."):
        assert words in printed


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_in_every_field_leaves_the_power_whole(text: str) -> None:
    pdf = render_power(filled_with(FILLED, text))
    assert pages_of(pdf) == 1
    assert "Todos los trámites son gratuitos." in text_of(pdf)


def test_markup_in_a_field_is_printed_as_it_was_typed(trap: tuple[str, list[str]]) -> None:
    origin, asked = trap
    for lure in lures(origin).values():
        render(filled_with(ABROAD, lure))
    assert asked == []
    assert "<b>Ana</b> & «Cía»" in text_of(render_power(Power(grantor_name="<b>Ana</b> & «Cía»")))


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_what_is_printable_can_be_seen_runs_one_way_and_stays_itself(text: str) -> None:
    clean = printable(text)
    assert len(clean) <= LONGEST
    assert clean == " ".join(clean.split())
    assert not {unicodedata.category(c) for c in clean} & {"Cc", "Cf", "Cs", "Co", "Cn"}
    assert printable(clean) == clean


@given(st.from_regex(r"[A-Za-zÁÉÍÓÚÜÑáéíóúüñ'.º°\-]{1,20}( [A-Za-zÁÉÍÓÚÜÑ0-9]{1,20}){0,4}", fullmatch=True))
def test_a_name_as_people_have_it_is_printed_to_the_letter(text: str) -> None:
    assert printable(text) == text


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_no_text_at_all_stops_the_press(text: str) -> None:
    assert render_power(filled_with(FILLED, text)).startswith(b"%PDF")


# --- Many at once -----------------------------------------------------------------------------------


def test_forms_printed_at_the_same_moment_come_out_as_if_alone() -> None:
    jobs = [lambda: render(RESIDENT), lambda: render(ABROAD), lambda: render_power(FILLED)]
    alone = [job() for job in jobs]
    for _ in range(3):
        assert at_once(*jobs) == alone


def test_when_too_many_print_the_next_is_sent_away_at_once_and_a_later_one_is_served() -> None:
    with press._turn:  # as if one form took very long
        waiting = [threading.Thread(target=render_power, args=(None,)) for _ in range(press.MOST_AT_ONCE)]
        for thread in waiting:
            thread.start()
        while press._places._value:  # type: ignore[attr-defined]
            threading.Event().wait(0.01)
        with pytest.raises(PressBusy):
            render_power(None)
    for thread in waiting:
        thread.join()
    assert render_power(None).startswith(b"%PDF")


def test_a_page_that_fails_gives_its_place_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(press, "HTML", lambda **_: 1 / 0)
        for _ in range(2 * press.MOST_AT_ONCE):
            with pytest.raises(ZeroDivisionError):
                press.print_page("")
    assert render_power(None).startswith(b"%PDF")
