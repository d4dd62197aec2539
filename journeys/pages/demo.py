"""Whom to be in the demonstration, what is true of them, and the mails they got. 404 outside of it."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from post_office.models import Email

from accounts.demo import DEMO_PASSWORD, STAFF, STAFF_PASSWORD
from accounts.models import Clave
from guards.links import office_link
from identity.cuil import Cuil
from identity.kinds import KINDS
from identity.register import under_curatela

DEMO = Path(settings.BASE_DIR) / "demo"
_MAILS = 20


@dataclass(frozen=True)
class Case:
    title: str
    what_happens: str
    cuil: str
    name: str
    tramite: str
    facts: list[tuple[str, list[str]]]
    state_label: str


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=1)
def _files() -> tuple[list[dict[str, str]], dict[str, dict[str, str]], dict[str, Any]]:
    """Cases, people by CUIL, facts by CUIL: the register itself keeps no trámite number to show."""
    cases = _rows(DEMO / "cases.csv")
    wanted = {case["cuil"] for case in cases}
    people = {p["cuil"]: p for p in _rows(DEMO / "registry" / "people.csv") if p["cuil"] in wanted}
    facts: dict[str, dict[str, list[str]]] = {}
    for fact in _rows(DEMO / "registry" / "facts.csv"):
        if fact["cuil"] in wanted:
            question = KINDS[fact["kind"]].question
            facts.setdefault(fact["cuil"], {}).setdefault(question, []).append(fact["value"])
    return cases, people, facts


def personas(request: HttpRequest) -> HttpResponse:
    if not settings.PORTAL_DEMO:
        raise Http404
    cases, people, facts = _files()
    states = {c.cuil: _label(c) for c in Clave.objects.current().filter(cuil__in=people).order_by("pk")}
    shown = [
        Case(
            title=case["title"],
            what_happens=case["what_happens"],
            cuil=Cuil(case["cuil"]).formatted,
            name=f"{people[case['cuil']]['given_names']} {people[case['cuil']]['surname']}",
            tramite=people[case["cuil"]]["tramite"],
            facts=list(facts.get(case["cuil"], {}).items()),
            state_label=states.get(case["cuil"], "Sin clave"),
        )
        for case in cases
    ]
    office = office_link()
    staff = {"employees": STAFF, "password": STAFF_PASSWORD, "office": office} if office else None
    context = {"cases": shown, "staff": staff, "password": DEMO_PASSWORD}
    return render(request, "demo/personas.html", context)


def _label(clave: Clave) -> str:
    suspended = " (suspendida mientras dure la curatela)" if under_curatela(clave.cuil) else ""
    return f"{clave.get_state_display()}{suspended}"


def mailbox(request: HttpRequest) -> HttpResponse:
    """The last mails, as they would be read: nobody here has another mailbox."""
    if not settings.PORTAL_DEMO:
        raise Http404
    mails = [
        {
            "at": timezone.localtime(row.created),
            "to": ", ".join(row.to),
            "subject": message.subject,
            "body": message.body,
        }
        for row in Email.objects.order_by("-pk")[:_MAILS]
        for message in [row.email_message()]  # type: ignore[no-untyped-call]
    ]
    return render(request, "demo/correos.html", {"mails": mails, "most": _MAILS})
