"""What a mail says of the portal, made when it leaves. Links are built from SITE_URL alone."""

from django import template
from django.conf import settings

from accounts.addresses import code_of, undo_token
from accounts.denial import denial_token
from accounts.disavowal import token_for
from guards.links import public_address

register = template.Library()


@register.simple_tag
def page(name: str) -> str:
    """The full address of a page without parameters."""
    return public_address(name)


@register.simple_tag
def disavowal_page(new: int, former: int) -> str:
    """The full address of «No fui yo» for these two keys; see accounts.disavowal.token_for."""
    return public_address("no-fui-yo", token_for(new, former))


@register.simple_tag
def denial_page(clave: int, power: str, since: float, to: str) -> str:
    """The full address of «No fui yo» for what a mail tells; see accounts.denial.denial_token."""
    return public_address("no-fui-yo", denial_token(clave, power, since, to))


@register.simple_tag
def undo_page(clave: int, changed: int) -> str:
    """The full address where the address before undoes its change; see accounts.addresses.undo_token."""
    return public_address("deshacer-correo", undo_token(clave, changed))


@register.simple_tag
def address_code(word: str) -> str:
    """Six digits, made when the mail leaves."""
    return code_of(word)


@register.simple_tag
def setting(name: str) -> str:
    """One of the texts a deployment sets: PORTAL_ORGANISM, PORTAL_PHONE, PORTAL_PHONE_HOURS."""
    return str(getattr(settings, name))


@register.simple_tag
def lasting(name: str) -> str:
    """A setting in hours, as people count: in days where these are whole."""
    hours = int(getattr(settings, name))
    days, rest = divmod(hours, 24)
    if rest or not days:
        return "1 hora" if hours == 1 else f"{hours} horas"
    return "1 día" if days == 1 else f"{days} días"
