"""The containers, as far as they can be looked at without running them: whatever they name exists."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from tests.deploy.test_units import SERVICES as UNITS
from tests.deploy.test_units import commands, scheduled
from tests.test_env_example import in_the_example

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
PORTAL = {name: service for name, service in SERVICES.items() if service["image"] == "clave"}


def given_to(service: str) -> set[str]:
    return set(SERVICES[service]["environment"])


def test_the_worker_runs_what_the_timers_run() -> None:
    worker = (DEPLOY / "worker.sh").read_text(encoding="utf-8")
    looped = re.search(r"for command in ([a-z_ ]+);", worker)
    assert looped
    runs = set(re.findall(r"^ *run ([a-z_]+)", worker, re.MULTILINE)) | set(looped[1].split())
    assert runs == scheduled(UNITS)


def test_the_preparation_does_what_the_readme_does() -> None:
    steps = (ROOT / "README.md").read_text(encoding="utf-8").split("**4. ")[1].split("**5. ")[0]
    assert commands((DEPLOY / "prepare.sh").read_text(encoding="utf-8")) == commands(steps)


@pytest.mark.parametrize("service", sorted(PORTAL))
def test_the_portals_containers_may_do_little_and_are_given_settings_that_exist(service: str) -> None:
    told = PORTAL[service]
    assert (told["read_only"], told["cap_drop"]) == (True, ["ALL"])
    assert "no-new-privileges:true" in told["security_opt"]
    assert given_to(service) - {"OWNER_DATABASE_URL"} <= set(in_the_example())
    for word in told.get("command", []):
        assert os.access(ROOT / word, os.X_OK)


def test_only_the_preparation_knows_the_owner_of_the_tables() -> None:
    knowing = {name for name in PORTAL if "CLAVE_OWNER_PASSWORD" in str(PORTAL[name])}
    assert knowing == {"prepare"}


def test_each_door_is_one_container() -> None:
    doors = {name: told["environment"].get("PORTAL_DOOR") for name, told in PORTAL.items()}
    assert doors == {"web": "public", "office": "office", "worker": None, "prepare": None}


def test_the_processes_of_each_door_count_together_where_its_container_may_write() -> None:
    counting = {
        name: told["environment"]["PORTAL_METRICS_DIR"]
        for name, told in PORTAL.items()
        if "PORTAL_METRICS_DIR" in told["environment"]
    }
    assert set(counting) == {"web", "office"}
    assert all(Path(PORTAL[name]["tmpfs"]) in Path(folder).parents for name, folder in counting.items())


def test_nginx_in_its_container_writes_every_log_of_the_template_to_its_own_output() -> None:
    template = (DEPLOY / "nginx" / "clave.conf.template").read_text(encoding="utf-8")
    script = DEPLOY / "nginx" / "container-logs.sh"
    logs = set(re.findall(r"\$\{CLAVE_LOGS\}/([\w-]+\.log)", template))
    assert set(re.findall(r"\$CLAVE_LOGS/([\w-]+\.log)", script.read_text(encoding="utf-8"))) == logs
    # What cannot be executed is passed over by the image.
    assert os.access(script, os.X_OK)


def test_whoever_stops_the_portal_waits_until_the_last_page_is_answered() -> None:
    served = (DEPLOY / "gunicorn.conf.py").read_text(encoding="utf-8")
    needs = int(re.findall(r"^graceful_timeout = (\d+)$", served, re.MULTILINE)[0])
    unit = (DEPLOY / "systemd" / "clave-door@.service").read_text(encoding="utf-8")
    waits = [*re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)]
    waits += [PORTAL[name]["stop_grace_period"].removesuffix("s") for name in ("web", "office")]
    assert [int(seconds) > needs for seconds in waits] == [True] * 3


def test_nginx_is_given_every_value_of_its_template_and_finds_both_doors() -> None:
    template = (DEPLOY / "nginx" / "clave.conf.template").read_text(encoding="utf-8")
    assert given_to("nginx") - {"NGINX_ENVSUBST_FILTER"} == set(re.findall(r"\$\{(\w+)\}", template))
    values = SERVICES["nginx"]["environment"]
    for name, door in (("CLAVE_APP", "public"), ("CLAVE_OFFICE_APP", "office")):
        host, _, port = values[name].partition(":")
        assert PORTAL[host]["environment"]["PORTAL_DOOR"] == door
        assert f"0.0.0.0:{port}" in DOCKERFILE


def test_every_value_asked_for_is_in_the_example_and_none_besides() -> None:
    example = (DEPLOY / "compose.env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{(\w+):\?\}", COMPOSE)) == set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    assert "${" not in re.sub(r"\$\{\w+:\?\}", "", COMPOSE)


def test_every_file_that_is_mounted_or_copied_exists() -> None:
    mounted = [volume.split(":")[0] for told in SERVICES.values() for volume in told.get("volumes", [])]
    files = [DEPLOY / path for path in mounted if path.startswith(".")]
    files += [ROOT / path for path in re.findall(r"^COPY (?!--)(\S+)", DOCKERFILE, re.MULTILINE)]
    assert files
    assert [file for file in files if not file.exists()] == []
    named = {path for path in mounted if not path.startswith((".", "$"))}
    assert named == set(yaml.safe_load(COMPOSE)["volumes"])


def test_the_image_is_built_from_hashed_requirements_and_runs_as_nobody_special() -> None:
    assert "--require-hashes -r requirements.txt" in DOCKERFILE
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (\w+)", last, re.MULTILINE) == ["clave"]
    assert "build-essential" not in last
    libraries = re.search(r"^ *need (libpango.+)$", (ROOT / "scripts" / "setup.sh").read_text(), re.MULTILINE)
    assert libraries
    assert libraries[1] in last


def test_copies_are_made_by_a_pg_dump_of_the_servers_release() -> None:
    server = SERVICES["postgres"]["image"].partition(":")[2]
    assert f"postgresql-client-{server} " in DOCKERFILE


def test_no_secret_goes_into_the_image() -> None:
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".env", "var", ".git", "deploy/compose.env"} <= set(left_out)
