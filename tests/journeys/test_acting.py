"""«¿En nombre de quién vas a actuar?»: choosing, the bar, returning, and a curatela that ends meanwhile."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone

from accounts.events import Actor, ClaveEvent, Note, broken_events, record
from accounts.evidence import in_words
from accounts.models import Clave
from accounts.representation import Acting, trail_of
from identity.cuil import Cuil
from identity.models import Curatela, Person
from journeys.home.acting import MOST_SHOWN
from journeys.home.base import CURATELA_OVER
from tests.builders import make_clave, make_curatela, make_person
from tests.identity.registry_folder import RegistryFolder
from tests.visitor import NotOnThePage, Visitor
from tests.walker import act_for, log_in, named

CHOOSE = "/inicio/en-nombre-de/"
MYSELF = "En representación propia"
BACK = "Volver a actuar por mí"
FOR_MYSELF = "Estás actuando en representación propia"

pytestmark = pytest.mark.django_db


@pytest.fixture
def silvia() -> Person:
    """A curadora with a key, who has Federico in her care."""
    person = make_person(14388702, surname="ZUBIRÍA", given_names="SILVIA ESTER")
    make_clave(person.cuil)
    return person


@pytest.fixture
def federico() -> Person:
    return make_person(31770924, surname="ZUBIRÍA", given_names="FEDERICO")


@pytest.fixture
def curatela(silvia: Person, federico: Person) -> Curatela:
    return make_curatela(silvia, federico)


def bar(who: Visitor) -> str:
    """What stands in the bar; '' where there is none."""
    found = who.page.xpath("//section[contains(@class, 'acting')]//p")
    return " ".join(found[0].text_content().split()) if found else ""


def events(*kinds: Note) -> list[tuple[str, str]]:
    wanted = kinds or (Note.ACTING_BEGAN, Note.ACTING_ENDED)
    return list(ClaveEvent.objects.filter(kind__in=wanted).order_by("pk").values_list("cuil", "kind"))


# --- Asked after log-in -----------------------------------------------------------------------------


def test_whoever_has_nobody_in_their_care_is_asked_nothing_and_sees_no_bar(
    visitor: Visitor, federico: Person
) -> None:
    make_clave(federico.cuil)
    assert log_in(visitor, federico).url == "/inicio/"
    assert bar(visitor) == ""
    visitor.open(CHOOSE)
    assert visitor.url == "/inicio/"
    assert "no figura nadie a tu cargo" in visitor.text


def test_a_curador_is_asked_and_oneself_stands_first(
    visitor: Visitor, silvia: Person, federico: Person, curatela: Curatela
) -> None:
    clotilde = make_person(13992145, surname="ZUBIRÍA", given_names="CLOTILDE")
    make_curatela(silvia, clotilde)
    log_in(visitor, silvia)
    assert visitor.url == CHOOSE
    assert "elegir actuar en representación propia o de los CURADOS a tu cargo" in visitor.text
    assert visitor.options() == [MYSELF, named(clotilde), named(federico)]
    assert federico.cuil not in visitor.response.content.decode()
    assert not visitor.page.xpath("//input[@type='search'] | //input[@checked]")


def test_whoever_chooses_nobody_is_told_to_choose(
    visitor: Visitor, silvia: Person, curatela: Curatela
) -> None:
    log_in(visitor, silvia).press("CONTINUAR")
    assert (visitor.url, visitor.errors()) == (CHOOSE, ["Elegí una opción"])
    assert visitor.title.startswith("Error: ")
    assert visitor.open("/inicio/").url == CHOOSE, "the start page waits for the answer"


def test_whoever_acts_for_themselves_is_told_so_and_asked_no_more(
    visitor: Visitor, silvia: Person, curatela: Curatela
) -> None:
    log_in(visitor, silvia).choose(MYSELF).press("CONTINUAR")
    assert (visitor.url, bar(visitor)) == ("/inicio/", FOR_MYSELF)
    assert visitor.open("/inicio/").url == "/inicio/"
    assert not events()
    with pytest.raises(NotOnThePage):
        visitor.press(BACK)


def test_whoever_chose_a_person_reads_their_name_on_every_page_even_where_something_fails(
    visitor: Visitor, silvia: Person, federico: Person, curatela: Curatela
) -> None:
    act_for(visitor, silvia, federico)
    told = "Estás actuando en nombre de FEDERICO ZUBIRÍA"
    assert (visitor.url, bar(visitor)) == ("/inicio/", told)
    for address in ("/inicio/", CHOOSE, "/preguntas-frecuentes/", "/no-existe/", "/aviso/no-acepto/"):
        assert bar(visitor.open(address)) == told, address
    visitor._take(visitor.client.post(CHOOSE), CHOOSE)
    assert (visitor.status, bar(visitor)) == (403, told)


def test_the_bar_is_words_and_a_picture_and_another_ground(
    visitor: Visitor, silvia: Person, federico: Person, curatela: Curatela
) -> None:
    log_in(visitor, silvia).choose(MYSELF).press("CONTINUAR")
    mine = visitor.page.xpath("//section[contains(@class, 'acting')]")[0]
    visitor.open(CHOOSE).choose(named(federico)).press("CONTINUAR")
    theirs = visitor.page.xpath("//section[contains(@class, 'acting')]")[0]
    assert theirs.get("class") == "acting acting-another" != mine.get("class")
    pictures = [section.xpath(".//svg/path/@d")[0] for section in (mine, theirs)]
    assert pictures[0] != pictures[1]


def test_cambiar_leads_to_the_question_and_another_person(
    visitor: Visitor, silvia: Person, federico: Person, curatela: Curatela
) -> None:
    clotilde = make_person(13992145, surname="ZUBIRÍA", given_names="CLOTILDE")
    make_curatela(silvia, clotilde)
    act_for(visitor, silvia, federico).follow("Cambiar").choose(named(clotilde)).press("CONTINUAR")
    assert bar(visitor) == "Estás actuando en nombre de CLOTILDE ZUBIRÍA"
    assert events() == [
        (federico.cuil, Note.ACTING_BEGAN),
        (silvia.cuil, Note.ACTING_BEGAN),
        (federico.cuil, Note.ACTING_ENDED),
        (silvia.cuil, Note.ACTING_ENDED),
        (clotilde.cuil, Note.ACTING_BEGAN),
        (silvia.cuil, Note.ACTING_BEGAN),
    ]


def test_choosing_the_same_person_again_changes_nothing(
    visitor: Visitor, silvia: Person, federico: Person, curatela: Curatela
) -> None:
    act_for(visitor, silvia, federico)
    before = events()
    visitor.open(CHOOSE).choose(named(federico)).press("CONTINUAR")
    assert events() == before


def test_volver_leads_back_to_oneself_at_once(
    visitor: Visitor, silvia: Person, federico: Person, curatela: Curatela
) -> None:
    act_for(visitor, silvia, federico).press(BACK)
    assert (visitor.url, bar(visitor)) == ("/inicio/", FOR_MYSELF)
    assert "Volviste a actuar por vos." in visitor.text


def test_two_rows_of_the_same_two_people_are_one_choice_and_the_longer_one_counts(
    visitor: Visitor, silvia: Person, federico: Person
) -> None:
    make_curatela(silvia, federico, until=timezone.localdate())
    lasting = make_curatela(silvia, federico, since=date(2021, 1, 1))
    make_curatela(silvia, federico, since=date(2022, 1, 1), until=timezone.localdate() + timedelta(days=9))
    log_in(visitor, silvia)
    assert visitor.options() == [MYSELF, named(federico)]
    visitor.choose(named(federico)).press("CONTINUAR")
    assert visitor.client.session["acting"] == lasting.pk


def test_after_a_new_log_in_the_question_is_asked_anew(
    visitor: Visitor, silvia: Person, federico: Person, curatela: Curatela
) -> None:
    act_for(visitor, silvia, federico).press("SALIR")
    assert log_in(visitor, silvia).url == CHOOSE
    assert bar(visitor) == ""


# --- Who may not ------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["another's", "999999", "x", "-1", "", "0x1", "1\0"])
def test_a_number_that_was_not_offered_is_no_choice(
    visitor: Visitor, silvia: Person, curatela: Curatela, number: str
) -> None:
    jorge, rosa = make_person(20222333), make_person(28999111)
    theirs = make_curatela(jorge, rosa)
    url, sent = log_in(visitor, silvia).form("CONTINUAR")
    sent["choice"] = str(theirs.pk) if number == "another's" else number
    visitor._take(visitor.client.post(url, sent, follow=True), url)
    assert visitor.errors() == ["Elegí una opción"]
    assert not events()


def test_over_and_future_curatelas_and_those_of_the_dead_are_not_offered(
    visitor: Visitor, silvia: Person, federico: Person, curatela: Curatela
) -> None:
    today = timezone.localdate()
    make_curatela(silvia, make_person(20000001), until=today - timedelta(days=1))
    make_curatela(silvia, make_person(20000002), since=today + timedelta(days=1))
    make_curatela(silvia, make_person(20000003, death_date=today))
    log_in(visitor, silvia)
    assert visitor.options() == [MYSELF, named(federico)]


def test_switching_is_neither_a_link_nor_possible_without_the_page_s_token(
    visitor: Visitor, silvia: Person, curatela: Curatela
) -> None:
    log_in(visitor, silvia)
    visitor.open(f"{CHOOSE}?choice={curatela.pk}")
    assert visitor.client.post(CHOOSE, {"choice": curatela.pk}).status_code == 403
    assert "acting" not in visitor.client.session
    assert not events()


def test_nobody_who_is_not_logged_in_reaches_the_question(visitor: Visitor) -> None:
    assert visitor.open(CHOOSE).url == "/"


# --- What the session keeps -----------------------------------------------------------------------------


def test_the_session_keeps_the_number_of_the_curatela_and_nothing_of_the_person(
    visitor: Visitor, silvia: Person, federico: Person, curatela: Curatela
) -> None:
    act_for(visitor, silvia, federico)
    held = dict(visitor.client.session)
    assert held["acting"] == curatela.pk
    kept = repr(held) + repr(visitor.client.cookies)
    for mark in (federico.cuil, "FEDERICO", silvia.cuil, "SILVIA"):
        assert mark not in kept


def test_neither_name_nor_cuil_is_in_an_address_a_cookie_or_a_log(
    visitor: Visitor, silvia: Person, federico: Person, curatela: Curatela, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(0):
        act_for(visitor, silvia, federico).press(BACK)
    seen = caplog.text + visitor.url + repr(visitor.client.cookies) + str(visitor.response.headers)
    for mark in (federico.cuil, "FEDERICO", "ZUBIR"):
        assert mark not in seen


@pytest.mark.parametrize("there", [True, False], ids=["choosing", "returning"])
def test_each_switch_gives_the_session_another_key(
    visitor: Visitor, silvia: Person, federico: Person, curatela: Curatela, there: bool
) -> None:
    log_in(visitor, silvia) if there else act_for(visitor, silvia, federico)
    old = visitor.client.cookies[settings.SESSION_COOKIE_NAME].value
    visitor.choose(named(federico)).press("CONTINUAR") if there else visitor.press(BACK)
    assert visitor.client.cookies[settings.SESSION_COOKIE_NAME].value != old
    assert not Session.objects.filter(session_key=old).exists()
    assert visitor.open("/inicio/").url == "/inicio/"


def test_a_form_that_another_tab_still_shows_is_worth_nothing_after_a_switch(
    visitor: Visitor, silvia: Person, federico: Person, curatela: Curatela
) -> None:
    make_clave(silvia.cuil, level=None)
    act_for(visitor, silvia, federico)
    old_tab = visitor.twin()
    visitor.press(BACK)
    old_tab.press("NO FUI YO: CANCELAR EL PEDIDO")
    assert old_tab.status == 403
    assert "si en otra pestaña cambiaste en nombre de quién actuás" in old_tab.text
    assert Clave.objects.pending().exists()


# --- A curatela that ends meanwhile -----------------------------------------------------------------------


def deleted(curatela: Curatela, folder: RegistryFolder) -> None:
    curatela.delete()


def ended_yesterday(curatela: Curatela, folder: RegistryFolder) -> None:
    curatela.until = timezone.localdate() - timedelta(days=1)
    curatela.save()


def given_to_another(curatela: Curatela, folder: RegistryFolder) -> None:
    curatela.curador = make_person(20222333)
    curatela.save()


def curado_died(curatela: Curatela, folder: RegistryFolder) -> None:
    Person.objects.filter(cuil=curatela.curado_id).update(death_date=timezone.localdate())


def imported_as_ended(curatela: Curatela, folder: RegistryFolder) -> None:
    row = {"curador_cuil": curatela.curador_id, "curado_cuil": curatela.curado_id, "since": "2020-01-01"}
    folder.curatelas(row | {"until": "2024-12-31"})
    folder.load()


def imported_without_it(curatela: Curatela, folder: RegistryFolder) -> None:
    folder.curatelas()
    folder.load()
    assert not Curatela.objects.exists()


ENDS = [deleted, ended_yesterday, given_to_another, curado_died, imported_as_ended, imported_without_it]


@pytest.fixture
def folder(tmp_path: Path, silvia: Person, federico: Person) -> RegistryFolder:
    """A register's files that list the two of them."""
    folder = RegistryFolder(tmp_path)
    folder.people(
        *(
            {"cuil": each.cuil, "surname": each.surname, "given_names": each.given_names}
            for each in (silvia, federico)
        )
    )
    return folder


