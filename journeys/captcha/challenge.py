"""One code: made for one browser, good for one try, for a few minutes.

Nothing is written into a session, so that merely looking at a page leaves no session behind. The
browser's CSRF secret binds the code instead: a part of the key can only be computed by whoever
knows that secret and ours. Logging in changes the secret, and with it every older code is void.
"""

import re
import secrets
from dataclasses import dataclass

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from guards.keyed import keyed_hash
from journeys.captcha import store

DIGITS = 6
NONCE_BYTES = 8
KEY_LENGTH = 40  # hex digits, as many as the library's column holds
KEY_SHAPE = re.compile(rf"[0-9a-f]{{{KEY_LENGTH}}}")


class CodeRefused(Exception):
    """The code does not let the visitor pass; it is used up all the same."""


class CodeWrong(CodeRefused):
    """Other digits than those of the picture."""


class CodeExpired(CodeRefused):
    """Too old, used before, made for another browser, or unknown: one answer for all of them."""


@dataclass(frozen=True)
class Challenge:
    key: str
    image_url: str
    audio_url: str


def six_digits() -> tuple[str, str]:
    """What to draw and say and what to type, in the shape that `CAPTCHA_CHALLENGE_FUNCT` asks for."""
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    return digits, digits


def issue(request: HttpRequest) -> Challenge:
    """Make a code that only this visitor's browser can use. Writes one row."""
    if "CSRF_COOKIE" not in request.META:
        get_token(request)  # makes the secret, and has its cookie sent
    nonce = secrets.token_hex(NONCE_BYTES)
    key = _bound(nonce, request.META["CSRF_COOKIE"])
    store.add(key, six_digits()[0])
    return Challenge(key, reverse("captcha-image", args=[key]), reverse("captcha-audio", args=[key]))


def consume(request: HttpRequest, key: str, typed: str) -> None:
    """Use the code up, and say whether it was right.

    Call it outside a transaction that may roll back, or the try is given back with it.

    Raises:
        CodeWrong: the digits differ; spaces do not count.
        CodeExpired: there is no such code for this browser, or no longer.
    """
    if not _is_bound(key, request.META.get("CSRF_COOKIE")):
        raise CodeExpired
    expected = store.take(key)
    if expected is None:
        raise CodeExpired
    if not constant_time_compare("".join(typed.split()), expected):
        raise CodeWrong


def digits_of(key: str) -> str | None:
    """What the picture of this key shows and the voice says; None when used, too old or unknown."""
    return store.find(key) if KEY_SHAPE.fullmatch(key) else None


def _bound(nonce: str, secret: str) -> str:
    return (nonce + keyed_hash("captcha", secret, nonce))[:KEY_LENGTH]


def _is_bound(key: str, secret: str | None) -> bool:
    if secret is None or not KEY_SHAPE.fullmatch(key):
        return False
    return constant_time_compare(key, _bound(key[: 2 * NONCE_BYTES], secret))
