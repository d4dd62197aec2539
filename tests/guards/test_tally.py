"""What the jobs of the night did is counted, also by two at once."""

import pytest
import time_machine
from django.utils import timezone

from guards import tally
from guards.tally import Job
from tests.racing import at_once


@pytest.mark.django_db
def test_what_was_done_adds_up_and_says_when_it_was_last() -> None:
    tally.count(Job.EXPIRED, 3)
    with time_machine.travel("2030-01-02 03:04:05Z", tick=False):
        tally.count(Job.EXPIRED, 4)
        assert tally.totals() == {"expired": (7, timezone.now())}


@pytest.mark.django_db
def test_nothing_done_is_nothing_to_note() -> None:
    tally.count(Job.MAIL_SENT, 0)
    assert tally.last(Job.MAIL_SENT) is None


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_none_is_forgotten() -> None:
    at_once(*[lambda: tally.count(Job.MAIL_SENT, 2)] * 8)
    assert tally.totals()["mail_sent"][0] == 16
