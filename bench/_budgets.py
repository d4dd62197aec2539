"""The budgets: what is measured beside what, and how much of it the portal may take.

Each is a ratio of two figures of one run. Numbers and limits are those of the plan of the portal; where they
come from stands in docs/decisions/0025.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Budget:
    """At most `limit` times B, or a limit for each database by its name; at least, where `at_least`.

    Without a limit it is no budget: a part of one, to know where the time goes.
    """

    a: str
    b: str
    limit: float | Mapping[str, float] | None = None
    at_least: bool = False

    def limit_on(self, database: str) -> float | None:
        return self.limit[database] if isinstance(self.limit, Mapping) else self.limit

    def holds(self, ratio: float, database: str) -> bool | None:
        limit = self.limit_on(database)
        if limit is None:
            return None
        return ratio >= limit if self.at_least else ratio <= limit


@dataclass(frozen=True)
class Figure:
    """What was measured for one budget. `size` says of how much, where that can be chosen."""

    number: str
    a: float
    b: float
    unit: str
    size: str = ""

    @property
    def ratio(self) -> float:
        return self.a / self.b

    def stored(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Growth:
    """One action over three sizes of the same database, each ten times the one before: milliseconds."""

    what: str
    rows: list[int]
    times: list[float] = field(default_factory=list)

    def stored(self) -> dict[str, Any]:
        return asdict(self)


ELSEWHERE = {
    "P4": "p99 of a light page while others log in",
    "P5": "log-ins a second",
    "P6": "memory after the storm",
}

BUDGETS = {
    "P1": Budget("a successful log-in POST", "one Argon2 verification", 1.15),
    "P2": Budget("GET / with captcha, all middleware", "a bare template view", 4),
    "P3": Budget("one captcha, made and drawn", "django-simple-captcha's defaults", 0.35),
    "P7": Budget("form USI-07, PDF/UA, warm", "one plain WeasyPrint call", 0.90),
    "P8": Budget("first USI-07 after the start", "a warm one", 3),
    "P9": Budget(
        "purge: erased, with an event each", "one raw DELETE of the keys", {"SQLite": 2.8, "PostgreSQL": 2.2}
    ),
    "P9m": Budget("purge with events and mails", "raw SQL that writes the same"),
    "P10": Budget("another writer's worst wait meanwhile", "the same during the raw DELETE", 0.15),
    "P11": Budget("finding the overdue keys", "the same among a tenth of the keys", 1.3),
    "P12": Budget("checked import of the register", "psql \\copy of the same", 1.2),
    "P12b": Budget("the same, as a repeated refresh", "psql \\copy of the same", 1.5),
    "P13": Budget("checked import of the register", "csv and executemany of the same", 1.8),
    "P14": Budget("memory of the import", "the same of a fifth of the rows", 1.15),
    "P15": Budget("drawing a whole quiz", "one ORDER BY random() LIMIT 4", 0.03),
    "P16": Budget("drawing a whole quiz", "the same among a tenth of the employers", 1.4),
    "P17": Budget("office list page, the worst", "the same of a tenth of the keys", 1.2),
    "P18": Budget("office search, the worst", "the stock admin's icontains", 0.03),
    "P20": Budget("log-in page GET + POST, no hash", "a stock django-allauth site's", 0.7),
}
