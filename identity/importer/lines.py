"""Bytes of a file → numbered lines of text. Memory: one block, whatever the file holds."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

BLOCK = 1 << 20
LONGEST = 1 << 16  # characters; a longer line is no row of ours

Line = tuple[int, str]


def numbered_lines(path: Path) -> Iterator[Line]:
    """The lines without their line feed, from 1 on.

    Text that is not UTF-8 arrives with surrogates in place of the wrong bytes, so that its line can
    be told apart from the rest.
    """
    number, encoding = 1, "utf-8-sig"
    with path.open("rb") as stream:
        for block in _blocks(stream):
            lines = block.decode(encoding, errors="surrogateescape").split("\n")
            yield from enumerate(lines, number)
            number, encoding = number + len(lines), "utf-8"


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """Whole lines, without the last one's line feed. An overlong line is cut, and still too long."""
    rest = b""
    while chunk := stream.read(BLOCK):
        head, line_feed, tail = chunk.rpartition(b"\n")
        if line_feed:
            yield rest + head
            rest = tail
        elif len(rest) <= BLOCK:
            rest += tail
    if rest:
        yield rest
