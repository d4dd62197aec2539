"""The temporary table → the real one, by whole sets. One look says which statements are needed."""

# ruff: noqa: S608 - every name put into a statement comes from files.py
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass

from django.db import connection

from identity.importer.files import RegisterFile
from identity.importer.stage import Batch, Field, Stage

# From so many rows on, the first load of a table is worth preparations.
MANY = 50_000

Reject = Callable[[int, str], None]


@dataclass(frozen=True)
class Outcome:
    """What became of the rows of a file."""

    new: int
    changed: int
    unchanged: int
    removed: int
    before: int

    @property
    def altered(self) -> bool:
        return bool(self.new or self.changed or self.removed)


class Merge:
    """Stages one file and brings its table to what the file says."""

    def __init__(self, file: RegisterFile, stage: Stage) -> None:
        self.file = file
        self.stage = stage
        self.staged = _staged(file)
        self.fields = [Field(column.stored_as, column.is_date) for column in file.columns]
        self.fields += map(Field, file.sealed)
        self._key = [field for field in self.fields if field.name in file.key]
        self._rest = [field for field in self.fields if field.name not in file.key]
        self._same = stage.same("t", "s", self._key)
        self._keys_are_unique = False

    def fill(self, batches: Iterable[Batch]) -> None:
        self.stage.create(self.staged, self.fields)
        self.stage.fill(self.staged, self.fields, batches)
        self._keys_are_unique = self.stage.prepare(self.staged, self._key)

    def reject_repeated(self, reject: Reject) -> None:
        """Of several rows with one key the first counts."""
        if self._keys_are_unique:
            return
        same = self.stage.same("other", "s", self._key)
        bad = f"EXISTS (SELECT 1 FROM {self.staged} other WHERE {same} AND other.line < s.line)"
        self._reject_where(bad, f"repite {self.file.key_in_file} de una fila anterior", reject)

    def reject_unknown(self, reject: Reject) -> None:
        """Run when the files referred to are merged."""
        for name, file in self.file.refers.items():
            bad = f"NOT EXISTS (SELECT 1 FROM {file.table} o WHERE o.{file.key[0]} = s.{name})"
            self._reject_where(bad, f"{name}: {file.unknown}", reject)

    def merge(self, *, owners_are_staged: bool) -> Outcome:
        """Bring the table to what the file says; what it no longer lists goes if its owner is listed."""
        staged = self.stage.numbers(f"SELECT count(*) FROM {self.staged}")[0]
        before = self.stage.numbers(f"SELECT count(*) FROM {self.file.table}")[0]
        found, changed = self._compare()
        if changed:
            self._update()
        removed = self._remove() if owners_are_staged and before > found else 0
        if staged > found:
            self._insert(first_load=before == 0 and staged >= MANY)
        outcome = Outcome(staged - found, changed, found - changed, removed, before)
        if outcome.altered:
            self.stage.settle(self.file.table)
        return outcome

    def _compare(self) -> tuple[int, ...]:
        """How many staged rows the table knows, and in how many of those something changed."""
        return self.stage.numbers(
            f"SELECT count(*), count(CASE WHEN {self._differs()} THEN 1 END)"
            f" FROM {self.staged} s JOIN {self.file.table} t ON {self._same}"
        )

    def _differs(self) -> str:
        ours = ", ".join(f"t.{field.name}" for field in self._rest)
        theirs = ", ".join(map(self.stage.stored, self._rest))
        return f"({ours}) {self.stage.distinct} ({theirs})"

    def _update(self) -> None:
        values = ", ".join(f"{field.name} = {self.stage.stored(field)}" for field in self._rest)
        self.stage.run(
            f"UPDATE {self.file.table} AS t SET {values} FROM {self.staged} s"
            f" WHERE {self._same} AND {self._differs()}"
        )

    def _remove(self) -> int:
        """Of the owners of this run, what the file no longer lists. Others' rows are not its business."""
        owner = self.file.owner
        if owner is None:
            return 0
        listed = f"SELECT 1 FROM {_staged(owner)} o WHERE o.{owner.key[0]} = t.{self.file.whole_for}"
        return self.stage.run(
            f"DELETE FROM {self.file.table} AS t"
            f" WHERE EXISTS ({listed})"
            f" AND NOT EXISTS (SELECT 1 FROM {self.staged} s WHERE {self._same})"
        )

    def _insert(self, *, first_load: bool) -> None:
        names = ", ".join(field.name for field in self.fields)
        values = ", ".join(map(self.stage.stored, self.fields))
        sql = f"INSERT INTO {self.file.table} ({names}) SELECT {values} FROM {self.staged} s"
        if not first_load:
            sql += f" WHERE NOT EXISTS (SELECT 1 FROM {self.file.table} t WHERE {self._same})"
        if self.stage.inserts_in_order:
            sql += f" ORDER BY {', '.join(self.file.key)}"
        with self.stage.first_load(self.file.table) if first_load else nullcontext():
            self.stage.run(sql)

    def _reject_where(self, bad: str, reason: str, reject: Reject) -> None:
        some = False
        with connection.chunked_cursor() as cursor:
            cursor.execute(f"SELECT line FROM {self.staged} s WHERE {bad} ORDER BY line")
            while rows := cursor.fetchmany(10_000):
                some = True
                for (line,) in rows:
                    reject(line, reason)
        if some:
            self.stage.run(f"DELETE FROM {self.staged} AS s WHERE {bad}")


def _staged(file: RegisterFile) -> str:
    """The name of its temporary table."""
    return f"stage_{file.table}"
