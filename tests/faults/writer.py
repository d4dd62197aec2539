"""One of several processes that make moves on one database for some seconds; then says how it went."""

import json
import random
import sys
import time
import uuid
from pathlib import Path

import django

django.setup()

from django.db import OperationalError  # noqa: E402 - needs Django set up

from accounts.events import Actor, Trail  # noqa: E402
from accounts.lifecycle import MoveNotAllowed  # noqa: E402
from accounts.models import Clave  # noqa: E402
from accounts.secret import SecretGone  # noqa: E402
from tests.builders import make_cuil  # noqa: E402
from tests.faults.crowd import NEXT  # noqa: E402
from tests.faults.site.moves import MOVES  # noqa: E402

_CUILS = [make_cuil(31_000_000 + number) for number in range(240)]


def main(seconds: float) -> dict[str, object]:
    """What was acknowledged, how long each took (seconds), and how many found the database locked."""
    acks, took, locked = [], [], 0
    end = time.monotonic() + seconds
    while (start := time.monotonic()) < end:
        cuil, request_id = random.choice(_CUILS), str(uuid.uuid4())
        states = tuple(sorted(Clave.objects.current().filter(cuil=cuil).values_list("state", flat=True)))
        move = random.choice(NEXT.get(states, ["create_verified"]))
        try:
            MOVES[move](cuil, Trail(Actor.SYSTEM, evidence={"journey": request_id}))
        except (MoveNotAllowed, SecretGone):
            continue
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            locked += 1
            continue
        acks.append({"id": request_id, "cuil": cuil, "move": move})
        took.append(time.monotonic() - start)
    return {"acks": acks, "took": took, "locked": locked}


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(main(float(sys.argv[1]))), encoding="utf-8")
