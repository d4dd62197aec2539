"""Migrations run while people work: none makes a country wait for a table."""

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import connection, models
from django.db.migrations import AddConstraint, AddField, AddIndex, AlterField, Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.test.utils import CaptureQueriesContext

from guards.postgresql.operations import AddIndexBriefly
from tests.crowd import BIG

# What was there before anybody used the portal, when no table had a row.
BEFORE = {"accounts": 15, "backoffice": 5, "guards": 2, "identity": 6, "journeys": 1, "offices": 3}


def holds_everybody_up(app: str, operation: Operation, migration: Migration) -> bool:
    """Reads or writes a table that grows with persons, from one end to the other, with the table locked."""
    model = getattr(operation, "model_name", "")
    if not model or apps.get_model(app, model)._meta.db_table not in BIG:
        return False
    if isinstance(operation, AddIndexBriefly):
        return migration.atomic
    if isinstance(operation, AddConstraintNotValid):
        return False
    if isinstance(operation, AddField):
        return has_an_index(operation.field)
    return isinstance(operation, AddIndex | AddConstraint | AlterField)


def has_an_index(field: models.Field) -> bool:
    return bool(field.unique or field.db_index or field.remote_field)


def later_ones() -> Iterator[tuple[str, Migration]]:
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        if app in BEFORE and int(name[:4]) > BEFORE[app]:
            yield app, migration


def test_no_migration_locks_a_table_of_persons_while_it_reads_it() -> None:
    found = [
        f"{app}.{migration.name}: {operation.describe()}"
        for app, migration in later_ones()
        for operation in migration.operations
        if holds_everybody_up(app, operation, migration)
    ]
    assert not found


@pytest.mark.parametrize("atomic", [True, False])
def test_the_rule_knows_a_brief_index_from_one_that_locks(*, atomic: bool) -> None:
    migration, index = Migration("0099_x", "accounts"), models.Index(fields=["state"], name="x")
    migration.atomic = atomic
    assert holds_everybody_up("accounts", AddIndex("clave", index), migration)
    assert holds_everybody_up("accounts", AddIndexBriefly("clave", index), migration) is atomic
    assert not holds_everybody_up("guards", AddIndex("counter", index), migration)


def test_the_rule_takes_a_constraint_that_reads_nothing_yet_and_a_column_without_an_index() -> None:
    migration = Migration("0099_x", "accounts")
    constraint = models.CheckConstraint(name="x", condition=models.Q(state="pending"))
    assert holds_everybody_up("accounts", AddConstraint("clave", constraint), migration)
    assert not holds_everybody_up("accounts", AddConstraintNotValid("clave", constraint), migration)
    plain, indexed = models.CharField(max_length=9, default=""), models.CharField(max_length=9, db_index=True)
    assert not holds_everybody_up("accounts", AddField("clave", "x", plain), migration)
    assert holds_everybody_up("accounts", AddField("clave", "x", indexed), migration)


@pytest.mark.django_db(transaction=True)
def test_a_brief_index_is_made_and_taken_back_on_either_database() -> None:
    index = models.Index(fields=["used"], name="counter_used_x")
    before = ProjectState.from_apps(apps)
    after, operation = before.clone(), AddIndexBriefly("counter", index)
    operation.state_forwards("guards", after)
    with CaptureQueriesContext(connection) as asked, connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("guards", editor, before, after)
    assert index.name in indexes()
    concurrently = any(re.match("CREATE INDEX CONCURRENTLY", one["sql"]) for one in asked.captured_queries)
    assert concurrently is (connection.vendor == "postgresql")
    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("guards", editor, after, before)
    assert index.name not in indexes()


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, "guards_counter"))
