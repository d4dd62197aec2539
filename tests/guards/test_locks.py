"""One change at a time for one person."""

from threading import Event
from time import monotonic

import pytest
from django.db import transaction

from guards.locks import one_at_a_time
from tests.racing import at_once

CUIL = "27301112226"


@pytest.mark.django_db(transaction=True)
def test_the_lock_means_nothing_outside_a_transaction_and_says_so() -> None:
    with pytest.raises(RuntimeError):
        one_at_a_time(CUIL)


@pytest.mark.django_db(transaction=True)
def test_whoever_comes_second_waits_until_the_first_is_done() -> None:
    entered, order = Event(), []

    def first() -> None:
        with transaction.atomic():
            one_at_a_time(CUIL)
            entered.set()
            until = monotonic() + 0.2
            while monotonic() < until:
                pass
            order.append("first")

    def second() -> None:
        entered.wait()
        with transaction.atomic():
            one_at_a_time(CUIL)
            order.append("second")

    at_once(first, second)
    assert order == ["first", "second"]
