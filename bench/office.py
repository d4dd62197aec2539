"""Searching and listing at the office over a million keys, beside the stock admin, in one run.

    python bench/office.py [--keys 1000000] [--rounds 11]

As many persons, users, keys, events, reports and proposals as keys, in two databases of their own: one
full, one a tenth of it. On SQLite, and on PostgreSQL if DATABASE_URL names a server. A process holds each
database; in every round the four (ours and the stock admin's, in the small one and in the full one) take
turns. A turn repeats the action for a moment and gives its fastest, which other work on the machine touched
least; the table holds medians of the turns, in wall-clock milliseconds: the database's own work is in them.

The stock admin searches as it comes: `search_fields` over the same columns, each with icontains, and both
of its counts. Its lists show the same rows as ours, by its own filters. Neither side renders a page.

P17: a page of a list in the full database beside the same in the small one.
P18: a search of ours beside the stock admin's.
It ends with an error if a search of ours takes more than three queries, if any query of ours would read a
big table whole, or if one of the two sides finds what the other does not.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from _budgets import Figure
from _databases import Database, django_setup, kinds, maker, on
from _holders import Action, Holder, answer, turn
from _side_by_side import stock_admin

SMALL, FULL = "clave_bench_office_small", "clave_bench_office"
SHARE = 10
MOST_QUERIES = 3
SAMPLE = 50


@dataclass(frozen=True)
class Pair:
    """The same question to both. What they give back is empty, or as long, on both sides."""

    ours: Action
    stock: Action
    is_search: bool = False


# --- What is measured, in a process that holds one database -----------------------------------------


def pairs() -> dict[str, Pair]:
    return {**searches(), **audit_pages(), **report_pages(), **proposal_pages()}


def searches() -> dict[str, Pair]:
    """Hits take turns among many numbers, so that no page of an index is the only one that is warm."""
    from accounts.form_number import new_form_number
    from accounts.models import Clave
    from identity.models import Person
    from tests.crowd import cuils_of, documents_of

    persons = Person.objects.count()
    spread = sorted({place * persons // SAMPLE for place in range(SAMPLE)})
    people = [Person.objects.order_by("pk").filter(pk__gt=place)[0] for place in spread]
    forms = [
        Clave.objects.order_by("pk").filter(pk__gt=place).exclude(form_number="")[0].form_number
        for place in spread
    ]
    nobody = range(persons + 1, persons + 1 + SAMPLE)
    of_keys = stock_admin(Clave, list_display=("cuil", "state"), search_fields=("form_number", "cuil"))
    of_people = stock_admin(
        Person, list_display=("cuil", "surname"), search_fields=("cuil", "document_number")
    )
    return {
        "search by form number, hit": search(forms, of_keys),
        "search by form number, miss": search([new_form_number() for _ in nobody], of_keys),
        "search by CUIL, hit": search([person.cuil for person in people], of_people),
        "search by CUIL, miss": search(cuils_of(nobody), of_people),
        "search by document, hit": search([person.document_number for person in people], of_people),
        "search by document, miss": search([str(number) for number in documents_of(nobody)], of_people),
    }


def search(typed: list[str], stock: Callable[..., list]) -> Pair:
    mine, theirs = cycle(typed), cycle(typed)
    return Pair(lambda: found(next(mine)), lambda: stock(q=next(theirs)), is_search=True)


def found(text: str) -> list[object]:
    from backoffice.cases import NotFound, find

    try:
        return [find(text)]
    except NotFound:
        return []


def audit_pages() -> dict[str, Pair]:
    from accounts.events import ClaveEvent
    from backoffice.audit import PAGE, Filter, InWords, page_of

    stock = stock_admin(ClaveEvent, list_display=("at", "cuil", "kind", "actor", "staff_id", "office"))
    pages = ClaveEvent.objects.count() // PAGE
    # The event just before the last but one page: nine tenths of the way and more.
    late = ClaveEvent.objects.order_by("pk").values_list("pk", flat=True)[2 * PAGE]

    def page(before: int | None) -> list[object]:
        return InWords().tell(page_of(Filter(), before)[0])

    return {
        "audit, first page": Pair(lambda: page(None), stock),
        "audit, last page but one": Pair(lambda: page(late), lambda: stock(p=pages - 1)),
    }


def report_pages() -> dict[str, Pair]:
    from backoffice.reports import PAGE, Report, State

    shown = {"list_display": ("id", "cuil", "reported_at", "state", "taken_by"), "list_filter": ("state",)}
    oldest_first, newest_first = (stock_admin(Report, ordering=(order,), **shown) for order in ("id", "-id"))
    waiting = sorted(Report.objects.filter(state=State.OPEN).values_list("pk", flat=True))
    closed = Report.objects.filter(state=State.CLOSED)
    done = closed.count() // PAGE
    late = closed.order_by("pk").values_list("pk", flat=True)[2 * PAGE]

    def listed(state: State, after: int | None, stock: Callable[..., list], page: int) -> Pair:
        return Pair(lambda: report_page(state, after), lambda: stock(state__exact=state.value, p=page))

    half = len(waiting) // PAGE // 2
    return {
        "open reports, first page": listed(State.OPEN, None, oldest_first, 1),
        "open reports, half way": listed(State.OPEN, waiting[half * PAGE - 1], oldest_first, half + 1),
        "closed reports, first page": listed(State.CLOSED, None, newest_first, 1),
        "closed reports, last page but one": listed(State.CLOSED, late, newest_first, done - 1),
    }


def report_page(state: object, after: int | None) -> list[object]:
    from backoffice.reports import PAGE, Kind, asked_for, names_of, queue

    rows = list(queue(Kind.WRONG_DATA, state, after))[:PAGE]
    names_of(rows)
    asked_for(rows)
    return rows


def proposal_pages() -> dict[str, Pair]:
    from backoffice.models import Proposal
    from backoffice.proposals import waiting, waiting_at, with_names

    office = waiting()[0].office
    stock = stock_admin(
        Proposal,
        list_display=("action", "proposed_by", "proposed_at"),
        list_filter=("decision", "office"),
        list_select_related=("proposed_by",),
        ordering=("proposed_at",),
    )
    asked = {"decision__exact": "waiting", "office__id__exact": office.pk}
    return {
        "what waits for a second person": Pair(
            lambda: list(with_names(waiting_at(office))), lambda: stock(**asked)
        )
    }


def serve() -> None:
    """Answers what a pair does, or how long one side of it takes."""
    django_setup()
    unhurried()
    there = pairs()

    def asked(name: str, side: str) -> object:
        return shape(name, there[name]) if side == "shape" else turn(getattr(there[name], side))

    answer(asked, [[name, pair.is_search] for name, pair in there.items()])


def unhurried() -> None:
    """The stock admin may take as long as it takes."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")