@pytest.mark.parametrize("end", ENDS)
def test_the_next_click_leads_back_to_oneself_and_says_so(
    visitor: Visitor, silvia: Person, federico: Person, curatela: Curatela, folder: RegistryFolder,
    end: Callable[[Curatela, RegistryFolder], None],
) -> None:  # fmt: skip
    act_for(visitor, silvia, federico)
    end(curatela, folder)
    visitor.open("/inicio/")
    assert CURATELA_OVER in visitor.text
    assert (visitor.url, bar(visitor)) == ("/inicio/", FOR_MYSELF)
    last = ClaveEvent.objects.filter(kind=Note.ACTING_ENDED)
    assert {event.cuil for event in last} == {silvia.cuil, federico.cuil}
    assert {event.evidence["ending"] for event in last} == {"over"}
    assert CURATELA_OVER not in visitor.open("/inicio/").text
    assert not list(broken_events())


@pytest.mark.parametrize("end", ENDS)
def test_what_was_pressed_after_it_ended_does_not_happen(
    visitor: Visitor, silvia: Person, federico: Person, curatela: Curatela, folder: RegistryFolder,
    end: Callable[[Curatela, RegistryFolder], None],
) -> None:  # fmt: skip
    make_clave(silvia.cuil, level=None)
    act_for(visitor, silvia, federico)
    end(curatela, folder)
    visitor.press("NO FUI YO: CANCELAR EL PEDIDO")
    assert CURATELA_OVER in visitor.text
    assert Clave.objects.pending().exists()
    visitor.post_again()
    assert visitor.status == 403, "that form was made for somebody else"
    visitor.open("/inicio/").press("NO FUI YO: CANCELAR EL PEDIDO")
    assert not Clave.objects.pending().exists()


