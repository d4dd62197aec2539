"""The catalogue of values that may serve as wrong answers, by pools of values that look alike."""

# ruff: noqa: S608 - every name put into a statement is a constant of this file
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter

from django.db import connection

from identity.importer.stage import Batch, Field, Stage, stage
from identity.kinds import KINDS
from identity.synthetic.lent import lent

# Below this many values a pool tells too much of the truth that stands in it.
FEWEST = 40

BATCH = 10_000

Row = tuple[str, str, str, int]
Listed = tuple[str, str, str, str]

_KINDS = ", ".join(f"'{kind}'" for kind in KINDS)
_LISTED = (Field("kind"), Field("value"), Field("pool"), Field("persons"))
_NAMED = (Field("pool"), Field("name"))


def rebuild_choices() -> int:
    """Make `Choice` anew from the facts; how many choices there are. Call it in a transaction.

    A pool is «kind|class|size|region»: the class of the name (S.A., a person, a municipality…),
    how many digits the number of its persons has, the province where most of them live. What would
    stand in a pool of fewer than `FEWEST` moves to «kind|class|region», from there to «kind|class»,
    and at last to «kind». A register with fewer than `FEWEST` values of a kind borrows the rest, so
    that a folder written by hand can be asked about as well.
    """
    place = stage()
    sizes: Counter[str] = Counter()
    own: dict[str, set[str]] = {kind: set() for kind in KINDS}
    place.create("stage_choice", _LISTED)
    for batch in _listed():
        sizes.update(values[2] for _, values in batch)
        _remember_few(own, batch)
        place.fill("stage_choice", _LISTED, [batch])
    borrowed = list(_borrowed(own, first=sizes.total()))
    sizes.update(values[2] for _, values in borrowed)
    place.fill("stage_choice", _LISTED, [borrowed])
    _name_pools(place, sizes)
    place.run(f"DELETE FROM identity_choice WHERE kind IN ({_KINDS})")
    return place.run(
        "INSERT INTO identity_choice (kind, value, pool, place, persons)"
        " SELECT c.kind, c.value, p.name,"
        " row_number() OVER (PARTITION BY p.name ORDER BY random()) - 1, CAST(c.persons AS integer)"
        " FROM stage_choice c JOIN stage_pool p ON p.pool = c.pool"
    )


def _remember_few(own: dict[str, set[str]], batch: Batch) -> None:
    """The values of each kind, as long as they are too few."""
    for _, (kind, value, *_) in batch:
        if len(own[kind]) < FEWEST:
            own[kind].add(value)


def _borrowed(own: dict[str, set[str]], first: int) -> Iterator[tuple[int, Listed]]:
    """(Line, (kind, value, full pool, persons)) of what the register lacks of the kinds it has facts of."""
    rows = ((kind, value) for kind, values in own.items() if values for value in lent(kind, values, FEWEST))
    for line, (kind, value) in enumerate(rows, start=first):
        yield line, (kind, value, f"{kind}|borrowed|0|", "1")


def merged(sizes: Counter[str]) -> dict[str, str]:
    """For each full pool, by the number of its values, the pool its values end up in."""
    names = {pool: pool for pool in sizes}
    for wider in (_without_size, _without_region, _kind_alone):
        held: Counter[str] = Counter()
        for pool, size in sizes.items():
            held[names[pool]] += size
        names = {pool: wider(pool) if held[name] < FEWEST else name for pool, name in names.items()}
    return names


def _without_size(pool: str) -> str:
    kind, name_class, _, region = pool.split("|")
    return f"{kind}|{name_class}|{region}"


def _without_region(pool: str) -> str:
    return "|".join(pool.split("|")[:2])


def _kind_alone(pool: str) -> str:
    return pool.split("|")[0]


def _name_pools(place: Stage, sizes: Counter[str]) -> None:
    place.create("stage_pool", _NAMED)
    rows = [(line, pair) for line, pair in enumerate(merged(sizes).items())]
    place.fill("stage_pool", _NAMED, [rows])


def _listed() -> Iterator[Batch]:
    """(Line, (kind, value, full pool, persons)) of every value that some fact holds, in batches."""
    values = enumerate(groupby(_persons_by_region(), itemgetter(0, 1)))
    while batch := [
        (line, (kind, value, *_pool_and_persons(kind, value, rows)))
        for line, ((kind, value), rows) in islice(values, BATCH)
    ]:
        yield batch


def _persons_by_region() -> Iterator[Row]:
    """(Kind, value, province, number of persons), by kind and value."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT f.kind, f.value, p.province, count(DISTINCT f.cuil)"
            " FROM identity_fact f JOIN identity_person p ON p.cuil = f.cuil"
            f" WHERE f.kind IN ({_KINDS}) GROUP BY f.kind, f.value, p.province"
            " ORDER BY f.kind, f.value, p.province"
        )
        while rows := cursor.fetchmany(BATCH):
            yield from rows


def _pool_and_persons(kind: str, value: str, rows: Iterable[Row]) -> tuple[str, str]:
    by_region = {province: number for _, _, province, number in rows}
    region = max(by_region, key=lambda province: by_region[province])
    persons = str(sum(by_region.values()))
    return f"{kind}|{KINDS[kind].class_of(value)}|{len(persons)}|{region}", persons
