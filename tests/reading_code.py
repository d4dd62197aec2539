"""The product's own files, for tests about what is not in them."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES: list[str] = _PROJECT["tool"]["importlinter"]["root_packages"]
LIBRARIES: list[str] = _PROJECT["project"]["dependencies"]


@cache
def modules() -> dict[str, ast.Module]:
    """Each module of the product by its path, migrations aside: they run once, on nobody's input."""
    files = (file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py")))
    own = (file for file in files if "migrations" not in file.parts)
    return {str(file.relative_to(ROOT)): ast.parse(file.read_text(encoding="utf-8")) for file in own}


def imports() -> Iterator[tuple[str, str]]:
    """(module that imports, what it imports in full)."""
    for file, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from ((file, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield file, node.module
                yield from ((file, f"{node.module}.{alias.name}") for alias in node.names)


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    """(module, the call, its name as it is written: `open`, `re.compile`, `cursor.execute`)."""
    for file, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield file, node, ast.unparse(node.func)


def attributes() -> Iterator[tuple[str, str]]:
    """(module, each dotted name in it): `hashlib.sha256`."""
    for file, tree in modules().items():
        yield from ((file, ast.unparse(node)) for node in ast.walk(tree) if isinstance(node, ast.Attribute))


def is_constant(node: ast.expr) -> bool:
    """A literal, a name in capitals, or an f-string or sum of such."""
    if isinstance(node, ast.JoinedStr):
        return all(is_constant(part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return is_constant(node.value)
    if isinstance(node, ast.BinOp):
        return is_constant(node.left) and is_constant(node.right)
    if isinstance(node, ast.Subscript):
        return is_constant(node.value)
    name = getattr(node, "id", "") or getattr(node, "attr", "")
    return isinstance(node, ast.Constant) or (bool(name) and name == name.upper())


def scripts() -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in sorted((ROOT / "static").rglob("*.js"))}


def templates() -> dict[str, str]:
    folders = [ROOT / "templates", *(ROOT / package / "templates" for package in PACKAGES)]
    files = (file for folder in folders for file in sorted(folder.rglob("*.*")))
    return {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in files}