def test_a_curatela_that_runs_out_at_midnight_ends_with_the_day(silvia: Person, federico: Person) -> None:
    visitor, midnight = Visitor(), timezone.make_aware(timezone.datetime(2026, 3, 3))
    make_curatela(silvia, federico, until=date(2026, 3, 2))
    with time_machine.travel(midnight - timedelta(seconds=1), tick=False) as clock:
        act_for(visitor, silvia, federico)
        assert bar(visitor.open("/inicio/")).endswith("FEDERICO ZUBIRÍA")
        clock.shift(timedelta(seconds=1))
        assert bar(visitor.open("/inicio/")) == FOR_MYSELF


def test_a_page_that_anybody_may_see_shows_no_longer_the_name(
    visitor: Visitor, silvia: Person, federico: Person, curatela: Curatela
) -> None:
    act_for(visitor, silvia, federico)
    curatela.delete()
    assert bar(visitor.open("/oficinas/")) == FOR_MYSELF
    assert CURATELA_OVER in visitor.open("/inicio/").text


def test_when_the_last_curatela_ended_the_bar_goes_as_soon_as_somebody_looks(
    visitor: Visitor, silvia: Person, federico: Person, curatela: Curatela
) -> None:
    act_for(visitor, silvia, federico)
    curatela.delete()
    visitor.open("/inicio/").follow("Cambiar")
    assert "no figura nadie a tu cargo" in visitor.text
    assert bar(visitor) == ""


