"""Numbers for whoever watches: of all processes together, about nobody, and only for our own networks."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from accounts import hashing
from forms_usi07 import press
from guards.limits import LimitReached
from identity.tramite import tramite_limits
from journeys.pages import power
from operation.places import Places
from operation.readiness import readiness
from tests.builders import PASSWORD, make_clave, make_person
from tests.operation.asking import STRANGER
from tests.test_settings import OURS
from tests.visitor import Visitor
from tests.walker import log_in


def numbers() -> dict[tuple[str, frozenset[str]], float]:
    """(name of a series, values of its labels) → its number."""
    readiness.forget()
    text = Client().get("/metricas").content.decode()
    return {
        (sample.name, frozenset(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def series(name: str, *labels: str) -> float:
    return numbers().get((name, frozenset(labels)), 0.0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers", [{"REMOTE_ADDR": STRANGER}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}], ids=str
)
def test_for_a_stranger_there_is_no_such_page(client: Client, headers: dict[str, str]) -> None:
    assert client.get("/metricas", **headers).status_code == 404


@pytest.mark.django_db
def test_requests_are_counted_by_page_method_and_kind_of_answer(client: Client) -> None:
    before = series("clave_requests_total", "oficinas", "GET", "2xx")
    slow = series("clave_request_seconds_count", "oficinas")
    client.get("/oficinas/")
    client.get("/oficinas/?localidad=Azul")
    assert series("clave_requests_total", "oficinas", "GET", "2xx") == before + 2
    assert series("clave_request_seconds_count", "oficinas") == slow + 2


@pytest.mark.django_db
def test_what_a_visitor_makes_up_is_no_label(client: Client) -> None:
    client.get("/27301112225/", HTTP_USER_AGENT="27301112225")
    client.generic("MARTA", "/oficinas/")
    labels = set().union(*(labels for _, labels in numbers()))
    assert not {label for label in labels if "MARTA" in label or "27301112225" in label}
    assert "-" in labels


@pytest.mark.django_db(transaction=True)
def test_moves_of_keys_are_counted_when_they_are_final() -> None:
    before = series("clave_events_total", "create_verified")
    make_clave(make_person().cuil)
    assert series("clave_events_total", "create_verified") == before + 1


@pytest.mark.django_db
def test_a_try_that_a_limit_refused_is_counted() -> None:
    limit = tramite_limits()[0]
    before = series("clave_limit_refusals_total", limit.name)
    for _ in range(limit.free):
        limit.spend("somebody")
    with pytest.raises(LimitReached):
        limit.spend("somebody")
    assert series("clave_limit_refusals_total", limit.name) == before + 1


@pytest.mark.django_db
def test_one_wrong_key_tried_with_many_cuils_from_many_addresses_shows() -> None:
    wrong, right = (series("clave_keys_compared_total", outcome) for outcome in ("wrong", "right"))
    for number in range(8):
        person = make_person(30_111_222 + number)
        make_clave(person.cuil)
        log_in(Visitor(REMOTE_ADDR=f"10.0.{number}.1"), person, "Verano2026" if number else PASSWORD)
    assert series("clave_keys_compared_total", "wrong") == wrong + 7
    assert series("clave_keys_compared_total", "right") == right + 1


@pytest.mark.django_db
def test_an_answer_without_room_is_counted(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    before = series("clave_overloaded_total", "salud-listo")
    monkeypatch.setattr("operation.checks.settings.PORTAL_DISK_FREE_MB", 10**9)
    readiness.forget()
    assert client.get("/salud/listo").status_code == 503
    assert series("clave_overloaded_total", "salud-listo") == before + 1


@pytest.mark.django_db
def test_whoever_finds_no_place_to_be_hashed_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PORTAL_HASHING_PLACES", 1)
    monkeypatch.setattr(hashing, "_process", None)
    before = series("clave_full_total", "hashing")
    with ThreadPoolExecutor(1) as other, hashing.a_place():
        assert isinstance(other.submit(make_password, "Nadie123").exception(), hashing.HashingBusy)
    assert series("clave_full_total", "hashing") == before + 1


@pytest.mark.django_db
def test_whoever_finds_no_place_for_a_paper_is_counted(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press, "_places", BoundedSemaphore(1))
    power._blank.cache_clear()  # another test may have printed it
    before = series("clave_full_total", "printing")
    with press._places:
        assert client.get("/poder-especifico/").status_code == 503
    assert series("clave_full_total", "printing") == before + 1


@pytest.mark.django_db(transaction=True)
def test_the_jobs_of_the_night_are_told_with_what_they_did() -> None:
    call_command("purge_expired_keys")
    found = numbers()
    assert found["clave_jobs_total", frozenset({"purge"})] == 1
    assert found["clave_check_ok", frozenset({"purga"})] == 1
    assert found["clave_job_last_seconds", frozenset({"purge"})] > 1_700_000_000


# --- Several processes ------------------------------------------------------------------------------

COUNT = """
import django; django.setup()
from operation import metrics
metrics.limits.labels("shared").inc()
{then}
"""
TELL = """
import django; django.setup()
from operation.checks import Report
from operation.metrics import exposition
print([line for line in exposition(Report([])).decode().splitlines() if line.endswith("_total")
       or 'limit="shared"' in line])
"""


# A folder that somebody cleared away while the portal was running.
WITHOUT_FOLDER = """
import os, shutil
import django; django.setup()
from django.test import Client
from guards.signals import full, happened, refused
from operation import metrics
shutil.rmtree(os.environ["PORTAL_METRICS_DIR"])
full.send(None, place="queue"), refused.send(None, limit="x"), happened.send(None, kinds={"x": 1})
print([Client().get("/salud/vivo", HTTP_HOST="localhost").status_code for _ in range(3)])
"""


def run(code: str, folder: Path) -> str:
    machine = {
        name: value for name, value in os.environ.items() if not name.startswith((*OURS, "PROMETHEUS"))
    }
    environment = {
        **machine,
        "DJANGO_SETTINGS_MODULE": "clave_portal.settings",
        "PORTAL_METRICS_DIR": str(folder),
    }
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code],
        env=environment,
        cwd=Path(settings.BASE_DIR),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_processes_count_together_and_one_that_follows_another_leaves_no_file_behind(tmp_path: Path) -> None:
    both = "import os; os.fork() or metrics.limits.labels('shared').inc(10)"
    run(COUNT.format(then=both), tmp_path)
    files = sorted(file.name for file in tmp_path.iterdir())
    assert len([name for name in files if name.startswith("counter")]) == 2, "parent and child"
    run(COUNT.format(then=""), tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == files
    assert "} 12.0" in run(TELL, tmp_path)


def test_a_folder_that_is_gone_costs_a_number_and_no_visitor_an_answer(tmp_path: Path) -> None:
    assert run(WITHOUT_FOLDER, tmp_path / "numbers") == "[200, 200, 200]\n"


def test_a_folder_in_which_nothing_can_be_had_keeps_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> None:
        raise PermissionError

    places = Places(tmp_path)
    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(OSError, match="no free place"):
        places()


def test_a_process_takes_the_lowest_free_place(tmp_path: Path) -> None:
    first, second, third = Places(tmp_path), Places(tmp_path), Places(tmp_path)
    assert (first(), second(), first()) == (0, 1, 0)
    first.leave()
    assert third() == 0
    second.leave()
    third.leave()
