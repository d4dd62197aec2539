"""Walks a journey page after page, as the person of the page would, up to any step.

Works with tests.visitor.Visitor and with the real browser of tests/browser: both find fields by
label and buttons by their text. A step without an answer here fails every walk past it, so a new
page is walked, looked at and measured by the tests that exist.
"""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from captcha.models import CaptchaStore

from identity.models import Person
from journeys.engine import Journey
from journeys.flows import CREATE
from tests.builders import PASSWORD, TRAMITE, true_facts


class Walker(Protocol):
    url: str

    def open(self, url: str) -> Any: ...
    def fill(self, label: str, value: str) -> Any: ...
    def choose(self, label: str) -> Any: ...
    def press(self, text: str) -> Any: ...
    def hidden(self, name: str) -> str: ...
    def options(self) -> list[str]: ...


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


ANSWERS: dict[str, Callable[[Walker, Person], None]] = {
    "crear-politicas": policies,
    "crear-cuil": cuil,
    "crear-aviso": warning,
    "crear-datos": data,
    "crear-tramite": tramite,
    "crear-preguntas": questions,
    "crear-clave": password,
}


def slug_of(who: Walker, journey: Journey) -> str | None:
    """The step whose page is open; None outside the journey."""
    _, _, rest = who.url.partition(f"/{journey.slug}/")
    return rest.strip("/").split("?")[0] or None if rest else None


def pages(who: Walker, person: Person, journey: Journey = CREATE) -> Iterator[str]:
    """Page after page from the journey's door: gives each step's name when its page is open."""
    who.open(f"/{journey.slug}/")
    for _ in journey.steps:
        here = slug_of(who, journey)
        if here is None:
            return
        yield here
        if f"{journey.slug}-{here}" not in ANSWERS:
            return
        ANSWERS[f"{journey.slug}-{here}"](who, person)


def walk(who: Walker, person: Person, upto: str | None = None, journey: Journey = CREATE) -> Walker:
    """To the page of step `upto`, or to the journey's last."""
    wanted = upto or journey.steps[-1].slug
    for here in pages(who, person, journey):
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
