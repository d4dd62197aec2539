"""Who gets where behind log-in: every actor × every page × GET and POST.

The pages are those of the addresses whose view is a BehindLogIn: a new one is covered by existing, and
one that ought to be and is not fails here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import include, path, resolve
from django.views import View

from accounts.addresses import ask
from accounts.events import ClaveEvent, Note
from accounts.models import Application, Clave, User
from identity.models import Person
from journeys.home.acting import ChooseForWhom
from journeys.home.base import BehindLogIn
from journeys.home.start import Home
from tests.builders import make_clave, make_curatela, make_person
from tests.test_architecture import ADDRESSES, EXAMPLES

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class OneOfTheirKey(BehindLogIn):
    """A page about the key itself, whether or not the portal has one."""

    own_key_only = True

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("mine")

    post = get


MINE = "/prueba/mi-clave/"
urlpatterns = [path(MINE[1:], OneOfTheirKey.as_view()), path("", include("clave_portal.urls"))]

OURS = [address for address in ADDRESSES if not address.startswith("/admin/")]
START, LOG_IN, WHY = "/inicio/", "/", "/aviso/clave-suspendida/"
# Behind log-in, yet not of the kind: each with what it does instead.
WITHOUT_GUARD = {
    "/salir/": "leaving is for whoever is in, whatever they have still to accept",
    "/politicas/aceptar/": "stands between log-in and the guard, which sends here",
}


def view_of(address: str) -> Any:
    return resolve(address, urlconf=__name__).func


def class_of(address: str) -> Any:
    return getattr(view_of(address), "view_class", None)


def is_guarded(address: str) -> bool:
    view = class_of(address)
    return view is not None and issubclass(view, BehindLogIn)


PAGES = [MINE, *filter(is_guarded, OURS)]


# --- The actors -------------------------------------------------------------------------------------


@dataclass
class Cast:
    """Three persons with keys of level 3 and an address to confirm, and an application.

    Silvia looks after Federico, and Marta has to do with neither.
    """

    silvia: Person
    federico: Person
    marta: Person
    curatela: int

    def browser_of(self, person: Person, acting: int | None = None) -> Client:
        """Logged in with their key. `acting`: what the session keeps of whom they chose."""
        client = Client()
        client.force_login(User.objects.get(cuil=person.cuil), "accounts.backends.ClaveBackend")
        if acting is not None:
            session = client.session
            session["acting"] = acting
            session.save()
        return client


@pytest.fixture
def cast() -> Cast:
    people = [
        make_person(number, surname=name, given_names="A", facts={})
        for number, name in ((14388702, "SILVIA"), (31770924, "FEDERICO"), (30111222, "MARTA"))
    ]
    for person in people:
        ask(make_clave(person.cuil, level=3), "a@ejemplo.com.ar")
    Application.objects.create(name="Prueba", slug=EXAMPLES["slug"], level=3, position=99)
    silvia, federico, marta = people
    return Cast(silvia, federico, marta, make_curatela(silvia, federico).pk)


def anonymous(cast: Cast) -> Client:
    return Client()


def employee(cast: Cast) -> Client:
    client = Client()
    client.force_login(
        User.objects.create_user("ana", password="x" * 20, is_staff=True), "accounts.backends.StaffBackend"
    )
    return client


def oneself(cast: Cast) -> Client:
    return cast.browser_of(cast.marta)


def curador(cast: Cast) -> Client:
    return cast.browser_of(cast.silvia, cast.curatela)


def curador_for_oneself(cast: Cast) -> Client:
    return cast.browser_of(cast.silvia, 0)


def curador_not_asked_yet(cast: Cast) -> Client:
    return cast.browser_of(cast.silvia)


def former_curador(cast: Cast) -> Client:
    """Chose Federico while he was in her care."""
    client = curador(cast)
    cast.silvia.curados.all().delete()
    return client


def stranger(cast: Cast) -> Client:
    """Somebody else's curatela, as if it had got into her session."""
    return cast.browser_of(cast.marta, cast.curatela)


def curado(cast: Cast) -> Client:
    """In since before the curatela."""
    return cast.browser_of(cast.federico)


@dataclass(frozen=True)
class Outcome:
    """Where they are sent, or as whom they reach the page."""

    sent_to: str = ""
    holder: str = ""
    subject: str = ""


def expected(actor: Callable[[Cast], Client], cast: Cast, page: type[BehindLogIn]) -> Outcome:
    silvia, federico, marta = cast.silvia.cuil, cast.federico.cuil, cast.marta.cuil
    for_federico = Outcome(holder=silvia, subject=federico)
    for_silvia = Outcome(holder=silvia, subject=silvia)
    return {
        anonymous: Outcome(LOG_IN),
        employee: Outcome(LOG_IN),
        oneself: Outcome(holder=marta, subject=marta),
        curador: Outcome(START) if page.own_key_only else for_federico,
        curador_for_oneself: for_silvia,
        curador_not_asked_yet: Outcome("/inicio/en-nombre-de/") if page.asks_for_whom else for_silvia,
        former_curador: Outcome(START),
        stranger: Outcome(START),
        curado: Outcome(WHY),
    }[actor]


