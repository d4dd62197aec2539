"""The telephone of an employee in tests."""

from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from tests.visitor import Visitor


def code_of(user: User) -> str:
    """What the telephone shows now."""
    device = TOTPDevice.objects.get(user=user)
    clock = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    clock.time = timezone.now().timestamp()
    return f"{clock.token():06d}"


def tie(who: Visitor, user: User) -> list[str]:
    """Ties the telephone; the spare codes that are shown then."""
    who.fill("Código", code_of(user)).press("CONTINUAR")
    return [code.text_content() for code in who.page.xpath("//code")]
