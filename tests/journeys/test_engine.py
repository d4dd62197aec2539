"""Pages in order: the rules of the engine, on the real journeys."""

from datetime import timedelta
from itertools import permutations

import pytest
import time_machine
from captcha.models import CaptchaStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import Clave
from identity.models import QuizRound
from journeys.engine import Journey, Step
from journeys.flows import CREATE, JOURNEYS
from journeys.pages.creating import AcceptPolicies
from tests.builders import EMAIL, PASSWORD, TRAMITE, make_clave, make_person, true_facts
from tests.visitor import Visitor
from tests.walker import ANSWERS, ONLINE, ROUTES, log_in, pages, slug_of, type_code, walk

pytestmark = pytest.mark.django_db

STEPS = ONLINE.steps
# Whatever a page may ask for.
EVERYTHING = {
    "tramite": TRAMITE, "verdict": "correct", "way": "online", "email": EMAIL,
    "password": PASSWORD, "password_again": PASSWORD, "answer": "0",
}  # fmt: skip
WORDS = {"title": "uno", "tells": "Tocás ACEPTO."}


# --- Order ------------------------------------------------------------------------------------------


def test_every_step_of_every_journey_is_on_a_route() -> None:
    walked = {(route.journey.slug, step) for route in ROUTES.values() for step in route.steps}
    assert walked == {(journey.slug, step.slug) for journey in JOURNEYS for step in journey.steps}


ON_ROUTES = [(name, step) for name, route in ROUTES.items() for step in route.steps]


@pytest.mark.parametrize(("name", "upto"), ON_ROUTES)
def test_every_page_opens_in_turn_and_none_before(visitor: Visitor, name: str, upto: str) -> None:
    person, route = make_person(), ROUTES[name]
    route.prepare(person)
    walk(visitor, person, upto, route)
    behind = route.steps[: route.steps.index(upto) + 1]
    for step in route.journey.steps:
        if step.slug not in behind:
            twin = visitor.twin().open(f"/{route.journey.slug}/{step.slug}/")
            assert slug_of(twin, route.journey) == upto


@pytest.mark.parametrize(("name", "upto"), ON_ROUTES)
def test_no_form_of_a_later_page_is_taken_either(visitor: Visitor, name: str, upto: str) -> None:
    person, route = make_person(), ROUTES[name]
    route.prepare(person)
    walk(visitor, person, upto, route)
    if upto == route.end:
        return
    shown = {field: visitor.hidden(field) for field in ("csrfmiddlewaretoken", "token")}
    behind = route.steps[: route.steps.index(upto) + 1]
    rows = (Clave.objects.count(), QuizRound.objects.count())
    for step in route.journey.steps:
        if step.slug not in behind:
            sent = visitor.client.post(f"/{route.journey.slug}/{step.slug}/", {**shown, **EVERYTHING})
            assert (sent.status_code, sent["Location"]) == (302, f"/{route.journey.slug}/{upto}/")
    assert (Clave.objects.count(), QuizRound.objects.count()) == rows


@pytest.mark.parametrize("step", STEPS[1:])
def test_a_stranger_who_opens_an_inner_page_starts_at_the_first(visitor: Visitor, step: str) -> None:
    visitor.open(f"/crear/{step}/")
    assert visitor.url == "/crear/politicas/"


@pytest.mark.parametrize("step", STEPS[1:])
def test_a_form_sent_without_a_journey_ends_at_a_page_that_explains(visitor: Visitor, step: str) -> None:
    visitor.open("/crear/politicas/")
    token = {"csrfmiddlewaretoken": visitor.hidden("csrfmiddlewaretoken"), "token": visitor.hidden("token")}
    visitor.client.cookies.pop("sesion")
    response = visitor.client.post(f"/crear/{step}/", token, follow=True)
    assert response.redirect_chain[-1][0] == "/aviso/sesion-vencida/"
    assert response.status_code == 410


def test_steps_that_do_not_apply_are_not_in_the_way(visitor: Visitor) -> None:
    walk(visitor, make_person(tramite=""), "preguntas")
    assert slug_of(visitor.open("/crear/tramite/"), CREATE) == "preguntas"
    assert slug_of(visitor.open("/crear/aviso/"), CREATE) == "preguntas"


