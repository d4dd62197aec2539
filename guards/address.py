"""Where a request comes from."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def network_of(address: str) -> str:
    """What a limit counts: an IPv4 address, or the /64 that one line has of IPv6.

    A socket that takes both shows IPv4 as ::ffff:203.0.113.7: all of them would be one line.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))


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
