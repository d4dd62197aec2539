"""The pages met most, beside the least they could cost, in one run.

    python bench/pages.py [rounds]

P1: a successful log-in POST, everything included, beside one Argon2 verification.
P2: GET / with its captcha and all middleware, beside a bare template view.
P15: drawing a whole round of questions among 500,000 employers, beside one ORDER BY random().
"""

import sys

from _side_by_side import processor_time, report, scratch_site


def log_in(rounds: int) -> None:
    from argon2 import PasswordHasher
    from django.test import Client

    from tests.builders import PASSWORD, make_clave, make_person
    from tests.visitor import Visitor
    from tests.walker import type_code

    person = make_person()
    clave = make_clave(person.cuil)
    encoded = clave.password.removeprefix("argon2")
    verifier = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
    forms = []
    for _ in range(rounds + 1):
        who = Visitor()
        who.open("/")
        who.fill("Número de CUIL", person.cuil)
        who.fill("Clave de Seguridad Social", PASSWORD)
        type_code(who)
        form = dict(who.page.forms[0].form_values()) | who.typed
        forms.append((who.client, form))

    def post() -> None:
        client, form = forms.pop()
        assert isinstance(client, Client)
        assert client.post("/", form).status_code == 302

    report(
        "P1 log-in",
        processor_time(
            {"one Argon2 verification": lambda: verifier.verify(encoded, PASSWORD), "POST /": post}, rounds
        ),
        budget=1.15,
    )


def front_page(rounds: int) -> None:
    from django.http import HttpRequest, HttpResponse
    from django.shortcuts import render
    from django.test import Client, RequestFactory

    request = RequestFactory().get("/")

    def bare(request: HttpRequest) -> HttpResponse:
        return render(request, "notices/no-acepto.html")

    client = Client()
    report(
        "P2 the first page",
        processor_time(
            {"a bare template view": lambda: bare(request), "GET /": lambda: client.get("/")}, rounds
        ),
        budget=4,
    )


def quiz(rounds: int) -> None:
    from django.db import connection

    from identity.models import Choice
    from identity.quiz import can_be_quizzed
    from tests.builders import make_person

    person = make_person(28999111)
    listed = Choice.objects.filter(kind="employer").count()
    Choice.objects.bulk_create(
        (
            Choice(kind="employer", value=f"COMPAÑIA {n} S A", pool="employer", place=n)
            for n in range(listed, 500_000)
        ),
        batch_size=5000,
    )

    def draw() -> None:
        with connection.cursor() as cursor:  # so that every round is drawn for the first time
            cursor.execute("DELETE FROM identity_questioncard")
        assert can_be_quizzed(person.cuil)

    def at_random() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT value FROM identity_choice ORDER BY random() LIMIT 4")
            cursor.fetchall()

    report(
        "P15 a round of questions among 500,000 employers",
        processor_time({"ORDER BY random() LIMIT 4": at_random, "a whole round": draw}, min(rounds, 21)),
        budget=0.03,
    )


def main() -> None:
    rounds = int(sys.argv[1]) if sys.argv[1:] else 101
    with scratch_site():
        log_in(rounds)
        front_page(rounds)
        quiz(rounds)


if __name__ == "__main__":
    main()
