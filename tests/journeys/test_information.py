"""The pages that only tell: what they say is what the portal does."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Application, Clave, PolicyVersion
from accounts.purge import purge
from tests.builders import make_clave, make_cuil
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db

NIGHT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


# --- Privacidad -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORTAL_PENDING_DAYS", 61, "61 días. Si vence"),
        ("PORTAL_RETENTION_DAYS", 400, "a los 400 días"),
        ("PORTAL_DISAVOWAL_HOURS", 24, "Hasta 3 días"),
        ("PORTAL_IDLE_MINUTES", 7, "dejás de usar el sitio 7 minutos"),
        ("PORTAL_SESSION_HOURS", 1, "nunca dura más de 1 hora."),
        ("PORTAL_JOURNEY_MINUTES", 45, "Si lo dejás, 45 minutos."),
    ],
)
def test_how_long_things_are_kept_is_read_from_the_settings(
    visitor: Visitor, settings: object, name: str, value: int, said: str
) -> None:
    assert said not in visitor.open("/privacidad/").text
    setattr(settings, name, value)
    assert said in visitor.open("/privacidad/").text


def days_told(visitor: Visitor) -> int:
    """For how many days the secret of a replaced key is kept, as the page says it."""
    told = re.search(r"Hasta (\d+) días, por si la nueva", visitor.open("/privacidad/").text)
    assert told
    return int(told[1])


def test_the_secret_of_a_replaced_key_is_gone_after_the_days_that_are_told(visitor: Visitor) -> None:
    days = days_told(visitor)
    cuil = make_cuil(30111222)
    with time_machine.travel(NIGHT, tick=False):
        old = make_clave(cuil)
        make_clave(cuil)
    assert Clave.objects.get(pk=old.pk).password
    with time_machine.travel(NIGHT + timedelta(days=days), tick=False):
        purge(timezone.localdate())
    assert Clave.objects.get(pk=old.pk).password == ""


@pytest.mark.parametrize(
    "words",
    [
        "ley 25.326", "10 días corridos", "5 días hábiles", "intervalos no inferiores a seis meses",
        "Agencia de Acceso a la Información Pública", "Es gratis", "Contestar es voluntario",
    ],
)  # fmt: skip
def test_the_rights_of_the_law_are_told(visitor: Visitor, words: str) -> None:
    assert words in visitor.open("/privacidad/").text


# --- Accesibilidad --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "exception",
    ["Código de la imagen", "Preguntas de identificación", "Cómo tiene que ser la clave", "Teclado virtual",
     "Formularios en PDF", "Tiempo para los trámites"],
)  # fmt: skip
def test_what_is_not_accessible_is_admitted(visitor: Visitor, exception: str) -> None:
    missing = visitor.open("/accesibilidad/").page.xpath(
        "//h2[text()='Lo que falta']/following::ul[1]//strong/text()"
    )
    assert f"{exception}." in missing


def test_the_page_says_when_it_was_reviewed_and_how_to_complain(visitor: Visitor) -> None:
    visitor.open("/accesibilidad/")
    reviewed = date.fromisoformat(visitor.page.xpath("//time/@datetime")[0])
    assert date(2026, 11, 1) <= reviewed <= timezone.localdate()
    assert "Llamá gratis al 130" in visitor.text
    assert "Defensoría del Pueblo" in visitor.text


# --- Clave Corporativa, políticas -----------------------------------------------------------------


def test_the_corporate_page_names_the_applications_that_ask_for_level_3(visitor: Visitor) -> None:
    Application.objects.create(name="Libreta nueva", level=3, position=99)
    Application.objects.create(name="Turnos de siempre", level=2, position=98)
    text = visitor.open("/clave-corporativa/").text
    assert "Libreta nueva" in text
    assert "Servicios Corporativos" in text
    assert "Turnos de siempre" not in text


def test_the_policies_are_those_in_force_and_say_since_when(visitor: Visitor) -> None:
    assert "Rigen desde el 1 de enero de 2019 (versión 2019)" in visitor.open("/politicas/").text
    assert "En otras palabras" in visitor.text
    since = timezone.now() - timedelta(minutes=1)
    PolicyVersion.objects.create(name="2027", text="Uno.\nDos.", published_at=since)
    visitor.open("/politicas/")
    assert visitor.page.xpath("//main//li/text()") == ["Uno.", "Dos."]
    assert "En otras palabras" not in visitor.text  # it would explain another text


# --- The telephone, where something went wrong ----------------------------------------------------


def test_a_page_that_sends_to_the_telephone_says_whether_somebody_answers(visitor: Visitor) -> None:
    with time_machine.travel(datetime(2026, 11, 24, 15, 0, tzinfo=UTC), tick=False):
        assert "Ahora está abierto, hasta las 20." in visitor.open("/no-fui-yo/x/").text
        assert "Ahora está abierto, hasta las 20." in visitor.open("/oficinas/?q=Macondo").text
