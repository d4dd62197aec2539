"""«Constancia de CUIL»: what is given, what is kept of it, and what anybody learns with its code."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings
from django.core import serializers
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.certificates import CODES, new_certificate
from accounts.checked_code import ALPHABET
from accounts.events import ClaveEvent, Note, broken_events
from accounts.models import Certificate
from forms_usi07.paper import PressBusy
from identity.models import Person
from journeys.applications import certificate as page
from tests.builders import make_clave, make_curatela, make_person
from tests.comparing import headers_of
from tests.forms_usi07.reading import codes_of, text_of
from tests.visitor import Visitor
from tests.walker import act_for, log_in

pytestmark = pytest.mark.django_db

PAGE, CHECK = "/aplicaciones/constancia-de-cuil/", "/constancia/"


@pytest.fixture
def marta() -> Person:
    person = make_person()
    make_clave(person.cuil)
    return person


@pytest.fixture
def who(marta: Person) -> Visitor:
    return log_in(Visitor(), marta)


def download(who: Visitor) -> HttpResponse:
    return who.client.post(*who.open(PAGE).form("DESCARGAR CONSTANCIA"))


def code_in(pdf: bytes) -> str:
    """As it is printed."""
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}\b", text_of(pdf))
    assert found is not None
    return found[0]


def check(code: str, **headers: str) -> Visitor:
    return Visitor(**headers).open(CHECK).open(f"{CHECK}?codigo={code}")


# --- Given ------------------------------------------------------------------------------------------


def test_the_paper_says_the_name_and_the_cuil_in_full_and_is_stored_nowhere(who: Visitor) -> None:
    answer = download(who)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="constancia-de-cuil.pdf"'
    assert "no-store" in answer["Cache-Control"]
    text = text_of(answer.content)
    assert "PERALTA, MARTA INÉS" in text
    assert "27-30111222-5" in text


def test_what_is_kept_is_the_cuil_two_dates_and_a_hash_that_is_not_the_code_s(
    who: Visitor, marta: Person
) -> None:
    code = CODES.parse(code_in(download(who).content))
    kept = Certificate.objects.get()
    assert (kept.cuil, kept.issued_on) == (marta.cuil, timezone.localdate())
    assert kept.last_day == timezone.localdate() + timedelta(days=90)
    whole = serializers.serialize("json", [kept])
    assert set(json.loads(whole)[0]["fields"]) == {"code_hash", "cuil", "issued_on", "last_day"}
    assert code not in whole


def test_each_has_a_code_of_its_own_with_80_random_bits_and_the_former_stay_valid(who: Visitor) -> None:
    codes = [code_in(download(who).content) for _ in range(3)]
    assert len(set(codes)) == 3
    assert len(ALPHABET) ** (CODES.length - 1) >= 2**80
    for code in codes:
        assert "La constancia es verdadera" in check(code).text


def test_it_is_an_event_of_the_person_s_chain_that_tells_no_code(who: Visitor, marta: Person) -> None:
    download(who)
    event = ClaveEvent.objects.get(kind=Note.CERTIFICATE_ISSUED)
    assert (event.cuil, event.actor, event.evidence) == (marta.cuil, "owner", {})
    assert not list(broken_events())


def test_opening_the_page_gives_none(who: Visitor) -> None:
    who.open(PAGE)
    who.client.head(PAGE)
    assert not Certificate.objects.exists()


def test_one_too_many_of_a_day_has_to_wait(who: Visitor, settings: LazySettings) -> None:
    settings.PORTAL_CERTIFICATES_PER_CUIL_DAY = 2
    assert [download(who).status_code for _ in range(3)] == [200, 200, 429]
    assert Certificate.objects.count() == 2


def test_a_press_that_is_busy_costs_nothing(
    who: Visitor, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PORTAL_CERTIFICATES_PER_CUIL_DAY = 1

    def busy(_paper: object) -> bytes:
        raise PressBusy

    with monkeypatch.context() as patch:
        patch.setattr(page, "render_certificate", busy)
        assert [download(who).status_code for _ in range(2)] == [503, 503]
    assert not Certificate.objects.exists()
    assert not ClaveEvent.objects.filter(kind=Note.CERTIFICATE_ISSUED).exists()
    assert download(who).status_code == 200


def test_a_curador_gets_that_of_the_person_in_their_care(
    marta: Person,
) -> None:
    rosa = make_person(28999111, given_names="ROSA", surname="DÍAZ")
    make_curatela(marta, rosa)
    who = act_for(Visitor(), marta, rosa)
    assert "De ROSA DÍAZ, en cuyo nombre estás actuando." in who.open(PAGE).text
    assert "DÍAZ, ROSA" in text_of(download(who).content)
    assert Certificate.objects.get().cuil == rosa.cuil
    issued = ClaveEvent.objects.filter(kind=Note.CERTIFICATE_ISSUED)
    assert {event.cuil for event in issued} == {rosa.cuil, marta.cuil}
    assert {(event.evidence["curador"], event.evidence["curado"]) for event in issued} == {
        (marta.cuil, rosa.cuil)
    }


# --- Checked ----------------------------------------------------------------------------------------


def test_anybody_checks_it_by_the_code_as_it_is_printed_and_by_its_qr(who: Visitor, tmp_path: Path) -> None:
    pdf = download(who).content
    stranger = Visitor().open(CHECK).fill("Código de verificación", code_in(pdf).lower())
    url, fields = stranger.form("COMPROBAR")
    stranger.open(f"{url}?codigo={fields['codigo']}")
    (link,) = codes_of(pdf, tmp_path)
    by_qr = Visitor().open(link.removeprefix("QR-Code:https://localhost"))
    for answer in (stranger, by_qr):
        assert "La constancia es verdadera" in answer.text
        assert "Se puede comprobar hasta el" in answer.text


def test_it_tells_since_when_and_the_masked_name_and_cuil_and_nothing_else(
    who: Visitor, marta: Person
) -> None:
    answer = check(code_in(download(who).content))
    assert "P••• M••• I•••" in answer.text
    assert "27-•••••222-5" in answer.text
    page = answer.response.content.decode()
    for hidden in ("PERALTA", "MARTA", "30111222", marta.cuil, "1983", "OLAVARRIA"):
        assert hidden not in page
    assert answer.response["X-Robots-Tag"] == "noindex"


def test_a_code_of_none_of_one_that_ran_out_and_of_nobody_get_the_same_answer(
    who: Visitor, marta: Person
) -> None:
    expired = code_in(download(who).content)
    Certificate.objects.update(last_day=timezone.localdate() - timedelta(days=1))
    rosa, code = make_person(28999111), ""
    certificate, code = new_certificate(rosa.cuil)
    certificate.save()
    Person.objects.filter(cuil=rosa.cuil).delete()
    pages = set()
    for asked in (CODES.new(), CODES.parse(expired), code):
        answer = check(asked)
        assert "Ninguna constancia vigente tiene ese código." in answer.text
        headers = headers_of(answer.response, "Content-Length")
        pages.add((answer.status, headers, answer.response.content.decode().replace(asked, "")))
    assert len(pages) == 1


def test_it_is_valid_through_its_last_day_and_not_on_the_next(who: Visitor) -> None:
    code = code_in(download(who).content)
    with time_machine.travel(timezone.now() + timedelta(days=90)):
        assert "es verdadera" in check(code).text
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert "es verdadera" not in check(code).text


def test_a_changed_setting_does_not_change_what_is_printed(who: Visitor, settings: LazySettings) -> None:
    code = code_in(download(who).content)
    settings.PORTAL_CERTIFICATE_DAYS = 1
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        assert "es verdadera" in check(code).text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Ingresá el código de verificación"),
        ("K7QM", "El código de verificación tiene 17 letras y números. Escribiste 4."),
        ("K" * 80, "El código de verificación tiene 17 letras y números."),
        ("Ñ" * 17, "El código de verificación no es correcto. Revisá que esté bien copiado."),
        ("<script>alert(1)</script>", "El código de verificación tiene 17 letras y números. Escribiste 25."),
        ("%00", "Hay un carácter que no sirve: borralo y escribilo de nuevo."),
    ],
)
def test_what_cannot_be_a_code_says_what_to_look_at_and_stays_in_its_field(typed: str, told: str) -> None:
    answer = check(typed)
    assert answer.errors() == [told]
    assert answer.title.startswith("Error: ")
    assert "<script>alert" not in answer.response.content.decode()


def test_one_wrong_character_is_noticed_before_anything_is_looked_up(who: Visitor) -> None:
    code = CODES.parse(code_in(download(who).content))
    other = "2" if code[0] != "2" else "3"
    assert "Revisá que esté bien copiado" in check(other + code[1:]).text


def test_whoever_tries_code_after_code_is_stopped_and_others_are_not(
    who: Visitor, settings: LazySettings
) -> None:
    settings.PORTAL_CHECKS_PER_ADDRESS_HOUR = 3
    right = code_in(download(who).content)
    answers = [check(CODES.new()).status for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    assert check(right).status == 429
    assert Visitor().open(CHECK).status == 200
    assert "es verdadera" in check(right, REMOTE_ADDR="203.0.113.9").text


def test_checking_leaves_no_session_no_event_and_changes_nothing(who: Visitor) -> None:
    code = code_in(download(who).content)
    before = ClaveEvent.objects.count()
    client = Client()
    client.get(CHECK, {"codigo": code})
    assert not client.cookies
    assert ClaveEvent.objects.count() == before
    assert client.post(CHECK, {"codigo": code}).status_code == 405


# --- Afterwards -------------------------------------------------------------------------------------


def test_what_ran_out_is_swept_away_and_its_event_stays(who: Visitor, capsys: pytest.CaptureFixture) -> None:
    download(who)
    call_command("sweep_applications")
    assert Certificate.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        call_command("sweep_applications")
    assert not Certificate.objects.exists()
    assert "Constancias borradas: 1." in capsys.readouterr().out
    assert ClaveEvent.objects.filter(kind=Note.CERTIFICATE_ISSUED).exists()
