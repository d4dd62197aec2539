"""Who gets the form USI-07, and for how long; the specific power."""

import subprocess
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.events import Actor, ClaveEvent, Note, Trail
from accounts.form_number import grouped, new_form_number
from accounts.models import Clave
from forms_usi07.paper import PressBusy
from identity.models import Person
from journeys.pages import usi07
from tests.builders import make_clave, make_person
from tests.visitor import Visitor
from tests.walker import ON_PAPER, log_in, type_code, walk

pytestmark = pytest.mark.django_db

LINK = "//a[contains(., 'DESCARGAR')]/@href"


def recover(who: Visitor, person: Person, number: str) -> Visitor:
    who.open("/usi-07/").fill("Número de formulario", number).fill("Número de CUIL", person.cuil)
    type_code(who)
    return who.press("CONTINUAR")


def test_the_form_comes_again_with_its_number_and_the_cuil(visitor: Visitor) -> None:
    marta = make_person()
    clave = make_clave(marta.cuil, level=None)
    recover(visitor, marta, grouped(clave.form_number).lower())
    assert visitor.url == "/usi-07/listo/"
    assert visitor.client.get(visitor.page.xpath(LINK)[0])["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("which", ["another's form", "no such form", "void", "overdue", "enabled"])
def test_a_form_that_is_not_theirs_or_not_in_force_does_not_come(visitor: Visitor, which: str) -> None:
    marta, rosa = make_person(), make_person(28999111)
    clave = make_clave(marta.cuil, level=None)
    number, late = clave.form_number, timedelta()
    if which == "another's form":
        number = make_clave(rosa.cuil, level=None).form_number
    elif which == "no such form":
        number = new_form_number()
    elif which == "void":
        make_clave(marta.cuil, level=None)
    elif which == "overdue":
        late = timedelta(days=91)
    else:
        clave.enable_online(trail=Trail(Actor.SYSTEM))
    with time_machine.travel(timezone.now() + late):
        recover(visitor, marta, number)
    assert visitor.errors() == [
        "No encontramos un formulario vigente con ese número y ese CUIL. Revisá los dos datos."
    ]


def test_a_form_number_with_a_wrong_character_says_so(visitor: Visitor) -> None:
    marta = make_person()
    number = make_clave(marta.cuil, level=None).form_number
    wrong = ("2" if number[0] != "2" else "3") + number[1:]
    assert recover(visitor, marta, wrong).errors() == [
        "El número de formulario no es correcto. Revisá que esté bien copiado."
    ]


def link_of(visitor: Visitor, person: Person) -> str:
    walk(visitor, person, route=ON_PAPER)
    return str(visitor.page.xpath(LINK)[0])


def test_a_stranger_who_has_the_address_of_my_form_does_not_get_it(visitor: Visitor) -> None:
    link = link_of(visitor, make_person())
    assert Visitor().open(link).url == "/aviso/formulario-vencido/"


def test_the_address_says_nothing_of_the_person_and_cannot_be_guessed(visitor: Visitor) -> None:
    marta = make_person()
    link = link_of(visitor, marta)
    clave = Clave.objects.get()
    token = link.split("/")[2]
    assert len(token) >= 22
    for secret in (marta.cuil, marta.document_number, clave.form_number):
        assert secret not in link
    assert visitor.open(link.replace(token, token[::-1])).url == "/aviso/formulario-vencido/"


def test_after_half_an_hour_the_address_opens_nothing(visitor: Visitor) -> None:
    link = link_of(visitor, make_person())
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert visitor.open(link).url == "/aviso/formulario-vencido/"


def test_the_eleventh_download_has_to_wait(visitor: Visitor) -> None:
    link = link_of(visitor, make_person())
    answers = [visitor.client.get(link).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


def test_whoever_uses_the_browser_next_does_not_get_it(visitor: Visitor) -> None:
    link = link_of(visitor, make_person())
    visitor.open("/crear/")
    assert visitor.open(link).url == "/aviso/formulario-vencido/"
    assert visitor.open("/usi-07/listo/").url == "/usi-07/"


# --- The specific power -----------------------------------------------------------------------------


def text_of(pdf: bytes) -> str:
    run = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)  # noqa: S607
    return " ".join(run.stdout.decode().split())


def test_anybody_gets_the_blank_model_of_the_power(visitor: Visitor) -> None:
    response = visitor.client.get("/poder-especifico/")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")


def test_what_is_typed_stands_in_the_power_and_nowhere_else(visitor: Visitor) -> None:
    visitor.open("/poder-especifico/completar/")
    visitor.fill("Tu apellido y nombre", "Peralta Marta").fill(
        "Apellido y nombre de tu apoderado", "Ruiz <b>Ana</b>"
    )
    response = visitor.client.post(*visitor.form("DESCARGAR PODER ESPECÍFICO"))
    text = text_of(response.content)
    assert "Peralta Marta" in text
    assert "Ruiz <b>Ana</b>" in text


def test_whoever_is_logged_in_finds_her_data_filled_in(visitor: Visitor) -> None:
    marta = make_person()
    make_clave(marta.cuil)
    log_in(visitor, marta)
    page = visitor.open("/poder-especifico/completar/").response.content.decode()
    assert 'value="PERALTA MARTA INÉS"' in page
    assert 'value="DNI 30111222"' in page


@pytest.mark.parametrize(("upto", "proved"), [("datos", False), ("preguntas", False), ("clave", True)])
def test_the_register_s_data_are_filled_in_only_for_whoever_proved_who_she_is(
    visitor: Visitor, upto: str, *, proved: bool
) -> None:
    marta = make_person()
    walk(visitor, marta, upto)
    page = visitor.open("/poder-especifico/completar/").response.content.decode()
    assert ("PERALTA" in page, "30111222" in page.replace("27-30111222-5", "")) == (proved, proved)
    assert 'value="27-30111222-5"' in page


def test_the_next_person_at_the_computer_finds_nothing_filled_in(visitor: Visitor) -> None:
    marta = make_person()
    walk(visitor, marta)
    page = visitor.open("/poder-especifico/completar/").response.content.decode()
    assert "PERALTA" not in page
    assert "30111222" not in page


def test_a_press_that_is_busy_costs_no_download(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    link = link_of(visitor, make_person())

    def busy(_form: object) -> bytes:
        raise PressBusy

    with monkeypatch.context() as patch:
        patch.setattr(usi07, "render_form", busy)
        for _ in range(12):
            answer = visitor.client.get(link)
            assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert not ClaveEvent.objects.filter(kind=Note.FORM_DOWNLOADED).exists()
    assert visitor.client.head(link).status_code == 200
    assert visitor.client.get(link).content.startswith(b"%PDF")
