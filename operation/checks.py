"""Can the portal serve, and does what runs by night still run? One sentence each, about nobody."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from accounts.delivery import oldest_untried
from guards.tally import Job, last, totals

_MIB = 1024 * 1024


@dataclass(frozen=True)
class Verdict:
    """What one check found. `says` is for whoever is woken by it: no address, no name, no secret."""

    check: str
    well: bool
    says: str


@dataclass(frozen=True)
class Report:
    """What all checks found, and job → how much it did in all and when last."""

    verdicts: list[Verdict]
    jobs: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    @property
    def well(self) -> bool:
        return all(verdict.well for verdict in self.verdicts)


def silent_database() -> Report:
    """What can be said when the database gave no answer in time."""
    return Report([Verdict("base", well=False, says="La base de datos no contesta."), disk()])


def look() -> Report:
    """Every check, the database's first: where it fails, those that ask it are left out."""
    try:
        verdicts = [*_asking_the_database(), disk()]
        return Report(verdicts, totals() if verdicts[1].well else {})
    except (DatabaseError, InterfaceError):
        return silent_database()


def _asking_the_database() -> Iterator[Verdict]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    yield Verdict("base", well=True, says="La base de datos contesta.")
    missing, since = _migrations()
    yield missing
    if missing.well:
        yield mail()
        yield purge(since)


def _migrations() -> tuple[Verdict, datetime]:
    """Whether the tables are those of this version, and since when there are any."""
    applied = MigrationRecorder(connection).applied_migrations()
    missing = [name for name, replaces in _on_disk() if name not in applied and not replaces & applied.keys()]
    since = min((row.applied for row in applied.values()), default=timezone.now())
    if missing:
        says = f"Faltan {len(missing)} migraciones: corré «manage.py migrate»."
        return Verdict("migraciones", well=False, says=says), since
    return Verdict("migraciones", well=True, says="Las tablas son las de esta versión."), since


@lru_cache(maxsize=1)
def _on_disk() -> list[tuple[tuple[str, str], frozenset[tuple[str, str]]]]:
    """Each migration of this version and those that it stands for; they do not change while it runs."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return [(name, frozenset(migration.replaces)) for name, migration in loader.disk_migrations.items()]


def mail() -> Verdict:
    """A mail that nobody tried to send: the job that sends does not run, or the mail server is silent.

    One that the server refused is tried again for a day, and is no sign of either.
    """
    oldest = oldest_untried()
    if oldest is None:
        return Verdict("correo", well=True, says="Ningún correo espera.")
    minutes = int((timezone.now() - oldest).total_seconds() // 60)
    well = minutes < settings.PORTAL_MAIL_WAIT_MINUTES
    return Verdict("correo", well, says=f"El correo que más espera entró en la cola hace {minutes} minutos.")


def purge(since: datetime) -> Verdict:
    """The purge of the night. A portal that was never purged is as late as it is old."""
    when = last(Job.PURGE)
    hours = int((timezone.now() - (when or since)) / timedelta(hours=1))
    says = f"La última purga terminó hace {hours} horas." if when else "La purga todavía no corrió nunca."
    return Verdict("purga", hours < settings.PORTAL_PURGE_HOURS, says)


def disk() -> Verdict:
    """Room where this machine writes: logs, mails as files, the database where it is a file."""
    free = min(shutil.disk_usage(folder).free for folder in _written_folders()) // _MIB
    return Verdict("disco", free >= settings.PORTAL_DISK_FREE_MB, f"Quedan {free} MB libres en el disco.")


def _written_folders() -> Iterable[Path]:
    folders = [Path(settings.VAR)]
    if connection.vendor == "sqlite":
        folders.append(Path(connection.settings_dict["NAME"]).parent)
    return folders
