"""Addresses that are shut already, remembered in Redis: they are refused without asking the database.

An accelerator and nothing else. What counts is guards/limits.py: nobody is shut here who was not shut there
first, and without Redis (dead, slow, answering nonsense, or none at all) every try is counted as ever. It
holds keyed hashes, each until the moment its limit opens: whoever reads it learns nothing about anybody.
"""

import logging
import threading
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import redis
from django.conf import settings
from django.utils import timezone

from guards.keyed import keyed_hash

if TYPE_CHECKING:
    from guards.limits import Limit

_log = logging.getLogger(__name__)
# Redis stands beside the portal and answers within a millisecond; a page waits no longer for it (seconds).
_PATIENCE = 0.05
# After a failure it is left alone this long (seconds): a dead one costs one page its patience, not each.
_REST = 10
# Whatever Redis says, nobody is sent away for longer than the longest window of an address lasts (seconds).
_LONGEST = 24 * 60 * 60
# What a broken client or server may raise: its own errors, the network's, and answers that are none.
_FAILURES = (redis.RedisError, OSError, ValueError, TypeError, OverflowError)


class _Breaker:
    """Whether Redis is worth asking now."""

    def __init__(self) -> None:
        self._shut_until = 0.0
        self._lock = threading.Lock()

    def allows(self) -> bool:
        """Yes while it works. After a rest, yes to one of those who ask: it tries for all."""
        with self._lock:
            now = time.monotonic()
            if now < self._shut_until:
                return False
            if self._shut_until:
                self._shut_until = now + _REST
            return True

    def works(self) -> None:
        self._shut_until = 0.0

    def failed(self, error: Exception) -> None:
        if not self._shut_until:  # one line for each time it breaks, without its address
            _log.warning("Redis does not answer (%s); the database counts alone.", type(error).__name__)
        self._shut_until = time.monotonic() + _REST


_breaker = _Breaker()


@lru_cache(maxsize=2)
def _redis(url: str) -> redis.Redis:
    """One pool of connections a process; nothing is asked twice."""
    return redis.Redis.from_url(
        url,
        socket_timeout=_PATIENCE,
        socket_connect_timeout=_PATIENCE,
        retry=None,
        decode_responses=False,
        protocol=2,
    )


def opens_at(limit: "Limit", *who: str) -> datetime | None:
    """When this limit opens again, if Redis remembers that it is shut; None: ask the database."""
    left = _ask("pttl", _key(limit, *who))
    if not isinstance(left, int) or not 0 < left <= _LONGEST * 1000:
        return None
    return datetime.fromtimestamp(timezone.now().timestamp() + left / 1000, tz=UTC)


def remember(limit: "Limit", opens_at: datetime, *who: str) -> None:
    """It is shut until then, says the database."""
    left = int((opens_at - timezone.now()).total_seconds() * 1000)
    if 0 < left <= _LONGEST * 1000:
        _ask("set", _key(limit, *who), b"1", px=left)


def forget(limit: "Limit", *who: str) -> None:
    """It was opened before its time."""
    _ask("delete", _key(limit, *who))


def _key(limit: "Limit", *who: str) -> str:
    """Not the database's: whoever holds one of the two finds nothing in the other. Where a limit
    was raised, what the lower one shut is not remembered."""
    return "clave:shut:" + keyed_hash("shut", limit.name, limit.free, *who)


def _ask(what: str, *args: Any, **kwargs: Any) -> Any:
    if not settings.REDIS_URL or not _breaker.allows():
        return None
    try:
        answer = getattr(_redis(settings.REDIS_URL), what)(*args, **kwargs)
    except _FAILURES as error:
        _breaker.failed(error)
        return None
    _breaker.works()
    return answer
