"""Lines → rows that can be stored, in batches; whatever cannot goes to the rejects with its reason."""

import csv
import re
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from identity.importer import check_digits
from identity.importer.columns import WRONG_CUIL, Refused
from identity.importer.files import RegisterFile, Row
from identity.importer.lines import LONGEST, Line, numbered_lines

BATCH = 10_000
_MOST_LINES_IN_QUOTES = 20
_NOT_UTF8 = re.compile("[\ud800-\udfff]")

Numbered = tuple[int, Row]
Reject = Callable[[int, str], None]


class BadFile(Exception):
    """The file as a whole cannot be used. The message is a sentence for whoever runs the command."""


class Reader:
    """Reads one file of the register, once; `read` counts the rows met.

    A line is first tried against one regular expression made of the columns' patterns. Only what it
    does not take goes through csv and the checks.
    """

    def __init__(self, file: RegisterFile, path: Path, reject: Reject) -> None:
        """Raises:
        BadFile: the header does not fit.
        """
        self.read = 0
        self._file = file
        self._reject = reject
        self._lines: Iterator[Line] = numbered_lines(path)
        header = _header(file, next(self._lines, (1, ""))[1])
        self._width = len(header)
        self._places = [header.index(column.name) for column in file.columns]
        self._take = _line_pattern(file, header).fullmatch
        self._groups = [sorted(self._places).index(place) + 1 for place in self._places]
        self._cuils = [i for i, column in enumerate(file.columns) if column.is_cuil]

    def batches(self) -> Iterator[list[Numbered]]:
        """Rows fit to be stored, values in the order of the specification."""
        batch: list[Numbered] = []
        take, groups = self._take, self._groups
        # Not `for`: a stray quote puts lines back by exchanging the iterator.
        while line := next(self._lines, None):
            if taken := take(line[1]):
                self.read += 1
                batch.append((line[0], taken.group(*groups)))
            elif row := self._with_care(line):
                batch.append((line[0], row))
            if len(batch) >= BATCH:
                yield self._sound(batch)
                batch = []
        yield self._sound(batch)

    def _sound(self, batch: list[Numbered]) -> list[Numbered]:
        for place in self._cuils:
            batch = self._with_right_digits(batch, place)
        flaws = map(self._file.flaw, (row for _, row in batch))
        batch = self._without_flaws(batch, list(flaws))
        if seal := self._file.seal:
            batch = [(number, seal(row)) for number, row in batch]
        return batch

    def _with_right_digits(self, batch: list[Numbered], place: int) -> list[Numbered]:
        cuils = [row[place] for _, row in batch]
        if len("".join(cuils)) != 11 * len(cuils):
            cuils = [cuil.replace("-", "") for cuil in cuils]
            batch = [
                (number, (*row[:place], cuil, *row[place + 1 :]))
                for (number, row), cuil in zip(batch, cuils, strict=True)
            ]
        right = check_digits.are_right(cuils)
        if right.all():
            return batch
        flaw = f"{self._file.columns[place].name}: {WRONG_CUIL}"
        return self._without_flaws(batch, [None if good else flaw for good in right])

    def _without_flaws(self, batch: list[Numbered], flaws: list[str | None]) -> list[Numbered]:
        if not any(flaws):
            return batch
        sound = []
        for (number, row), flaw in zip(batch, flaws, strict=True):
            if flaw is None:
                sound.append((number, row))
            else:
                self._reject(number, flaw)
        return sound

    def _with_care(self, line: Line) -> Row | None:
        number, text = line
        if not text.strip():
            return None
        self.read += 1
        try:
            values = self._values(text)
            return tuple(
                column.read(values[place])
                for column, place in zip(self._file.columns, self._places, strict=True)
            )
        except Refused as refused:
            self._reject(number, str(refused))
            return None

    def _values(self, text: str) -> list[str]:
        """The values of the record that begins with this line; it may go on over the next ones.

        A stray quote would swallow good rows: unless the whole makes a record of the right width,
        only the first line is given up.
        """
        if len(text) > LONGEST:
            raise Refused("la línea es demasiado larga")
        if '"' not in text:
            return self._right_width(text.removesuffix("\r").split(","))
        following: list[Line] = []
        try:
            while (values := _parse(text)) is None:
                text += "\n" + self._next_in_quotes(following)
            return self._right_width(values)
        except Refused:
            self._lines = chain(following, self._lines)
            raise

    def _next_in_quotes(self, following: list[Line]) -> str:
        line = next(self._lines, None)
        if line is not None:
            following.append(line)
        if line is None or len(following) > _MOST_LINES_IN_QUOTES:
            raise Refused("hay una comilla sin cerrar")
        return line[1]

    def _right_width(self, values: list[str]) -> list[str]:
        if len(values) != self._width:
            raise Refused(f"tiene {len(values)} columnas en vez de {self._width}")
        if any(_NOT_UTF8.search(value) for value in values):
            raise Refused("no está en UTF-8")
        return values


def _parse(text: str) -> list[str] | None:
    """The values of one record; None while its quotes are open."""
    try:
        return next(csv.reader([text], strict=True))
    except csv.Error as error:
        if str(error) == "unexpected end of data":
            return None
        raise Refused("las comillas no están bien puestas") from None


def _header(file: RegisterFile, line: str) -> list[str]:
    """The names of the columns.

    Raises:
        BadFile: some are missing, or named twice.
    """
    if _NOT_UTF8.search(line) or "\0" in line:
        raise BadFile(f"{file.name} no está en UTF-8: guardalo de nuevo con esa codificación.")
    if not line.strip():
        raise BadFile(f"{file.name} está vacío: falta la línea con los nombres de las columnas.")
    names = [name.strip() for name in line.replace('"', "").split(",")]
    wanted = [column.name for column in file.columns]
    if missing := [f"«{name}»" for name in wanted if name not in names]:
        hint = " Las columnas van separadas por comas." if len(names) == 1 else ""
        raise BadFile(f"En {file.name} falta la columna {', '.join(missing)}.{hint}")
    if twice := [f"«{name}»" for name in wanted if names.count(name) > 1]:
        raise BadFile(f"En {file.name} está dos veces la columna {', '.join(twice)}.")
    return names


def _line_pattern(file: RegisterFile, header: list[str]) -> re.Pattern[str]:
    """A whole line whose values are all right as they stand; columns we do not know hold anything."""
    patterns = {column.name: f"({column.pattern})" for column in file.columns}
    return re.compile(",".join(patterns.get(name, '[^",]*') for name in header) + "\r?")
