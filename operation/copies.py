"""Copies of the database that can be trusted when they are needed: sealed, and compared when they come back.

A copy is a folder with the database's file and a manifest. The manifest is sealed with PORTAL_DATA_KEY:
whoever changes a copy cannot make it look whole. The key itself is not in the copy.
"""

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import timezone

from guards.keyed import data_keys, is_keyed_hash, key_mark, keyed_hash
from operation.dumps import Query, dumped, file_name, here, load

MANIFEST = "manifest.json"
_PREFIX = "clave-"
_NAMED = re.compile(_PREFIX + r"\d{8}-\d{6}")
# Nobody copies a database for so long: what is still a draft was cut short.
_CUT_SHORT = timedelta(days=1)
_BLOCK = 1024 * 1024
_HEADS = """
    SELECT e.cuil, e.seq, e.mac FROM accounts_claveevent e
    JOIN (SELECT cuil, max(seq) AS seq FROM accounts_claveevent GROUP BY cuil) ends
      ON ends.cuil = e.cuil AND ends.seq = e.seq
    ORDER BY e.cuil
"""


class CopyRefused(Exception):
    """Nothing was copied or restored. The message is a sentence for the operator."""


@dataclass(frozen=True)
class Manifest:
    """What a copy holds. `rows` by table; `head` is over the last event of every chain."""

    made_at: str
    vendor: str
    file: str
    size: int
    sha256: str
    data_key: str
    rows: dict[str, int]
    chains: int
    head: str

    @property
    def seal(self) -> str:
        return keyed_hash("copy", self._content())

    def is_sealed_by(self, seal: str) -> bool:
        return is_keyed_hash(seal, "copy", self._content())

    def _content(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


def key_fingerprint() -> str:
    """By which a data key is recognised, and from which it cannot be had."""
    return key_mark(settings.PORTAL_DATA_KEY)


def back_up(folder: Path, keep: int | None = None) -> Path:
    """Copy the database into a new folder below this one; of the copies there, the last `keep` stay.

    Raises:
        CopyRefused: a copy of this second is there already.
        operation.dumps.DumpFailed
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _clear_away_what_was_cut_short(folder)  # first: it may be what fills the disk
    copy = folder / f"{_PREFIX}{timezone.localtime():%Y%m%d-%H%M%S}"
    # Under its name only when it is whole: a copy cut short is not one.
    draft = folder / f".{copy.name}.part"
    if copy.exists():
        raise CopyRefused(f"{copy} ya existe: no se pisa una copia.")
    try:
        draft.mkdir(mode=0o700)
    except FileExistsError:
        raise CopyRefused(f"{draft} ya existe: hay otra copia en marcha.") from None
    try:
        _fill(draft)
        draft.rename(copy)
    except BaseException:
        shutil.rmtree(draft)
        raise
    _to_the_disk(folder)  # its name, before those of others go
    for old in copies_in(folder)[keep:] if keep else []:
        shutil.rmtree(old)
    return copy


def copies_in(folder: Path) -> list[Path]:
    """The whole copies there, the latest first."""
    found = (manifest.parent for manifest in folder.glob(f"{_PREFIX}*/{MANIFEST}"))
    return sorted((copy for copy in found if _NAMED.fullmatch(copy.name)), reverse=True)


def read_manifest(copy: Path) -> Manifest:
    """The manifest of a copy that is what it was, made with the key that is here.

    Raises:
        CopyRefused: no manifest, another key, another kind of database, or not as it was when it was made.
    """
    manifest, seal = _stored(copy)
    ours = key_fingerprint()
    if manifest.data_key not in {key.mark for key in data_keys() if not key.retired}:
        raise CopyRefused(
            f"La copia se hizo con otra PORTAL_DATA_KEY (huella {manifest.data_key}, acá {ours}):"
            " poné aquélla y probá de nuevo."
        )
    if not manifest.is_sealed_by(seal):
        raise CopyRefused("El manifiesto de la copia fue modificado: no se restaura.")
    if manifest.vendor != connection.vendor:
        raise CopyRefused(f"La copia es de {manifest.vendor} y esta base es {connection.vendor}.")
    file = copy / manifest.file
    if not file.is_file() or file.stat().st_size != manifest.size or _sha256(file) != manifest.sha256:
        raise CopyRefused("El archivo de la copia no es el que se copió: no se restaura.")
    return manifest


def restore(copy: Path) -> Manifest:
    """Fill the empty database from the copy, and compare what is there with what was copied.

    Raises:
        CopyRefused: the copy is not to be trusted, or the database is not empty; nothing was restored. Or
            what is there afterwards is not what was copied, and the sentence says so.
        operation.dumps.DumpFailed
    """
    manifest = read_manifest(copy)
    if tables := connection.introspection.table_names():
        raise CopyRefused(f"Esta base no está vacía ({len(tables)} tablas): se restaura sólo en una vacía.")
    load(copy / manifest.file)
    if (_rows(here, manifest.rows), *_chains(here)) != (manifest.rows, manifest.chains, manifest.head):
        raise CopyRefused("Lo restaurado no es lo que se copió: no uses esta base.")
    return manifest


def _clear_away_what_was_cut_short(folder: Path) -> None:
    """Each is as large as the database, and whoever was killed could not do it. What cannot be taken away,
    since another user made it, is no reason to have no copy."""
    for draft in folder.glob(f".{_PREFIX}*.part"):
        with suppress(OSError):
            if time.time() - draft.stat().st_mtime > _CUT_SHORT.total_seconds():
                shutil.rmtree(draft)


def _fill(draft: Path) -> None:
    file = draft / file_name()
    file.touch(mode=0o600)
    with dumped(file) as query:
        rows, (chains, head) = _rows(query, _tables()), _chains(query)
    manifest = Manifest(
        made_at=timezone.now().isoformat(timespec="seconds"),
        vendor=connection.vendor,
        file=file.name,
        size=file.stat().st_size,
        sha256=_sha256(file),
        data_key=key_fingerprint(),
        rows=rows,
        chains=chains,
        head=head,
    )
    paper = draft / MANIFEST
    paper.touch(mode=0o600)
    paper.write_text(
        json.dumps(asdict(manifest) | {"seal": manifest.seal}, indent=2) + "\n", encoding="utf-8"
    )
    for one in (file, paper, draft):
        _to_the_disk(one)


def _stored(copy: Path) -> tuple[Manifest, str]:
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        fields = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
        seal = str(fields.pop("seal"))
        manifest = Manifest(**fields)
        datetime.fromisoformat(manifest.made_at)
        # A name, not a way out of the folder.
        if Path(manifest.file).name == manifest.file:
            return manifest, seal
    raise CopyRefused(f"{copy} no es una copia hecha por back_up.")


def _tables() -> list[str]:
    """Those of our models, and those that tie two of them together."""
    return sorted(model._meta.db_table for model in apps.get_models(include_auto_created=True))  # noqa: SLF001


def _rows(query: Query, tables: Iterable[str]) -> dict[str, int]:
    quote = connection.ops.quote_name
    return {table: next(iter(query(f"SELECT count(*) FROM {quote(table)}")))[0] for table in tables}  # noqa: S608


def _chains(query: Query) -> tuple[int, str]:
    """How many chains of events there are, and one hash over the ends of all."""
    count, ends = 0, hashlib.sha256()
    for end in query(_HEADS):
        count += 1
        ends.update(" ".join(map(str, end)).encode() + b"\n")
    return count, ends.hexdigest()


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while block := content.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _to_the_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