def shape(name: str, pair: Pair) -> dict[str, object]:
    """How many queries each side takes, and the plan of ours; it ends here if that is not as it must be."""
    from tests.crowd import BIG
    from tests.plans import asked_by

    ours, stock = len(pair.ours()), len(pair.stock())
    if bool(ours) != bool(stock) or (ours != stock and not pair.is_search):
        sys.exit(f"{name}: ours found {ours}, the stock admin {stock}")
    mine, theirs = asked_by(pair.ours), asked_by(pair.stock)
    for query in mine:
        if query.reads_whole & BIG:
            plan = "\n".join(reading.told for reading in query.readings)
            sys.exit(f"{name}: would read a big table whole\n{query.sql}\n{plan}")
    if pair.is_search and len(mine) > MOST_QUERIES:
        sys.exit(f"{name}: {len(mine)} queries")
    plan = [reading.told for query in mine for reading in query.readings if reading.table in BIG]
    return {"queries": [len(mine), len(theirs)], "plan": plan}


# --- The run ----------------------------------------------------------------------------------------


def fill(rows: int) -> None:
    """What there is of statistics is what production has: autovacuum's, and none on SQLite."""
    django_setup()
    unhurried()
    from django.db import connection

    from tests.crowd import fill as write

    on_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if on_sqlite:
            # The numbers of forms fall all over their index; it goes into memory and to the file once.
            cursor.execute("PRAGMA cache_size = -262144")
        write(rows)
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)" if on_sqlite else "VACUUM ANALYZE")


def make(database: Database, rows: int) -> None:
    database.fresh()
    command = [sys.executable, __file__, "--fill", str(rows)]
    subprocess.run(command, env=on(database.url), check=True)


def measured(small: Holder, full: Holder, rounds: int) -> Iterator[tuple[str, list[float]]]:
    """Name → medians: ours small, ours full, stock small, stock full."""
    for name, _ in full.offers:
        turns = [
            [float(holder.ask(name, side)) for side in ("ours", "stock") for holder in (small, full)]
            for _ in range(rounds)
        ]
        yield name, [statistics.median(column) for column in zip(*turns, strict=True)]


def report(kind: str, rows: int, small: Holder, full: Holder, rounds: int) -> list[Figure]:
    """Prints the whole table; gives back the worst page (P17) and the worst search (P18)."""
    sizes = f"{rows // SHARE:>10,}{rows:>11,}{f'×{SHARE}':>6}"
    shapes = {name: [holder.ask(name, "shape") for holder in (small, full)][-1] for name, _ in full.offers}
    print(f"\n{kind + ', wall-clock ms':35}{'ours':^27}{'stock admin':^27}{'ours /':>8}{'queries':>9}")
    print(f"{'':35}{sizes}{sizes}{'stock':>8}{'o.':>4}{'st.':>5}")
    is_search, pages, searches = dict(full.offers), [], []
    for name, (a, b, c, d) in measured(small, full, rounds):
        mine, theirs = shapes[name]["queries"]
        if is_search[name]:
            searches.append(Figure("P18", b, d, "ms", f"{rows:,} keys"))
        else:
            pages.append(Figure("P17", b, a, "ms", f"{rows:,} keys"))
        print(
            f"{name:35}{a:10.2f}{b:11.2f}{b / a:6.2f}{c:10.2f}{d:11.2f}{d / c:6.2f}"
            f"{b / d:8.4f}{mine:4}{theirs:5}"
        )
    print("Behind our queries to big tables, in the full database:")
    for name, shape in shapes.items():
        for line in shape["plan"]:
            print(f"  {name:35}{line[:110]}")
    return [max(worst, key=lambda figure: figure.ratio) for worst in (pages, searches)]


def one_kind(make_database: Callable[[str], Database], keys: int, rounds: int) -> list[Figure]:
    small, full = (make_database(name) for name in (SMALL, FULL))
    holders = []
    try:
        make(small, keys // SHARE)
        make(full, keys)
        holders += [Holder(__file__, small.url), Holder(__file__, full.url)]
        return report(full.name, keys, *holders, rounds)
    finally:
        for holder in holders:
            holder.leave()
        small.drop()
        full.drop()


def figures(*, full: bool) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="clave-bench-") as folder:
        return one_kind(maker(Path(folder)), 10_000_000 if full else 300_000, 11)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keys", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--fill", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fill:
        fill(options.fill)
    elif options.serve:
        serve()
    else:
        with tempfile.TemporaryDirectory(prefix="clave-bench-") as folder:
            for make_database in kinds(Path(folder)):
                for worst in one_kind(make_database, options.keys, options.rounds):
                    print(f"{worst.number}, the worst of ours: {worst.ratio:.4f}")


if __name__ == "__main__":
    main()