def test_a_journey_that_names_an_unknown_fact_or_a_step_twice_does_not_load() -> None:
    with pytest.raises(ValueError, match="no such fact"):
        Journey("x", "X", Step("uno", AcceptPolicies, gives=("moon_is_cheese",), **WORDS))
    with pytest.raises(ValueError, match="twice"):
        Journey("x", "X", Step("uno", AcceptPolicies, **WORDS), Step("uno", AcceptPolicies, **WORDS))


# --- Going back -------------------------------------------------------------------------------------


def test_giving_a_fact_again_forgets_all_later_ones(visitor: Visitor) -> None:
    marta, rosa = make_person(), make_person(28999111, given_names="ROSA", surname="QUIROGA")
    walk(visitor, marta, "preguntas")
    visitor.open("/crear/cuil/")
    ANSWERS["cuil"](visitor, rosa)
    assert slug_of(visitor, CREATE) == "datos"
    assert "Q•••" in visitor.text
    for later in ("como", "tramite", "preguntas", "clave"):
        assert slug_of(visitor.open(f"/crear/{later}/"), CREATE) == "datos"


def test_going_back_with_the_same_cuil_does_not_cost_a_second_round(visitor: Visitor) -> None:
    marta = make_person()
    walk(visitor, marta, "preguntas")
    visitor.open("/crear/cuil/")
    for step in ("cuil", "datos", "como", "tramite"):
        ANSWERS[step](visitor, marta)
    assert slug_of(visitor, CREATE) == "preguntas"
    assert QuizRound.objects.count() == 1


@pytest.mark.parametrize("name", ROUTES)
def test_once_the_key_is_made_the_earlier_pages_stay_shut(visitor: Visitor, name: str) -> None:
    person, route = make_person(), ROUTES[name]
    route.prepare(person)
    walk(visitor, person, route=route)
    for step in route.journey.steps:
        assert slug_of(visitor.open(f"/{route.journey.slug}/{step.slug}/"), route.journey) == route.end


def test_the_key_form_sent_twice_makes_one_key_and_shows_the_same_end(visitor: Visitor) -> None:
    person = make_person()
    walk(visitor, person)
    visitor.post_again()
    assert slug_of(visitor, CREATE) == "listo"
    assert Clave.objects.count() == 1


def test_the_key_form_sent_twice_before_the_session_knows_makes_one_key(visitor: Visitor) -> None:
    """Two requests in flight: the second still reads the session of before."""
    person = make_person()
    walk(visitor, person, "clave")
    before = {s.session_key: s.session_data for s in Session.objects.all()}
    ANSWERS["clave"](visitor, person)
    for key, data in before.items():
        Session.objects.filter(session_key=key).update(session_data=data)
    visitor.post_again()
    assert slug_of(visitor, CREATE) == "listo"
    assert Clave.objects.count() == 1


@pytest.mark.parametrize("step", ["cuil", "datos", "como", "tramite"])
def test_a_form_sent_twice_leads_on(visitor: Visitor, step: str) -> None:
    person = make_person()
    walk(visitor, person, step)
    ANSWERS[step](visitor, person)
    ahead = visitor.url
    visitor.post_again()
    assert (visitor.url, visitor.status) == (ahead, 200)


# --- Two tabs ---------------------------------------------------------------------------------------


def test_a_tab_left_behind_is_told_so_and_changes_nothing(visitor: Visitor) -> None:
    marta, rosa = make_person(), make_person(28999111, given_names="ROSA", surname="QUIROGA")
    walk(visitor, marta, "datos")
    left_behind = visitor.twin()
    visitor.open("/crear/cuil/")
    ANSWERS["cuil"](visitor, rosa)
    left_behind.press("CORRECTOS")
    assert left_behind.status == 409
    assert "quedó vieja" in left_behind.text
    assert slug_of(visitor.open("/crear/tramite/"), CREATE) == "datos"


