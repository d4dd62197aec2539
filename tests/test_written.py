"""What docs/seguridad.md says is what the code does."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from accounts.certificates import CODES
from accounts.delivery import KEPT
from accounts.hashers import ClaveArgon2Hasher
from accounts.models import FORM_NUMBER_LENGTH
from accounts.password_policy import LONGEST, PORTAL_WORDS, SHORTEST
from accounts.secret import KEPT as FORMER
from clave_portal.doors import DOORS
from forms_usi07.press import MOST_AT_ONCE
from identity.cuil import Cuil, InvalidCuil

ROOT = Path(settings.BASE_DIR)
PAGE = (ROOT / "docs" / "seguridad.md").read_text(encoding="utf-8")


def between(mark: str) -> list[str]:
    return re.findall("`([^`]+)`", PAGE.split(f"<!-- {mark} -->")[1].split(f"<!-- /{mark} -->")[0])


def test_every_setting_that_is_named_exists() -> None:
    named = set(re.findall(r"`((?:PORTAL|SECRET|EMAIL)_[A-Z_]+)`", PAGE))
    source = (ROOT / "clave_portal" / "settings.py").read_text(encoding="utf-8")
    assert len(named) > 25
    assert {name for name in named if f'"{name}"' not in source} == {"EMAIL_URL"} & named


def test_every_file_that_is_named_exists() -> None:
    named = re.findall(r"`((?:tests|docs|deploy)/[\w/.]+|requirements\.txt)`", PAGE)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_words_that_a_key_may_not_hold_are_those_of_the_rule() -> None:
    assert between("words") == list(PORTAL_WORDS)


def test_the_backends_are_those_that_are_asked() -> None:
    assert between("backends") == list(DOORS["both"].backends) == settings.AUTHENTICATION_BACKENDS
    assert {backend for door in DOORS.values() for backend in door.backends} == set(between("backends"))


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("la clave y las cuatro anteriores", FORMER == 4),
        ("| 7 días |\n| público", timedelta(days=7) == KEPT),
        ("Un pedido lleva hasta 64 kB y 50 datos", settings.DATA_UPLOAD_MAX_MEMORY_SIZE == 64 * 1024),
        ("hasta 64 kB y 50 datos", settings.DATA_UPLOAD_MAX_NUMBER_FIELDS == 50),
        ("| 8 a 15 letras sin acento", (SHORTEST, LONGEST) == (8, 15)),
        ("clave de 15 o más", settings.AUTH_PASSWORD_VALIDATORS[0]["OPTIONS"] == {"min_length": 15}),
        ("| número de formulario | 13 signos", FORM_NUMBER_LENGTH == 13),
        ("| código de una constancia | 17 signos", CODES.length == 17),
        ("cuatro a lo sumo", MOST_AT_ONCE == 4),
        ("5 y 15 minutos, una sola vez", settings.CAPTCHA_TIMEOUT == 5),
        ("| 10 segundos | los correos esperan", settings.EMAIL_TIMEOUT == 10),
        ("24 reintentos, uno por hora", settings.POST_OFFICE["MAX_RETRIES"] == 24),
        ("uno por hora", settings.POST_OFFICE["RETRY_INTERVAL"] == timedelta(hours=1)),
        ("Argon2id (19 MiB, 2 pasadas, 1 hilo)", ClaveArgon2Hasher.memory_cost == 19 * 1024),
        ("2 pasadas, 1 hilo", (ClaveArgon2Hasher.time_cost, ClaveArgon2Hasher.parallelism) == (2, 1)),
    ],
)
def test_a_number_that_is_written_is_that_of_the_code(sentence: str, *, holds: bool) -> None:
    assert sentence in PAGE
    assert holds


def test_the_prefixes_of_a_cuil_are_those_that_are_read() -> None:
    written = re.search(r"prefijo ([\d, o]+);", PAGE)
    assert written is not None
    told = set(map(int, re.findall(r"\d+", written[1])))
    assert told == {prefix for prefix in range(100) if _is_read(prefix)}


def _is_read(prefix: int) -> bool:
    """Whether some CUIL begins so: of a document's ten last digits at most one is right."""
    for last in range(10):
        try:
            Cuil.parse(f"{prefix:02}12345678{last}")
        except InvalidCuil:
            continue
        return True
    return False
