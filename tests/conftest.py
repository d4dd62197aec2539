"""Strict defaults of the suite: what every test gets without asking."""

import os
from collections.abc import Iterator
from importlib import import_module

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.management import call_command
from django.test import TransactionTestCase
from whitenoise.base import WhiteNoise

from accounts import triggers
from guards import patience
from tests.visitor import Visitor

# Playwright keeps an event loop in the test's thread; Django would take that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

_empty_the_tables = TransactionTestCase._fixture_teardown


def _teardown_with_final_events(self: TransactionTestCase) -> None:
    """The events refuse to be deleted, also by a test that cleans up after itself."""
    with triggers.lifted():
        _empty_the_tables(self)
    for rows in (
        "0003_first_applications",
        "0007_first_content",
        "0009_applications_withdrawn",
        "0012_more_questions",
        "0014_applications_that_open",
        "0015_questions_about_ones_key",
    ):
        import_module(f"accounts.migrations.{rows}").load(apps, None)


TransactionTestCase._fixture_teardown = _teardown_with_final_events

_look_through = WhiteNoise.update_files_dictionary
_files_below: dict[tuple[str, str], dict[str, object]] = {}


def _look_through_once(self: WhiteNoise, root: str, prefix: str) -> None:
    """Each test client builds the middleware anew; the static files of a run are the same for all."""
    if not _files_below.get((root, prefix)):
        before = set(self.files)
        _look_through(self, root, prefix)
        _files_below[root, prefix] = {url: file for url, file in self.files.items() if url not in before}
    self.files.update(_files_below[root, prefix])


WhiteNoise.update_files_dictionary = _look_through_once


@pytest.fixture(scope="session", autouse=True)
def _static_files() -> None:
    """Hashed and compressed, as in production: a page that names a missing file fails."""
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def _no_memory_between_tests() -> Iterator[None]:
    yield
    cache.clear()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown() -> None:
    """A response that a test did not close leaves its request open; what clears up has its own time."""
    patience.end()


@pytest.fixture
def visitor(db: None) -> Visitor:
    """Somebody with a browser of their own (no JavaScript), who reads labels and presses buttons."""
    return Visitor()
