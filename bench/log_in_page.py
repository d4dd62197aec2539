"""The log-in page of the portal beside that of a stock django-allauth site (P20).

    python bench/log_in_page.py [rounds]

The stock site is what `django-admin startproject` writes, with what allauth's quickstart adds to it, made in
a temporary folder; allauth is installed once, under var/. Both have a hasher that costs nothing, the same
kind of database with the same options, and a process each; they take turns. A visit is GET and POST of a
browser that was never there before, with the right key: the processor time of the site from the request it
received to the answer it gives. What the portal does besides is in its time: a code to draw (not its image,
P3), limits, an event, a mail about a new browser, a place in the list of open sessions.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

from _budgets import Figure
from _databases import ROOT, Database, django_setup, kinds, maker
from _holders import Holder, answer, in_turns

PINNED = ROOT / "bench" / "allauth.txt"
PACKAGE = PINNED.read_text(encoding="utf-8").splitlines()[1].split()[0]
LIBRARY = ROOT / "var" / "bench" / PACKAGE.replace("==", "-")
HASHERS = ["_free_hasher.FreeHasher"]
ROUNDS = 101
STOCK = """
DEBUG = False
ALLOWED_HOSTS = ["*"]
from tests.settings import DATABASES
INSTALLED_APPS += ["allauth", "allauth.account"]
MIDDLEWARE += ["allauth.account.middleware.AccountMiddleware"]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
"""
STOCK_URLS = """
from django.urls import include
urlpatterns += [path("accounts/", include("allauth.urls"))]
"""
VISIT = "GET and POST"


class NotInstalled(Exception):
    """There is no django-allauth, and none could be installed; the message says why."""


def library() -> Path:
    """Where django-allauth is. Installed the first time; what it needs besides is the portal's Django.

    Raises:
        NotInstalled: no index of packages answers.
    """
    if not LIBRARY.exists():
        LIBRARY.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=LIBRARY.parent) as folder:
            half = Path(folder) / "half"  # until it is whole
            command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--require-hashes"]
            command += ["--only-binary", ":all:", "--target", half, "-r", PINNED]
            run = subprocess.run(command, capture_output=True, text=True, check=False)
            if run.returncode:
                raise NotInstalled(f"{PACKAGE}: {(run.stderr.splitlines() or ['?'])[-1]}")
            half.rename(LIBRARY)
    return LIBRARY


def make_stock_site(folder: Path) -> None:
    command = [sys.executable, "-m", "django", "startproject", "stock", str(folder)]
    subprocess.run(command, check=True)
    for name, more in {"settings": STOCK, "urls": STOCK_URLS}.items():
        with (folder / "stock" / f"{name}.py").open("a", encoding="utf-8") as written:
            written.write(more)


# --- In a process that holds one site ---------------------------------------------------------------


class Clocked:
    """The site behind a test client: milliseconds of processor time that it worked."""

    def __init__(self, site: Callable[[dict[str, Any]], Any]) -> None:
        self.spent, self._site = 0.0, site

    def __call__(self, environ: dict[str, Any]) -> Any:
        start = time.process_time()
        try:
            return self._site(environ)
        finally:
            self.spent += (time.process_time() - start) * 1000


Filling = Callable[[Any], tuple[str, dict[str, str]]]


def portal() -> Filling:
    from django.core.management import call_command

    from tests.builders import PASSWORD, make_clave, make_person
    from tests.walker import type_code

    call_command("collectstatic", interactive=False, verbosity=0)
    person = make_person()
    make_clave(person.cuil)

    def fill_in(who: Any) -> tuple[str, dict[str, str]]:
        who.open("/").fill("Número de CUIL", person.cuil).fill("Clave de Seguridad Social", PASSWORD)
        type_code(who)
        return who.form("INGRESAR")

    return fill_in


def stock() -> Filling:
    from allauth.account.models import EmailAddress
    from django.contrib.auth.models import User

    user = User.objects.create_user("marta", "marta@ejemplo.com.ar", "Girasol58k")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)

    def fill_in(who: Any) -> tuple[str, dict[str, str]]:
        who.open("/accounts/login/").fill("Username:", "marta").fill("Password:", "Girasol58k")
        return who.form("Sign In")

    return fill_in


def serve(fill_in: Filling) -> None:
    from django.test.client import ClientHandler

    from tests.visitor import Visitor

    browsers = count(1)
    site = ClientHandler(enforce_csrf_checks=True)
    site.load_middleware()  # as a server does, once

    def visit(_: str = VISIT) -> float:
        number = next(browsers)
        who = Visitor(REMOTE_ADDR=f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")
        who.client.handler = clock = Clocked(site)
        response = who.client.post(*fill_in(who))
        assert response.status_code == 302, response.content
        return clock.spent

    visit()
    answer(visit)


# --- The run --------------------------------------------------------------------------------------


def one_kind(make: Callable[[str], Database], rounds: int) -> Figure:
    sites = {"portal": "tests.settings", "stock": "stock.settings"}
    databases = {name: make(f"clave_bench_log_in_{name}") for name in sites}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clave-bench-")))
        make_stock_site(folder)
        path = os.pathsep.join(map(str, (ROOT, ROOT / "bench", folder, library())))
        holders: dict[str, Holder] = {}
        for name, database in databases.items():
            stack.callback(database.drop)
            database.empty()
            environment = {"DJANGO_SETTINGS_MODULE": sites[name], "PYTHONPATH": path, "PORTAL_DEMO": "0"}
            holders[name] = Holder(__file__, database.url, name, **environment)
            stack.callback(holders[name].leave)
        found = in_turns(holders, VISIT, rounds)
    return Figure("P20", found["portal"], found["stock"], "ms CPU")


def figures(*, full: bool) -> list[Figure]:
    try:
        library()
    except NotInstalled as missing:
        print(f"P20: skipped. {missing}", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory(prefix="clave-bench-") as folder:
        return [one_kind(maker(Path(folder)), ROUNDS)]


def hold(name: str) -> None:
    django_setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.PASSWORD_HASHERS = HASHERS
    call_command("migrate", verbosity=0)
    sites: Mapping[str, Callable[[], Filling]] = {"portal": portal, "stock": stock}
    serve(sites[name]())


def main() -> None:
    if sys.argv[1:2] == ["--serve"]:
        hold(sys.argv[2])
        return
    with tempfile.TemporaryDirectory(prefix="clave-bench-") as folder:
        for make in kinds(Path(folder)):
            one = one_kind(make, int(sys.argv[1]) if sys.argv[1:] else ROUNDS)
            print(f"{one.a:.2f} ms of processor time beside {one.b:.2f}: {one.ratio:.2f}")


if __name__ == "__main__":
    main()
