"""rejects.csv: which rows were not taken, and why. Line numbers and reasons, nothing of the rows."""

import csv
import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import IO

NAME = "rejects.csv"


class Rejects:
    """Counts rejects by file and writes them as they come. No rejects, no file."""

    def __init__(self, folder: Path) -> None:
        self.count: Counter[str] = Counter()
        self.path: Path | None = None
        self._folder = folder
        self._stream: IO[str] | None = None
        with suppress(OSError):  # of an earlier run; open() will say what is wrong with the folder
            (folder / NAME).unlink()

    def add(self, file: str, line: int, reason: str) -> None:
        if self._stream is None:
            self._stream = self._open()
            csv.writer(self._stream).writerow(["file", "line", "reason"])
        self.count[file] += 1
        csv.writer(self._stream).writerow([file, line, reason])

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()

    @property
    def whereabouts(self) -> str:
        """A sentence that says where the reasons are; '' without rejects."""
        if self.path is None:
            return ""
        if self.path.parent == self._folder:
            return f"Los motivos, fila por fila: {self.path}"
        return f"No se pudo escribir en {self._folder}. Los motivos, fila por fila: {self.path}"

    def _open(self) -> IO[str]:
        """In the folder; where that cannot be written, among the temporary files."""
        try:
            stream: IO[str] = (self._folder / NAME).open("w", encoding="utf-8", newline="")
        except OSError:
            stream = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed by close()
                "w", encoding="utf-8", newline="", prefix="clave-", suffix=f"-{NAME}", delete=False
            )
        self.path = Path(stream.name)
        return stream
