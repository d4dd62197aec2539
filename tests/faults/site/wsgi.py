"""What gunicorn serves: the portal's own entry point, on a machine whose clock may jump."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine
from django.conf import settings

from clave_portal.wsgi import application as portal

_jump: list[Any] = ["", None]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if settings.FAULTS_CLOCK:
        _set_clock(Path(settings.FAULTS_CLOCK).read_text())
    return portal(environ, start_response)  # type: ignore[no-any-return]


def _set_clock(seconds: str) -> None:
    was, traveller = _jump
    if seconds == was:
        return
    if traveller is not None:
        traveller.stop()
    wrong = datetime.now(UTC) + timedelta(seconds=int(seconds or 0))
    traveller = time_machine.travel(wrong, tick=True)
    traveller.start()
    _jump[:] = seconds, traveller
