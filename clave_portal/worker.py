"""gunicorn's worker with threads, which refuses in Spanish what never reaches a page, or would too late."""

import logging
import time
from http import HTTPStatus
from typing import Any

from gunicorn import util
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from guards.signals import full

_log = logging.getLogger(__name__)

_TOO_LONG = "La dirección o los datos son demasiado largos."
_NOT_UNDERSTOOD = "No pudimos entender el pedido."
_FAILED = "Algo falló de nuestro lado. Probá de nuevo en unos minutos."
_CROWDED = "Hay demasiada gente en este momento. Probá de nuevo en unos minutos."
_BACK = "Volver al inicio"
_FRAME = """<!DOCTYPE html>
<html lang="es-AR"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{sentence}</title></head>
<body><h1>{sentence}</h1><p><a href="/">{back}</a></p></body></html>
"""


# Seconds in the queue for a thread. Whoever waited longer is told so at once: when more come than can be
# served, the queue would grow until each answer goes to somebody who gave up (docs/decisions/0028).
_LONGEST_WAIT = 2.0
# What a balancer asks: a node with much to do is no dead one.
_ALIVE = "/salud/vivo"


class PortalWorker(ThreadWorker):
    """Neither the answer nor the log repeats what was sent: it may be a CUIL or a token."""

    def enqueue_req(self, conn: Any) -> None:
        conn.since = time.monotonic()
        super().enqueue_req(conn)  # type: ignore[no-untyped-call]

    def handle(self, conn: Any) -> Any:
        """What it takes a browser to send its request is no wait for us."""
        conn.waited = time.monotonic() - conn.since
        return super().handle(conn)  # type: ignore[no-untyped-call]

    def handle_request(self, req: Any, conn: Any) -> Any:
        if conn.waited <= _LONGEST_WAIT or req.path == _ALIVE:
            return super().handle_request(req, conn)  # type: ignore[no-untyped-call]
        full.send(type(self), place="queue")
        conn.sock.sendall(_response(HTTPStatus.SERVICE_UNAVAILABLE, _CROWDED, "Retry-After: 60\r\n"))
        return False

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer what could not be parsed, or failed outside of Django, and close."""
        status, sentence = _answer_to(exc)
        kind = type(exc).__name__
        if status is HTTPStatus.INTERNAL_SERVER_ERROR:
            _log.error("a request failed outside of the application: %s", kind, exc_info=exc)
        else:
            _log.info("a request was refused: %s", kind)
        try:
            util.write_nonblock(client, _response(status, sentence))
        except OSError:
            _log.debug("whoever asked is gone")


def _answer_to(error: BaseException) -> tuple[HTTPStatus, str]:
    if isinstance(error, (errors.InvalidResponseHeader, errors.InvalidResponseHeaderName)):
        return HTTPStatus.INTERNAL_SERVER_ERROR, _FAILED  # of an answer of ours
    if isinstance(error, errors.LimitRequestLine):
        return HTTPStatus.REQUEST_URI_TOO_LONG, _TOO_LONG
    if isinstance(error, errors.LimitRequestHeaders):
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, _TOO_LONG
    if isinstance(error, errors.ParseException):
        return HTTPStatus.BAD_REQUEST, _NOT_UNDERSTOOD
    return HTTPStatus.INTERNAL_SERVER_ERROR, _FAILED


def _response(status: HTTPStatus, sentence: str, more: str = "") -> bytes:
    body = _FRAME.format(sentence=sentence, back=_BACK).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        "Connection: close\r\n"
        f"{more}"
        "Content-Type: text/html; charset=utf-8\r\n"
        "Cache-Control: no-store\r\n"
        "Content-Security-Policy: default-src 'none'; base-uri 'none'; frame-ancestors 'none'\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