# --- What is remembered ------------------------------------------------------------------------------------


def test_choosing_and_returning_are_told_in_the_chains_of_both_with_both_cuils(
    silvia: Person, federico: Person, curatela: Curatela
) -> None:
    visitor = Visitor(REMOTE_ADDR="200.45.1.2")
    act_for(visitor, silvia, federico).press(BACK)
    both = {"curador": silvia.cuil, "curado": federico.cuil, "curatela": curatela.pk}
    for cuil in (federico.cuil, silvia.cuil):
        began, ended = ClaveEvent.objects.filter(cuil=cuil, actor=Actor.CURADOR).order_by("seq")
        assert (began.kind, began.address) == (Note.ACTING_BEGAN, "200.45.1.2")
        assert began.evidence == both | {"court_file": "4120/2020"}
        assert (ended.kind, ended.evidence) == (Note.ACTING_ENDED, both | {"ending": "chosen"})
    assert not list(broken_events())


def test_leaving_ends_it_too(visitor: Visitor, silvia: Person, federico: Person, curatela: Curatela) -> None:
    act_for(visitor, silvia, federico).press("SALIR")
    ended = ClaveEvent.objects.filter(kind=Note.ACTING_ENDED)
    assert [(event.cuil, event.evidence["ending"]) for event in ended.order_by("pk")] == [
        (federico.cuil, "left"),
        (silvia.cuil, "left"),
    ]


