"""A session has a name of ours, a new one at log-in, and is written no oftener than it must be."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guards.sessions import SessionStore

pytestmark = pytest.mark.django_db


def test_a_session_that_begins_at_log_in_is_written_once() -> None:
    session = SessionStore()
    with CaptureQueriesContext(connection) as statements:
        session.cycle_key()
        session["who"] = "marta"
        session.save()
    assert sum("django_session" in one["sql"] for one in statements.captured_queries) == 1
    assert SessionStore(session.session_key)["who"] == "marta"


def test_a_session_that_a_stranger_may_know_gets_a_new_name_and_the_old_one_opens_nothing() -> None:
    known = SessionStore()
    known["draft"] = 1
    known.save()
    session = SessionStore(known.session_key)
    session.cycle_key()
    session.save()
    assert session.session_key != known.session_key
    assert SessionStore(session.session_key)["draft"] == 1
    assert not SessionStore(known.session_key).items()


def test_a_name_that_is_taken_is_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = SessionStore()
    taken["whose"] = "another"
    taken.save()
    names = iter([taken.session_key, "b" * 32])
    monkeypatch.setattr("guards.sessions.get_random_string", lambda *_: next(names))
    mine: Any = SessionStore()
    mine["whose"] = "mine"
    mine.save()
    assert mine.session_key == "b" * 32
    assert SessionStore(taken.session_key)["whose"] == "another"
    assert Session.objects.count() == 2
