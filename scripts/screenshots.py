"""Takes the pictures of README and docs: serves the demonstration on a scratch database and walks through it.

    make screenshots

Writes docs/screenshots/*.png, at most 150 kB each. Needs a Chromium (apt-get install chromium).
"""

import csv
import io
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import django
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "screenshots"
MOST_BYTES = 150_000
COLOURS = (256, 128, 64, 32)
WAIT_SECONDS = 20

sys.path.insert(0, str(ROOT))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepare(scratch: Path, port: int) -> str:
    """The demonstration's environment, database and static files; gives the site's origin."""
    site = f"http://127.0.0.1:{port}"
    os.environ.update(
        DJANGO_SETTINGS_MODULE="clave_portal.settings",
        DJANGO_ALLOW_ASYNC_UNSAFE="true",  # Playwright's event loop runs in this thread
        DATABASE_URL=f"sqlite:///{scratch / 'clave.sqlite3'}",
        SECRET_KEY=secrets.token_urlsafe(48),
        PORTAL_DATA_KEY=secrets.token_urlsafe(48),
        PORTAL_DEMO="1",
        SITE_URL=site,
    )
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_demo")
    call_command("collectstatic", interactive=False, verbosity=0)
    return site


@contextmanager
def served(site: str, port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "gunicorn", "clave_portal.wsgi", "--log-level", "warning"]
    options = ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "4"]
    with subprocess.Popen([*command, *options], cwd=ROOT) as server:
        try:
            wait_for(site)
            yield
        finally:
            server.terminate()


def wait_for(site: str) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        try:
            urlopen(f"{site}/static/css/portal.css", timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"{site} did not answer within {WAIT_SECONDS} seconds")


def first_case() -> tuple[str, str]:
    """CUIL and trámite number of the demonstration's simplest person."""
    with (ROOT / "demo" / "cases.csv").open(newline="", encoding="utf-8") as file:
        cuil = next(csv.DictReader(file))["cuil"]
    with (ROOT / "demo" / "registry" / "people.csv").open(newline="", encoding="utf-8") as file:
        digits = str.maketrans("", "", "-")
        people = {row["cuil"].translate(digits): row["tramite"] for row in csv.DictReader(file)}
    cuil = cuil.translate(digits)
    return cuil, people[cuil]


def save(picture: bytes, name: str) -> None:
    """As a palette of as many colours as fit."""
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in COLOURS:
        packed = io.BytesIO()
        # Maximum coverage keeps the few pixels of a link blue; the median cut would turn them grey.
        palette = whole.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        palette.save(packed, "PNG", optimize=True)
        if packed.tell() <= MOST_BYTES:
            break
    else:
        raise SystemExit(f"{name} does not fit into {MOST_BYTES} bytes")
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / name).write_bytes(packed.getvalue())
    print(f"docs/screenshots/{name}: {packed.tell() / 1000:.0f} kB, {colours} colours")


