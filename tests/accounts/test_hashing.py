"""A flood of log-ins is refused at the door; whoever hashes nothing does not wait behind it."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth.hashers import check_password, make_password

from accounts import hashing
from accounts.hashing import HashingBusy, a_place, in_turn
from guards.models import Counter
from tests.builders import PASSWORD, make_clave, make_person
from tests.racing import at_once, failures
from tests.visitor import Visitor
from tests.walker import log_in, type_code


@pytest.fixture(autouse=True)
def two_places(settings, monkeypatch):
    """A process that has not hashed yet, with two places."""
    settings.PORTAL_HASHING_PLACES = 2
    monkeypatch.setattr(hashing, "_process", None)


@contextmanager
def full() -> Iterator[None]:
    """Others have all the places."""
    done, here = threading.Event(), threading.Barrier(3)

    def wait() -> None:
        with a_place():
            here.wait()
            done.wait()

    others = [threading.Thread(target=wait) for _ in range(2)]
    for other in others:
        other.start()
    here.wait()
    try:
        yield
    finally:
        done.set()
        for other in others:
            other.join()


def test_as_many_as_there_are_places_get_one_and_the_others_are_refused_at_once():
    all_asked = threading.Barrier(6)

    def take() -> None:
        try:
            with a_place():
                all_asked.wait()
        except HashingBusy:
            all_asked.wait()
            raise

    assert failures(at_once(*[take] * 6), HashingBusy) == 4


def test_a_place_is_free_again_whatever_came_of_it():
    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            in_turn(lambda: 1 // 0)
    assert in_turn(lambda: "the next one") == "the next one"


def test_a_machine_that_lets_nobody_step_back_hashes_all_the_same(monkeypatch):
    def forbidden(*_: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", forbidden)
    assert [in_turn(lambda: "hashed") for _ in range(2)] == ["hashed"] * 2


def test_one_hash_is_computed_at_a_time():
    at_work, most = [], []

    def compute() -> None:
        at_work.append(1)
        most.append(len(at_work))
        threading.Event().wait(0.01)
        at_work.pop()

    assert at_once(lambda: in_turn(compute), lambda: in_turn(compute)) == [None, None]
    assert most == [1, 1]


def test_what_hashes_gives_way_to_pages():
    own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    theirs = in_turn(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
    assert theirs >= min(19, own + 5)


def test_whoever_has_a_place_hashes_as_often_as_the_page_needs():
    with a_place(), a_place():
        assert check_password(PASSWORD, make_password(PASSWORD))


def test_a_secret_is_not_hashed_past_the_bound():
    with full(), pytest.raises(HashingBusy):
        make_password(PASSWORD)


def test_a_process_that_was_forked_hashes_with_a_thread_of_its_own():
    in_turn(lambda: None)
    child = os.fork()
    if not child:
        os._exit(in_turn(lambda: 7))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


@pytest.mark.django_db
def test_a_log_in_that_finds_no_place_is_asked_to_wait_and_loses_neither_code_nor_try():
    person = make_person()
    make_clave(person.cuil)
    who = Visitor().open("/")
    who.fill("Número de CUIL", person.cuil)
    who.fill("Clave de Seguridad Social", PASSWORD)
    type_code(who)
    form = who.form("INGRESAR")
    with full():
        refused = who.client.post(*form)
        assert (refused.status_code, refused["Retry-After"]) == (503, "10")
        assert "Hay mucha gente a la vez" in refused.content.decode()
        assert Visitor().open("/").status == 200  # looking at it hashes nothing
    assert who.client.post(*form).url == "/inicio/"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/cambiar/", "/habilitar/identificacion/", "/admin/login/"])
def test_every_page_on_which_strangers_can_make_us_hash_is_refused_before_it_does_anything(
    address, django_assert_num_queries
):
    who = Visitor()
    who.client.handler.enforce_csrf_checks = False
    with full(), django_assert_num_queries(0):
        assert who.client.post(address, {}).status_code == 503


@pytest.mark.django_db
def test_a_flood_does_not_end_the_visit_of_whoever_is_in():
    person = make_person()
    make_clave(person.cuil)
    who = Visitor()
    log_in(who, person)
    with full():
        assert who.open("/inicio/").status == 200


@pytest.mark.django_db
def test_a_key_asked_for_once_more_is_no_try_where_there_was_no_place():
    person = make_person()
    make_clave(person.cuil)
    who = log_in(Visitor(), person)
    address, sent = who.open("/inicio/clave/baja/confirmar/").form("DAR DE BAJA MI CLAVE")
    counted = list(Counter.objects.values_list("key", "used"))
    with full():
        assert who.client.post(address, sent | {"current": PASSWORD}).status_code == 503
    assert list(Counter.objects.values_list("key", "used")) == counted
    assert who.client.post(address, sent | {"current": PASSWORD}).url == "/"
