"""Walks a journey page after page, as the person of the page would, up to any step.

Works with tests.visitor.Visitor and with the real browser of tests/browser: both find fields by
label and buttons by their text. A step that is on no route fails a test, so a new page is walked,
looked at and measured by the tests that exist.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from captcha.models import CaptchaStore

from identity.models import Person
from identity.register import masked_cuil
from journeys.engine import Journey
from journeys.flows import CREATE, ENABLE
from tests.builders import EMAIL, PASSWORD, TRAMITE, make_clave, true_facts


class Walker(Protocol):
    url: str

    def open(self, url: str) -> Any: ...
    def fill(self, label: str, value: str) -> Any: ...
    def choose(self, label: str) -> Any: ...
    def press(self, text: str) -> Any: ...
    def hidden(self, name: str) -> str: ...
    def options(self) -> list[str]: ...
    def select(self, label: str, option: str) -> Any: ...


Answer = Callable[[Walker, Person], None]


def type_code(who: Walker) -> None:
    """Reads the picture: its digits stand in django-simple-captcha's table."""
    stored = CaptchaStore.objects.get(hashkey=who.hidden("captcha_key"))
    who.fill("Código de la imagen", stored.response)


def policies(who: Walker, person: Person) -> None:
    who.press("ACEPTO")


def cuil(who: Walker, person: Person) -> None:
    who.fill("Número de CUIL", person.cuil)
    who.choose("En Argentina")
    type_code(who)
    who.press("CONTINUAR")


def cuil_abroad(who: Walker, person: Person) -> None:
    who.fill("Número de CUIL", person.cuil)
    who.choose("En el exterior")
    type_code(who)
    who.press("CONTINUAR")


def warning(who: Walker, person: Person) -> None:
    who.press("CONTINUAR")


def data(who: Walker, person: Person) -> None:
    who.press("CORRECTOS")


def tramite(who: Walker, person: Person) -> None:
    who.fill("Trámite N°", TRAMITE)
    who.press("CONTINUAR")


def one_question(who: Walker, person: Person, *, right: bool = True) -> None:
    truths = true_facts(person)
    choice = next(o for o in who.options() if (o in truths) is right)
    who.choose(choice)
    who.press("CONTINUAR")


def questions(who: Walker, person: Person, *, right: bool = True) -> None:
    while who.options():
        one_question(who, person, right=right)


def password(who: Walker, person: Person) -> None:
    who.fill("Elegí una clave", PASSWORD)
    who.fill("Confirmá tu clave", PASSWORD)
    who.press("CREAR CLAVE")


def pending(who: Walker, person: Person) -> None:
    who.fill("E-Mail", EMAIL)
    password(who, person)


def pending_abroad(who: Walker, person: Person) -> None:
    who.select("País", "España")
    who.fill("Domicilio en el exterior", "Calle de Alcalá 12, 28014 Madrid")
    who.fill("Teléfono", "+34 600 123 456")
    pending(who, person)


def identify(who: Walker, person: Person) -> None:
    who.fill("Número de CUIL", person.cuil)
    who.fill("Clave de Seguridad Social", PASSWORD)
    type_code(who)
    who.press("CONTINUAR")


def presses(button: str) -> Answer:
    return lambda who, person: who.press(button)


# --- Routes -----------------------------------------------------------------------------------------


def has_live_clave(person: Person) -> None:
    make_clave(person.cuil)  # so that every step applies


def has_pending_clave(person: Person) -> None:
    make_clave(person.cuil, level=None)


@dataclass(frozen=True)
class Route:
    """One way through a journey: the answer given on each page, in order; and the page it ends on."""

    journey: Journey
    answers: dict[str, Answer]
    end: str
    prepare: Callable[[Person], None] = has_live_clave

    @property
    def steps(self) -> list[str]:
        return [*self.answers, self.end]


_UNTIL_DATA: dict[str, Answer] = {
    "politicas": policies,
    "cuil": cuil,
    "aviso": warning,
    "datos": data,
}
ONLINE = Route(
    CREATE,
    {
        **_UNTIL_DATA,
        "como": presses("POR INTERNET, AHORA"),
        "tramite": tramite,
        "preguntas": questions,
        "clave": password,
    },
    "listo",
)
ON_PAPER = Route(
    CREATE,
    {**_UNTIL_DATA, "como": presses("CON EL FORMULARIO USI-07"), "pendiente": pending},
    "formulario",
)
TURNED_TO_PAPER = Route(
    CREATE,
    {
        **_UNTIL_DATA,
        "como": presses("POR INTERNET, AHORA"),
        "tramite": presses("No lo encuentro o no tengo mi DNI"),
        "papel": presses("CONTINUAR"),
        "pendiente": pending,
    },
    "formulario",
)
FROM_ABROAD = Route(CREATE, {**_UNTIL_DATA, "cuil": cuil_abroad, "pendiente": pending_abroad}, "formulario")
ENABLING = Route(ENABLE, {"identificacion": identify, "preguntas": questions}, "listo", has_pending_clave)

ROUTES = {
    "online": ONLINE,
    "on-paper": ON_PAPER,
    "turned-to-paper": TURNED_TO_PAPER,
    "from-abroad": FROM_ABROAD,
    "enabling": ENABLING,
}
# What the person of the simplest way answers: most tests need no other.
ANSWERS = ONLINE.answers


def slug_of(who: Walker, journey: Journey = CREATE) -> str | None:
    """The step whose page is open; None outside the journey."""
    _, _, rest = who.url.partition(f"/{journey.slug}/")
    return rest.strip("/").split("?")[0] or None if rest else None


def pages(who: Walker, person: Person, route: Route = ONLINE) -> Iterator[str]:
    """Page after page from the journey's door: gives each step's name when its page is open."""
    who.open(f"/{route.journey.slug}/")
    for _ in route.journey.steps:
        here = slug_of(who, route.journey)
        if here is None:
            return
        yield here
        if here not in route.answers:
            return
        route.answers[here](who, person)


def walk(who: Walker, person: Person, upto: str | None = None, route: Route = ONLINE) -> Walker:
    """To the page of step `upto`, or to the route's last."""
    wanted = upto or route.end
    for here in pages(who, person, route):
        if here == wanted:
            return who
    raise AssertionError(f"walked to {who.url}, not to {wanted}")


def log_in(who: Walker, person: Person, password: str = PASSWORD) -> Walker:
    who.open("/")
    who.fill("Número de CUIL", person.cuil)
    who.fill("Clave de Seguridad Social", password)
    type_code(who)
    who.press("INGRESAR")
    return who


def named(person: Person) -> str:
    """How «¿En nombre de quién vas a actuar?» names somebody."""
    return f"{person.given_names} {person.surname}, CUIL {masked_cuil(person.cuil)}"


def act_for(who: Walker, curador: Person, curado: Person, password: str = PASSWORD) -> Walker:
    """Log in as the one and choose the other."""
    log_in(who, curador, password)
    who.choose(named(curado))
    who.press("CONTINUAR")
    return who
