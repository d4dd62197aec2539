"""Creating a key by proving who you are, from the first page to the log-in, and every way it can end."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.events import ClaveEvent, Note, broken_events
from accounts.lifecycle import State
from accounts.models import Clave, User
from identity.models import Curatela, Person, QuizRound, WrongDataReport
from tests.builders import PASSWORD, make_clave, make_cuil, make_person
from tests.visitor import Visitor
from tests.walker import ANSWERS, cuil, log_in, type_code, walk

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "Margarita73x"


def kinds(person: Person) -> list[str]:
    return list(ClaveEvent.objects.filter(cuil=person.cuil).order_by("seq").values_list("kind", flat=True))


def choose_password(visitor: Visitor, password: str, repeat: str | None = None) -> None:
    visitor.fill("Elegí una clave", password)
    visitor.fill("Confirmá tu clave", password if repeat is None else repeat)
    visitor.press("CREAR CLAVE")


# --- The good end -----------------------------------------------------------------------------------


def test_a_person_who_proves_who_she_is_leaves_with_a_key_of_level_2_and_logs_in(visitor: Visitor) -> None:
    marta = make_person()
    walk(visitor, marta)
    assert "Tu clave fue habilitada exitosamente con nivel 2." in visitor.text
    assert Clave.objects.get(cuil=marta.cuil).state == State.LEVEL_2
    visitor.follow("COMENZAR A UTILIZAR")
    log_in(visitor, marta)
    assert visitor.url == "/inicio/"
    assert "MARTA INÉS PERALTA" in visitor.text


def test_without_a_tramite_on_file_the_questions_come_at_once(visitor: Visitor) -> None:
    walk(visitor, make_person(tramite=""))
    assert Clave.objects.get().level == 2


def test_every_step_that_matters_is_an_event_of_an_unbroken_chain(visitor: Visitor) -> None:
    marta = make_person()
    walk(visitor, marta)
    assert kinds(marta) == ["looked_up", "quiz_opened", "quiz_passed", "create_verified"]
    assert not list(broken_events())


def test_the_key_remembers_which_policies_were_accepted_and_when(visitor: Visitor) -> None:
    marta = make_person()
    with time_machine.travel(timezone.now() - timedelta(minutes=4), tick=False):
        accepted = timezone.now()
        walk(visitor, marta, "cuil")
    for step in ("cuil", "datos", "como", "tramite", "preguntas", "clave"):
        ANSWERS[step](visitor, marta)
    clave = Clave.objects.get()
    assert (clave.policies_version, clave.policies_accepted_at) == ("2019", accepted)


# --- Forgotten key ----------------------------------------------------------------------------------


def test_a_forgotten_key_is_replaced_only_when_the_new_one_is_there(visitor: Visitor) -> None:
    marta = make_person()
    make_clave(marta.cuil, password=NEW_PASSWORD, level=3)
    walk(visitor, marta, "clave")
    log_in(Visitor(), marta, NEW_PASSWORD)  # still works, one page before the end
    assert Clave.objects.live().get().level == 3
    ANSWERS["clave"](visitor, marta)
    assert log_in(Visitor(), marta).url == "/inicio/"
    assert log_in(Visitor(), marta, NEW_PASSWORD).url == "/"
    assert Clave.objects.live().get().level == 2
    assert Clave.objects.filter(state=State.REPLACED).count() == 1


def test_the_notice_of_an_existing_key_says_which_and_that_it_keeps_working(visitor: Visitor) -> None:
    marta, rosa = make_person(), make_person(28999111)
    make_clave(marta.cuil)
    make_clave(rosa.cuil, level=None)
    assert "Ya tenés una Clave habilitada" in walk(visitor, marta, "aviso").text
    assert "pendiente" in walk(Visitor(), rosa, "aviso").text


def test_a_new_key_ends_the_sessions_of_the_old_one(visitor: Visitor) -> None:
    marta = make_person()
    make_clave(marta.cuil, password=NEW_PASSWORD)
    elsewhere = log_in(Visitor(), marta, NEW_PASSWORD)
    walk(visitor, marta)
    assert elsewhere.open("/inicio/").url == "/"


def test_creating_a_key_voids_a_pending_one(visitor: Visitor) -> None:
    marta = make_person()
    pending = make_clave(marta.cuil, level=None)
    walk(visitor, marta)
    pending.refresh_from_db()
    assert (pending.state, pending.deadline) == (State.REPLACED, None)


# --- Other ends -------------------------------------------------------------------------------------


def test_whoever_does_not_accept_the_policies_gets_no_further(visitor: Visitor) -> None:
    visitor.open("/crear/").press("NO ACEPTO")
    assert visitor.url == "/aviso/no-acepto/"
    assert visitor.open("/crear/cuil/").url == "/crear/politicas/"


def refused_people() -> dict[str, str]:
    """CUILs that may not hold a key, by reason."""
    dead = make_person(20111222, death_date=date(2020, 1, 1))
    curado, curador = make_person(21111222), make_person(22111222)
    Curatela.objects.create(
        curador=curador, curado=curado, since=date(2020, 1, 1), until=timezone.localdate(), court_file="1/20"
    )
    return {"unknown": make_cuil(33999888), "deceased": dead.cuil, "under curatela": curado.cuil}


def test_unknown_deceased_and_under_curatela_get_one_and_the_same_answer() -> None:
    answers = {}
    for reason, number in refused_people().items():
        visitor = Visitor()
        visitor.open("/crear/").press("ACEPTO")
        visitor.fill("Número de CUIL", number).choose("En Argentina")
        type_code(visitor)
        visitor.press("CONTINUAR")
        answers[reason] = (visitor.status, visitor.url, visitor.response.content)
    assert len(set(answers.values())) == 1
    assert "tu CURADOR" in visitor.text
    assert not ClaveEvent.objects.exists()


def test_a_curatela_that_ended_yesterday_holds_nobody_back(visitor: Visitor) -> None:
    marta, curador = make_person(), make_person(22111222)
    yesterday = timezone.localdate() - timedelta(days=1)
    Curatela.objects.create(
        curador=curador, curado=marta, since=date(2020, 1, 1), until=yesterday, court_file="1/20"
    )
    walk(visitor, marta)
    assert Clave.objects.live().exists()


def test_the_data_are_masked_before_anything_is_proved(visitor: Visitor) -> None:
    marta = make_person()
    walk(visitor, marta, "datos")
    page = visitor.response.content.decode()
    for secret in ("PERALTA", "MARTA", "INÉS", "30111", "17/05", "BELGRANO", "OLAVARRIA", "7400"):
        assert secret not in page.replace(marta.cuil, "").replace("27-30111222-5", "")
    assert all(shown in visitor.text for shown in ("P•••", "M•••", "I•••", "222", "1983"))


def test_wrong_data_are_reported_once_for_the_office(visitor: Visitor) -> None:
    marta = make_person()
    for _ in range(2):
        walk(visitor, marta, "datos").press("INCORRECTOS")
    assert visitor.url == "/aviso/datos-incorrectos/"
    assert WrongDataReport.objects.filter(cuil=marta.cuil, closed_at=None).count() == 1
    assert kinds(marta).count(Note.DATA_REPORTED) == 2


@pytest.mark.parametrize(
    ("changes", "residence"),
    [({"country": "UY", "province": ""}, "En Argentina"), ({}, "En el exterior")],
    ids=["by the register", "by her own word"],
)
def test_who_lives_abroad_goes_the_paper_way(visitor: Visitor, changes: dict, residence: str) -> None:
    marta = make_person(**changes)
    walk(visitor, marta, "cuil")
    visitor.fill("Número de CUIL", marta.cuil).choose(residence)
    type_code(visitor)
    visitor.press("CONTINUAR").press("CORRECTOS")
    assert visitor.url == "/crear/pendiente/"
    assert "Domicilio en el exterior" in visitor.text


def test_a_thin_file_leads_to_the_paper_way_and_costs_no_attempt(visitor: Visitor) -> None:
    marta = make_person(facts={"employer": ["UNA S A"]})
    walk(visitor, marta, "datos").press("CORRECTOS")
    assert "Por ahora no podemos hacerte preguntas por Internet" in visitor.text
    assert visitor.press("CONTINUAR").url == "/crear/pendiente/"
    assert not QuizRound.objects.exists()


# --- The key ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "answers"),
    [
        ("", ["Ingresá tu clave"]),
        ("Corta1x", ["La clave tiene que tener entre 8 y 15 caracteres. La tuya tiene 7."]),
        ("sinmayuscula7", ["Agregá al menos una letra mayúscula"]),
        ("SoloLetras", ["Agregá al menos un número"]),
        ("Girasol5 8k", ["Sacá los caracteres especiales: usá sólo letras sin acento y números"]),
        ("Giraasol58k", ["La clave tiene caracteres repetidos (aa)"]),
        ("Girasol123k", ["La clave tiene una serie (123)"]),
        ("Peralta58kz", ["No uses tu nombre ni tu apellido en la clave"]),
        ("Xk30111222", ["No uses tu documento"]),
    ],
)
def test_each_broken_rule_has_its_own_message(visitor: Visitor, password: str, answers: list[str]) -> None:
    walk(visitor, make_person(), "clave")
    choose_password(visitor, password)
    for answer in answers:
        assert any(error.startswith(answer) for error in visitor.errors()), visitor.errors()
    assert password == "" or password not in visitor.response.content.decode()
    assert not Clave.objects.exists()


def test_two_different_keys_are_not_taken(visitor: Visitor) -> None:
    walk(visitor, make_person(), "clave")
    choose_password(visitor, PASSWORD, NEW_PASSWORD)
    assert visitor.errors() == ["Las dos claves no son iguales"]


def test_a_proof_older_than_half_an_hour_makes_no_key(visitor: Visitor) -> None:
    walk(visitor, make_person(), "clave")
    QuizRound.objects.update(closed_at=timezone.now() - timedelta(minutes=31))
    choose_password(visitor, PASSWORD)
    assert visitor.url == "/aviso/sesion-vencida/"
    assert not Clave.objects.exists()


def test_whoever_dies_or_comes_under_curatela_meanwhile_gets_no_key(visitor: Visitor) -> None:
    marta = make_person()
    walk(visitor, marta, "clave")
    Person.objects.update(death_date=timezone.localdate())
    choose_password(visitor, PASSWORD)
    assert visitor.url == "/aviso/no-podemos-continuar/"
    assert not Clave.objects.exists()


def test_a_staff_user_named_like_a_cuil_is_not_in_the_way(visitor: Visitor) -> None:
    marta = make_person()
    User.objects.create_user(marta.cuil)
    walk(visitor, marta)
    assert Clave.objects.live().exists()


# --- Limits -----------------------------------------------------------------------------------------


def test_a_cuil_is_looked_up_ten_times_a_day_and_no_more(visitor: Visitor) -> None:
    marta = make_person()
    for _ in range(10):
        walk(visitor, marta, "datos")
    walk(visitor, marta, "cuil")
    cuil(visitor, marta)
    assert visitor.status == 429
    assert "Esperá" in visitor.text


def test_one_address_cannot_list_the_population(visitor: Visitor) -> None:
    for document in range(30_000_000, 30_000_030):
        walk(visitor, make_person(document, facts={}), "datos")
    rosa = make_person(28999111)
    walk(visitor, rosa, "cuil")
    cuil(visitor, rosa)
    assert visitor.status == 429
