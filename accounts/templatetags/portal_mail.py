"""What a mail says of the portal, made when it leaves. Links are built from SITE_URL alone."""

from django import template
from django.conf import settings
from django.urls import reverse

from accounts.disavowal import token_for

register = template.Library()


@register.simple_tag
def page(name: str) -> str:
    """The full address of a page without parameters."""
    return f"{settings.SITE_URL}{reverse(name)}"


@register.simple_tag
def disavowal_page(new: int, former: int) -> str:
    """The full address of «No fui yo» for these two keys; see accounts.disavowal.token_for."""
    return f"{settings.SITE_URL}{reverse('no-fui-yo', args=[token_for(new, former)])}"


@register.simple_tag
def setting(name: str) -> str:
    """One of the texts a deployment sets: PORTAL_ORGANISM, PORTAL_PHONE, PORTAL_PHONE_HOURS."""
    return str(getattr(settings, name))
