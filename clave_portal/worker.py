"""gunicorn's worker with threads, which refuses in Spanish what never reaches a page."""

import logging
from http import HTTPStatus
from typing import Any

from gunicorn import util
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

_log = logging.getLogger(__name__)

_TOO_LONG = "La dirección o los datos son demasiado largos."
_NOT_UNDERSTOOD = "No pudimos entender el pedido."
_FAILED = "Algo falló de nuestro lado. Probá de nuevo en unos minutos."
_BACK = "Volver al inicio"
_FRAME = """<!DOCTYPE html>
<html lang="es-AR"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{sentence}</title></head>
<body><h1>{sentence}</h1><p><a href="/">{back}</a></p></body></html>
"""


class PortalWorker(ThreadWorker):
    """Neither the answer nor the log repeats what was sent: it may be a CUIL or a token."""

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


def _response(status: HTTPStatus, sentence: str) -> bytes:
    body = _FRAME.format(sentence=sentence, back=_BACK).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        "Connection: close\r\n"
        "Content-Type: text/html; charset=utf-8\r\n"
        "Cache-Control: no-store\r\n"
        "Content-Security-Policy: default-src 'none'; base-uri 'none'; frame-ancestors 'none'\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
