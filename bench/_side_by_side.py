"""What every benchmark shares: a scratch site, variants taking turns, one table."""

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def scratch_site(**environment: str) -> Iterator[None]:
    """Django on a test database that is made and removed; `DATABASE_URL` chooses the server."""
    sys.path.insert(0, str(ROOT))
    os.environ.update({"DJANGO_SETTINGS_MODULE": "tests.settings", **environment})
    import django
    from django.core.management import call_command
    from django.test.utils import setup_databases, teardown_databases

    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    databases = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
    try:
        yield
    finally:
        teardown_databases(databases, verbosity=0)


def processor_time(actions: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Name to median milliseconds of this process's processor time, the actions taking turns."""
    for action in actions.values():
        action()
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            start = time.process_time()
            action()
            times[name].append((time.process_time() - start) * 1000)
    return {name: statistics.median(taken) for name, taken in times.items()}


def stock_admin(model: type, **options: object) -> Callable[..., list]:
    """Rows of one page of the stock admin's list of a table, by the query of its address.

    As it comes, it counts what it found and counts the whole table; nothing is rendered.
    """
    from django.contrib.admin import AdminSite, ModelAdmin
    from django.test import RequestFactory

    from accounts.models import User

    stock = type("Stock", (ModelAdmin,), {"list_per_page": 50, **options})(model, AdminSite())
    reader = User(is_superuser=True, is_active=True, is_staff=True)

    def page(**query: str | int) -> list:
        request = RequestFactory().get("/", query)
        request.user = reader
        return list(stock.get_changelist_instance(request).result_list)

    return page


def report(title: str, figures: dict[str, float]) -> None:
    """The first is the yardstick of the others."""
    yardstick = next(iter(figures.values()))
    print(f"{title:62}{'CPU ms':>9}{'ratio':>8}")
    for name, milliseconds in figures.items():
        print(f"  {name:60}{milliseconds:9.3f}{milliseconds / yardstick:8.2f}")
