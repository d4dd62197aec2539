"""How the database means to answer: which tables a query enters by an index, which it would read whole."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

# AUTOMATIC is left out: an index that SQLite builds for one query is a reading of the whole table.
_OF_SQLITE = re.compile(
    r"(?P<how>SCAN|SEARCH) (?P<table>\w+)"
    r"(?: USING (?:COVERING )?(?:INDEX (?P<index>\w+)|(?P<key>INTEGER PRIMARY KEY)))?"
)
_SORTS = {"Sort", "USE TEMP B-TREE FOR ORDER BY", "USE TEMP B-TREE FOR GROUP BY"}


@dataclass(frozen=True)
class Reading:
    """One table of a query. `index` is empty without one; `seeks`: it leads to the rows that are wanted."""

    table: str
    index: str
    seeks: bool
    told: str


@dataclass(frozen=True)
class Asked:
    """One SELECT as it was sent, and the plan of the database."""

    sql: str
    readings: list[Reading]
    sorts: bool

    @property
    def counts(self) -> set[str]:
        """The tables that it counts."""
        return set(re.findall(r'(?:FROM|JOIN) "(\w+)"', self.sql)) if "COUNT(" in self.sql.upper() else set()

    @property
    def reads_whole(self) -> set[str]:
        """The tables whose every row it might read.

        Going along an index and stopping at the limit is no such reading, if no row is skipped or sorted.
        """
        skips = " WHERE " in self.sql or " LIMIT " not in self.sql or " OFFSET " in self.sql
        may_not_stop = skips or self.sorts or self.counts
        return {r.table for r in self.readings if not r.seeks and (may_not_stop or not r.index)}


def asked_by(action: Callable[[], object]) -> list[Asked]:
    """What an action asks of the database, in its order; what it writes is left out."""
    sent: list[tuple[str, Any]] = []

    def listen(execute: Callable[..., Any], sql: str, params: Any, many: Any, context: Any) -> Any:
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        action()
    return [_explained(sql, params) for sql, params in sent if sql.startswith("SELECT")]


def _explained(sql: str, params: Any) -> Asked:
    """With the same values: the plan of a partial index hangs on them."""
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'(FORMAT JSON)' if postgres else 'QUERY PLAN'} {sql}", params)
        rows = cursor.fetchall()
    if not postgres:
        names = {short: table for table, short in re.findall(r'"(\w+)" ([A-Z]\d+)\b', sql)}
        steps = [row[-1] for row in rows]
        return Asked(sql, [r for step in steps for r in _of_sqlite(step, names)], bool(_SORTS & set(steps)))
    nodes = list(_nodes(rows[0][0] if isinstance(rows[0][0], list) else json.loads(rows[0][0])))
    sorts = any(node["Node Type"] in _SORTS for node in nodes)
    return Asked(sql, [r for node in nodes for r in _of_postgres(node)], sorts)


def _of_sqlite(step: str, names: dict[str, str]) -> Iterator[Reading]:
    if found := _OF_SQLITE.match(step):
        index = found["index"] or found["key"] or ""
        seeks = found["how"] == "SEARCH" and bool(index)
        yield Reading(names.get(found["table"], found["table"]), index, seeks, step)


def _nodes(plans: list[dict[str, Any]], table: str = "") -> Iterator[dict[str, Any]]:
    """Every step; those that read an index for the step above know that one's table."""
    for node in (plan.get("Plan", plan) for plan in plans):
        here = node.get("Relation Name", table)
        yield {**node, "Relation Name": here}
        yield from _nodes(node.get("Plans", []), here)


def _of_postgres(node: dict[str, Any]) -> Iterator[Reading]:
    kind, table = node["Node Type"], node["Relation Name"]
    if not kind.endswith("Scan") or kind == "Bitmap Heap Scan" or not table:
        return
    index, condition = node.get("Index Name", ""), node.get("Index Cond", "")
    by = f" USING {index} {condition}" if index else f" {node.get('Filter', '')}"
    yield Reading(table, index, bool(condition), f"{kind} {table}{by}".rstrip())
