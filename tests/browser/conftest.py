"""One Chromium for the session, a fresh profile per test, and the site in the same process."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.browser_visitor import BrowserVisitor
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.inspection import Inspector, Titles
from tests.browser.live_site import served

HERE = Path(__file__).parent
CHROMIUM = executable()
REQUIRED = os.environ.get("REQUIRE_BROWSER") == "1"
NO_BROWSER = "Sin Chromium: no se corrieron las pruebas de navegador"
FIGURE = "figure"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE not in item.path.parents:
            continue
        item.add_marker(pytest.mark.browser)
        if not (CHROMIUM or REQUIRED):
            item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.stats.get("passed", []):
        for name, line in report.user_properties:
            if name == FIGURE:
                terminalreporter.write_line(line)
    skipped = terminalreporter.stats.get("skipped", [])
    if count := sum(NO_BROWSER in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(f"{NO_BROWSER} ({count}). Para correrlas: apt-get install chromium")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.fail("REQUIRE_BROWSER=1, pero no hay ningún Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def running_site(_static_files: None, django_db_setup: None) -> Iterator[str]:
    with served() as origin:
        yield origin


@pytest.fixture
def site(running_site: str, transactional_db: None) -> str:
    """The origin of the site, which sees what this test commits."""
    return running_site


Visit = Callable[..., BrowserVisitor]


@pytest.fixture
def visit(chromium: Browser, site: str) -> Iterator[Visit]:
    """Opens a browser with a profile of its own: `visit(width=320, js="off")`.

    js: "on"; "off" (switched off by its owner); "lost" (a bad line never delivered the script).
    """
    contexts = []

    def start(
        width: int = 1280, js: str = "on", kind: type[BrowserVisitor] = BrowserVisitor, **more: Any
    ) -> BrowserVisitor:
        narrow = width < 600
        context = chromium.new_context(
            viewport={"width": width, "height": 640 if narrow else 900},
            is_mobile=narrow,
            has_touch=narrow,
            locale="es-AR",
            timezone_id="America/Argentina/Buenos_Aires",
            java_script_enabled=js != "off",
            **more,
        )
        contexts.append(context)
        if js == "lost":
            context.route("**/*.js", lambda route: route.fulfill(status=200, body=""))
        return kind(context.new_page(), site)

    yield start
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def titles(tmp_path_factory: pytest.TempPathFactory) -> Titles:
    """Over all tests of a run, whichever process they run in: no two pages share a title."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "titles"
    folder.mkdir(exist_ok=True)
    return Titles(folder)


@pytest.fixture
def inspector(titles: Titles) -> Iterator[Inspector]:
    """Looks at pages; what it finds wrong fails the test at its end, all at once."""
    looks = Inspector(titles)
    yield looks
    if looks.problems:
        pytest.fail("\n".join(looks.problems), pytrace=False)


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Prints a figure at the end of the run."""
    return lambda line: record_property(FIGURE, line)
