"""Where a sentence waits for the next page."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookie(CookieStorage):
    """The library names its cookie so that a neighbouring host could set one of the same name."""

    cookie_name = "__Host-dicho" if settings.SESSION_COOKIE_SECURE else "dicho"


class Told(FallbackStorage):
    """In a cookie, which gives nobody a session; in the session what is too long for one."""

    storage_classes = (HostCookie, SessionStorage)
