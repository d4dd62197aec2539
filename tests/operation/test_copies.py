"""A copy is worth what its return is worth: the rehearsal, from the copy to a person who logs in."""

import json
import os
import secrets
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.events import ClaveEvent
from identity.models import Person
from operation import copies
from operation.copies import MANIFEST, Manifest, back_up, copies_in, key_fingerprint
from tests.builders import make_clave, make_person

pytestmark = pytest.mark.django_db(transaction=True)

LOG_IN = """
import sys, django; django.setup()
from django.test.utils import setup_test_environment; setup_test_environment()
from identity.models import Person
from tests.visitor import Visitor
from tests.walker import log_in
print(log_in(Visitor(), Person.objects.get(cuil=sys.argv[1])).text)
"""


@pytest.fixture
def canary() -> Person:
    """Somebody whose key must work after the return."""
    person = make_person()
    make_clave(person.cuil)
    return person


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[str]:
    """DATABASE_URL of a new database of the same kind."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'restored.sqlite3'}"
        return
    name, at = f"restored_{secrets.token_hex(4)}", connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def elsewhere(url: str, *arguments: str, **values: str) -> subprocess.CompletedProcess[str]:
    """Another process, on that database."""
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings", **values}
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, *arguments],
        env=environment,
        cwd=Path(settings.BASE_DIR),
        capture_output=True,
        text=True,
        check=False,
    )


def restored(url: str, copy: Path, **values: str) -> subprocess.CompletedProcess[str]:
    return elsewhere(url, "manage.py", "restore", str(copy), **values)


def resealed(copy: Path, **changes: object) -> None:
    """As whoever has the data key could write it."""
    fields = json.loads((copy / MANIFEST).read_text())
    fields.pop("seal")
    manifest = replace(Manifest(**fields), **changes)
    (copy / MANIFEST).write_text(json.dumps(asdict(manifest) | {"seal": manifest.seal}))


# --- The rehearsal ----------------------------------------------------------------------------------


def test_what_was_copied_comes_back_whole_and_its_people_log_in(
    canary: Person, tmp_path: Path, empty_database: str
) -> None:
    copy = back_up(tmp_path / "copies")
    events = ClaveEvent.objects.count()
    make_person(31222333)  # afterwards: not in the copy
    back = restored(empty_database, copy)
    assert back.returncode == 0, back.stderr
    assert f"1 personas, 1 claves, {events} eventos en 1 cadenas" in back.stdout
    assert f"{events} eventos, todas las cadenas bien." in back.stdout
    assert "Nivel 2" in elsewhere(empty_database, "-c", LOG_IN, canary.cuil).stdout


def test_it_comes_back_into_an_empty_database_only(
    canary: Person, tmp_path: Path, empty_database: str
) -> None:
    copy = back_up(tmp_path / "copies")
    assert restored(empty_database, copy).returncode == 0
    again = restored(empty_database, copy)
    assert again.returncode == 1
    assert "no está vacía" in again.stderr
    with pytest.raises(CommandError, match="no está vacía"):
        call_command("restore", copy)


def test_a_copy_of_another_data_key_is_refused_with_one_sentence(
    canary: Person, tmp_path: Path, empty_database: str
) -> None:
    copy = back_up(tmp_path / "copies")
    ours = key_fingerprint()
    back = restored(empty_database, copy, PORTAL_DATA_KEY="the key of another deployment, also long enough")
    assert back.returncode == 1
    assert f"otra PORTAL_DATA_KEY (huella {ours}" in back.stderr
    assert len(back.stderr.splitlines()) == 1
    assert restored(empty_database, copy).returncode == 0, "nothing was restored before"


def test_what_came_back_is_compared_with_what_was_counted(
    canary: Person, tmp_path: Path, empty_database: str
) -> None:
    copy = back_up(tmp_path / "copies")
    resealed(copy, chains=2)
    back = restored(empty_database, copy)
    assert back.returncode == 1
    assert "no es lo que se copió" in back.stderr


# --- What is refused --------------------------------------------------------------------------------


def spoil(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def change_manifest(copy: Path, **changes: object) -> None:
    """As whoever has no data key could write it."""
    fields = json.loads((copy / MANIFEST).read_text())
    (copy / MANIFEST).write_text(json.dumps(fields | changes))


TAMPERED = {
    "one bit": lambda copy: spoil(copy / copies.file_name()),
    "cut off": lambda copy: os.truncate(copy / copies.file_name(), 100),
    "file gone": lambda copy: (copy / copies.file_name()).unlink(),
    "counts": lambda copy: change_manifest(copy, chains=0),
    "hash": lambda copy: change_manifest(copy, sha256="0" * 64),
    "no seal": lambda copy: change_manifest(copy, seal=""),
    "another file": lambda copy: change_manifest(copy, file="../../etc/passwd"),
    "no manifest": lambda copy: (copy / MANIFEST).unlink(),
    "no JSON": lambda copy: (copy / MANIFEST).write_text("{"),
    "a list": lambda copy: (copy / MANIFEST).write_text("[]"),
    "another kind": lambda copy: resealed(copy, vendor="oracle"),
}


@pytest.mark.parametrize("way", TAMPERED)
def test_a_copy_that_is_not_as_it_was_made_is_refused(canary: Person, tmp_path: Path, way: str) -> None:
    copy = back_up(tmp_path)
    TAMPERED[way](copy)
    with pytest.raises(CommandError) as refused:
        call_command("restore", copy)
    assert "no está vacía" not in str(refused.value), "looked at before the database"


# --- The copies -------------------------------------------------------------------------------------


def test_a_copy_is_for_its_owner_alone_and_holds_no_key(canary: Person, tmp_path: Path) -> None:
    copy = back_up(tmp_path / "copies")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [copy.parent, copy, *copy.iterdir()]}
    assert modes == {"copies": 0o700, copy.name: 0o700, copies.file_name(): 0o600, MANIFEST: 0o600}
    content = b"".join(file.read_bytes() for file in copy.iterdir())
    assert settings.PORTAL_DATA_KEY.encode() not in content
    assert settings.SECRET_KEY.encode() not in content


def test_no_copy_is_overwritten(tmp_path: Path) -> None:
    with time_machine.travel("2026-03-01 12:00:00-03:00", tick=False):
        copy = back_up(tmp_path)
        before = (copy / MANIFEST).read_bytes()
        with pytest.raises(CommandError, match="no se pisa"):
            call_command("back_up", tmp_path)
    assert (copy / MANIFEST).read_bytes() == before


def test_a_copy_that_failed_leaves_nothing_that_looks_like_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(copies, "_to_the_disk", full)
    with pytest.raises(OSError, match="No space"):
        back_up(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_last_copies_stay_and_what_is_none_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "clave-otra-cosa").mkdir()
    (tmp_path / "clave-0-sitio").mkdir()
    (tmp_path / "clave-0-sitio" / MANIFEST).touch()  # many a web site has one
    for day in (1, 2, 3):
        with time_machine.travel(f"2026-03-0{day} 12:00:00-03:00", tick=False):
            call_command("back_up", tmp_path, "--keep", "2", stdout=StringIO())
    assert [copy.name for copy in copies_in(tmp_path)] == ["clave-20260303-120000", "clave-20260302-120000"]
    assert (tmp_path / "clave-otra-cosa").is_dir()
    assert (tmp_path / "clave-0-sitio" / MANIFEST).is_file()


def test_what_a_killed_copy_left_goes_with_the_next_night_s_and_a_copy_under_way_stays(
    tmp_path: Path,
) -> None:
    killed, under_way = tmp_path / ".clave-20260301-053000.part", tmp_path / ".clave-20260302-053000.part"
    for draft in (killed, under_way):
        draft.mkdir()
        (draft / copies.file_name()).write_bytes(b"half of it")
    (cannot_go := tmp_path / ".clave-20260228-053000.part").touch()  # no folder
    yesterday = time.time() - 25 * 60 * 60
    for old in (killed, cannot_go):
        os.utime(old, (yesterday, yesterday))
    copy = back_up(tmp_path)
    assert sorted(tmp_path.iterdir()) == [cannot_go, under_way, copy]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's own snapshot: pg_dump is told of it")
def test_an_sqlite_copy_is_one_whole_file(canary: Person, tmp_path: Path) -> None:
    copy = back_up(tmp_path)
    assert {file.name for file in copy.iterdir()} == {"base.sqlite3", MANIFEST}
    with closing(sqlite3.connect(copy / "base.sqlite3")) as base:
        assert base.execute("SELECT cuil FROM accounts_clave").fetchall() == [(canary.cuil,)]
