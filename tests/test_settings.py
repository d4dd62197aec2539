"""A value that makes no sense stops the start with one sentence; the stock values start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

START = "import django; django.setup()"
LONG = "x" * 50
# Nothing of the machine these tests run on.
OURS = (
    "PORTAL_",
    "DATABASE_URL",
    "SECRET_KEY",
    "DEBUG",
    "SITE_URL",
    "EMAIL_URL",
    "REDIS_URL",
    "ALLOWED_HOSTS",
)


def start(code: str = START, **values: str) -> subprocess.CompletedProcess[str]:
    machine = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    environment = {**machine, "DJANGO_SETTINGS_MODULE": "clave_portal.settings", **values}
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code],
        env=environment,
        cwd=Path(settings.BASE_DIR),
        capture_output=True,
        text=True,
        check=False,
    )


def printed(what: str, **values: str) -> str:
    """What a setting is with these values."""
    code = f"from django.conf import settings; print({what})"
    run = start(code, **values)
    assert run.stderr == ""
    return run.stdout.strip()


NONSENSE = [
    ({"DEBUG": "maybe"}, "DEBUG=maybe"),
    ({"PORTAL_DEMO": "quizás"}, "PORTAL_DEMO=quizás"),
    ({"PORTAL_QUIZ_QUESTIONS": "abc"}, "entre 1 y 8"),
    ({"PORTAL_QUIZ_QUESTIONS": "-1"}, "entre 1 y 8"),
    ({"PORTAL_QUIZ_QUESTIONS": "4.0"}, "entre 1 y 8"),
    ({"PORTAL_QUIZ_QUESTIONS": "４"}, "entre 1 y 8"),
    ({"PORTAL_QUIZ_QUESTIONS": "2"}, "quien adivina pasa"),
    ({"PORTAL_QUIZ_DECOYS": "1"}, "quien adivina pasa"),
    ({"PORTAL_QUIZ_QUESTIONS": "3", "PORTAL_QUIZ_CATEGORIES": "4", "PORTAL_GUESS_LIMIT": "10000"}, "mayor"),
    ({"PORTAL_PENDING_DAYS": "0"}, "PORTAL_PENDING_DAYS"),
    ({"PORTAL_PHONE_HOURS": "de 8 a 20"}, "no dice días y horas"),
    ({"PORTAL_PHONE_HOURS": "lunes a viernes de 20 a 8"}, "del mismo día"),
    ({"PORTAL_PHONE_CLOSED": "24/12/2027"}, "2027-12-24"),
    ({"PORTAL_PHONE_CLOSED": "2027-12-24,"}, "PORTAL_PHONE_CLOSED"),
    ({"PORTAL_REPEATS": "sometimes"}, "anywhere, neighbours"),
    ({"PORTAL_CAPTCHA": "never"}, "adaptive, always"),
    ({"PORTAL_CAPTCHA_FREE_TRIES": "0"}, "entre 1 y 10"),
    ({"DATABASE_URL": "mysql://u:p@h/clave"}, "DATABASE_URL"),
    ({"DATABASE_URL": "clave.sqlite3"}, "DATABASE_URL"),
    ({"DATABASE_URL": "postgres://h"}, "el nombre de la base"),
    ({"SITE_URL": "ftp://x"}, "SITE_URL=ftp://x"),
    ({"SITE_URL": "clave.ejemplo.ar"}, "SITE_URL=clave.ejemplo.ar"),
    ({"SITE_URL": "http://clave.ejemplo.ar"}, "https://"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY"),
    ({"PORTAL_DATA_KEY": "short"}, "PORTAL_DATA_KEY"),
    ({"REDIS_URL": "redis"}, "REDIS_URL"),
    ({"REDIS_URL": "http://h:6379"}, "REDIS_URL"),
    ({"REDIS_URL": "redis://h:puerto"}, "REDIS_URL"),
    ({"REDIS_URL": "redis://h/base"}, "REDIS_URL"),
    ({"PORTAL_DATA_KEY_FALLBACKS": f"{LONG},short"}, "PORTAL_DATA_KEY_FALLBACKS"),
    ({"PORTAL_DATA_KEY_RETIRED": "short"}, "PORTAL_DATA_KEY_RETIRED"),
    ({"PORTAL_DATA_KEY_RETIRED": LONG}, "PORTAL_DATA_KEY_RETIRED"),
    ({"SECRET_KEY_FALLBACKS": "short"}, "SECRET_KEY_FALLBACKS"),
    ({"EMAIL_URL": "paloma"}, "EMAIL_URL"),
    ({"EMAIL_URL": "smtp://h:abc"}, "EMAIL_URL"),
    ({"DATABASE_URL": "postgres://u@h:abc/db"}, "DATABASE_URL"),
    ({"SITE_URL": "https://[::1"}, "SITE_URL"),
    ({"SITE_URL": "https://ejemplo.ar:puerto"}, "SITE_URL"),
    ({"SITE_URL": "https://ejemplo.ar/clave"}, "SITE_URL"),
    ({"ALLOWED_HOSTS": "ejemplo.ar,"}, "ALLOWED_HOSTS"),
    ({"PORTAL_WORKERS": "0"}, "entre 1 y 64"),
    ({"PORTAL_THREADS": "1"}, "entre 2 y 64"),
    ({"PORTAL_THREADS": "8", "PORTAL_HASHING_PLACES": "8"}, "entre 1 y 7"),
    ({"PORTAL_DOOR": "back"}, "both, office, public"),
    ({"PORTAL_DOOR": "office"}, "PORTAL_OFFICE_URL"),
    ({"PORTAL_OFFICE_URL": "oficina.ejemplo.ar"}, "PORTAL_OFFICE_URL=oficina.ejemplo.ar"),
    ({"PORTAL_OFFICE_URL": "http://oficina.ejemplo.ar"}, "https://"),
    ({"PORTAL_DOOR": "office", "PORTAL_OFFICE_URL": "https://localhost:8443"}, "nombres distintos"),
    ({"PORTAL_DOOR": "public", "PORTAL_OFFICE_URL": "https://localhost"}, "nombres distintos"),
    ({"PORTAL_OPERATION_NETWORKS": "10.1.0.0/99"}, "PORTAL_OPERATION_NETWORKS"),
    ({"PORTAL_LOG_FORMAT": "xml"}, "json, line"),
    ({"PORTAL_METRICS_DIR": "metricas"}, "PORTAL_METRICS_DIR=metricas"),
    ({"PORTAL_METRICS_DIR": "/dev/null/x"}, "PORTAL_METRICS_DIR"),
    ({"PORTAL_DISK_FREE_MB": "10%"}, "PORTAL_DISK_FREE_MB"),
    ({"PORTAL_ROUNDS_DAYS": "1"}, "entre 30 y 3650"),
]


@pytest.mark.parametrize(
    ("values", "told"), NONSENSE, ids=[" ".join(f"{k}={v}" for k, v in n[0].items()) for n in NONSENSE]
)
def test_a_value_that_makes_no_sense_stops_the_start_with_one_sentence(
    values: dict[str, str], told: str
) -> None:
    run = start(**values)
    assert run.returncode != 0
    assert run.stdout == ""
    assert len(run.stderr.splitlines()) == 1, run.stderr
    assert run.stderr.startswith("Configuración: ")
    assert told in run.stderr


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY",
        "PORTAL_DATA_KEY",
        "SECRET_KEY_FALLBACKS",
        "PORTAL_DATA_KEY_FALLBACKS",
        "PORTAL_DATA_KEY_RETIRED",
    ],
)
def test_a_refused_secret_is_not_printed(name: str) -> None:
    assert "Sh0rtSecret" not in start(**{name: "Sh0rtSecret"}).stderr


def test_a_refused_database_does_not_print_its_password() -> None:
    assert "s3creto" not in start(DATABASE_URL="mysql://u:s3creto@h/clave").stderr


def test_it_starts_without_any_value() -> None:
    run = start()
    assert (run.returncode, run.stderr) == (0, "")


def test_an_empty_value_is_no_value() -> None:
    empty = {"DEBUG": "", "PORTAL_QUIZ_QUESTIONS": "", "DATABASE_URL": "", "SECRET_KEY": "", "SITE_URL": ""}
    assert start(**empty).returncode == 0


def test_the_stock_values_are_the_safe_ones() -> None:
    what = (
        "settings.DEBUG, settings.PORTAL_DEMO, settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE,"
        " settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_NAME,"
        " settings.SECURE_HSTS_SECONDS"
    )
    assert printed(what) == "False False True True True True __Host-sesion 31536000"


def test_no_cookie_goes_over_https_without_the_prefix_that_ties_it_to_this_host() -> None:
    code = (
        "import django; django.setup()\n"
        "from django.conf import settings\n"
        "from django.http import HttpResponse\n"
        "from django.test import RequestFactory\n"
        "from accounts import known_device\n"
        "from accounts.models import Clave\n"
        "from guards.told import HostCookie\n"
        "answer = HttpResponse()\n"
        "request = RequestFactory().get('/')\n"
        "known_device.remember(request, answer, Clave(cuil='20123456786', seal='x'))\n"
        "told = HostCookie(request)\n"
        "told.add(20, 'x')\n"
        "told.update(answer)\n"
        "assert all(cookie['secure'] and cookie['httponly'] for cookie in answer.cookies.values())\n"
        "print(*answer.cookies, settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)"
    )
    run = start(code)
    assert run.stderr == ""
    assert len(run.stdout.split()) == 4
    assert [name for name in run.stdout.split() if not name.startswith("__Host-")] == []


def test_the_demonstration_is_served_over_plain_http_and_remains_without_debug() -> None:
    what = "settings.SITE_URL, settings.DEBUG, settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_NAME"
    assert printed(what, PORTAL_DEMO="1") == "http://127.0.0.1:8000 False False sesion"


@pytest.mark.parametrize(
    ("value", "on"), [("1", "True"), ("TRUE", "True"), ("off", "False"), ("no", "False")]
)
def test_a_switch_is_written_as_people_write_switches(value: str, on: str) -> None:
    assert printed("settings.PORTAL_DEMO", PORTAL_DEMO=value) == on


def test_the_hours_of_the_telephone_are_written_as_they_are_said() -> None:
    assert printed("settings.PORTAL_PHONE_HOURS") == "Lunes a viernes de 8 a 20 hs."
    shown = printed(
        "settings.PORTAL_PHONE_HOURS, sorted(map(str, settings.PORTAL_PHONE_CLOSED))",
        PORTAL_PHONE_HOURS="sábados de 9 a 13",
        PORTAL_PHONE_CLOSED="2027-12-24, 2027-12-31",
    )
    assert shown == "Sábados de 9 a 13 hs. ['2027-12-24', '2027-12-31']"


def test_postgresql_is_chosen_by_its_address_and_waits_for_nothing_long() -> None:
    what = "settings.DATABASES['default']['ENGINE'], settings.DATABASES['default']['OPTIONS']"
    shown = printed(what, DATABASE_URL="postgres://u:p@h/clave?sslmode=require")
    assert shown.startswith("guards.postgresql")
    for wanted in (
        "statement_timeout=3000",
        "lock_timeout=2000",
        "idle_in_transaction_session_timeout=10000",
        "'connect_timeout': 3",
        "'keepalives_idle': 5",
        "'tcp_user_timeout': 4000",
        "'sslmode': 'require'",
    ):
        assert wanted in shown


HOSTS = {"SITE_URL": "https://clave.ejemplo.ar", "PORTAL_OFFICE_URL": "https://oficina.ejemplo.ar"}


@pytest.mark.parametrize(
    ("door", "host", "cookies"),
    [
        ("public", "clave.ejemplo.ar", "__Host-sesion __Host-csrf"),
        ("office", "oficina.ejemplo.ar", "__Host-oficina __Host-oficina-csrf"),
    ],
)
def test_each_door_has_its_own_host_and_its_own_cookies(door: str, host: str, cookies: str) -> None:
    what = "*settings.ALLOWED_HOSTS[:2], settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME"
    assert printed(what, PORTAL_DOOR=door, **HOSTS) == f"{host} localhost {cookies}"


def test_one_process_for_both_doors_answers_at_both_hosts() -> None:
    shown = printed("settings.ALLOWED_HOSTS[:2]", **HOSTS)
    assert shown == "['clave.ejemplo.ar', 'oficina.ejemplo.ar']"


def test_mails_come_from_the_portal_at_either_door() -> None:
    assert (
        printed("settings.DEFAULT_FROM_EMAIL", PORTAL_DOOR="office", **HOSTS)
        == "no-responder@clave.ejemplo.ar"
    )


@pytest.mark.parametrize("door", ["public", "office"])
def test_each_door_passes_the_checks_of_a_deployment(door: str) -> None:
    check = "import django; django.setup(); from django.core.management import call_command as c"
    values = {"PORTAL_DOOR": door, "DJANGO_ALLOW_ASYNC_UNSAFE": "", **HOSTS}
    run = start(f"{check}; c('check', deploy=True, fail_level='WARNING')", **values)
    assert run.returncode == 0, run.stderr
