"""The code of a request: in its log lines, in its answer, and on the page that says that something failed."""

import re
import secrets
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest

from guards.scrubbing import scrubbed

# Consonants: easy to spell on the telephone, never a word, never a number of anybody's.
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_GROUPS, _GROUP = 3, 4
_WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")
# 128 random bits, as nginx and most others write them ($request_id). Every third has seven digits in a row by
# chance; nobody's number is among them, and the proxy's own log knows the request by nothing else.
_RANDOM = re.compile(r"(?=.*[a-f])[0-9a-f]{32}")

current: ContextVar[str] = ContextVar("request_id", default="")


def code_of(request: HttpRequest) -> str:
    """The proxy's code if there is a proxy of ours and its code is one; else a new one (52 bits).

    What names somebody is no code: a visitor may have written the header.
    """
    given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.PORTAL_PROXIES else ""
    if _RANDOM.fullmatch(given) or (_WELL_FORMED.fullmatch(given) and scrubbed(given) == given):
        return given
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)
