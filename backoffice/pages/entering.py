"""Getting in: user name and key, then the second factor."""

import unicodedata
from base64 import b32encode
from datetime import timedelta
from typing import Any

import django_otp
import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import get_user_model, login, logout
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.events import Note
from accounts.hashing import hashes
from accounts.session import forget_in_browser
from backoffice.site import show
from backoffice.trails import remember
from guards.address import client_address, network_of
from guards.limits import Limit

_TRIES, _WINDOW = 5, timedelta(minutes=15)
_ANYWHERE = Limit("staff-login-anywhere", 30, _WINDOW)
# Whatever names are tried: each try costs a hash, and an event that nobody can remove.
_ONE_NETWORK = Limit("staff-login-network", 60, _WINDOW, by_address=True)
_TYING = "office-tying"
_SPARE_CODES = 10


class OfficeLogInForm(AdminAuthenticationForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = "Escribí tu nombre de usuario"
        self.fields["password"].error_messages["required"] = "Escribí tu clave de la oficina"


@never_cache
@sensitive_post_parameters()
@hashes
def enter(request: HttpRequest) -> HttpResponse:
    """User name and key. Whoever is in already goes on."""
    user: Any = request.user
    if user.is_authenticated and user.is_staff:
        return redirect("admin:index" if _is_in(user) else "admin:segundo-factor")
    form = OfficeLogInForm(request, data=request.POST or None)
    if request.method == "POST" and _opens(request, form):
        return _go_in(request) if _is_in(request.user) else redirect("admin:segundo-factor")
    return show(
        request,
        "backoffice/login.html",
        form=form,
        title="Error: Entrar a la oficina" if form.errors else "Entrar a la oficina",
        was_inside="next" in request.GET and request.method == "GET",
    )


def _opens(request: HttpRequest, form: OfficeLogInForm) -> bool:
    """Whether user name and key belong together; then they are logged in. Counted before it is looked at."""
    name, network = _typed_name(request), network_of(client_address(request))
    per_name = [(Limit("staff-login", _TRIES, _WINDOW), (name, network)), (_ANYWHERE, (name,))]
    _ONE_NETWORK.spend(network)
    for limit, who in per_name:
        limit.spend(*who)
    if not form.is_valid():
        remember(request, Note.STAFF_REFUSED, user=_named(name), reason="La clave no era")
        return False
    for limit, who in per_name:
        limit.forget(*who)
    login(request, form.get_user())
    if not _is_in(request.user):
        remember(request, Note.STAFF_KEY_RIGHT)
    return True


def _typed_name(request: HttpRequest) -> str:
    """As Django's form will read it."""
    typed = request.POST.get("username", "").replace("\x00", "")
    return unicodedata.normalize("NFKC", typed).strip()[:150]


def _named(name: str) -> Any:
    """Whose user name it is; AnonymousUser where nobody's: the work is the same."""
    found = get_user_model().objects.filter(username=name, cuil=None).select_related("employee__office")
    return found.first() or AnonymousUser()


def leave(request: HttpRequest) -> HttpResponse:
    """Also for whoever gave only the key: nobody else is to tie a telephone to it."""
    user: Any = request.user
    if request.method == "POST" and user.is_authenticated and user.is_staff:
        if _is_in(user):
            remember(request, Note.STAFF_OUT)
        logout(request)
        return forget_in_browser(redirect("admin:login"))
    return redirect("admin:login")


def _is_in(user: Any) -> bool:
    return settings.PORTAL_DEMO or (hasattr(user, "is_verified") and user.is_verified())


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Código",
        max_length=16,
        error_messages={
            "required": "Escribí el código",
            "max_length": "El código tiene 6 números, o es uno de los de repuesto",
        },
    )


@never_cache
@sensitive_post_parameters()
def second_factor(request: HttpRequest) -> HttpResponse:
    """The code of the telephone, or a spare one; the first time, tying the telephone to the user."""
    user: Any = request.user
    if not (user.is_authenticated and user.is_staff):
        return redirect("admin:login")
    if user.is_verified():
        return redirect("admin:index")
    device = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    return _ask(request) if device else _tie(request)


def _ask(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"].strip().lower()
        if device := _device_of(request, code):
            _prove(request, device)
            spare = {"reason": "Con un código de repuesto"} if isinstance(device, StaticDevice) else {}
            return _go_in(request, **spare)
        remember(request, Note.STAFF_REFUSED, reason="El código no era")
        form.add_error(
            "code", "El código no es correcto o ya se usó. Si probaste varias veces, esperá un momento."
        )
    return show(request, "backoffice/segundo-factor.html", form=form, title="Segundo factor")


@transaction.atomic
def _device_of(request: HttpRequest, code: str) -> Any:
    """Whose code it is. The rows are locked meanwhile: one code opens once, however often it is sent."""
    for device in django_otp.devices_for_user(request.user, confirmed=True, for_verify=True):
        # A wrong code of the telephone is no wrong spare code.
        if isinstance(device, StaticDevice) == code.isdigit():
            continue
        if device.verify_is_allowed()[0] and device.verify_token(code):
            return device
    return None


def _untied(request: HttpRequest) -> TOTPDevice:
    """A secret of this very session, new at every look: what somebody else was shown serves nobody."""
    user: Any = request.user
    own = TOTPDevice.objects.filter(user=user, confirmed=False)
    if request.method == "POST":
        shown = own.filter(pk=request.session.get(_TYING, 0)).first()
        if shown is not None:
            return shown
    own.delete()
    device = TOTPDevice.objects.create(user=user, confirmed=False, name="Teléfono")
    request.session[_TYING] = device.pk
    return device


@transaction.atomic
def _tie(request: HttpRequest) -> HttpResponse:
    device = _untied(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if device.verify_is_allowed()[0] and device.verify_token(form.cleaned_data["code"].strip()):
            device.confirmed = True
            device.save()
            remember(request, Note.FACTOR_TIED)
            remember(request, Note.STAFF_IN)
            return _show_spare_codes(request, device)
        remember(request, Note.STAFF_REFUSED, reason="El código no era")
        form.add_error("code", "El código no es correcto. Escribí el que muestra ahora el teléfono.")
    drawing = segno.make(device.config_url, error="m")
    return show(
        request,
        "backoffice/segundo-factor-nuevo.html",
        form=form,
        title="Segundo factor",
        secret=b32encode(device.bin_key).decode(),
        path=_outline(drawing),
        size=drawing.symbol_size(border=4)[0],
    )


def _outline(drawing: Any) -> str:
    """The dark modules as one path: our policy allows no picture from elsewhere."""
    rows = drawing.matrix_iter(border=4)
    return "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)


def _show_spare_codes(request: HttpRequest, device: TOTPDevice) -> HttpResponse:
    spare, _new = StaticDevice.objects.get_or_create(user=request.user, defaults={"name": "Repuesto"})
    spare.token_set.all().delete()
    codes = [StaticToken.random_token() for _ in range(_SPARE_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=spare, token=code) for code in codes)
    _prove(request, device)
    messages.success(request, "Tu teléfono quedó asociado.")
    return show(request, "backoffice/codigos.html", codes=codes, title="Códigos de repuesto")


def _prove(request: HttpRequest, device: Any) -> None:
    """The session is worth more from now on: under a name that nobody can have seen before."""
    request.session.cycle_key()
    django_otp.login(request, device)


def _go_in(request: HttpRequest, **evidence: str) -> HttpResponse:
    remember(request, Note.STAFF_IN, **evidence)
    return redirect("admin:index")
