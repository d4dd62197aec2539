"""What a program on this machine, or a stranger, is told about the portal."""

import json

from django.test import Client

from operation.readiness import readiness

STRANGER = "200.45.1.2"


def verdicts(**headers: str) -> dict[str, dict[str, object]]:
    """Check → what a new report says of it."""
    readiness.forget()
    response = Client().get("/salud/listo", **headers)
    lines = [json.loads(line) for line in response.content.decode().splitlines()]
    assert (response.status_code == 200) is all(line["well"] for line in lines)
    return {line["check"]: line for line in lines}


def not_well() -> set[str]:
    return {check for check, line in verdicts().items() if not line["well"]}
