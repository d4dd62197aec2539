"""Everything that systemd and cron are told to run exists, and each unit may do little besides."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
UNITS = ROOT / "deploy" / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))
# Commands that people run, or that other units do: `make run`, installing, looking.
BY_HAND = {
    "import_registry", "generate_registry", "load_demo", "prepare_demo", "demo_guide", "grant_database_role",
    "write_error_pages", "restore", "rekey", "print_access", "print_journeys", "print_roles",
}  # fmt: skip
# Of the libraries, those that remove what piles up.
OF_LIBRARIES = {"captcha_clean", "clearsessions"}
EXPOSURE = 20  # tenths: 2.0 of systemd's 10; without our drop-in a unit has 9.6

needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")


def commands(text: str) -> set[str]:
    return set(re.findall(r"manage\.py ([a-z_]+)", text))


def scheduled(files: list[Path]) -> set[str]:
    return set().union(*(commands(file.read_text(encoding="utf-8")) for file in files))


def ours() -> set[str]:
    """Commands of the portal's own apps."""
    own = {path.name for path in ROOT.iterdir() if (path / "management").is_dir()}
    return {name for name, app in get_commands().items() if app in own}


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units as they would be in /etc/systemd/system, the project being where it is."""
    folder = tmp_path / "units"
    shutil.copytree(UNITS, folder)
    (ROOT / "var").mkdir(exist_ok=True)
    for file in [*folder.glob("*.service"), *folder.glob("*/*.conf")]:
        file.write_text(file.read_text().replace("/srv/clave", str(ROOT)))
    return folder


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False)  # noqa: S603, S607


@pytest.mark.parametrize("files", [SERVICES, [ROOT / "deploy" / "clave.cron"]], ids=["systemd", "cron"])
def test_whatever_has_to_run_by_itself_is_scheduled_and_exists(files: list[Path]) -> None:
    assert scheduled(files) == (ours() - BY_HAND) | OF_LIBRARIES


def test_every_timer_has_its_service_and_every_service_its_timer() -> None:
    timers = {file.stem for file in UNITS.glob("*.timer")}
    assert timers == {file.stem for file in SERVICES if "@" not in file.name}


@needs_systemd
def test_systemd_understands_every_unit(installed: Path) -> None:
    units = [
        *installed.glob("*.timer"),
        *(file for file in installed.glob("*.service") if "@" not in file.name),
    ]
    doors = [installed / f"clave-door@{door}.service" for door in ("public", "office")]
    seen = analyze("verify", *map(str, [*units, *doors]))
    assert (seen.returncode, seen.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize("name", [file.name.replace("@", "@public") for file in SERVICES])
def test_a_unit_may_do_little_to_the_machine(installed: Path, name: str) -> None:
    seen = analyze(
        "security", "--offline=true", f"--threshold={EXPOSURE}", "--no-pager", str(installed / name)
    )
    assert seen.returncode == 0, seen.stdout


@pytest.mark.parametrize("door", ["public", "office"])
def test_nginx_looks_for_each_door_where_it_listens(door: str) -> None:
    bind = (UNITS / f"{door}.env").read_text().strip().removeprefix("CLAVE_BIND=")
    assert f"={bind}\n" in (ROOT / "deploy" / "nginx" / "clave.env").read_text()


def test_the_processes_of_each_door_count_together_in_a_folder_that_systemd_makes() -> None:
    unit = (UNITS / "clave-door@.service").read_text(encoding="utf-8")
    made = re.findall(r"^RuntimeDirectory=(.+)$", unit, re.MULTILINE)
    told = re.findall(r"^Environment=PORTAL_METRICS_DIR=%t/(.+)$", unit, re.MULTILINE)
    assert told == made
    page = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")
    for door in ("public", "office"):
        assert f"`/run/{made[0].replace('%i', door)}`" in page


def test_the_readme_installs_what_stands_in_the_folder() -> None:
    steps = (
        (ROOT / "README.md")
        .read_text(encoding="utf-8")
        .split("## Ponerlo en producción")[1]
        .split("\n## ")[0]
    )
    enabled = re.search(r"systemctl enable --now (.+)", steps)
    assert enabled
    timers = {file.name for file in UNITS.glob("*.timer")}
    assert set(enabled[1].split()) == timers | {"clave-door@public", "clave-door@office"}
    named = set(re.findall(r"deploy/[\w./-]*\w", steps)) - {"deploy/compose.env"}  # whoever installs makes it
    assert [path for path in named if not (ROOT / path).exists()] == []
    library = set(re.findall(r"lib[\w.-]+", (ROOT / "scripts" / "setup.sh").read_text(encoding="utf-8")))
    assert {word for word in library if word.startswith(("libpango", "libharf"))} <= set(steps.split())
    assert "envsubst \"$(env | sed -n 's/^\\(CLAVE_[A-Z_]*\\)=.*/${\\1}/p')\"" in steps
