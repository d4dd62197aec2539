"""How long a request may wait in all."""

import pytest

from guards import patience


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    clock = [100.0]
    monkeypatch.setattr(patience, "monotonic", lambda: clock[0])
    return clock


def test_each_answer_has_its_time_and_all_together_have_one(now: list[float]) -> None:
    with patience.as_in_a_request():
        assert patience.left() == patience.ONE_ANSWER
        now[0] += patience.IN_ALL - 1
        assert patience.left() == 1
        now[0] += 2
        assert patience.left() == 0
    assert patience.left() is None


@pytest.mark.parametrize("used", [0, 1, 8])
def test_one_long_answer_may_take_all_that_is_left_and_no_more(now: list[float], used: int) -> None:
    with patience.as_in_a_request():
        now[0] += used
        with patience.one_long_answer():
            assert patience.left() == patience.IN_ALL - used
        assert patience.left() == min(patience.ONE_ANSWER, patience.IN_ALL - used)


def test_a_command_waits_as_long_as_it_takes_for_a_long_answer_too() -> None:
    with patience.one_long_answer():
        assert patience.left() is None
