"""What one captcha costs: ours beside django-simple-captcha's defaults, in one run.

    python bench/code_image.py [rounds]

Every round makes and draws one of each, taking turns, so that noise on the machine meets all of
them. Figures are medians of the processor's time in this process: SQLite's work is in them,
PostgreSQL's is not. Runs on a test database that is made and removed; `DATABASE_URL` chooses it.
"""

import statistics
import sys
import time
from collections.abc import Callable

from _budgets import Figure
from _side_by_side import scratch_site

Variant = Callable[[], bytes]


def variants() -> dict[str, Variant]:
    """Name to action; the first is the one the others are compared with."""
    from captcha.models import CaptchaStore
    from captcha.views import captcha_image
    from django.test import RequestFactory

    from journeys.captcha.challenge import digits_of, issue, six_digits
    from journeys.captcha.image import draw

    request = RequestFactory().get("/")

    def stock(generator: str | Callable[[], tuple[str, str]]) -> bytes:
        content: bytes = captcha_image(request, CaptchaStore.generate_key(generator)).content
        return content

    def ours() -> bytes:
        key = issue(request).key
        digits = digits_of(key)
        assert digits
        return draw(digits, key)

    return {
        "django-simple-captcha, six digits": lambda: stock(six_digits),
        "django-simple-captcha, its four letters": lambda: stock("captcha.helpers.random_char_challenge"),
        "ours, six digits": ours,
    }


def measure(actions: dict[str, Variant], rounds: int) -> dict[str, tuple[float, int]]:
    """Name to median milliseconds and median bytes."""
    for action in actions.values():
        action()
    times: dict[str, list[float]] = {name: [] for name in actions}
    sizes: dict[str, list[int]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            start = time.process_time()
            picture = action()
            times[name].append((time.process_time() - start) * 1000)
            sizes[name].append(len(picture))
    return {name: (statistics.median(times[name]), int(statistics.median(sizes[name]))) for name in actions}


def report(figures: dict[str, tuple[float, int]]) -> None:
    base = next(iter(figures.values()))[0]
    print(f"{'captcha: made and drawn':42}{'CPU ms':>8}{'bytes':>8}{'ratio':>8}")
    for name, (milliseconds, size) in figures.items():
        print(f"{name:42}{milliseconds:8.3f}{size:8}{milliseconds / base:8.2f}")


def figures(*, full: bool) -> list[Figure]:
    with scratch_site():
        stock, _, ours = measure(variants(), 301).values()
    return [Figure("P3", ours[0], stock[0], "ms CPU")]


def main() -> None:
    with scratch_site():
        report(measure(variants(), int(sys.argv[1]) if sys.argv[1:] else 301))


if __name__ == "__main__":
    main()
