"""«Mis datos»: everything that is held, to whoever may see it, and nothing that would feed a thief's quiz."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.dossier import dossier_of
from accounts.events import ClaveEvent, Note, broken_events
from forms_usi07.paper import PressBusy
from identity.kinds import KINDS
from identity.models import Curatela, Fact, Person, WrongDataReport
from identity.rounds import Outcome, Purpose
from identity.shown import burnt_until
from journeys.applications import my_data
from tests.backoffice.builders import at_the_office, look_up, make_employee
from tests.builders import EMAIL, TRAMITE, make_clave, make_curatela, make_person, true_facts
from tests.forms_usi07.reading import text_of
from tests.identity.rounds import answer_next, open_round
from tests.visitor import Visitor
from tests.walker import log_in, named, walk

pytestmark = pytest.mark.django_db

PAGE = "/aplicaciones/mis-datos/"
ALL = f"{PAGE}completos/"
PDF, JSON = f"{PAGE}mis-datos.pdf", f"{PAGE}mis-datos.json"
# What the page shows to every key, as it stands there.
BASIC = (
    "27-30111222-5", "PERALTA", "MARTA INÉS", "30111222", "Femenino", "17 de mayo de 1983", "Buenos Aires",
    "Argentina", EMAIL,
)  # fmt: skip


@pytest.fixture
def marta() -> Person:
    return make_person()


def in_with(person: Person, level: int) -> Visitor:
    make_clave(person.cuil, level=level)
    return log_in(Visitor(), person)


def secrets_of(person: Person) -> set[str]:
    """What a question may ask, and what would tell it."""
    return true_facts(person) | {person.street, person.locality, person.postal_code}


def told(secrets: set[str], text: str) -> set[str]:
    return {secret for secret in secrets if secret in text}


def notes_of(person: Person) -> list[str]:
    return list(ClaveEvent.objects.filter(cuil=person.cuil).order_by("seq").values_list("kind", flat=True))


def everywhere(who: Visitor) -> str:
    """The page and both files."""
    files = text_of(who.client.get(PDF).content) + who.client.get(JSON).content.decode()
    return who.open(PAGE).response.content.decode() + files


# --- What a key of level 2 sees ---------------------------------------------------------------------


def test_the_page_shows_what_is_held_and_where_each_part_comes_from(marta: Person) -> None:
    who = in_with(marta, 2).open(PAGE)
    for words in (*BASIC, "Origen: Registro del organismo.", "Origen: Este portal.", "ley 25.326"):
        assert words in who.text
    assert "Habilitada con nivel 2" in who.text


def test_a_key_of_level_2_is_shown_nothing_that_a_question_asks_or_that_would_tell_it(marta: Person) -> None:
    shown = everywhere(in_with(marta, 2))
    assert told(secrets_of(marta), shown) == set()
    assert TRAMITE not in shown
    assert "Trabajos 4 datos" in " ".join(in_with(marta, 2).open(PAGE).text.split())


def test_a_key_of_level_2_cannot_ask_for_more(marta: Person) -> None:
    who = in_with(marta, 2)
    assert who.open(ALL).status == 403
    assert "Clave de nivel 3" in who.text
    token = who.client.cookies["csrf"].value
    assert who.client.post(ALL, {"csrfmiddlewaretoken": token}).status_code == 403
    assert told(secrets_of(marta), everywhere(who)) == set()
    assert burnt_until(marta.cuil) is None
    assert Note.DATA_SEEN not in notes_of(marta)


def test_the_words_of_a_correction_are_not_shown_to_it_either(marta: Person) -> None:
    who = in_with(marta, 2).open(f"{PAGE}corregir/").select("¿Qué dato está mal?", "Trabajo")
    who.fill("Contanos qué dice y qué tendría que decir", "Nunca trabajé en MOLINOS DEL SUR S A")
    who.press("PEDIR LA CORRECCIÓN")
    assert "MOLINOS" not in who.text + everywhere(who)


# --- What a key of level 3 may see ------------------------------------------------------------------


def test_a_key_of_level_3_sees_everything_after_it_was_told_what_that_means(marta: Person) -> None:
    who = in_with(marta, 3)
    assert told(secrets_of(marta), everywhere(who)) == set()
    who.open(PAGE).follow("Ver todos los datos")
    assert "por 365 días no se van a hacer esas preguntas por Internet" in who.text
    who.press("VER TODOS LOS DATOS")
    assert who.url == PAGE
    assert told(secrets_of(marta), who.text) == secrets_of(marta)
    for name in KINDS:
        assert KINDS[name].known_as in who.text
    assert told(secrets_of(marta), text_of(who.client.get(PDF).content)) == secrets_of(marta)
    assert told(secrets_of(marta), who.client.get(JSON).content.decode()) == secrets_of(marta)


def test_what_was_shown_is_asked_of_nobody_for_a_year(marta: Person) -> None:
    in_with(marta, 3).open(ALL).press("VER TODOS LOS DATOS")
    thief = Visitor()
    walk(thief, marta, "datos").press("CORRECTOS")
    assert thief.url == "/crear/papel/"
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        assert burnt_until(marta.cuil) is None
        assert open_round(marta)


def test_looking_again_begins_the_year_anew(marta: Person) -> None:
    make_clave(marta.cuil, level=3)
    first = timezone.now()
    for days in (0, 300):
        with time_machine.travel(first + timedelta(days=days)):
            log_in(Visitor(), marta).open(ALL).press("VER TODOS LOS DATOS")
    with time_machine.travel(first + timedelta(days=400)):
        assert burnt_until(marta.cuil) is not None


def test_a_round_that_is_open_elsewhere_ends_when_the_answers_are_shown(marta: Person) -> None:
    who = in_with(marta, 3)
    round_ = open_round(marta)
    answer_next(round_)
    who.open(ALL).press("VER TODOS LOS DATOS")
    round_.refresh_from_db()
    assert round_.outcome == Outcome.ABANDONED


def test_seeing_everything_is_an_event_and_seeing_the_rest_is_none(marta: Person) -> None:
    who = in_with(marta, 3).open(PAGE)
    before = notes_of(marta)
    who.open(ALL).press("VER TODOS LOS DATOS").open(PAGE)
    assert notes_of(marta) == [*before, Note.DATA_SEEN]
    assert not list(broken_events())


def test_after_ten_minutes_the_page_hides_them_again(marta: Person) -> None:
    who = in_with(marta, 3).open(ALL).press("VER TODOS LOS DATOS")
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)):
        assert told(secrets_of(marta), everywhere(who)) == set()


def test_another_session_of_the_same_key_has_to_ask_by_itself(marta: Person) -> None:
    in_with(marta, 3).open(ALL).press("VER TODOS LOS DATOS")
    assert told(secrets_of(marta), everywhere(log_in(Visitor(), marta))) == set()


def test_a_key_that_lost_its_level_meanwhile_sees_no_more(marta: Person) -> None:
    who = in_with(marta, 3).open(ALL).press("VER TODOS LOS DATOS")
    make_clave(marta.cuil, level=2)
    assert who.open(PAGE).url == "/"


def test_the_session_keeps_neither_the_cuil_nor_a_datum(marta: Person) -> None:
    in_with(marta, 3).open(ALL).press("VER TODOS LOS DATOS")
    for session in Session.objects.all():
        kept = json.dumps(session.get_decoded())
        assert marta.cuil not in kept
        assert told(secrets_of(marta), kept) == set()


def test_the_office_reads_why_there_are_no_questions(marta: Person, settings: LazySettings) -> None:
    settings.PORTAL_DEMO = True  # without the second factor
    in_with(marta, 3).open(ALL).press("VER TODOS LOS DATOS")
    until = timezone.localdate() + timedelta(days=365)
    ana = look_up(at_the_office(make_employee("Mesa de entrada")), marta.cuil)
    assert f"no hay preguntas por internet hasta el {until:%d/%m/%Y}" in ana.text


# --- Everything that is held ------------------------------------------------------------------------


def test_a_curatela_stands_in_the_data_of_both_with_the_other_s_cuil_masked(marta: Person) -> None:
    rosa = make_person(28999111, given_names="ROSA", surname="DÍAZ")
    Curatela.objects.create(curador=marta, curado=rosa, since=date(2020, 1, 1), court_file="4120/2020")
    for person, other in ((marta, rosa), (rosa, marta)):
        texts = [d.text for b in dossier_of(person.cuil, whole=True).blocks for d in b.data]
        found = next(text for text in texts if "4120/2020" in text)
        assert f"{other.given_names} {other.surname}" in found
        assert "desde el 1 de enero de 2020" in found
        assert other.cuil[2:7] not in found


def test_every_fact_stands_there_with_its_dates(marta: Person) -> None:
    Fact.objects.filter(value="MARTINA").update(since=None)
    Fact.objects.filter(value="JOAQUIN").update(until=date(2010, 5, 1))
    texts = [d.text for b in dossier_of(marta.cuil, whole=True).blocks for d in b.data]
    assert "MARTINA" in texts
    assert "JOAQUIN, desde el 1 de marzo de 2001 hasta el 1 de mayo de 2010" in texts
    assert sum(text.startswith(tuple(true_facts(marta))) for text in texts) == Fact.objects.count()


def test_keys_rounds_and_reports_stand_there_with_their_dates(marta: Person) -> None:
    make_clave(marta.cuil, level=None)
    round_ = open_round(marta, Purpose.ENABLE)
    report = WrongDataReport.objects.create(cuil=marta.cuil)
    who = in_with(marta, 2).open(PAGE)
    for words in (
        "Reemplazada por otra",
        "Políticas 2019",
        "Habilitar la clave: en curso",
        f"Aviso número {report.pk}: Abierto",
    ):
        assert words in who.text
    assert round_.outcome == Outcome.OPEN


def test_a_person_of_whom_hardly_anything_is_held_has_a_page_too(visitor: Visitor) -> None:
    person = make_person(facts={}, tramite="", province="", country="ES", locality="Madrid")
    make_clave(person.cuil, email="")
    log_in(visitor, person).open(PAGE)
    for words in ("Trámite N° del DNI No", "España", "No hay nada guardado."):
        assert words in visitor.text


def test_whoever_died_is_told_so_in_the_data_of_their_person() -> None:
    person = make_person(death_date=date(2026, 2, 3))
    texts = [d.text for b in dossier_of(person.cuil, whole=True).blocks for d in b.data]
    assert "3 de febrero de 2026" in texts


# --- The files --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("url", "kind"), [(PDF, "application/pdf"), (JSON, "application/json")])
def test_a_file_is_made_for_saving_and_kept_by_nobody(marta: Person, url: str, kind: str) -> None:
    answer = in_with(marta, 2).client.get(url)
    assert answer["Content-Type"] == kind
    assert answer["Content-Disposition"] == f'attachment; filename="{url.rpartition("/")[2]}"'
    assert "no-store" in answer["Cache-Control"]


def test_the_json_holds_what_the_page_shows_for_programs_and_what_happened(marta: Person) -> None:
    data = json.loads(in_with(marta, 2).client.get(JSON).content)
    assert (data["cuil"], data["completo"]) == (marta.cuil, False)
    groups = {group["grupo"]: group for group in data["datos"]}
    person = {datum["dato"]: datum["valor"] for datum in groups["persona"]["datos"]}
    assert (person["apellido"], person["sexo"], person["nacimiento"]) == ("PERALTA", "F", "1983-05-17")
    assert all(group["origen"] for group in data["datos"])
    assert [event["que"] for event in data["eventos"]] == [
        "Ingreso con la clave",
        "Se creó la clave por internet, con nivel 2",
    ]


def test_the_events_of_the_json_name_no_employee_and_no_address_of_the_network(
    marta: Person, settings: LazySettings
) -> None:
    settings.PORTAL_DEMO = True
    look_up(at_the_office(make_employee("Mesa de entrada", "secundino")), marta.cuil)
    whole = in_with(marta, 2).client.get(JSON).content.decode()
    assert "Una oficina abrió el caso" in whole
    assert "VIEDMA" in whole
    assert "secundino" not in whole
    assert "127.0.0.1" not in whole


def test_a_download_is_an_event_with_its_kind_and_whether_it_was_everything(marta: Person) -> None:
    who = in_with(marta, 3)
    who.client.get(PDF)
    who.open(ALL).press("VER TODOS LOS DATOS").client.get(JSON)
    events = ClaveEvent.objects.filter(kind=Note.DATA_DOWNLOADED).order_by("seq")
    assert [event.evidence for event in events] == [
        {"file": "pdf", "all_data": False},
        {"file": "json", "all_data": True},
    ]
    assert not list(broken_events())


def test_one_download_too_many_has_to_wait(marta: Person, settings: LazySettings) -> None:
    settings.PORTAL_DOWNLOADS_PER_CUIL_DAY = 2
    who = in_with(marta, 2)
    assert [who.client.get(url).status_code for url in (PDF, JSON, PDF, JSON)] == [200, 200, 429, 429]


def test_a_press_that_is_busy_costs_no_download_and_looking_at_the_heads_neither(
    marta: Person, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    settings.PORTAL_DOWNLOADS_PER_CUIL_DAY = 1
    who = in_with(marta, 2)

    def busy(_dossier: object) -> bytes:
        raise PressBusy

    with monkeypatch.context() as patch:
        patch.setitem(my_data._MAKERS, "pdf", busy)
        assert [who.client.get(PDF).status_code for _ in range(3)] == [503] * 3
    assert who.client.head(PDF).status_code == 200
    assert Note.DATA_DOWNLOADED not in notes_of(marta)
    assert who.client.get(PDF).content.startswith(b"%PDF")


def test_markup_in_the_register_is_text_on_the_page_and_in_the_file() -> None:
    person = make_person(given_names="<b>ANA</b>", surname="O'X\" onload=y")
    who = in_with(person, 2).open(PAGE)
    assert "<b>ANA</b>" in who.text
    assert not who.page.xpath("//main//b")
    assert "<b>ANA</b>" in text_of(who.client.get(PDF).content)


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-purpose": "prefetch;prerender"}],
    ids=["link", "ahead"],
)
def test_a_download_that_the_person_did_not_ask_for_is_none(marta: Person, headers: dict[str, str]) -> None:
    who = in_with(marta, 2)
    answer = who.client.get(JSON, headers=headers)
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    assert Note.DATA_DOWNLOADED not in notes_of(marta)
    assert who.client.get(JSON, headers={"sec-fetch-site": "same-origin"}).status_code == 200


def test_who_is_in_ones_care_is_named_in_full_to_a_key_of_level_3_alone(marta: Person) -> None:
    rosa = make_person(28999111, given_names="EULALIA", surname="DÍAZ")
    make_curatela(marta, rosa)
    who = in_with(marta, 3)
    assert "EULALIA" not in everywhere(who)
    who.open(ALL).press("VER TODOS LOS DATOS")
    assert "EULALIA" in everywhere(who)


def test_where_the_key_is_in_use_is_told_as_well(marta: Person) -> None:
    who = in_with(marta, 2)
    assert "Sesión abierta con" in everywhere(who)


# --- For somebody in one's care ---------------------------------------------------------------------


def test_a_curador_sees_and_downloads_the_data_of_the_person_in_their_care(
    marta: Person,
) -> None:
    rosa = make_person(28999111, given_names="ROSA", surname="DÍAZ", facts={"child": ["EULALIA"]})
    make_curatela(marta, rosa)
    who = in_with(marta, 3)
    who.open(ALL).press("VER TODOS LOS DATOS")  # one's own: says nothing of the other's
    who.open("/inicio/en-nombre-de/").choose(named(rosa)).press("CONTINUAR")
    assert "EULALIA" not in everywhere(who)
    who.open(PAGE)
    assert "De ROSA DÍAZ, en cuyo nombre estás actuando." in who.text
    assert "30111222" not in who.text
    who.open(ALL).press("VER TODOS LOS DATOS")
    assert "EULALIA" in everywhere(who)
    assert (
        notes_of(rosa)
        == [Note.ACTING_BEGAN, Note.DATA_DOWNLOADED, Note.DATA_DOWNLOADED, Note.DATA_SEEN]
        + [Note.DATA_DOWNLOADED] * 2
    )
