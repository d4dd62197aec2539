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


@pytest.mark.parametrize(("used", "granted"), [(0, 11.5), (1, 10.5), (8, 3.5)])
def test_a_page_that_needs_longer_ends_before_the_proxy_gives_up(
    now: list[float], used: int, granted: float
) -> None:
    with patience.as_in_a_request():
        now[0] += used
        with patience.longer(12):
            assert patience.left() == granted
