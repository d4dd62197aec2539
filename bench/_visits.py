"""What people come for, each as one visit over the real pages.

A visit is planned for a moment: then the person presses the button that counts (INGRESAR, CREAR CLAVE) or
asks for the file. What comes before, they begin some seconds earlier; its pages count as pages.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import cycle

import psycopg
from _client import Remote, Trouble
from _crowd import PASSWORD, Someone

# How long before the moment a visit of that many pages begins: longer than the pages take, unless the portal
# is so slow that the visit is late. Then the person has waited, and the wait counts.
SECONDS_AHEAD = {"log-in": 2.0, "form USI-07": 3.0, "key on paper": 8.0, "key online": 12.0}

READ = (
    "/", "/", "/", "/crear/politicas/", "/oficinas/", "/preguntas-frecuentes/", "/ayuda/", "/no-se-mi-cuil/",
    "/usi-07/", "/accesibilidad/",
)  # fmt: skip


@dataclass
class Visit:
    """How it went. `seconds` from `at`, the planned moment, to the answer; None when it never came to that.

    `acknowledged` is the event that must stand in the person's chain from now on.
    """

    kind: str
    at: float
    seconds: float | None = None
    pages: list[float] = field(default_factory=list)
    acknowledged: tuple[str, str] | None = None
    refused: int | None = None
    why: str = ""


class Records:
    """What only the harness may see: the digits of the pictures, and the true answers."""

    def __init__(self, connection: psycopg.AsyncConnection) -> None:
        self._connection = connection

    async def digits(self, key: str) -> str:
        found = await self._column("SELECT response FROM captcha_captchastore WHERE hashkey = %s", key)
        return found[0]

    async def truths(self, cuil: str) -> set[str]:
        return set(await self._column("SELECT value FROM identity_fact WHERE cuil = %s", cuil))

    async def _column(self, statement: str, value: str) -> list[str]:
        cursor = await self._connection.execute(statement, [value])
        return [row[0] for row in await cursor.fetchall()]


@dataclass(frozen=True)
class Door:
    """Where visitors come in, and what the harness knows."""

    port: int
    records: Records

    async def type_code(self, who: Remote) -> None:
        picture = who.page.xpath("//*[@data-captcha]//img/@src")[0]
        await who.fetch(picture)
        who.fill("Código de la imagen", await self.records.digits(who.hidden("captcha_key")))


Moment = Callable[[], Awaitable[None]]


async def log_in(door: Door, cuil: str, who: Remote, moment: Moment) -> str:
    await who.open("/")
    await door.type_code(who)
    who.fill("Número de CUIL", cuil)
    who.fill("Clave de Seguridad Social", PASSWORD)
    await moment()
    await who.press("INGRESAR")
    if who.url != "/inicio/":
        raise Trouble(200, f"log-in: {who.errors() or who.url}")
    return "signed_in"


async def take_form(door: Door, someone: Someone, who: Remote, moment: Moment) -> str:
    """«Ya creé mi clave»: the form USI-07 once more."""
    await who.open("/usi-07/")
    await door.type_code(who)
    who.fill("Número de formulario", someone.form_number)
    who.fill("Número de CUIL", someone.cuil)
    await who.press("CONTINUAR")
    link = who.page.xpath("//a[contains(@href, '.pdf')]/@href")
    if not link:
        raise Trouble(200, f"usi-07: {who.errors()}")
    await moment()
    answer = await who.fetch(link[0])
    if not answer.content.startswith(b"%PDF"):
        raise Trouble(answer.status_code, "PDF")
    return "form_downloaded"


async def create_on_paper(door: Door, someone: Someone, who: Remote, moment: Moment) -> str:
    await _say_who(door, someone, who)
    await who.press("CON EL FORMULARIO USI-07")
    who.fill("E-Mail", f"n{someone.cuil}@ejemplo.com.ar")
    await _choose_password(who, moment)
    if "/formulario/" not in who.url:
        raise Trouble(200, f"pending: {who.errors() or who.url}")
    return "create_pending"


async def create_online(door: Door, someone: Someone, who: Remote, moment: Moment) -> str:
    await _say_who(door, someone, who)
    await who.press("POR INTERNET, AHORA")
    who.fill("Trámite N°", someone.tramite)
    await who.press("CONTINUAR")
    truths = await door.records.truths(someone.cuil)
    while options := who.options():
        who.choose(next(option for option in options if option in truths))
        await who.press("CONTINUAR")
    await _choose_password(who, moment)
    if "/listo/" not in who.url:
        raise Trouble(200, f"online: {who.errors() or who.url}")
    return "create_verified"


async def _say_who(door: Door, someone: Someone, who: Remote) -> None:
    await who.open("/crear/")
    await who.press("ACEPTO")
    who.fill("Número de CUIL", someone.cuil)
    who.choose("En Argentina")
    await door.type_code(who)
    await who.press("CONTINUAR")
    await who.press("CORRECTOS")


async def _choose_password(who: Remote, moment: Moment) -> None:
    who.fill("Elegí una clave", PASSWORD)
    who.fill("Confirmá tu clave", PASSWORD)
    await moment()
    await who.press("CREAR CLAVE")


VISITS = {
    "log-in": log_in,
    "form USI-07": take_form,
    "key on paper": create_on_paper,
    "key online": create_online,
}


async def visit(kind: str, door: Door, someone: Someone, at: float) -> Visit:
    """`at` is a time of the running loop."""
    loop, who, gone = asyncio.get_running_loop(), Remote(door.port), Visit(kind, at)
    pressed = False

    async def moment() -> None:
        nonlocal pressed
        await asyncio.sleep(max(0.0, at - loop.time()))
        pressed = True
        gone.pages = [seconds for _, seconds in who.pages]

    subject = someone.cuil if kind == "log-in" else someone
    try:
        kept = await VISITS[kind](door, subject, who, moment)  # type: ignore[operator]
        gone.seconds, gone.acknowledged = loop.time() - at, (someone.cuil, kept)
    except Exception as trouble:  # noqa: BLE001 - a page that is not what it should be is a figure, too
        gone.refused = trouble.status if isinstance(trouble, Trouble) else -1
        gone.why = f"{type(trouble).__name__}: {trouble}"
        gone.seconds = loop.time() - at if pressed else None
    finally:
        await who.line.hang_up()
    return gone


class Readers:
    """People who only read: a page each, on connections that stay open."""

    def __init__(self, door: Door, pages: tuple[str, ...] = READ) -> None:
        self._door, self._pages = door, cycle(pages)
        self._idle: list[Remote] = []

    async def read(self, at: float) -> Visit:
        loop, gone = asyncio.get_running_loop(), Visit("page", at)
        who = self._idle.pop() if self._idle else Remote(self._door.port)
        try:
            await who.open(next(self._pages))
        except Trouble as trouble:
            gone.refused, gone.why = trouble.status, str(trouble)
        gone.seconds = loop.time() - at
        self._idle.append(who)
        return gone

    async def leave(self) -> None:
        for who in self._idle:
            await who.line.hang_up()
        self._idle.clear()
