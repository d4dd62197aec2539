"""One run of the import: everything, or nothing."""

import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from identity.catalogue import rebuild_choices
from identity.importer.files import FILES, RegisterFile
from identity.importer.merge import Merge, Outcome
from identity.importer.rejects import Rejects
from identity.importer.rows import BadFile, Reader
from identity.importer.stage import Busy, Stage, stage
from identity.models import Choice

# Rows. With fewer, some that go are soon a large part of all.
_ENOUGH = 100


class ImportRefused(Exception):
    """Nothing was changed. The message says why, to whoever ran the import."""


@dataclass(frozen=True)
class FileReport:
    """What became of one file; no `outcome` where there was no such file."""

    name: str
    read: int = 0
    rejected: int = 0
    outcome: Outcome | None = None


@dataclass
class Report:
    """What a run did. `choices` is None where the catalogue could stay as it was."""

    files: list[FileReport] = field(default_factory=list)
    choices: int | None = None
    rejects: str = ""
    seconds: float = 0.0


def import_folder(folder: Path, *, dry_run: bool = False) -> Report:
    """Load the register's files that `folder` holds.

    people.csv adds and updates; a person it does not list stays, with all that is known of them: keys
    hang on persons. For the people it lists, facts.csv and curatelas.csv are the whole truth: what
    they do not list is removed, what they still list keeps its row. In the same way offices.csv adds
    and updates, and zones.csv is the whole truth for the offices it lists: without offices.csv no zone
    is removed. An absent file changes nothing.
    All of it happens in one transaction, undone at its end by `dry_run`.

    Raises:
        ImportRefused: and nothing was changed.
    """
    if not folder.is_dir():
        raise ImportRefused(f"No existe la carpeta {folder}.")
    started = time.monotonic()
    rejects = Rejects(folder)
    try:
        report = _Run(folder, rejects, stage()).all_or_nothing(dry_run=dry_run)
    except Busy:
        raise ImportRefused("Ya hay otra importación en marcha. Probá cuando termine.") from None
    except BadFile as bad:
        raise ImportRefused(f"{bad} No se cambió nada.") from None
    except OSError as error:
        raise ImportRefused(
            f"No se pudo leer o escribir {error.filename or folder} ({error.strerror}). No se cambió nada."
        ) from None
    finally:
        rejects.close()
    report.rejects = rejects.whereabouts
    report.seconds = time.monotonic() - started
    return report


class _Run:
    def __init__(self, folder: Path, rejects: Rejects, stage: Stage) -> None:
        self._folder = folder
        self._rejects = rejects
        self._stage = stage
        self._read: dict[str, int] = {}

    def all_or_nothing(self, *, dry_run: bool) -> Report:
        present = [file for file in FILES if self._is_present(file)]
        with self._stage.session():
            merges = [self._fill(file) for file in present]
            self._refuse_if_too_many_are_bad()
            with transaction.atomic():
                outcomes = {merge.file.name: self._merge(merge) for merge in merges}
                self._refuse_if_too_many_are_bad()
                choices = self._rebuild_choices(outcomes)
                transaction.set_rollback(dry_run)
        return Report([self._report(file, outcomes) for file in FILES], choices)

    def _is_present(self, file: RegisterFile) -> bool:
        present = (self._folder / file.name).exists()
        if file.required and not present:
            raise BadFile(f"Falta {file.name} en {self._folder}.")
        return present

    def _fill(self, file: RegisterFile) -> Merge:
        merge = Merge(file, self._stage)
        reader = Reader(file, self._folder / file.name, partial(self._rejects.add, file.name))
        merge.fill(reader.batches())
        self._read[file.name] = reader.read
        return merge

    def _merge(self, merge: Merge) -> Outcome:
        reject = partial(self._rejects.add, merge.file.name)
        merge.reject_repeated(reject)
        merge.reject_unknown(reject)
        owner = merge.file.owner
        outcome = merge.merge(owners_are_staged=owner is not None and owner.name in self._read)
        self._refuse_if_cut_short(merge.file.name, outcome)
        return outcome

    def _refuse_if_cut_short(self, name: str, outcome: Outcome) -> None:
        """Half a file looks like a whole one: it would lift curatelas and take questions away."""
        percent, left = settings.PORTAL_SHRINK_PERCENT, outcome.before + outcome.new - outcome.removed
        if outcome.before >= _ENOUGH and left * 100 < (100 - percent) * outcome.before:
            raise BadFile(
                f"{name}: de {outcome.before} filas guardadas quedarían {left}, y a lo sumo puede faltar el"
                f" {percent} %. ¿Está entero? Si es así, subí PORTAL_SHRINK_PERCENT para esta carga."
            )

    def _refuse_if_too_many_are_bad(self) -> None:
        percent = settings.PORTAL_REJECTS_PERCENT
        bad = [
            f"{name}: {self._rejects.count[name]} de {read} filas no sirven"
            for name, read in self._read.items()
            if self._rejects.count[name] * 100 > percent * read
        ]
        if bad:
            raise BadFile(f"{'; '.join(bad)} (el límite es {percent} %). {self._rejects.whereabouts}.")

    def _rebuild_choices(self, outcomes: dict[str, Outcome]) -> int | None:
        # Persons count too: a value's region is where most of its persons live.
        names = ("people.csv", "facts.csv")
        if any(outcomes[name].altered for name in names if name in outcomes):
            return rebuild_choices()
        return None if Choice.objects.exists() else rebuild_choices()

    def _report(self, file: RegisterFile, outcomes: dict[str, Outcome]) -> FileReport:
        name = file.name
        return FileReport(name, self._read.get(name, 0), self._rejects.count[name], outcomes.get(name))
