"""Where hostile requests are sent from: a browser somewhere in the portal, and what it could send."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from captcha.models import CaptchaStore
from django.contrib.auth.models import Group
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from lxml import html

from accounts import addresses
from accounts.certificates import new_certificate
from accounts.disavowal import token_for
from accounts.models import Application, User
from backoffice.models import Employee, Proposal
from backoffice.site import office_site
from identity.models import Person, WrongDataReport
from journeys.flows import JOURNEYS
from tests.backoffice.builders import make_employee
from tests.builders import make_clave, make_curatela, make_person
from tests.test_architecture import ADDRESSES
from tests.visitor import Visitor
from tests.walker import ROUTES, walk

SECURE = {"secure": True}


@dataclass(frozen=True)
class Target:
    """An address, and the fields of a form that stands there, filled in; none: only the address."""

    address: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass
class Place:
    """A browser, the cookies it came with, and its targets: `here` are those the place is about."""

    client: Client
    here: list[Target]
    everywhere: list[Target]


# --- What there is to send --------------------------------------------------------------------------


def forms_on(client: Client, address: str) -> Iterator[Target]:
    """Each form of the page, its code typed; and the page itself."""
    yield Target(address)
    answer = client.get(address, **SECURE)
    if not answer.headers.get("Content-Type", "").startswith("text/html") or not answer.content:
        return
    for form in html.document_fromstring(answer.content).forms:
        to = form.get("action") or address
        yield Target(to, tuple(_filled_in(form)))


def _filled_in(form: html.FormElement) -> Iterator[tuple[str, str]]:
    """Every field, the empty ones too; the code is typed, of choices and buttons the first is taken."""
    named = form.xpath(".//*[@name][self::input or self::select or self::textarea or self::button]")
    key = form.xpath("string(.//input[@name='captcha_key']/@value)")
    taken: set[str] = set()
    for field in named:
        name, one_of = field.get("name"), field.get("type") == "radio" or field.tag == "button"
        group = "button" if field.tag == "button" else name
        if one_of and group in taken:
            continue
        taken.add(group)
        yield name, _code(key) if name == "captcha" else _value(field)


def _value(field: html.HtmlElement) -> str:
    if field.tag == "select":
        return next((option.get("value") for option in field.xpath(".//option[@value!='']")), "")
    if field.get("type") == "checkbox":
        return "on"
    return field.get("value", "") or (field.text or "" if field.tag == "textarea" else "")


def _code(key: str) -> str:
    """What the picture shows."""
    return CaptchaStore.objects.get(hashkey=key).response


def _targets(client: Client, addresses: list[str]) -> list[Target]:
    return [target for address in addresses for target in forms_on(client, address)]


# --- Real things behind the addresses ---------------------------------------------------------------


@dataclass(frozen=True)
class Cast:
    """Marta has a key of level 3, Silvia looks after Federico, Carla waits with a pending one."""

    marta: Person
    silvia: Person
    employee: Employee
    curatela: int
    real: dict[str, str]


def cast() -> Cast:
    marta, silvia, federico, carla = (
        make_person(number, given_names=name) for number, name in
        ((30111222, "MARTA"), (14388702, "SILVIA"), (31770924, "FEDERICO"), (28999111, "CARLA"))
    )  # fmt: skip
    former = make_clave(marta.cuil)
    clave = make_clave(marta.cuil, level=3)
    addresses.ask(clave, "otra@ejemplo.com.ar")
    make_clave(silvia.cuil)
    make_clave(carla.cuil, level=None)
    Application.objects.create(name="Prueba", slug="no-acepto", level=2, position=99, address="/mis-datos/")
    employee = make_employee(None)
    employee.user.groups.set(Group.objects.all())
    report = WrongDataReport.objects.create(cuil=carla.cuil)
    proposal = Proposal.objects.create(
        cuil=carla.cuil, action="elevar", evidence={}, event_number=0, office=employee.office,
        proposed_by=make_employee("Mesa de entrada", "beto", office=employee.office).user,
    )  # fmt: skip
    real = {
        "/admin/caso/1/no-acepto/": f"/admin/caso/{carla.pk}/habilitar/",
        "/admin/caso/1/": f"/admin/caso/{carla.pk}/",
        "/admin/propuestas/1/": f"/admin/propuestas/{proposal.pk}/",
        "/admin/avisos/1/": f"/admin/avisos/{report.pk}/",
        "/no-fui-yo/x/": f"/no-fui-yo/{token_for(clave.pk, former.pk)}/",
        "/correo-anterior/x/": f"/correo-anterior/{addresses.undo_token(clave.pk, 0)}/",
        "/constancia/": f"/constancia/?codigo={new_certificate(marta.cuil)[1]}",
    }
    return Cast(marta, silvia, employee, make_curatela(silvia, federico).pk, real)


def real_addresses(cast: Cast) -> list[str]:
    """Every address of the portal, with something behind it where the portal knows of anything."""
    return [_of_a_row(cast.real.get(address, address)) for address in ADDRESSES]


def _of_a_row(address: str) -> str:
    """The library's page of a row, of the first row that there is."""
    found = re.fullmatch(r"/admin/([a-z_]+)/([a-z_]+)/1/(.*)", address)
    if not found:
        return address
    for model in office_site._registry:
        if (model._meta.app_label, model._meta.model_name) == found.groups()[:2]:
            row = model._default_manager.values_list("pk", flat=True).first()
            return f"/admin/{found[1]}/{found[2]}/{row or 1}/{found[3]}"
    return address