class Tour:
    """One browser, once as a telephone and once as a desk."""

    def __init__(self, browser: Browser, site: str) -> None:
        from tests.browser.browser_visitor import BrowserVisitor

        clock = {"locale": "es-AR", "timezone_id": "America/Argentina/Buenos_Aires"}
        small, large = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
        phone = browser.new_context(
            viewport=small, device_scale_factor=2, is_mobile=True, has_touch=True, **clock
        )
        self.desk_context = browser.new_context(viewport=large, **clock)
        self.phone_context = phone
        self.phone = BrowserVisitor(phone.new_page(), site)
        self.desk = BrowserVisitor(self.desk_context.new_page(), site)
        for who in (self.phone, self.desk):
            who.open("/").open("/")  # the first visit does without the font

    def take(self) -> None:
        save(self.desk.page.screenshot(full_page=True), "ingreso.png")
        save(self.phone.page.screenshot(full_page=True), "ingreso-320.png")
        self._create()
        self._log_in()
        self._office()

    def _create(self) -> None:
        from identity.models import Person
        from tests.walker import one_question, questions, type_code

        cuil, tramite = first_case()
        person = Person.objects.get(cuil=cuil)
        phone = self.phone.open("/crear/").press("ACEPTO")
        wrong_digit = (int(cuil[-1]) + 1) % 10
        phone.fill("Número de CUIL", f"{cuil[:-1]}{wrong_digit}").choose("En Argentina").press("CONTINUAR")
        phone.page.evaluate("document.activeElement.blur()")
        save(phone.page.screenshot(full_page=True), "cuil-error-320.png")
        phone.fill("Número de CUIL", cuil).choose("En Argentina")
        type_code(phone)
        phone.press("CONTINUAR").press("CORRECTOS").press("POR INTERNET, AHORA").fill(
            "Trámite N°", tramite
        ).press("CONTINUAR")
        one_question(phone, person)
        save(phone.page.screenshot(full_page=True), "pregunta-320.png")
        questions(phone, person)
        phone.fill("Elegí una clave", "Girasol")
        save(phone.page.screenshot(full_page=True), "clave-320.png")
        self.desk_context.add_cookies(self.phone_context.cookies())
        self.desk.open("/crear/clave/")
        self.desk.fill("Elegí una clave", "Girasol58k").fill("Confirmá tu clave", "Girasol58k")
        self.desk.press("CREAR CLAVE")
        save(self.desk.page.screenshot(full_page=True), "listo.png")
        self.cuil = cuil

    def _log_in(self) -> None:
        from tests.walker import type_code

        self.desk.follow("COMENZAR A UTILIZAR")
        self.desk.fill("Número de CUIL", self.cuil).fill("Clave de Seguridad Social", "Girasol58k")
        type_code(self.desk)
        self.desk.press("INGRESAR")
        save(self.desk.page.screenshot(full_page=True), "inicio.png")

    def _office(self) -> None:
        """At the counter, then what a supervisor and an auditor see."""
        from accounts.lifecycle import State
        from accounts.models import Clave
        from identity.models import Person
        from tests.backoffice.builders import show_document

        clave = Clave.objects.filter(state=State.PENDING).first()
        assert clave is not None
        person = Person.objects.get(cuil=clave.cuil)
        self._enter("mesa")
        self._picture("oficina-buscar.png")
        for who in (self.phone, self.desk):
            who.fill("Número de formulario, CUIL o documento", clave.form_number).press("BUSCAR")
        self._picture("oficina-caso.png")
        save(self.phone.page.screenshot(full_page=True), "oficina-caso-320.png")
        self.desk.follow("Habilitar con USI-07")
        self.desk.fill("Número del formulario USI-07", clave.form_number)
        show_document(self.desk, person)
        self._picture("oficina-habilitar.png")
        self.desk.press("CONTINUAR")
        self._picture("oficina-confirmar.png")
        self.desk.press("CONFIRMAR")
        self._picture("oficina-hecho.png")
        self._enter("supervision")
        self._picture("oficina-tablero.png")
        self._enter("auditoria")
        self.desk.open("/admin/auditoria/")
        self._picture("oficina-auditoria.png", whole=False)  # fifty events are long

    def _enter(self, name: str) -> None:
        from accounts.demo import STAFF_PASSWORD

        for who in (self.phone, self.desk):
            who.page.context.clear_cookies()
            who.open("/admin/login/").fill("Nombre de usuario", name)
            who.fill("Clave de la oficina", STAFF_PASSWORD).press("ENTRAR")

    def _picture(self, name: str, *, whole: bool = True) -> None:
        save(self.desk.page.screenshot(full_page=whole), name)


def main() -> None:
    from tests.browser.chromium import ARGUMENTS, executable

    path = executable()
    if path is None:
        raise SystemExit("No Chromium here: apt-get install chromium")
    port = free_port()
    with tempfile.TemporaryDirectory() as scratch:
        site = prepare(Path(scratch), port)
        with served(site, port), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            Tour(browser, site).take()
            browser.close()


if __name__ == "__main__":
    main()
