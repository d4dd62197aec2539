"""The press: WeasyPrint with our fonts and styles, loaded once; it prints one page at a time.

Importing this module loads Pango and takes a second: done by `forms_usi07.warm_up`.
"""

# mypy: disable-error-code="no-untyped-call"
# (WeasyPrint has no types)

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.ffi import ffi, fontconfig, pangoft2
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from forms_usi07.paper import PressBusy
from guards.signals import full

FONTS = sorted((Path(__file__).parent / "fonts").glob("*.ttf"))
# Points of the basic letter. Everything is measured in it, so that a form with exceptionally long
# values shrinks until it is one page.
SIZES = (10.5, 9.0, 7.7, 6.4)
_READING = 0  # the size of a document of several pages
MOST_AT_ONCE = 4


class ShippedFonts(FontConfiguration):
    """The fonts of this folder, by their path.

    With @font-face the fetcher would have to let something through, and the fonts would lie in a
    temporary folder, which systems empty and workers inherit.
    """

    def __init__(self) -> None:
        super().__init__()
        for font in FONTS:
            if not fontconfig.FcConfigAppFontAddFile(self._config, str(font).encode()):
                raise RuntimeError(f"{font.name} cannot be read")
        pangoft2.pango_fc_font_map_config_changed(ffi.cast("PangoFcFontMap *", self.font_map))


_no_protocol = URLFetcher(allowed_protocols=())
_fonts = ShippedFonts()
_styles = (Path(settings.BASE_DIR) / "templates" / "forms_usi07" / "paper.css").read_text(encoding="utf-8")
_sheets = [
    CSS(
        string=f"{_styles} html {{ font-size: {size}pt }}",
        font_config=_fonts,
        url_fetcher=_no_protocol,
    )
    for size in SIZES
]

# Pango's font map is not made for two threads. Nothing is lost by taking turns: a page is made by
# Python almost entirely, which runs one thread at a time.
_turn = threading.Lock()
# Whoever comes when so many wait is sent away: the other threads are for the other pages.
_places = threading.BoundedSemaphore(MOST_AT_ONCE)


def print_page(html: str) -> bytes:
    """One tagged page (PDF/UA-1) of this HTML, in the largest letter in which it is one page.

    Raises:
        PressBusy: too many are waiting already.
    """
    with _my_turn():
        for sheet in _sheets:
            document = _set(html, sheet)
            if len(document.pages) == 1:
                break
        return _pdf_of(document.copy(document.pages[:1]))


def print_pages(html: str) -> bytes:
    """As many tagged pages as it takes, in a letter for reading.

    Raises:
        PressBusy: too many are waiting already.
    """
    with _my_turn():
        return _pdf_of(_set(html, _sheets[_READING]))


def _set(html: str, sheet: CSS) -> Document:
    source = HTML(string=html, url_fetcher=_no_protocol)
    document: Document = source.render(font_config=_fonts, stylesheets=[sheet], pdf_variant="pdf/ua-1")
    return document


def _pdf_of(document: Document) -> bytes:
    pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return pdf


@contextmanager
def _my_turn() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        full.send(print_page, place="printing")
        raise PressBusy
    try:
        with _turn:
            yield
    finally:
        _places.release()
