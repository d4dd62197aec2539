"""Many people at once, each of whom writes down what was promised to them."""

import http.client
import json
import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Self
from urllib.parse import urlencode

from tests.faults.children import until

# What is worth trying, by the states that this person's keys had when last heard of.
NEXT = {
    (): ["create_pending", "create_verified"],
    ("pending",): ["enable_online", "enable_in_office", "create_pending", "create_verified"],
    ("level_2",): ["raise_level", "key_changed", "create_pending", "create_verified", "revoke", "restore"],
    ("level_3",): ["key_changed", "create_pending", "create_verified", "revoke"],
    ("level_2", "pending"): ["enable_online", "enable_in_office", "raise_level", "key_changed"],
    ("level_3", "pending"): ["enable_online", "enable_in_office", "key_changed"],
}
# Seconds of asking again. PostgreSQL on a busy disk may take half a minute to be back.
_PATIENCE = 120


@dataclass(frozen=True)
class Ack:
    """A success page that came: the request, whose key, what was done."""

    id: str
    cuil: str
    move: str
    # Of those that got no answer at first: how often it was asked again.
    again: int = 0


@dataclass(frozen=True)
class Answer:
    """One request: when it ended and how long it took (seconds), and its status; 0 = the line broke."""

    at: float
    seconds: float
    status: int


@dataclass
class Heard:
    """What the people of a run got."""

    acks: list[Ack] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    @property
    def slowest(self) -> float:
        return max((answer.seconds for answer in self.answers), default=0.0)

    @property
    def broken_off(self) -> int:
        return sum(answer.status == 0 for answer in self.answers)

    def server_errors(self, since: float = 0, until: float = float("inf")) -> list[Answer]:
        return [answer for answer in self.answers if answer.status >= 500 and since <= answer.at <= until]

    def statuses(self) -> dict[int, int]:
        return dict(Counter(answer.status for answer in self.answers))

    def as_json(self) -> str:
        return json.dumps([asdict(ack) for ack in self.acks])


class Crowd:
    """`threads` clients on the moves of these CUILs, from entering the block until leaving it."""

    def __init__(self, port: int, cuils: list[str], threads: int = 8, pause: float = 0.0) -> None:
        self.heard = Heard()
        self._port, self._cuils, self._pause = port, cuils, pause
        self._states: dict[str, tuple[str, ...]] = dict.fromkeys(cuils, ())
        self._lock, self._end = threading.Lock(), threading.Event()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(threads)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Whoever still waits for an answer gets it, or gives up."""
        self._end.set()
        for thread in self._threads:
            thread.join()

    def wait_for_more(self, acks: int, patience: float = 60) -> None:
        """Until so many more were acknowledged: a machine that is slow breaks no more often than it works."""
        wanted = len(self.heard.acks) + acks
        until(lambda: len(self.heard.acks) >= wanted, patience, f"{acks} more acknowledged")

    def _run(self) -> None:
        while not self._end.is_set():
            cuil = random.choice(self._cuils)
            move = random.choice(NEXT.get(self._states[cuil], ["create_verified"]))
            self._ask(Ack(str(uuid.uuid4()), cuil, move))
            time.sleep(self._pause)

    def _ask(self, wanted: Ack) -> None:
        """Until there is an answer: the same request under the same number, as a person reloads the page."""
        began, again = time.monotonic(), 0
        while time.monotonic() - began < _PATIENCE:
            status, body = self._post(wanted)
            if status in {200, 409}:
                self._note(wanted, again, status, body)
                return
            time.sleep(min(0.05 * 2 ** min(again, 4), 0.5))
            again += 1
        with self._lock:
            self.heard.given_up.append(wanted.id)

    def _note(self, wanted: Ack, again: int, status: int, body: dict[str, Any]) -> None:
        with self._lock:
            self._states[wanted.cuil] = tuple(sorted(body["states"]))
            if status == 200 and body["done"] == wanted.id:
                self.heard.acks.append(Ack(wanted.id, wanted.cuil, wanted.move, again))
            else:
                self.heard.refused.append(wanted.id)

    def _post(self, wanted: Ack) -> tuple[int, dict[str, Any]]:
        start = time.monotonic()
        status, body = 0, b"{}"
        one = http.client.HTTPConnection("127.0.0.1", self._port, timeout=40)
        try:
            form = urlencode({"id": wanted.id, "cuil": wanted.cuil, "move": wanted.move})
            one.request("POST", "/fallas/mover/", form, {"Content-Type": "application/x-www-form-urlencoded"})
            response = one.getresponse()
            status, body = response.status, response.read()
        except (OSError, http.client.HTTPException):
            status = 0
        finally:
            one.close()
        end = time.monotonic()
        with self._lock:
            self.heard.answers.append(Answer(end, end - start, status))
        return status, json.loads(body) if status in {200, 409} else {}
