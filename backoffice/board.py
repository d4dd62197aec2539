"""The board: figures of the last thirty days and of today, each as a drawing, a table and lines of a file.

Counted at most every five minutes, whoever looks, and kept without anything of any person. What is
counted whole and what by index stands at each question.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.events import ClaveEvent
from accounts.evidence import WHY_PAPER
from accounts.lifecycle import Move, State
from accounts.models import Clave
from guards.patience import IN_ALL, one_long_answer
from identity.kinds import KINDS
from identity.rounds import Outcome, QuizQuestion, QuizRound
from offices.models import Office

DAYS = 30
_FRESH_SECONDS = 5 * 60
_PATIENCE = IN_ALL - 1  # seconds: the server ends it, before this side does
_LEFT = ((7, "0 a 7 días"), (30, "8 a 30 días"))

_BORN = {Move.CREATE_VERIFIED: "Por internet", Move.CREATE_PENDING: "Con formulario USI-07"}
_ENABLED = {
    Move.CREATE_VERIFIED: "Por internet, al crearla",
    Move.ENABLE_ONLINE: "Por internet, después",
    Move.ENABLE_IN_OFFICE: "En una oficina",
}
_AT_OFFICES = {Move.ENABLE_IN_OFFICE: "Habilitadas", Move.RAISE_LEVEL: "Elevadas a nivel 3"}
_ANSWERS = {True: "Bien", False: "Mal", None: "Sin responder"}
_KINDS = {
    "employer": "Empleador",
    "health_insurer": "Obra social",
    "payment_bank": "Lugar de cobro",
    "locality": "Localidad",
    "street": "Calle",
    "child": "Hijo o hija",
}


@dataclass(frozen=True)
class Row:
    label: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Figure:
    """One table of counts, which is drawn too. `of_office`: each row is an office, named by its code."""

    slug: str
    title: str
    first: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    of_office: bool = False


@dataclass(frozen=True)
class Board:
    at: datetime
    figures: tuple[Figure, ...]


def board(office: Office | None) -> Board:
    """Everything; of what is counted by office, only that one unless it is None."""
    today = timezone.localdate()
    everything: Board = cache.get_or_set(f"board:{today}", lambda: count(today), _FRESH_SECONDS)  # type: ignore[assignment]
    names = dict(Office.objects.values_list("code", "name"))
    figures = tuple(
        _of(figure, office, names) if figure.of_office else figure for figure in everything.figures
    )
    return Board(everything.at, figures)


def _of(figure: Figure, office: Office | None, names: dict[str, str]) -> Figure:
    """With the offices' names, those that did most first; or one office, even if it did nothing."""
    if office is None:
        rows = sorted(figure.rows, key=lambda row: (-sum(row.counts), row.label))
    else:
        nothing = Row(office.code, (0,) * len(figure.columns))
        rows = [next((row for row in figure.rows if row.label == office.code), nothing)]
    named = tuple(Row(names.get(row.label, row.label), row.counts) for row in rows)
    return Figure(figure.slug, figure.title, figure.first, figure.columns, named)


