"""How often something may be tried: exactly as often as its limit says."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from guards.limits import Limit, LimitReached, sweep
from guards.models import Counter
from tests.racing import at_once, failures

CUIL, ADDRESS = "27301112226", "200.45.1.2"
START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
THREE = Limit("three", free=3, window=timedelta(minutes=10))
GROWING = Limit(
    "growing",
    free=2,
    window=timedelta(hours=12),
    waits=tuple(timedelta(minutes=m) for m in (1, 2, 4, 8, 15)),
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def passes(limit: Limit, *who: str) -> bool:
    try:
        limit.spend(*(who or (CUIL,)))
    except LimitReached:
        return False
    return True


def test_the_free_tries_pass_and_the_next_one_does_not(clock: Any) -> None:
    assert [passes(THREE) for _ in range(5)] == [True, True, True, False, False]


def test_a_limit_of_one_passes_once(clock: Any) -> None:
    once = Limit("once", free=1, window=timedelta(days=1))
    assert [passes(once) for _ in range(3)] == [True, False, False]
    clock.shift(timedelta(days=1))
    assert [passes(once) for _ in range(2)] == [True, False]


def test_persons_and_limits_do_not_count_for_each_other(clock: Any) -> None:
    for _ in range(3):
        passes(THREE)
    assert passes(THREE, "20111111112")
    assert passes(Limit("other", free=3, window=timedelta(minutes=10)))


def test_the_window_starts_with_the_first_try_and_is_over_to_the_second(clock: Any) -> None:
    for _ in range(3):
        passes(THREE)
        clock.shift(timedelta(minutes=2))
    clock.move_to(START + timedelta(minutes=10, seconds=-1))
    assert not passes(THREE)
    clock.move_to(START + timedelta(minutes=10))
    assert [passes(THREE) for _ in range(4)] == [True, True, True, False]


def test_a_refused_try_is_not_counted_and_does_not_prolong_the_wait(clock: Any) -> None:
    for _ in range(3):
        passes(THREE)
    for _ in range(9):
        clock.shift(timedelta(minutes=1))
        assert not passes(THREE)
    clock.shift(timedelta(minutes=1))
    assert passes(THREE)


def test_the_refusal_says_when_it_opens_in_whole_minutes(clock: Any) -> None:
    for _ in range(3):
        passes(THREE)
    for seconds, minutes in [(0, 10), (1, 10), (60, 9), (599, 1)]:
        clock.move_to(START + timedelta(seconds=seconds))
        with pytest.raises(LimitReached) as refused:
            THREE.spend(CUIL)
        assert refused.value.opens_at == START + timedelta(minutes=10)
        assert refused.value.minutes_left == minutes


def test_waits_grow_to_a_quarter_of_an_hour_and_no_further(clock: Any) -> None:
    assert passes(GROWING)
    for minutes in (1, 2, 4, 8, 15, 15, 15):
        assert passes(GROWING)
        clock.shift(timedelta(minutes=minutes, seconds=-1))
        assert not passes(GROWING)
        clock.shift(timedelta(seconds=1))


def test_after_the_window_the_waits_begin_anew(clock: Any) -> None:
    for _ in range(6):
        passes(GROWING)
        clock.shift(timedelta(minutes=15))
    clock.move_to(START + timedelta(hours=12))
    assert [passes(GROWING) for _ in range(3)] == [True, True, False]
    clock.shift(timedelta(minutes=1))
    assert passes(GROWING)


def test_nobody_waits_longer_than_the_longest_wait_also_when_the_window_ends(clock: Any) -> None:
    clock.shift(timedelta(hours=11, minutes=59))
    passes(GROWING)
    for _ in range(5):
        passes(GROWING)
        clock.shift(timedelta(minutes=15))
    assert passes(GROWING)


def test_what_is_forgotten_starts_anew_and_only_that(clock: Any) -> None:
    for _ in range(3):
        passes(THREE)
        passes(THREE, "20111111112")
    THREE.forget(CUIL)
    assert [passes(THREE) for _ in range(4)] == [True, True, True, False]
    assert not passes(THREE, "20111111112")


def test_forgetting_what_was_never_counted_does_nothing() -> None:
    THREE.forget(CUIL)
    assert not Counter.objects.exists()


def test_a_try_given_back_is_free_again_and_the_window_ends_when_it_would_have(clock: Any) -> None:
    for _ in range(3):
        passes(THREE)
    clock.shift(timedelta(minutes=9))
    THREE.give_back(CUIL)
    assert THREE.left(CUIL) == 1
    assert [passes(THREE) for _ in range(2)] == [True, False]
    clock.shift(timedelta(minutes=1))
    assert [passes(THREE) for _ in range(4)] == [True, True, True, False]


def test_no_more_is_given_back_than_was_spent(clock: Any) -> None:
    THREE.give_back(CUIL)
    assert not Counter.objects.exists()
    passes(THREE)
    for _ in range(3):
        THREE.give_back(CUIL)
    assert THREE.left(CUIL) == 3
    assert [passes(THREE) for _ in range(4)] == [True, True, True, False]


def test_giving_back_what_an_older_window_counted_does_nothing(clock: Any) -> None:
    passes(THREE)
    clock.shift(timedelta(minutes=10))
    THREE.give_back(CUIL)
    assert [passes(THREE) for _ in range(4)] == [True, True, True, False]


def test_the_table_tells_nobody_about_anybody() -> None:
    THREE.spend(CUIL, ADDRESS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM guards_counter")
        stored = repr(cursor.fetchall())
    assert CUIL not in stored
    assert ADDRESS not in stored
    assert CUIL[2:10] not in stored


def test_the_refusal_names_the_limit_and_nobody() -> None:
    for _ in range(3):
        THREE.spend(CUIL)
    with pytest.raises(LimitReached) as refused:
        THREE.spend(CUIL)
    assert str(refused.value) == "three"


def test_sweeping_drops_what_holds_nobody_back_and_nothing_else(clock: Any) -> None:
    THREE.spend(CUIL)
    for _ in range(2):
        GROWING.spend(CUIL)
    assert sweep() == 0
    clock.shift(timedelta(minutes=10))
    assert sweep() == 1
    clock.shift(timedelta(hours=12))
    assert sweep() == 1


@given(
    free=st.integers(1, 4),
    window=st.integers(60, 600),
    steps=st.lists(st.integers(0, 120), min_size=1, max_size=25),
)
@settings(max_examples=60, deadline=None)
def test_no_window_ever_passes_more_than_the_limit(free: int, window: int, steps: list[int]) -> None:
    Counter.objects.all().delete()
    limit = Limit("any", free=free, window=timedelta(seconds=window))
    expected, began, used, now = [], None, 0, 0
    observed = []
    for step in steps:
        now += step
        if began is None or now >= began + window:
            began, used = now, 0
        expected.append(used < free)
        used += 1
        with time_machine.travel(START + timedelta(seconds=now), tick=False):
            observed.append(passes(limit))
    assert observed == expected


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("waits", [(), (timedelta(minutes=1),)], ids=["window", "waits"])
def test_twenty_tries_at_the_same_moment_pass_exactly_three_times(waits: tuple[timedelta, ...]) -> None:
    for round_number in range(5):
        limit = Limit(f"race-{round_number}", 3, timedelta(hours=1), waits)
        outcomes = at_once(*[lambda limit=limit: limit.spend(CUIL)] * 20)
        assert failures(outcomes, LimitReached) == 17


@pytest.mark.django_db(transaction=True)
def test_forgetting_a_counter_at_the_same_moment_breaks_nobody_s_try() -> None:
    once = Limit("forgotten", free=1, window=timedelta(hours=1))

    def spend() -> int:
        return sum(passes(once) for _ in range(60))

    def forget() -> int:
        return sum(once.forget(CUIL) or 1 for _ in range(60))

    passed = at_once(spend, spend, forget, forget)[:2]
    assert failures(passed, LimitReached) == 0
    assert 1 <= sum(passed) <= 120
