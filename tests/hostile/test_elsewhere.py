"""Nobody is led elsewhere: by what an address or a form says, or by the name the portal is asked under."""

import pytest
from django.test import Client
from post_office.models import Email

from tests.backoffice.builders import OFFICE_PASSWORD, make_employee
from tests.builders import PASSWORD, make_clave, make_person
from tests.hostile.judging import judge, judge_redirect
from tests.hostile.places import SECURE, forms_on
from tests.hostile.texts import ELSEWHERE
from tests.visitor import Visitor
from tests.walker import FROM_ABROAD, walk

pytestmark = pytest.mark.django_db

# As people who look for open redirects write it; the last ones are no addresses at all.
AWAY = [
    "https://zq.example/", "http://zq.example", "//zq.example/", "///zq.example", "////zq.example/%2f..",
    "/\\zq.example", "\\\\zq.example", "\\/zq.example", "/\\/zq.example", "https:zq.example",
    "https:/zq.example",
    "https:\\\\zq.example", "http:///zq.example", "https://testserver@zq.example",
    "https://testserver:x@zq.example",
    "https://testserver.zq.example", "https://zq.example#testserver", "https://zq.example?testserver",
    "https://zq.example\\testserver", "https://zq.example/testserver", "/%09/zq.example", "/\t/zq.example",
    "\thttps://zq.example", " https://zq.example", "https://zq.example%00.testserver", "\0//zq.example",
    "/%2f%2fzq.example",
    "/%5czq.example", "//zq%E3%80%82example", "//zq。example", "https://[::ffff:1.2.3.4]@zq.example", "HtTpS://zq.example",
    "javascript:zq()", "jAvAscript:zq()", "java\nscript:zq()", "data:text/html,<zq>", "vbscript:zq", "ftp://zq.example",
    "/admin/login/?next=//zq.example", "/..//zq.example", "/.zq.example", "zq.example", "//",
    "\r\nLocation: https://zq.example",
]  # fmt: skip
NAMES = [
    "next",
    "desde",
    "url",
    "return",
    "redirect",
    "redirect_to",
    "continue",
    "dest",
    "goto",
    "_next",
    "back",
    "volver",
]


def to_everywhere(away: str) -> dict[str, str]:
    return dict.fromkeys(NAMES, away)


@pytest.mark.parametrize("away", AWAY)
def test_whoever_logs_in_gets_to_their_own_pages(away: str) -> None:
    marta, client = make_person(), Client()
    make_clave(marta.cuil)
    form = next(target for target in forms_on(client, "/") if target.fields)
    filled = dict(form.fields) | {"cuil": marta.cuil, "password": PASSWORD}
    answer = client.post("/", filled | to_everywhere(away), query_params=to_everywhere(away), **SECURE)
    assert (answer.status_code, answer["Location"]) == (302, "/inicio/")


@pytest.mark.parametrize("away", AWAY)
def test_an_employee_who_enters_stays_at_the_office(away: str) -> None:
    client, employee = Client(), make_employee("Supervisor")
    sent = {"username": employee.user.username, "password": OFFICE_PASSWORD, **to_everywhere(away)}
    answer = client.post("/admin/login/", sent, query_params=to_everywhere(away), **SECURE)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/")
    judge_redirect(answer["Location"])
    left = client.post("/admin/logout/", to_everywhere(away), query_params=to_everywhere(away), **SECURE)
    assert left["Location"].startswith("/admin/")


@pytest.mark.parametrize("away", AWAY)
def test_no_page_that_sends_on_sends_away(away: str) -> None:
    client = Client()
    for address in (
        "/salir/",
        "/crear/",
        "/habilitar/",
        "/inicio/",
        "/admin/",
        "/usi-07/listo/",
        "/constancia/",
    ):
        answer = client.get(address, query_params=to_everywhere(away), **SECURE)
        judge(answer)
        if answer.status_code in {301, 302}:
            judge_redirect(answer["Location"])


@pytest.mark.parametrize(
    "path",
    [
        "//zq.example/crear",
        "//zq.example/%2e%2e/crear",
        "/%5czq.example/crear",
        "/%09/zq.example/crear",
        "///zq.example",
    ],
)
def test_the_missing_slash_at_the_end_is_put_on_our_own_address(path: str) -> None:
    answer = Client().generic("GET", path, PATH_INFO=path, **SECURE)
    judge(answer)
    if "Location" in answer:
        judge_redirect(answer["Location"])


# --- Under another name -------------------------------------------------------------------------------

WRONG_HOSTS = [
    "zq.example", "zq.example:443", "testserver.zq.example", "zq.example.testserver", "testserver@zq.example",
    "testserver:443@zq.example", "testserver, zq.example", "testserver zq.example", "zq.example#testserver",
    "testserver#.zq.example", "testserver/zq.example", "testserver\\zq.example", "testserver:zq",
    "testserver:",
    "[::1", "[zq]", "http://zq.example", "testserver\x00.zq.example", "testserver\t.zq.example", "\u00ff",
    "*",
    ".testserver",
]  # fmt: skip
BESIDE = [
    {"X-Forwarded-Host": ELSEWHERE}, {"X-Host": ELSEWHERE}, {"Forwarded": f"for=1.2.3.4;host={ELSEWHERE}"},
    {"X-Forwarded-Server": ELSEWHERE}, {"X-HTTP-Host-Override": ELSEWHERE},
    {"X-Original-Url": f"https://{ELSEWHERE}/"},
    {"X-Rewrite-Url": f"//{ELSEWHERE}/"}, {"X-Original-Host": ELSEWHERE},
]  # fmt: skip


@pytest.mark.parametrize("host", WRONG_HOSTS)
@pytest.mark.parametrize("address", ["/", "/crear", "/admin/login/", "/no-existe/"])
def test_asked_under_a_wrong_name_the_portal_repeats_it_nowhere(host: str, address: str) -> None:
    answer = Client().get(address, HTTP_HOST=host, **SECURE)
    judge(answer)
    assert answer.status_code in {301, 400}
    assert ELSEWHERE.encode() not in answer.content
    assert ELSEWHERE not in answer.headers.get("Location", "")


@pytest.mark.parametrize("beside", BESIDE, ids=lambda one: next(iter(one)))
def test_what_stands_beside_the_name_gets_into_no_page_and_no_mail(beside: dict[str, str]) -> None:
    who, person = Visitor(headers=beside), make_person()
    make_clave(person.cuil, email="vieja@ejemplo.ar")
    walk(who, person, "pendiente", FROM_ABROAD)
    assert ELSEWHERE not in who.response.content.decode()
    FROM_ABROAD.answers["pendiente"](who, person)
    assert ELSEWHERE not in who.response.content.decode() + who.url
    mails = [row.email_message() for row in Email.objects.all()]
    assert mails, "the owner and the new address are told"
    for mail in mails:
        assert ELSEWHERE not in mail.message().as_string()
        assert "http" in mail.body, "a mail without a link proves nothing"
