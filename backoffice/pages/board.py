"""The board on a page of its own, as part of the first page, and as a file."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from backoffice.board import Board, board
from backoffice.drawing import draw
from backoffice.roles import May
from backoffice.sheets import as_file
from backoffice.site import allowed, employee_of
from backoffice.site import show as show_page

_TOLD = ("Cuadro", "Fila", "Columna", "Cantidad")


def _board_of(request: HttpRequest) -> Board:
    """Auditors see every office; a supervisor sees their own."""
    return board(None if allowed(request, May.AUDIT) else employee_of(request).office)


def board_context(request: HttpRequest) -> dict[str, Any]:
    """For `backoffice/tablero.html`; `board` is None for whoever may not see it."""
    if not allowed(request, May.BOARD):
        return {"board": None}
    shown = _board_of(request)
    return {"board": {"at": shown.at, "figures": [(figure, draw(figure)) for figure in shown.figures]}}


def show(request: HttpRequest) -> HttpResponse:
    return show_page(request, "backoffice/tablero_pagina.html", title="Tablero", **board_context(request))


def export(request: HttpRequest) -> HttpResponseBase:
    """Every count of the board on a line of its own."""
    shown = _board_of(request)
    return as_file(_lines(shown), f"tablero-{timezone.localtime(shown.at):%Y-%m-%d}")


def _lines(shown: Board) -> Iterator[tuple[str | int, ...]]:
    yield _TOLD
    for figure in shown.figures:
        for row in figure.rows:
            for column, count in zip(figure.columns, row.counts, strict=True):
                yield figure.title, row.label, column, count
