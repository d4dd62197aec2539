"""Databases of a benchmark's own, made and dropped by it: files of SQLite and databases of PostgreSQL."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from _side_by_side import ROOT


def django_setup() -> None:
    """On the database that DATABASE_URL names, with the portal's own settings."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clave_portal.settings")
    import django

    django.setup()


def on(url: str) -> dict[str, str]:
    """The environment of a process that works on this database."""
    return os.environ | {"DATABASE_URL": url, "PORTAL_DEMO": "1"}


def manage(url: str, *arguments: str) -> None:
    subprocess.run([sys.executable, ROOT / "manage.py", *arguments], env=on(url), check=True)


def psql(url: str, *commands: str) -> None:
    arguments = [part for command in commands for part in ("-c", command)]
    subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", url, *arguments], check=True)


class Sqlite:
    name = "SQLite"

    def __init__(self, folder: Path, database: str) -> None:
        self.path = folder / f"{database}.sqlite3"
        self.url = f"sqlite:///{self.path}"

    def fresh(self) -> None:
        """Migrated and empty."""
        self.empty()
        manage(self.url, "migrate", "-v0")

    def empty(self) -> None:
        """Without a table."""
        self.drop()

    def copy_from(self, other: "Sqlite") -> None:
        self.drop()
        shutil.copy(other.path, self.path)

    def drop(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)


class Postgres:
    name = "PostgreSQL"

    def __init__(self, server: str, database: str) -> None:
        self._server = urlunsplit(urlsplit(server)._replace(path="/postgres"))
        self.database = database
        self.url = urlunsplit(urlsplit(server)._replace(path=f"/{database}"))

    def fresh(self) -> None:
        """Migrated and empty."""
        self.empty()
        manage(self.url, "migrate", "-v0")
        self._sql("CHECKPOINT")

    def empty(self) -> None:
        """Without a table."""
        self.drop()
        self._sql(f"CREATE DATABASE {self.database}")

    def copy_from(self, other: "Postgres") -> None:
        self.drop()
        self._sql(f"CREATE DATABASE {self.database} TEMPLATE {other.database}", "CHECKPOINT")

    def drop(self) -> None:
        self._sql(f"DROP DATABASE IF EXISTS {self.database}")

    def _sql(self, *commands: str) -> None:
        psql(self._server, "SET client_min_messages = warning", *commands)


Database = Sqlite | Postgres


def maker(folder: Path) -> Callable[[str], Database]:
    """The maker of databases by their names, on the kind of database that DATABASE_URL names."""
    server = os.environ.get("DATABASE_URL", "")
    if server.startswith("postgres"):
        return lambda name: Postgres(server, name)
    return lambda name: Sqlite(folder, name)


def kinds(folder: Path) -> list[Callable[[str], Database]]:
    """Makers of a database by its name: on SQLite, and on PostgreSQL if DATABASE_URL names a server."""
    found: list[Callable[[str], Database]] = [lambda name: Sqlite(folder, name)]
    server = os.environ.get("DATABASE_URL", "")
    if server.startswith("postgres") and shutil.which("psql"):
        found.append(lambda name: Postgres(server, name))
    else:
        print("PostgreSQL: skipped, DATABASE_URL names no server, or there is no psql.")
    return found
