"""What others find in a PDF: Debian's poppler and zbar, which share no code with what made it."""

import os
import re
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest

PACKAGES = {"pdftotext": "poppler-utils", "pdfinfo": "poppler-utils", "pdffonts": "poppler-utils",
            "pdftoppm": "poppler-utils", "zbarimg": "zbar-tools"}  # fmt: skip


def tool(name: str, *arguments: str, pdf: bytes = b"") -> bytes:
    """The output of the tool for this PDF. Skips where it is missing, fails under REQUIRE_BROWSER."""
    program = shutil.which(name)
    if program is None:
        reason = f"Falta {name}. Para correr esta prueba: apt-get install {PACKAGES[name]}"
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(reason)
    command = [program, *arguments]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout  # noqa: S603


def text_of(pdf: bytes) -> str:
    """All its text, with single spaces."""
    return " ".join(tool("pdftotext", "-layout", "-", "-", pdf=pdf).decode().split())


def pages_of(pdf: bytes) -> int:
    return int(re.search(rb"Pages:\s+(\d+)", tool("pdfinfo", "-", pdf=pdf))[1])  # type: ignore[index]


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Name, without the subset's prefix, to whether it is embedded."""
    lines = tool("pdffonts", "-", pdf=pdf).decode().splitlines()[2:]
    return {line.split()[0].split("+")[-1]: line.split()[-5] == "yes" for line in lines}


def codes_of(pdf: bytes, folder: Path) -> set[str]:
    """What a reader finds on the page as an office's printer leaves it: 150 dpi, black and white."""
    page = folder / "page"
    tool("pdftoppm", "-r", "150", "-mono", "-singlefile", "-", str(page), pdf=pdf)
    return set(tool("zbarimg", "--quiet", "--nodbus", f"{page}.pbm").decode().split())


def insides_of(pdf: bytes) -> str:
    """Its objects, unpacked: what a text search through the file would find."""
    unpacked = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            unpacked.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(unpacked).decode("latin-1")