@pytest.mark.parametrize("order", sorted(set(permutations("AAAABBBB"))), ids="".join)
def test_two_tabs_with_two_cuils_never_mix(visitor: Visitor, order: tuple[str, ...]) -> None:
    """Each tab gives CUIL, data, way and trámite of its own person, in every interleaving.

    A tab that still shows its person's page can only act for that person; the rest are told that
    they are old.
    """
    people = {"A": make_person(), "B": make_person(28999111, surname="QUIROGA", given_names="ROSA")}
    initials = {"A": "P•••", "B": "Q•••"}
    walk(visitor, people["A"], "cuil")
    tabs = {"A": visitor, "B": visitor.twin().open("/crear/cuil/")}
    steps = {name: ["cuil", "datos", "como", "tramite"] for name in "AB"}
    done: dict[str, list[str]] = {"A": [], "B": []}
    for name in order:
        tab, other = tabs[name], "B" if name == "A" else "A"
        step = steps[name].pop(0)
        if tab.status != 200:
            continue  # this tab was told that it is old
        assert slug_of(tab, CREATE) == step
        ANSWERS[step](tab, people[name])
        assert initials[other] not in tab.text
        if tab.status == 200:
            done[name].append(step)
    finished = {people[name].cuil for name in "AB" if len(done[name]) == 4}
    assert {r.cuil for r in QuizRound.objects.all()} == finished
    assert len(finished) <= 1


# --- The session ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ROUTES)
def test_no_session_holds_the_password_the_captcha_answer_a_contact_or_a_quiz_truth(
    visitor: Visitor, name: str
) -> None:
    person, route = make_person(), ROUTES[name]
    route.prepare(person)
    secrets = {PASSWORD, TRAMITE, EMAIL, "Alcalá", "600 123 456", *true_facts(person)}
    for step in pages(visitor, person, route):
        secrets |= set(CaptchaStore.objects.values_list("response", flat=True))
        sessions = " ".join(str(s.get_decoded()) for s in Session.objects.all())
        assert not [secret for secret in secrets if secret in sessions], step
    assert step == route.end


def test_the_session_key_changes_on_entering_and_on_proof(visitor: Visitor) -> None:
    person = make_person()
    visitor.open("/crear/")
    entered = visitor.client.cookies["sesion"].value
    visitor.open("/crear/")
    assert visitor.client.cookies["sesion"].value != entered
    walk(visitor, person, "preguntas")
    before_proof = visitor.client.cookies["sesion"].value
    ANSWERS["preguntas"](visitor, person)
    assert visitor.client.cookies["sesion"].value != before_proof
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        visitor.client.cookies["sesion"] = before_proof
        assert slug_of(visitor.open("/crear/clave/"), CREATE) == "politicas"


def test_a_reload_with_the_cookie_of_before_the_proof_loses_nothing(visitor: Visitor) -> None:
    """On a bad link the page that brings the new cookie may never arrive."""
    person = make_person()
    walk(visitor, person, "preguntas")
    before_proof = visitor.client.cookies["sesion"].value
    ANSWERS["preguntas"](visitor, person)
    visitor.client.cookies["sesion"] = before_proof
    assert slug_of(visitor.open("/crear/clave/"), CREATE) == "clave"


def test_a_session_written_by_another_version_starts_anew(visitor: Visitor) -> None:
    walk(visitor, make_person(), "datos")
    session = visitor.client.session
    session["journey-crear"]["facts"]["no_such_fact"] = True
    session.save()
    assert slug_of(visitor.open("/crear/datos/"), CREATE) == "politicas"


def test_whoever_is_logged_in_leaves_by_starting_to_create_a_key(visitor: Visitor) -> None:
    person = make_person()
    make_clave(person.cuil)
    log_in(visitor, person)
    visitor.open("/crear/")
    assert visitor.open("/inicio/").url == "/"


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_other_method_gets_past_the_guard(visitor: Visitor, method: str) -> None:
    walk(visitor, make_person(), "datos")
    token = {"X-CSRFToken": visitor.hidden("csrfmiddlewaretoken")}
    sent = getattr(visitor.client, method)("/crear/datos/", {"verdict": "correct"}, headers=token)
    assert sent.status_code == 405
    assert "Esta dirección no se usa así" in sent.content.decode()
    assert sent["Allow"] == "GET, HEAD, POST"
    assert slug_of(visitor.open("/crear/tramite/"), CREATE) == "datos"