def test_a_deed_for_another_is_told_in_both_chains_and_one_s_own_in_one(
    silvia: Person, federico: Person
) -> None:
    request = RequestFactory(REMOTE_ADDR="200.45.1.2").get("/")
    for subject in (federico.cuil, silvia.cuil):
        acting = Acting(silvia.cuil, subject)
        with transaction.atomic():
            record(acting.subject, Note.FORM_DOWNLOADED, trail_of(request, acting, report=7))
    told = ClaveEvent.objects.filter(kind=Note.FORM_DOWNLOADED).order_by("pk")
    both = {"report": 7, "curador": silvia.cuil, "curado": federico.cuil}
    assert [(event.cuil, event.actor, event.evidence) for event in told] == [
        (federico.cuil, Actor.CURADOR, both),
        (silvia.cuil, Actor.CURADOR, both),
        (silvia.cuil, Actor.OWNER, {"report": 7}),
    ]


def test_people_read_the_two_cuils_as_they_are_written_on_papers(silvia: Person, federico: Person) -> None:
    request = RequestFactory().get("/")
    trail = trail_of(request, Acting(silvia.cuil, federico.cuil), ending="over", court_file="1/20")
    assert dict(in_words(trail.evidence)) == {
        "CUIL del curador": Cuil(silvia.cuil).formatted,
        "CUIL de la persona a cargo": Cuil(federico.cuil).formatted,
        "Expediente": "1/20",
        "Por qué terminó": "La curatela dejó de estar vigente",
    }