# --- The places -------------------------------------------------------------------------------------


def anonymous(cast: Cast) -> Client:
    return Client()


def citizen(cast: Cast, person: Person | None = None) -> Client:
    client = Client()
    user = User.objects.get(cuil=(person or cast.marta).cuil)
    client.force_login(user, "accounts.backends.ClaveBackend")
    return client


def curador(cast: Cast) -> Client:
    client = citizen(cast, cast.silvia)
    session = client.session
    session["acting"] = cast.curatela
    session.save()
    return client


def employee(cast: Cast, *, superuser: bool = False) -> Client:
    """With every role, and a telephone that was asked."""
    client = Client()
    user = cast.employee.user
    User.objects.filter(pk=user.pk).update(is_superuser=superuser)
    client.force_login(user, "accounts.backends.StaffBackend")
    session = client.session
    session["otp_device_id"] = TOTPDevice.objects.create(user=user, name="teléfono").persistent_id
    session.save()
    return client


ACTORS: dict[str, Callable[[Cast], Client]] = {
    "anonymous": anonymous,
    "citizen": citizen,
    "curador": curador,
    "employee": employee,
    "superuser": partial(employee, superuser=True),
}


def of_an_actor(who: str) -> Place:
    """Somebody who may open many pages."""
    company = cast()
    client = ACTORS[who](company)
    everywhere = _targets(client, real_addresses(company))
    forms = [target for target in everywhere if target.fields]
    return Place(client, forms or everywhere, everywhere)


def in_a_journey(route: str, step: str) -> Place:
    """Somebody on the page of that step."""
    visitor, person = Visitor(), make_person()
    ROUTES[route].prepare(person)
    walk(visitor, person, step, ROUTES[route])
    client = Client()
    client.cookies = visitor.client.cookies
    address = f"/{ROUTES[route].journey.slug}/{step}/"
    here = list(forms_on(client, address))
    others = [f"/{journey.slug}/{s.slug}/" for journey in JOURNEYS for s in journey.steps]
    return Place(client, here, [*map(Target, others), *map(Target, ADDRESSES)])


def _steps() -> Iterator[tuple[str, str]]:
    """Each step of each journey once, on the first route that passes there."""
    seen = set()
    for name, route in ROUTES.items():
        for step in route.steps:
            if (route.journey.slug, step) not in seen:
                seen.add((route.journey.slug, step))
                yield name, step


PLACES: dict[str, Callable[[], Place]] = {
    **{who: partial(of_an_actor, who) for who in ACTORS},
    **{f"{route}-{step}": partial(in_a_journey, route, step) for route, step in _steps()},
    "from-abroad-pendiente": partial(in_a_journey, "from-abroad", "pendiente"),
}