ACTORS = [
    anonymous, employee, oneself, curador, curador_for_oneself, curador_not_asked_yet, former_curador,
    stranger, curado,
]  # fmt: skip


# --- The matrix -------------------------------------------------------------------------------------


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> list[BehindLogIn]:
    """The pages whose own code was run: past the guard there is Django's dispatch."""
    seen: list[BehindLogIn] = []
    dispatch = View.dispatch

    def noted(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(view, BehindLogIn):
            seen.append(view)
        return dispatch(view, request, *args, **kwargs)

    monkeypatch.setattr(View, "dispatch", noted)
    return seen


def what_is_written() -> list[Any]:
    """Keys, and events but for those that tell of being turned away."""
    events = ClaveEvent.objects.exclude(kind__in=[Note.ACTING_ENDED, Note.KEY_SUSPENDED])
    return [*Clave.objects.order_by("pk").values(), *events.order_by("pk").values("pk")]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: actor.__name__)
@pytest.mark.parametrize("address", PAGES)
def test_each_actor_gets_where_they_may_and_as_whom_they_may(
    cast: Cast, reached: list[BehindLogIn], address: str, actor: Callable[[Cast], Client], method: str
) -> None:
    client, before = actor(cast), what_is_written()
    answer = getattr(client, method)(address)
    wanted = expected(actor, cast, class_of(address))
    if wanted.sent_to:
        assert not reached
        assert (answer.status_code, answer.headers["Location"]) == (302, wanted.sent_to)
        assert what_is_written() == before
        return
    assert answer.status_code < 500
    (view,) = reached
    assert (view.acting.holder, view.acting.subject) == (wanted.holder, wanted.subject)
    assert view.clave.cuil == wanted.holder


@pytest.mark.parametrize("actor", [former_curador, stranger], ids=lambda actor: actor.__name__)
@pytest.mark.parametrize("address", PAGES)
def test_whoever_was_sent_back_acts_for_themselves_from_the_next_click_on(
    cast: Cast, reached: list[BehindLogIn], address: str, actor: Callable[[Cast], Client]
) -> None:
    client = actor(cast)
    client.get(address)
    client.get(address)
    (view,) = reached
    assert view.acting.subject == view.acting.holder != cast.federico.cuil


@pytest.mark.parametrize("address", PAGES)
def test_the_curado_is_out_for_good_and_in_again_when_the_curatela_ended(
    cast: Cast, reached: list[BehindLogIn], address: str
) -> None:
    client = curado(cast)
    client.get(address)
    assert client.get(address).headers["Location"] == LOG_IN
    assert not reached
    cast.silvia.curados.all().delete()
    assert curado(cast).get(address).status_code < 500
    assert len(reached) == 1


# --- Nothing stands beside the matrix -------------------------------------------------------------------


def test_the_pages_behind_log_in_are_found() -> None:
    assert {Home, ChooseForWhom} <= {class_of(address) for address in PAGES}
    assert START in PAGES
    assert len(PAGES) * len(ACTORS) * 2 >= 50


def looks_private(address: str) -> Iterator[str]:
    """Why one would expect to be logged in there."""
    if address.startswith(START):
        yield "its address"
    if view_of(address).__module__.startswith("journeys.home."):
        yield "its place in the code"
    for method in ("get", "post"):
        answer = getattr(Client(), method)(address)
        if answer.status_code in {301, 302} and answer.headers["Location"] in {LOG_IN, START}:
            yield f"{method} without log-in leads to {answer.headers['Location']}"


@pytest.mark.parametrize("address", OURS)
def test_no_page_behind_log_in_is_without_the_guard(address: str) -> None:
    why = list(looks_private(address))
    assert is_guarded(address) or not why or address in WITHOUT_GUARD, why


@pytest.mark.parametrize("address", WITHOUT_GUARD)
def test_each_exception_is_still_one(address: str) -> None:
    assert list(looks_private(address))
    assert not is_guarded(address)


@pytest.mark.parametrize("address", PAGES)
def test_nothing_of_a_page_runs_before_its_guard(address: str) -> None:
    """Decorated it may be; a dispatch of its own would stand before the guard's."""
    for kind in takewhile(lambda kind: kind is not BehindLogIn, class_of(address).__mro__):
        assert "dispatch" not in vars(kind) or hasattr(kind.dispatch, "__wrapped__"), kind
