"""Programs ask whether the portal is well: an answer in time, whatever is broken, and no secret in it."""

import socket
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from post_office.models import STATUS, Email

from accounts.mail import Letter, queue
from guards import tally
from operation.readiness import PATIENCE, readiness
from tests.builders import make_cuil
from tests.operation.asking import STRANGER, not_well, verdicts
from tests.racing import at_once

# The checks run in a thread with a connection of its own, which sees what is committed.
committed = pytest.mark.django_db(transaction=True)
pytestmark = pytest.mark.django_db


def instead_of_the_database(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    """New connections go to this port; those of the test stay what they are."""
    there = connections.settings["default"] | {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "USER": "clave-of-the-database",
        "PASSWORD": "secret-of-the-database",
        "OPTIONS": {"connect_timeout": 3},
    }
    monkeypatch.setitem(connections.settings, "default", there)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Takes a connection and never says a word, as a network that swallows everything does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def shut_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def test_the_process_answers_without_touching_anything(
    client: Client, monkeypatch: pytest.MonkeyPatch, shut_port: int
) -> None:
    instead_of_the_database(monkeypatch, shut_port)
    response = client.get("/salud/vivo", REMOTE_ADDR=STRANGER)
    assert (response.status_code, response.content) == (200, b"vivo\n")


def test_a_portal_that_is_well_says_so_check_by_check() -> None:
    found = verdicts()
    assert set(found) == {"base", "migraciones", "correo", "purga", "disco"}
    assert not_well() == set()


def test_a_database_that_refuses_is_told_at_once(monkeypatch: pytest.MonkeyPatch, shut_port: int) -> None:
    instead_of_the_database(monkeypatch, shut_port)
    assert not_well() == {"base"}


def test_nobody_waits_for_a_database_that_says_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch, silent_port: int
) -> None:
    instead_of_the_database(monkeypatch, silent_port)
    assert client.get("/salud/listo").status_code == 503
    waited = readiness._run
    assert waited is not None
    assert not waited.done(), "the answer came while the check still waited"
    began = time.monotonic()
    assert client.get("/salud/listo").status_code == 503
    assert readiness._run is waited, "no second one waits beside it"
    assert time.monotonic() - began < PATIENCE, "and who asks next is answered at once"


def test_what_is_told_of_a_broken_database_names_no_secret(
    client: Client, monkeypatch: pytest.MonkeyPatch, shut_port: int
) -> None:
    instead_of_the_database(monkeypatch, shut_port)
    told = client.get("/salud/listo").content.decode()
    assert "of-the-database" not in told
    assert str(shut_port) not in told


def test_a_flood_of_probes_asks_the_database_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("operation.readiness.FRESH", 3600.0)
    client.get("/salud/listo")
    first = readiness._run
    answers = at_once(*[lambda: Client().get("/salud/listo").status_code] * 8)
    assert answers == [200] * 8
    assert readiness._run is first


def test_an_old_report_is_not_shown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("operation.readiness.FRESH", 0.0)
    client.get("/salud/listo")
    first = readiness._run
    client.get("/salud/listo")
    assert readiness._run is not first


@committed
def test_tables_of_an_older_version_are_not_ready() -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("guards", "0002_tally")
    try:
        assert not_well() == {"migraciones"}
    finally:
        recorder.record_applied("guards", "0002_tally")


@committed
def test_a_mail_that_nobody_tries_to_send_is_told(settings: LazySettings) -> None:
    settings.PORTAL_MAIL_WAIT_MINUTES = 30
    queue([Letter("created", "marta@ejemplo.ar", make_cuil(30111222))])
    assert not_well() == set()
    Email.objects.update(created=timezone.now() - timedelta(minutes=31))
    assert not_well() == {"correo"}


@committed
def test_a_mail_that_the_server_refused_is_no_sign_that_sending_stopped() -> None:
    queue([Letter("created", "marta@ejemplo.ar", make_cuil(30111222))])
    Email.objects.update(created=timezone.now() - timedelta(days=1), status=STATUS.requeued)
    assert not_well() == set()


@committed
def test_a_purge_that_stopped_running_is_told_and_one_that_ran_is_not(settings: LazySettings) -> None:
    call_command("purge_expired_keys")
    later = timezone.now() + timedelta(hours=settings.PORTAL_PURGE_HOURS - 1)
    with time_machine.travel(later):
        assert "purga" not in not_well()
    with time_machine.travel(later + timedelta(hours=2)):
        assert "purga" in not_well()


@committed
def test_a_portal_installed_today_is_not_late_with_its_purge_and_one_never_purged_is() -> None:
    assert tally.last(tally.Job.PURGE) is None
    assert "purga" not in not_well()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert "purga" in not_well()


def test_a_simulated_purge_is_no_purge() -> None:
    call_command("purge_expired_keys", dry_run=True)
    assert tally.last(tally.Job.PURGE) is None


def test_a_full_disk_is_told(settings: LazySettings) -> None:
    settings.PORTAL_DISK_FREE_MB = 10**9
    assert not_well() == {"disco"}


@pytest.mark.parametrize(
    "headers",
    [
        {"REMOTE_ADDR": STRANGER},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": STRANGER},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
    ],
    ids=str,
)
@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_a_stranger_learns_whether_it_is_well_and_nothing_else(
    client: Client, settings: LazySettings, headers: dict[str, str], proxies: int
) -> None:
    settings.PORTAL_PROXIES = proxies
    assert client.get("/salud/listo", **headers).content == b"listo\n"


def test_a_stranger_is_told_of_a_dead_database_too(
    client: Client, monkeypatch: pytest.MonkeyPatch, shut_port: int
) -> None:
    instead_of_the_database(monkeypatch, shut_port)
    response = client.get("/salud/listo", REMOTE_ADDR=STRANGER)
    assert (response.status_code, response.content) == (503, b"no listo\n")


def test_a_probe_over_plain_http_is_not_sent_elsewhere(client: Client, settings: LazySettings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/salud/vivo").status_code == 200
    assert client.get("/salud/listo").status_code == 200
    assert client.get("/politicas/").status_code == 301
