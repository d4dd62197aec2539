"""Writing many rows of one table at once.

`bulk_create` prepares each value of each row, though most columns hold the same in all of them: for a
thousand events or mails that takes five times as long as writing them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection, connections, models

# Below it the ORM's way costs nothing that anybody would notice.
_FEW = 20

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model. Of many, the primary keys are not read back."""
    model = type(rows[0])
    if len(rows) < _FEW:
        model._default_manager.bulk_create(rows)  # noqa: SLF001 - Django's public name for it
        return
    columns = {field.attname: [getattr(row, field.attname) for row in rows] for field in _fields(model)}
    differ = {name: values for name, values in columns.items() if values.count(values[0]) < len(values)}
    insert_like(rows[0], **differ)


def insert_like(pattern: models.Model, **differ: Sequence[Any]) -> None:
    """Insert as many rows like the pattern as there are values in each column that differs.

    Raises:
        ValueError: the pattern has a primary key, or the columns are of different length.
    """
    if pattern.pk is not None:
        raise ValueError("the database gives these rows their primary key")
    fields = _fields(type(pattern))
    same = {
        field: field.get_db_prep_save(field.pre_save(pattern, add=True), connection)
        for field in fields
        if field.attname not in differ
    }
    varying = {
        field: _all_prepared(field, differ[field.attname]) for field in fields if field.attname in differ
    }
    write = _from_one_document if connection.vendor == "postgresql" else _row_by_row
    write(pattern._meta.db_table, same, varying)  # noqa: SLF001 - documented


def _fields(model: type[models.Model]) -> list[_Field]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]  # noqa: SLF001


def _all_prepared(field: _Field, values: Sequence[Any]) -> list[Any]:
    """JSON as text, where the ORM would give the driver an object of its own.

    What is the same in all rows is prepared once, and all with the connection itself: `connection` is
    looked up anew at each use of it.
    """
    if isinstance(field, models.JSONField):
        encode = (field.encoder or json.JSONEncoder)().encode
        return [None if value is None else encode(value) for value in values]
    here = connections[connection.alias]
    if values and values.count(values[0]) == len(values):
        return [field.get_db_prep_save(values[0], here)] * len(values)
    return [field.get_db_prep_save(value, here) for value in values]


def _row_by_row(table: str, same: dict[_Field, Any], varying: dict[_Field, list[Any]]) -> None:
    """SQLite: the statement is compiled once."""
    marks = ", ".join(["%s"] * (len(same) + len(varying)))
    constant = tuple(same.values())
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({_names(same, varying)}) VALUES ({marks})",  # noqa: S608 - names of ours
            [(*constant, *values) for values in zip(*varying.values(), strict=True)],
        )


def _from_one_document(table: str, same: dict[_Field, Any], varying: dict[_Field, list[Any]]) -> None:
    """PostgreSQL: one statement. An array for each column would be escaped value by value in Python."""
    names = [f"c{place}" for place in range(len(varying))]
    texts = [[None if value is None else str(value) for value in values] for values in varying.values()]
    document = json.dumps([dict(zip(names, row, strict=True)) for row in zip(*texts, strict=True)])
    chosen = [f"%s::{field.db_type(connection)}" for field in same]
    chosen += [f"{name}::{field.db_type(connection)}" for name, field in zip(names, varying, strict=True)]
    given = ", ".join(f"{name} text" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({_names(same, varying)}) SELECT {', '.join(chosen)}"  # noqa: S608
            f" FROM json_to_recordset(%s::json) AS given({given})",
            [*same.values(), document],
        )


def _names(same: dict[_Field, Any], varying: dict[_Field, list[Any]]) -> str:
    return ", ".join(connection.ops.quote_name(field.column) for field in (*same, *varying))