def test_asking_for_the_head_of_a_page_is_looking_at_it(visitor: Visitor) -> None:
    walk(visitor, make_person(), "datos")
    answer = visitor.client.head("/crear/datos/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["Content-Type"] == "text/html; charset=utf-8"


def test_a_journey_left_alone_for_half_an_hour_is_over(visitor: Visitor) -> None:
    walk(visitor, make_person(), "datos")
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        visitor.press("CORRECTOS")
    assert (visitor.url, visitor.status) == ("/aviso/sesion-vencida/", 410)


def test_looking_at_a_page_keeps_the_journey_alive(visitor: Visitor) -> None:
    walk(visitor, make_person(), "datos")
    now = timezone.now()
    for minutes in (20, 40, 60):
        with time_machine.travel(now + timedelta(minutes=minutes)):
            assert slug_of(visitor.open("/crear/datos/"), CREATE) == "datos"


def test_a_dead_end_forgets_the_journey(visitor: Visitor) -> None:
    walk(visitor, make_person(), "datos")
    visitor.press("INCORRECTOS")
    assert visitor.url == "/aviso/datos-incorrectos/"
    assert slug_of(visitor.open("/crear/datos/"), CREATE) == "politicas"


def test_facts_of_a_journey_without_its_csrf_token_are_refused_kindly(visitor: Visitor) -> None:
    walk(visitor, make_person(), "datos")
    response = visitor.client.post("/crear/datos/", {"verdict": "correct", "token": visitor.hidden("token")})
    assert response.status_code == 403
    assert "Cargá la página de nuevo" in response.content.decode()


def test_whoever_is_refused_for_the_token_alone_goes_on_where_they_were(visitor: Visitor) -> None:
    walk(visitor, make_person(), "datos")
    visitor.client.cookies.pop("csrf")
    visitor.press("CORRECTOS")
    assert visitor.status == 403
    visitor.follow("Cargar la página de nuevo").press("CORRECTOS")
    assert slug_of(visitor, CREATE) == "como"


def test_a_page_left_open_while_another_tab_logged_in_says_so_and_leads_to_a_page_that_works(
    visitor: Visitor,
) -> None:
    rosa = make_person(28999111)
    make_clave(rosa.cuil)
    walk(visitor, make_person(), "datos")
    log_in(visitor.twin(), rosa)
    visitor.press("CORRECTOS")
    assert visitor.status == 403
    visitor.follow("Cargar la página de nuevo")
    ANSWERS["politicas"](visitor, rosa)
    assert slug_of(visitor, CREATE) == "cuil"


@pytest.mark.parametrize("token", ["", ".", "..", "x.1.a", "ñ" * 5000, "\x00.0.\x00"])
def test_a_made_up_token_changes_nothing(visitor: Visitor, token: str) -> None:
    walk(visitor, make_person(), "datos")
    sent = {
        "verdict": "correct",
        "token": token,
        "csrfmiddlewaretoken": visitor.hidden("csrfmiddlewaretoken"),
    }
    assert visitor.client.post("/crear/datos/", sent).status_code == 409
    assert slug_of(visitor.open("/crear/tramite/"), CREATE) == "datos"


def test_the_code_of_the_picture_is_asked_once_in_the_whole_journey(visitor: Visitor) -> None:
    asked = ["captcha_key" in visitor.response.content.decode() for _ in pages(visitor, make_person())]
    assert asked.count(True) == 1


def test_a_wrong_code_keeps_what_was_typed_but_for_the_code(visitor: Visitor) -> None:
    person = make_person()
    walk(visitor, person, "cuil")
    visitor.fill("Número de CUIL", person.cuil).choose("En Argentina")
    type_code(visitor)
    visitor.fill("Código de la imagen", "000000").press("CONTINUAR")
    assert visitor.errors() == [
        "El código no coincide con la imagen. Escribí los 6 números de la imagen nueva."
    ]
    assert person.cuil in visitor.response.content.decode()