# --- Many people -------------------------------------------------------------------------------------------


NAMES = ["ÁLVAREZ", "BENÍTEZ", "CAÑETE", "DÍAZ", "ESCOBAR", "FERNÁNDEZ", "GÓMEZ", "HERRERA"]


def with_people(silvia: Person, names: list[str]) -> list[Person]:
    people = [
        make_person(20000000 + n, surname=name, given_names=f"JUANA N{n:03d}", facts={})
        for n, name in enumerate(names)
    ]
    for person in people:
        make_curatela(silvia, person)
    return people


def test_seven_people_are_read_through_and_eight_are_searched(silvia: Person) -> None:
    with_people(silvia, NAMES[:7])
    assert not log_in(Visitor(), silvia).page.xpath("//input[@type='search']")
    make_curatela(silvia, make_person(20000099, surname="HERRERA", given_names="JUANA"))
    asked = log_in(Visitor(), silvia)
    assert asked.page.xpath("//input[@type='search']")
    assert len(asked.options()) == 9


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("cañete", ["CAÑETE"]),
        ("canete juana", ["CAÑETE"]),
        ("JUANA N003", ["DÍAZ"]),
        ("ez", ["ÁLVAREZ", "BENÍTEZ", "FERNÁNDEZ", "GÓMEZ"]),
        ("cuil", None),
        ("  ", NAMES),
        ("zzz", []),
        ("<i>x</i>", None),
    ],
)
def test_a_search_takes_names_however_they_are_spelled_and_keeps_oneself_first(
    visitor: Visitor, silvia: Person, typed: str, found: list[str] | None
) -> None:
    with_people(silvia, NAMES)
    log_in(visitor, silvia).fill("Buscá a una persona", typed).press("BUSCAR")
    assert visitor.url == CHOOSE
    assert not visitor.errors()
    shown = visitor.options()
    assert shown[0] == MYSELF
    assert [re.split(r" |,", option)[2] for option in shown[1:]] == (found or [])
    if typed.strip() and not found:
        assert f"No encontramos a nadie a tu cargo para «{typed}»" in visitor.text


def test_a_search_takes_a_cuil_as_it_is_written_on_papers(visitor: Visitor, silvia: Person) -> None:
    people = with_people(silvia, NAMES)
    log_in(visitor, silvia)
    visitor.fill("Buscá a una persona", Cuil(people[4].cuil).formatted).press("BUSCAR")
    assert visitor.options() == [MYSELF, named(people[4])]
    assert "1 persona a tu cargo" in visitor.text
    visitor.choose(named(people[4])).press("CONTINUAR")
    assert bar(visitor).endswith("ESCOBAR")


def test_what_was_searched_stays_when_nobody_was_chosen_and_is_kept_nowhere(
    visitor: Visitor, silvia: Person
) -> None:
    people = with_people(silvia, NAMES)
    log_in(visitor, silvia).fill("Buscá a una persona", "cañete").press("BUSCAR").press("CONTINUAR")
    assert visitor.errors() == ["Elegí una opción"]
    assert visitor.options() == [MYSELF, named(people[2])]
    assert "ñete" not in repr(dict(visitor.client.session)) + visitor.url
    assert not visitor.response.wsgi_request.GET


def test_of_very_many_people_the_first_are_shown_and_the_others_are_found(
    visitor: Visitor, silvia: Person, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    people = with_people(silvia, [f"A{n:03d}" for n in range(MOST_SHOWN + 5)])
    log_in(visitor, silvia)
    assert len(visitor.options()) == MOST_SHOWN + 1
    assert "Para ver a otra, buscala." in visitor.text
    with django_assert_max_num_queries(8):
        visitor.fill("Buscá a una persona", people[-1].surname).press("BUSCAR")
    visitor.choose(named(people[-1])).press("CONTINUAR")
    assert bar(visitor).endswith(people[-1].surname)
