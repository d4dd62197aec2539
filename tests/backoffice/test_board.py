"""The board: what it counts, for whom, and that its drawings, tables and file say the same."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from accounts.events import Actor, Trail
from accounts.models import Clave
from backoffice.board import Figure, Row, board, count
from backoffice.drawing import COLOURS, draw
from backoffice.models import Employee
from backoffice.roles import ROLES, May
from identity.kinds import KINDS
from identity.quiz import NONE_OF_THESE, answer, get_or_open_round, show
from identity.rounds import Purpose, QuizRound
from offices.models import Office
from tests.backoffice.builders import at_the_office, make_employee
from tests.builders import make_clave, make_cuil, make_person, system
from tests.offices.builders import make_office
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db

CUIL = make_cuil(30111222)


def by(employee: Employee) -> Trail:
    return Trail(Actor.STAFF, "10.0.0.7", employee.user_id, employee.office.code)


def figure(slug: str, office: Office | None = None) -> dict[str, tuple[int, ...]]:
    """Row to counts, counted now."""
    cache.clear()
    found = next(one for one in board(office).figures if one.slug == slug)
    return {row.label: row.counts for row in found.rows}


def told(counts: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """Without the rows in which nothing happened."""
    return {label: row for label, row in counts.items() if any(row)}


# --- What it counts -------------------------------------------------------------------------------


def test_keys_are_counted_on_the_day_they_were_made_for_thirty_days() -> None:
    for ago, document in ((0, 30111222), (0, 30111223), (29, 30111224), (30, 30111225)):
        with time_machine.travel(timezone.now() - timedelta(days=ago), tick=False):
            make_clave(make_cuil(document), level=None if document == 30111223 else 2)
    today = timezone.localdate()
    days = figure("creadas")
    assert len(days) == 30
    assert told(days) == {f"{today:%d/%m/%y}": (1, 1), f"{today - timedelta(days=29):%d/%m/%y}": (1, 0)}


def test_a_day_ends_at_midnight_in_buenos_aires() -> None:
    with time_machine.travel("2026-03-10T23:59:59-03:00", tick=False):
        make_clave(CUIL)
    with time_machine.travel("2026-03-11T00:00:00-03:00", tick=False):
        make_clave(make_cuil(30111223))
        assert told(figure("creadas")) == {"11/03/26": (1, 0), "10/03/26": (1, 0)}


def test_enabling_is_counted_by_where_it_happened() -> None:
    ana = make_employee("Mesa de entrada")
    make_clave(CUIL)
    make_clave(make_cuil(30111223), level=None).enable_online(trail=system())
    make_clave(make_cuil(30111224), level=None).enable_in_office(trail=by(ana))
    make_clave(make_cuil(30111225), level=None)
    assert told(figure("habilitadas")) == {f"{timezone.localdate():%d/%m/%y}": (1, 1, 1)}


def test_a_key_counts_in_the_state_it_is_in_and_an_overdue_one_as_expired() -> None:
    for document, level in ((30111222, None), (30111223, None), (30111224, 2), (30111225, 3)):
        make_clave(make_cuil(document), level=level)
    late = Clave.objects.filter(cuil=CUIL)
    late.update(deadline=timezone.localdate() - timedelta(days=1))
    assert told(figure("estados")) == {
        "Pendiente de habilitación": (1,),
        "Habilitada con nivel 2": (1,),
        "Habilitada con nivel 3": (1,),
        "Vencida": (1,),
    }
    late.get().expire(trail=system())
    assert figure("estados")["Vencida"] == (1,)


@pytest.mark.parametrize(
    ("days", "label"),
    [
        (-1, None), (0, "0 a 7 días"), (7, "0 a 7 días"), (8, "8 a 30 días"), (30, "8 a 30 días"),
        (31, "31 días o más"), (90, "31 días o más"),
    ],
)  # fmt: skip
def test_a_pending_key_stands_where_its_days_put_it(days: int, label: str | None) -> None:
    make_clave(CUIL, level=None)
    Clave.objects.update(deadline=timezone.localdate() + timedelta(days=days))
    assert told(figure("pendientes")) == ({label: (1,)} if label else {})


def play(document: int, *, right: bool | None) -> QuizRound:
    """A round answered right, wrong after a first right answer, or left until its time was over."""
    person = make_person(document)
    round_, _new = get_or_open_round(person.cuil, Purpose.CREATE, "journey")
    if right is None:
        show(round_)
        with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
            show(round_)
        return round_
    for number in range(1, 5):
        question = show(round_)
        assert question is not None
        answer(round_, number, question.card.truth if right or number == 1 else NONE_OF_THESE)
    return round_


def test_rounds_are_counted_by_how_they_ended_and_answers_by_kind_of_question() -> None:
    rounds = [play(30111222, right=True), play(30111223, right=False), play(30111224, right=None)]
    assert told(figure("rondas")) == {
        "Aprobada": (1,),
        "No aprobada": (1,),
        "Se terminó el tiempo": (1,),
    }
    answers = figure("preguntas")
    assert len(answers) == len(KINDS)
    # 4 right; 1 right and 3 wrong; 1 shown and left.
    assert tuple(map(sum, zip(*answers.values(), strict=True))) == (5, 3, 1)
    left = rounds[2].questions.select_related("card").get(number=1)
    labels = dict(zip(KINDS, answers, strict=True))
    assert answers[labels[left.card.kind]][2] == 1


def test_a_round_that_still_goes_on_tells_nothing_of_its_questions_yet() -> None:
    round_, _new = get_or_open_round(make_person().cuil, Purpose.CREATE, "journey")
    show(round_)
    assert told(figure("rondas")) == {"En curso": (1,)}
    assert told(figure("preguntas")) == {}


def test_rounds_of_long_ago_are_not_counted() -> None:
    with time_machine.travel(timezone.now() - timedelta(days=31), tick=False):
        play(30111222, right=True)
    assert told(figure("rondas")) == told(figure("preguntas")) == {}


def test_too_few_facts_are_among_the_reasons_for_the_form() -> None:
    for document, evidence in ((30111222, {"why": "thin"}), (30111223, {"why": "abroad"}), (30111224, {})):
        Clave.create_pending(
            make_cuil(document),
            password_hash="x",
            policies=("2019", timezone.now()),
            trail=Trail(Actor.VISITOR, evidence=evidence),
        )
    assert told(figure("motivos")) == {
        "Pocos datos para preguntar": (1,),
        "Vive en el exterior": (1,),
        "Sin dato": (1,),
    }


def test_every_reason_that_the_journey_gives_has_its_words() -> None:
    """The board may not import the journeys, so the words stand apart from the reasons."""
    from accounts.evidence import WHY_PAPER
    from journeys import facts

    assert set(WHY_PAPER) == {facts.WISH, facts.ABROAD, facts.THIN, facts.ATTEMPTS} | {
        facts.TRAMITE_LOST,
        facts.TRAMITE_WRONG,
        facts.TRAMITE_TRIES,
        facts.BLOCKED,
    }


def test_every_kind_of_question_has_its_words() -> None:
    from backoffice.board import _KINDS

    assert set(_KINDS) == set(KINDS)


# --- For whom -------------------------------------------------------------------------------------


@pytest.fixture
def two_offices() -> dict[str, Employee]:
    """Two enabled in Azul and one raised there, one enabled in Junín."""
    azul, junin = make_office("AZUL"), make_office("JUNIN")
    ana = make_employee("Mesa de entrada", "ana", office=azul)
    beto = make_employee("Mesa de entrada", "beto", office=junin)
    for document, who in ((30111222, ana), (30111223, ana), (30111224, beto)):
        make_clave(make_cuil(document), level=None).enable_in_office(trail=by(who))
    make_clave(make_cuil(30111225)).raise_level(trail=by(ana))
    return {"ana": ana, "beto": beto}


def test_every_office_shows_with_the_one_that_did_most_first(two_offices: dict[str, Employee]) -> None:
    assert list(figure("oficinas").items()) == [("AZUL", (2, 1)), ("JUNIN", (1, 0))]


def offices_on(who: Visitor) -> list[str]:
    rows = who.page.xpath("//section[@aria-labelledby='figura-oficinas']//tbody/tr/th")
    return [row.text_content().strip() for row in rows]


def test_an_auditor_sees_all_offices_and_a_supervisor_their_own(two_offices: dict[str, Employee]) -> None:
    auditor = at_the_office(make_employee("Auditor", "aurora", office=Office.objects.get(code="JUNIN")))
    assert offices_on(auditor.open("/admin/tablero/")) == ["AZUL", "JUNIN"]
    supervisor = make_employee("Supervisor", "sergio", office=Office.objects.get(code="JUNIN"))
    assert offices_on(at_the_office(supervisor).open("/admin/tablero/")) == ["JUNIN"]


def test_the_file_of_a_supervisor_holds_no_other_office(two_offices: dict[str, Employee]) -> None:
    supervisor = make_employee("Supervisor", "sergio", office=Office.objects.get(code="JUNIN"))
    text = file_of(at_the_office(supervisor))
    assert "JUNIN" in text
    assert "AZUL" not in text


def test_the_supervisor_of_an_office_that_did_nothing_sees_its_noughts(
    two_offices: dict[str, Employee],
) -> None:
    assert figure("oficinas", make_office("TANDIL")) == {"TANDIL": (0, 0)}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("address", ["/admin/tablero/", "/admin/tablero/csv/"])
def test_only_the_roles_that_may_see_the_board(role: str, address: str) -> None:
    status = at_the_office(make_employee(role)).client.get(address).status_code
    assert status == (200 if May.BOARD in ROLES[role] else 403)


# --- Drawn, listed and written --------------------------------------------------------------------


def file_of(who: Visitor) -> str:
    response: Any = who.client.get("/admin/tablero/csv/")
    assert f"tablero-{timezone.localdate():%Y-%m-%d}.csv" in response["Content-Disposition"]
    return b"".join(response.streaming_content).decode()


def test_the_file_of_an_evening_bears_that_day_s_date() -> None:
    """From 21 to 24 in Buenos Aires it is tomorrow already in UTC."""
    with time_machine.travel("2026-03-10T22:30:00-03:00", tick=False):
        who = at_the_office(make_employee("Supervisor"))
        response = who.client.get("/admin/tablero/csv/")
    assert "tablero-2026-03-10.csv" in response["Content-Disposition"]


def drawn(section: html.HtmlElement) -> dict[str, int]:
    """What the drawing writes: label to total."""
    texts = [text.text for text in section.xpath(".//svg[@role='img']//text")]
    return dict(zip(texts[::2], map(int, texts[1::2]), strict=True))


def listed(section: html.HtmlElement) -> dict[str, int]:
    """What the table beside it says, summed."""
    return {
        row.xpath("./th")[0].text_content(): sum(int(cell.text_content()) for cell in row.xpath("./td"))
        for row in section.xpath(".//tbody/tr")
    }


def test_drawing_table_and_file_say_the_same(two_offices: dict[str, Employee]) -> None:
    who = at_the_office(make_employee("Auditor", "aurora")).open("/admin/tablero/")
    sections = who.page.xpath("//section[@aria-labelledby]")
    assert len(sections) == 8
    written: dict[str, dict[str, int]] = {}
    for title, row, _column, number in list(csv.reader(io.StringIO(file_of(who)), delimiter=";"))[1:]:
        written.setdefault(title, {}).setdefault(row, 0)
        written[title][row] += int(number)
    for section in sections:
        title = section.xpath("./h2")[0].text
        assert list(drawn(section).values()) == list(listed(section).values()), title
        assert listed(section) == written[title]


def test_the_board_needs_no_exception_from_the_security_policy(two_offices: dict[str, Employee]) -> None:
    page = (
        at_the_office(make_employee("Supervisor", "sergio")).open("/admin/tablero/").response.content.decode()
    )
    assert "<svg" in page
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=", page)


def drawing_of(*rows: tuple[str, tuple[int, ...]]) -> Any:
    columns = tuple(f"column {n}" for n in range(len(rows[0][1]) if rows else 1))
    return draw(Figure("x", "X", "x", columns, tuple(Row(*row) for row in rows)))


def test_bars_are_as_long_as_their_counts_and_stay_on_the_drawing() -> None:
    drawing = drawing_of(
        ("much", (500, 300, 200)), ("half", (500, 0, 0)), ("once", (0, 1, 0)), ("none", (0, 0, 0))
    )
    much, half, once, none = drawing.bars
    assert sum(piece.width for piece in much.pieces) == pytest.approx(2 * half.pieces[0].width, abs=3)
    assert [piece.colour for piece in much.pieces] == list(COLOURS)
    assert (once.pieces[0].width, once.pieces[0].colour) == (1, COLOURS[1])
    assert none.pieces == ()
    assert max(bar.end for bar in drawing.bars) < drawing.width
    assert max(bar.text_y for bar in drawing.bars) < drawing.height


def test_nothing_counted_draws_without_failing() -> None:
    assert drawing_of(("none", (0,))).bars[0].total == 0
    assert drawing_of().height > 0


def test_a_long_label_is_cut_in_the_drawing_only() -> None:
    name = "OFICINA DE ATENCIÓN INTEGRAL DE SAN CARLOS"
    assert drawing_of((name, (1,))).bars[0].label == "OFICINA DE ATENCIÓN INTE…"


# --- Counting -------------------------------------------------------------------------------------


def test_the_board_is_counted_once_in_five_minutes_whoever_looks() -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        make_clave(CUIL)
        assert sum(row.counts[0] for row in board(None).figures[0].rows) == 1
        make_clave(make_cuil(30111223))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        first = board(None)
    assert sum(row.counts[0] for row in first.figures[0].rows) == 1
    assert len(asked) == 1  # the offices' names
    cache.clear()
    assert sum(row.counts[0] for row in board(None).figures[0].rows) == 2


def test_what_is_kept_names_nobody() -> None:
    play(30111222, right=False)
    make_clave(CUIL, level=None)
    kept = repr(count(timezone.localdate()))
    for secret in ("30111222", "PERALTA", "MARTA", "SANTA JULIA", "200.45"):
        assert secret not in kept
