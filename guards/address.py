"""Where a request comes from."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def network_of(address: str) -> str:
    """What a limit counts: an IPv4 address, or the /64 that one line has of IPv6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)


def client_address(request: HttpRequest) -> str:
    """The visitor's network address.

    X-Forwarded-For is believed only as far as our own proxies wrote it (`PORTAL_PROXIES` hops from
    the right): whatever stands further left came from the visitor.
    """
    claimed = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.PORTAL_PROXIES else ""
    hops: list[str] = claimed.split(",") if claimed else []
    if hops and len(hops) >= settings.PORTAL_PROXIES:
        return hops[-settings.PORTAL_PROXIES].strip()[:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]
