"""From a form to its PDF: what of a text can be printed, the template, the press."""

import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from forms_usi07.codes import Drawing

# No value is longer on paper: the longest there is, a zone's notice, has as many.
LONGEST = 400
# The fullest form that register and pages admit has 1 400 characters. What has more than this was
# not written by either, and gives way, so that the form stays whole.
MOST_IN_ALL = 1_800
_SHORTENED = 90
# There it is what somebody wrote to an office (identity.CorrectionRequest), and a little around it.
LONGEST_IN_DOCUMENT = 1_100
_HIDDEN = {"Cf", "Cs", "Co", "Cn"}
_MOST_MARKS = 2  # on one letter; heaped higher they cover the line above
_SPELT = {"Ĳ": "IJ", "ĳ": "ij", "ſ": "s"}  # what our fonts lack and what it stands for


class PressBusy(Exception):
    """Too many forms are being printed at this moment; in a second it works."""


def print_form(template: str, title: str, form: Any, **drawings: Drawing) -> bytes:
    """The PDF of this template with the form's fields, made printable: one page.

    Args:
        title: of the document; with the organism, all that its metadata say.
        form: a frozen dataclass of texts, dates and further such dataclasses.
        drawings: codes, under the names they have in the template.

    Raises:
        PressBusy: too many are waiting already.
    """
    # Here and not above: loading it takes a second, which commands need not spend.
    from forms_usi07.press import print_page

    shown = printable(form)
    if _characters(shown) > MOST_IN_ALL:
        shown = printable(form, _SHORTENED)
    return print_page(_html(template, title, shown, drawings))


def print_document(template: str, title: str, form: Any) -> bytes:
    """The same of what may be long: in a letter of one size, on as many pages as it takes.

    Raises:
        PressBusy: too many are waiting already.
    """
    from forms_usi07.press import print_pages

    return print_pages(_html(template, title, printable(form, LONGEST_IN_DOCUMENT), {}))


def _html(template: str, title: str, shown: Any, drawings: dict[str, Drawing]) -> str:
    return render_to_string(
        template,
        {
            "title": title,
            "form": shown,
            "organism": settings.PORTAL_ORGANISM,
            "notice": settings.PORTAL_NOTICE,
            "phone": settings.PORTAL_PHONE,
            "phone_hours": settings.PORTAL_PHONE_HOURS,
            **drawings,
        },
    )


def printable(value: Any, longest: int = LONGEST) -> Any:
    """The same value with every text in it fit for paper, whoever wrote it."""
    if isinstance(value, str):
        return _printable_text(value, longest)
    if isinstance(value, tuple):
        return tuple(printable(part, longest) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        changes = {field.name: printable(getattr(value, field.name), longest) for field in fields(value)}
        return replace(value, **changes)
    return value


def _characters(value: Any) -> int:
    """How many there are in all its texts."""
    if isinstance(value, str):
        return len(value)
    if is_dataclass(value) and not isinstance(value, type):
        return sum(_characters(getattr(value, field.name)) for field in fields(value))
    return sum(map(_characters, value)) if isinstance(value, tuple) else 0


def _printable_text(text: str, longest: int) -> str:
    """On one line, of visible characters that run from left to right as they were written.

    Characters that cannot be seen (controls, joiners, changes of direction, halves of a pair) go.
    """
    composed = unicodedata.normalize("NFC", text[: 4 * longest])
    line = " ".join("".join(_visible(composed)).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _visible(text: str) -> Iterator[str]:
    marks = 0
    for character in text:
        kind = unicodedata.category(character)
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        if kind == "Cc":
            yield " "
        elif kind not in _HIDDEN and marks <= _MOST_MARKS:
            yield _SPELT.get(character, character)
