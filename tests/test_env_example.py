"""`.env.example` holds every setting of the portal, with the value that holds when it is not set."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import environ
from django.conf import settings

from tests.test_settings import OURS

ROOT = Path(settings.BASE_DIR)
EXAMPLE = ROOT / ".env.example"
READERS = [*(ROOT / "clave_portal").glob("*.py"), *(ROOT / "deploy").glob("*.py")]
# What a setting is without the machine's own paths and secrets.
PRINT = """
import json
from clave_portal import settings
print(json.dumps({name: repr(value) for name, value in vars(settings).items() if name.isupper()}))
"""


def names_read(source: str) -> Iterator[str]:
    """The first argument of calls such as env.number("PORTAL_PENDING_DAYS", …) or os.environ.get("…")."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=reader), args=[ast.Constant(value=str(name)), *_]):
                if ast.unparse(reader) in {"env", "self", "os", "os.environ"} and name.isupper():
                    yield name


def in_the_code() -> set[str]:
    sources = (file.read_text(encoding="utf-8") for file in READERS)
    return {name for source in sources for name in names_read(source)} - {"DJANGO_SETTINGS_MODULE"}


def lines() -> list[str]:
    return EXAMPLE.read_text(encoding="utf-8").splitlines()


def in_the_example() -> list[str]:
    return [found[1] for line in lines() if (found := re.match(r"#?([A-Z][A-Z_]+)=", line))]


def read_as_the_portal_does(text: str, folder: Path) -> dict[str, str]:
    """What django-environ makes of the file's text."""
    file = folder / "env"
    file.write_text(text, encoding="utf-8")
    before = dict(os.environ)
    os.environ.clear()
    try:
        environ.Env.read_env(file)
        return dict(os.environ)
    finally:
        os.environ.clear()
        os.environ.update(before)


def settings_with(values: dict[str, str]) -> dict[str, str]:
    machine = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    run = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", PRINT],
        env={**machine, **values},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    shown: dict[str, str] = json.loads(run.stdout)
    return shown


def test_the_example_and_the_code_know_the_same_settings() -> None:
    assert sorted(in_the_example()) == sorted(in_the_code())


def test_each_setting_is_explained_in_the_line_above_it() -> None:
    before = dict(zip(lines()[1:], lines(), strict=False))
    settings_lines = [line for line in before if re.match(r"#?[A-Z][A-Z_]+=", line)]
    assert [line for line in settings_lines if not re.match(r"# [^-].*[^-]$", before[line])] == []


def test_taking_the_hash_away_from_every_line_changes_nothing(tmp_path: Path) -> None:
    """What an administrator reads there is what held before."""
    defaults = "\n".join(line.removeprefix("#") for line in lines() if re.match(r"#[A-Z][A-Z_]+=", line))
    given = {"SITE_URL": "https://clave.ejemplo.ar"}
    assert settings_with(given | read_as_the_portal_does(defaults, tmp_path)) == settings_with(given)


def test_the_file_copied_as_it_is_starts_a_portal_of_production(tmp_path: Path) -> None:
    shown = settings_with(read_as_the_portal_does(EXAMPLE.read_text(encoding="utf-8"), tmp_path))
    assert (shown["DEBUG"], shown["PORTAL_DEMO"], shown["PORTAL_NOTICE"]) == ("False", "False", "''")
    assert shown["SITE_URL"] == "'https://clave.ejemplo.ar'"


def test_the_readme_says_where_it_is() -> None:
    assert "(.env.example)" in (ROOT / "README.md").read_text(encoding="utf-8")
