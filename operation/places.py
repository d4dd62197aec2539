"""A place of its own for each process that counts: a process that comes after another goes on with its files.

By process number, as the library does it, a portal whose workers are renewed every few minutes fills a folder
with files of the dead, and each look at the metrics reads them all.
"""

import fcntl
import os
from pathlib import Path
from typing import TextIO

# More than any door has processes (PORTAL_WORKERS), and those of commands beside them.
_MOST = 1000


class Places:
    """The lowest free number, held by a lock that ends with the process, however that ends."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._held: tuple[int, int, TextIO] | None = None  # process, number, the lock's file

    def __call__(self) -> int:
        """The number of this process. A child of a process that has one takes its own."""
        process = os.getpid()
        if self._held is None or self._held[0] != process:
            self._held = (process, *self._take())
        return self._held[1]

    def leave(self) -> None:
        """Give the place to whoever comes next, as the end of the process does."""
        if self._held is not None:
            self._held[2].close()
            self._held = None

    def _take(self) -> tuple[int, TextIO]:
        """Raises OSError: the folder is gone, or nothing in it can be had."""
        for number in range(_MOST):
            try:
                file = (self._folder / f"{number}.lock").open("w")
            except PermissionError:
                continue  # another user's, who ran a command here
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.close()
            else:
                return number, file
        raise OSError(f"no free place among {_MOST}")
