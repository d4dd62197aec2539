"""A figure as bars, in numbers that a template writes into an SVG: no style, no script."""

from dataclasses import dataclass

from backoffice.board import Figure, Row

_WIDTH, _LABEL, _END = 360, 172, 48
_STEP, _BAR = 22, 14
_LONGEST_LABEL, _LETTER = 25, 6
# Each against white with more than 4.5:1; apart in brightness too, and the table says the same.
COLOURS = ("#1b5e9b", "#b35900", "#6b7280")


@dataclass(frozen=True)
class Piece:
    x: int
    width: int
    colour: str


@dataclass(frozen=True)
class Bar:
    """One row, its columns one after the other."""

    label: str
    y: int
    text_y: int
    pieces: tuple[Piece, ...]
    end: int
    total: int


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    bars: tuple[Bar, ...]
    legend: tuple[tuple[str, str], ...]
    label_x: int
    bar_height: int = _BAR


def draw(figure: Figure) -> Drawing:
    labels = [_short(row.label) for row in figure.rows]
    # About as wide as the longest one is; the bars take what is left.
    start = min(_LABEL, 16 + _LETTER * max(map(len, labels), default=0))
    most = max((sum(row.counts) for row in figure.rows), default=0) or 1
    scale = (_WIDTH - start - _END) / most
    bars = tuple(
        _bar(row, label, place * _STEP, start, scale)
        for place, (row, label) in enumerate(zip(figure.rows, labels, strict=True))
    )
    legend = tuple(zip(COLOURS, figure.columns, strict=False)) if len(figure.columns) > 1 else ()
    return Drawing(_WIDTH, max(1, len(bars)) * _STEP, bars, legend, start - 8)


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"


def _bar(row: Row, label: str, top: int, x: int, scale: float) -> Bar:
    pieces = []
    for count, colour in zip(row.counts, COLOURS, strict=False):
        # What happened once shows, however tall the rest.
        width = max(1, round(count * scale)) if count else 0
        if width:
            pieces.append(Piece(x, width, colour))
        x += width
    return Bar(
        label=label,
        y=top + (_STEP - _BAR) // 2,
        text_y=top + _STEP - 7,
        pieces=tuple(pieces),
        end=x + 6,
        total=sum(row.counts),
    )
