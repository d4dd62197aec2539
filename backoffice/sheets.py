"""CSV for the Excel of an Argentine office: semicolons, UTF-8 with its mark, and no cell that computes."""

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

# What a spreadsheet takes for the beginning of a formula (OWASP, «CSV Injection»).
_COMPUTES = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BYTE_ORDER_MARK = "\ufeff"
_LINES_AT_ONCE = 500

Cell = str | int


class _Echo:
    """What csv.writer writes to: it gives each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def cell(value: Cell) -> str:
    """As text; what would be a formula is shown instead."""
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_COMPUTES) else text


def lines(rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    """The file, some hundred lines at a time: memory stays flat however long it is."""
    writer = csv.writer(_Echo(), delimiter=";")
    some = [_BYTE_ORDER_MARK]
    for row in rows:
        some.append(writer.writerow([cell(value) for value in row]))
        if len(some) == _LINES_AT_ONCE:
            yield "".join(some)
            some = []
    yield "".join(some)


def as_file(rows: Iterable[Iterable[Cell]], name: str) -> StreamingHttpResponse:
    """To be kept under `name`, sent while it is made."""
    return StreamingHttpResponse(
        lines(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
