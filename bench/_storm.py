"""Many log-ins at once from whoever has the codes already: the dearest thing a stranger can ask for.

The codes of the pictures are made beforehand and their digits read from the table, as if a room of people had
typed them: otherwise a flood of log-ins would not reach the hashing at all.
"""

import asyncio
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

from _client import Answer, Line, new_address

WRONG_PASSWORD = "Violeta93m"


@dataclass(frozen=True)
class Try:
    """One form, ready to be sent. `cookies` and `body` belong together."""

    cookies: dict[str, str]
    body: str


def stock(cuils: Iterable[str], password: str) -> list[Try]:
    """A try for each CUIL, with a code of its own, good for longer than the storm lasts."""
    from captcha.models import CaptchaStore
    from django.conf import settings
    from django.db import transaction
    from django.http import HttpRequest
    from django.utils import timezone

    from journeys.captcha.challenge import issue

    request = HttpRequest()
    secret = request.META["CSRF_COOKIE"] = secrets.token_hex(16)
    cuils = list(cuils)
    with transaction.atomic():
        keys = [issue(request).key for _ in cuils]
    made = CaptchaStore.objects.filter(hashkey__in=keys)
    made.update(expiration=timezone.now() + timedelta(hours=1))
    digits = dict(made.values_list("hashkey", "response"))
    return [
        Try(
            {settings.CSRF_COOKIE_NAME: secret},
            urlencode({
                "csrfmiddlewaretoken": secret, "cuil": cuil, "password": password, "captcha_key": key,
                "captcha": digits[key],
            }),
        )
        for cuil, key in zip(cuils, keys, strict=True)
    ]  # fmt: skip


@dataclass
class Answered:
    """(When it was asked, status, seconds) of each try; status 0: no answer."""

    tries: list[tuple[float, int, float]] = field(default_factory=list)
    seconds: float = 0.0

    def a_second(self, *statuses: int) -> float:
        return sum(status in statuses for _, status, _ in self.tries) / self.seconds

    def times(self, *statuses: int) -> list[float]:
        return [seconds for _, status, seconds in self.tries if status in statuses]


async def storm(
    port: int,
    tries: Iterator[Try],
    *,
    connections: int,
    seconds: float,
    a_second: float | None = None,
    one_address: bool = False,
) -> Answered:
    """So many connections, each asking again as soon as it was answered, together at most `a_second`."""
    loop, answered, address = asyncio.get_running_loop(), Answered(), new_address()
    start = loop.time()
    turn = (start + n / a_second if a_second else start for n in range(10**9))

    async def attacker() -> None:
        line = Line(port, address if one_address else None)
        while (at := max(next(turn), loop.time())) < start + seconds:
            await asyncio.sleep(at - loop.time())
            # The stock is for the whole storm: whoever finds it empty sends what is worthless, as they would.
            attempt = next(tries, None)
            if attempt is None:
                raise RuntimeError("the stock of codes is used up: the storm would be a lighter one")
            asked = loop.time()
            answer = await line.ask("POST", "/", attempt.cookies, attempt.body)
            answered.tries.append((asked, answer.status_code, loop.time() - asked))
        await line.hang_up()

    await asyncio.gather(*(attacker() for _ in range(connections)))
    answered.seconds = loop.time() - start
    return answered


async def light_pages(port: int, path: str, *, connections: int, seconds: float) -> Answered:
    """The same page again and again on so many connections."""
    loop, answered = asyncio.get_running_loop(), Answered()
    start = loop.time()

    async def reader() -> None:
        line = Line(port)
        while (asked := loop.time()) < start + seconds:
            answer: Answer = await line.ask("GET", path, {})
            answered.tries.append((asked, answer.status_code, loop.time() - asked))
        await line.hang_up()

    await asyncio.gather(*(reader() for _ in range(connections)))
    answered.seconds = loop.time() - start
    return answered
