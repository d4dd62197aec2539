"""The office in its tests: without the second factor, which has tests of its own."""

import pytest
from django.conf import LazySettings


@pytest.fixture(autouse=True)
def _without_second_factor(settings: LazySettings) -> None:
    settings.PORTAL_DEMO = True
