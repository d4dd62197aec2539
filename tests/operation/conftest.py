import pytest

from operation.readiness import readiness


@pytest.fixture(autouse=True)
def _no_report_of_another_test() -> None:
    readiness.forget()