@contextmanager
def _patience() -> Iterator[None]:
    """Counting a whole country takes longer than a page may; SQLite has no such limit to lift."""
    if connection.vendor != "postgresql":
        yield
        return
    with one_long_answer(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{_PATIENCE:.0f}s'")
        yield


def count(today: date) -> Board:
    """Everything anew, the offices by their codes."""
    days = [today - timedelta(days=ago) for ago in range(DAYS)]
    start = timezone.make_aware(datetime.combine(days[-1], time.min))
    with _patience():
        moves = _moves(start)
        figures = (
            _per_day("creadas", "Claves creadas por día", _BORN, moves, days),
            _per_day("habilitadas", "Claves habilitadas por día", _ENABLED, moves, days),
            _states(today),
            _days_left(today),
            _rounds(start),
            _questions(start),
            _reasons(start),
            _offices(moves),
        )
    return Board(timezone.now(), figures)


# --- Events ---------------------------------------------------------------------------------------

Moves = Counter[tuple[date, str, str]]


def _events(start: datetime, *kinds: Move) -> QuerySet[ClaveEvent]:
    """By index (kind, at): reads the events of these kinds in these days, and no other."""
    return ClaveEvent.objects.filter(kind__in=kinds, at__gte=start)


def _moves(start: datetime) -> Moves:
    """How many of each day, kind and office."""
    rows = (
        _events(start, *{**_BORN, **_ENABLED, **_AT_OFFICES})
        .annotate(day=TruncDate("at"))
        .values_list("day", "kind", "office")
        .annotate(many=Count("pk"))
    )
    return Counter({(day, kind, office): many for day, kind, office, many in rows})


def _per_day(slug: str, title: str, kinds: dict[Move, str], moves: Moves, days: Sequence[date]) -> Figure:
    sums: Counter[tuple[date, str]] = Counter()
    for (day, kind, _office), many in moves.items():
        sums[day, kind] += many
    rows = tuple(Row(f"{day:%d/%m/%y}", tuple(sums[day, kind] for kind in kinds)) for day in days)
    return Figure(slug, title, "Día", tuple(kinds.values()), rows)


def _offices(moves: Moves) -> Figure:
    sums: Counter[tuple[str, str]] = Counter()
    for (_day, kind, office), many in moves.items():
        sums[office, kind] += many
    codes = sorted({office for office, kind in sums if office and kind in _AT_OFFICES})
    rows = tuple(Row(code, tuple(sums[code, kind] for kind in _AT_OFFICES)) for code in codes)
    columns = tuple(_AT_OFFICES.values())
    return Figure("oficinas", f"Por oficina, en {DAYS} días", "Oficina", columns, rows, of_office=True)


def _reasons(start: datetime) -> Figure:
    """Why keys were made with the form: among the reasons, too few facts to ask about."""
    rows = (
        _events(start, Move.CREATE_PENDING)
        .annotate(why=KeyTextTransform("why", "evidence"))
        .values_list("why")
        .annotate(many=Count("pk"))
    )
    found = Counter({WHY_PAPER.get(why, "Sin dato"): many for why, many in rows})
    labels = [*WHY_PAPER.values(), *(["Sin dato"] if found["Sin dato"] else [])]
    return _single("motivos", f"Por qué con formulario, en {DAYS} días", "Motivo", "Claves", labels, found)


# --- Keys -----------------------------------------------------------------------------------------


def _states(today: date) -> Figure:
    """Reads every key: the one question here without an index that is shorter than the table.

    A pending key past its last day counts as expired, whether or not the purge has run.
    """
    late = Q(state=State.PENDING, deadline__lt=today)
    # One pass; grouping would sort the whole table on SQLite.
    counts: dict[str, int] = Clave.objects.aggregate(
        late=Count("pk", filter=late),
        **{state: Count("pk", filter=Q(state=state)) for state in State.values},
    )
    found = Counter({state.label: counts[state] for state in State})
    found[State.PENDING.label] -= counts["late"]
    found[State.EXPIRED.label] += counts["late"]
    return _single("estados", "Claves por estado, hoy", "Estado", "Claves", State.labels, found)


def _days_left(today: date) -> Figure:
    """By the index of pending keys."""
    buckets = [
        When(deadline__lte=today + timedelta(days=most), then=Value(place))
        for place, (most, _) in enumerate(_LEFT)
    ]
    place = Case(*buckets, default=Value(len(_LEFT)), output_field=IntegerField())
    rows = (
        Clave.objects.filter(state=State.PENDING, deadline__gte=today)
        .annotate(place=place)
        .values_list("place")
        .annotate(many=Count("pk"))
    )
    labels = [*(label for _most, label in _LEFT), "31 días o más"]
    found = Counter({labels[place]: many for place, many in rows})
    return _single("pendientes", "Pendientes, por días que les quedan", "Les quedan", "Claves", labels, found)


# --- Identity -------------------------------------------------------------------------------------


def _rounds(start: datetime) -> Figure:
    """By index: the rounds opened in these days."""
    rows = QuizRound.objects.filter(opened_at__gte=start).values_list("outcome").annotate(many=Count("pk"))
    found = Counter({Outcome(outcome).label: many for outcome, many in rows})
    title = f"Rondas de preguntas, en {DAYS} días"
    return _single("rondas", title, "Resultado", "Rondas", Outcome.labels, found)


def _questions(start: datetime) -> Figure:
    """Questions that were shown in these rounds; one without an answer ran out of time, or was left."""
    rows = (
        QuizQuestion.objects.filter(round__opened_at__gte=start, shown_at__isnull=False)
        .exclude(round__outcome=Outcome.OPEN)
        .values_list("card__kind", "right")
        .annotate(many=Count("pk"))
    )
    found = Counter({(kind, right): many for kind, right, many in rows})
    labels = {kind: _KINDS.get(kind, kind) for kind in KINDS}
    table = tuple(
        Row(label, tuple(found[kind, right] for right in _ANSWERS)) for kind, label in labels.items()
    )
    title = f"Respuestas por clase de pregunta, en {DAYS} días"
    return Figure("preguntas", title, "Clase", tuple(_ANSWERS.values()), table)


def _single(
    slug: str, title: str, first: str, column: str, labels: Sequence[Any], found: Counter[str]
) -> Figure:
    return Figure(slug, title, first, (column,), tuple(Row(str(label), (found[label],)) for label in labels))
