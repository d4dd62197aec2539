"""Who may look behind the portal: a program on this machine, or in a network named for it."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def is_ours(request: HttpRequest) -> bool:
    """Whether the request comes straight from an allowed network (`PORTAL_OPERATION_NETWORKS`).

    Never through a proxy, whatever it says of where the request began: behind a proxy that was not
    counted right, every visitor would look like this machine.
    """
    if "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META:
        return False
    try:
        peer = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(peer in network for network in settings.PORTAL_OPERATION_NETWORKS)
