"""Log lines for people and for programs: without identity, and each with the code of its request."""

import copy
import json
import logging
from datetime import UTC, datetime

from guards.scrubbing import in_one_line, scrubbed
from operation.request_id import current


def message_of(record: logging.LogRecord) -> str:
    """What the line says. The address of a request is told as its route: people type anything into it."""
    told = record.getMessage()
    request = getattr(record, "request", None)
    path = getattr(request, "path", "")
    if path and path != "/":
        match = getattr(request, "resolver_match", None)
        told = told.replace(path, f"/{match.route}" if match else "(dirección)")
    return in_one_line(scrubbed(told))


def failure_of(record: logging.LogRecord) -> list[str]:
    """The traceback's lines, if the record has one. Not what another formatter made of it."""
    if not record.exc_info:
        return []
    text = logging.Formatter().formatException(record.exc_info)
    return [in_one_line(scrubbed(line)) for line in text.split("\n")]


class Line(logging.Formatter):
    """For people. What belongs to a line stands below it, indented: none of it passes for a line."""

    def format(self, record: logging.LogRecord) -> str:
        one = copy.copy(record)
        one.msg, one.args = message_of(record), ()
        one.exc_info = one.exc_text = one.stack_info = None
        code = f" [{current.get()}]" if current.get() else ""
        return "\n    ".join([super().format(one) + code, *failure_of(record)])


class Json(logging.Formatter):
    """For programs: one object a line. Its fields are these and no others, whatever a record carries."""

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
            "process": record.process,
        }
        if current.get():
            fields["request_id"] = current.get()
        if isinstance(status := getattr(record, "status_code", None), int):
            fields["status"] = status
        if lines := failure_of(record):
            fields["exception"] = lines
        return json.dumps(fields)
