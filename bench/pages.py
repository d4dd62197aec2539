"""The pages met most, beside the least they could cost, in one run.

    python bench/pages.py [rounds]

P1: a successful log-in POST, everything included, beside one Argon2 verification.
P2: GET / with its captcha and all middleware, beside a bare template view.
"""

import sys

from _budgets import Figure
from _side_by_side import processor_time, report, scratch_site


def log_in(rounds: int) -> dict[str, float]:
    """Every round is another browser, with a code of its own; what it sends is made beforehand."""
    from urllib.parse import urlencode

    from argon2 import PasswordHasher
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import RequestFactory

    from tests.builders import PASSWORD, make_clave, make_person
    from tests.visitor import Visitor
    from tests.walker import type_code

    person = make_person()
    clave = make_clave(person.cuil)
    encoded = clave.password.removeprefix("argon2")
    verifier = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
    site = WSGIHandler()
    prepared = []
    for _ in range(rounds + 1):
        who = Visitor()
        who.open("/")
        who.fill("Número de CUIL", person.cuil)
        who.fill("Clave de Seguridad Social", PASSWORD)
        type_code(who)
        address, form = who.form("INGRESAR")
        asked = RequestFactory()
        asked.cookies = who.client.cookies
        typed = "application/x-www-form-urlencoded"
        prepared.append(asked.post(address, urlencode(form), content_type=typed).environ)

    def post() -> None:
        statuses: list[str] = []
        response = site(prepared.pop(), lambda status, headers: statuses.append(status))
        response.close()
        assert statuses == ["302 Found"]

    return processor_time(
        {"one Argon2 verification": lambda: verifier.verify(encoded, PASSWORD), "POST /": post}, rounds
    )


def front_page(rounds: int) -> dict[str, float]:
    from django.http import HttpRequest, HttpResponse
    from django.shortcuts import render
    from django.test import Client, RequestFactory

    request = RequestFactory().get("/")

    def bare(request: HttpRequest) -> HttpResponse:
        return render(request, "notices/no-acepto.html")

    client = Client()
    return processor_time(
        {"a bare template view": lambda: bare(request), "GET /": lambda: client.get("/")}, rounds
    )


def figures(*, full: bool) -> list[Figure]:
    with scratch_site():
        verify, post = log_in(101).values()
        bare, page = front_page(101).values()
    return [Figure("P1", post, verify, "ms CPU"), Figure("P2", page, bare, "ms CPU")]


def main() -> None:
    rounds = int(sys.argv[1]) if sys.argv[1:] else 101
    with scratch_site():
        report("P1 log-in", log_in(rounds))
        report("P2 the first page", front_page(rounds))


if __name__ == "__main__":
    main()
