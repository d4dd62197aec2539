"""Addresses that are right at either door: a mail, a paper and a page of the office lead to the portal."""

from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import NoReverseMatch, reverse


def public_path(name: str, *args: Any) -> str:
    """The path of a page for citizens, also where this process does not serve it."""
    return reverse(name, urlconf=settings.PORTAL_PUBLIC_URLS, args=args)


def public_address(name: str, *args: Any) -> str:
    """The full address of a page for citizens, built from SITE_URL and never from a request."""
    return f"{settings.SITE_URL}{public_path(name, *args)}"


def office_link() -> str:
    """Where the office is, from a page of this process; empty where it has not been told."""
    if settings.PORTAL_OFFICE_URL:
        return urljoin(settings.PORTAL_OFFICE_URL, "/admin/")
    try:
        return reverse("admin:index")
    except NoReverseMatch:
        return ""
