"""Code 128 and QR as the outline of their dark modules, to be drawn by one `<path>`.

As outlines they stay sharp on any printer, and no picture has to be read from anywhere.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import segno
from barcode.codex import Code128

_QUIET_BARS = 10  # modules left white on either side (ISO/IEC 15417)
_QUIET_QR = 4  # and around a QR (ISO/IEC 18004)


@dataclass(frozen=True)
class Drawing:
    """`path` is SVG path data; width and height are in modules, quiet zone included."""

    width: int
    height: int
    path: str


def code_128(number: str) -> Drawing:
    """Bars a fifth as high as they are wide in all: a hand-held reader may be held askew."""
    (modules,) = Code128(number).build()
    width = len(modules) + 2 * _QUIET_BARS
    height = width // 5
    bars = _runs((module == "1" for module in modules), _QUIET_BARS, 0, height)
    return Drawing(width, height, "".join(bars))


def qr(number: str) -> Drawing:
    """With a quarter of it to spare for stains and folds (level Q, or better where there is room)."""
    rows = segno.make(number, error="q", micro=False).matrix
    size = len(rows) + 2 * _QUIET_QR
    lines = (run for y, row in enumerate(rows) for run in _runs(row, _QUIET_QR, y + _QUIET_QR, 1))
    return Drawing(size, size, "".join(lines))


def _runs(modules: Iterable[int], x: int, y: int, height: int) -> Iterator[str]:
    """One rectangle for each run of dark modules."""
    for dark, run in groupby(modules):
        width = len(list(run))
        if dark:
            yield f"M{x} {y}h{width}v{height}h-{width}z"
        x += width
