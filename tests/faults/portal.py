"""The portal under gunicorn as it is deployed, several workers, as a child of this process."""

import http.client
import os
import subprocess
import sys
from pathlib import Path

from tests.faults.children import children_of, free_port, kill_one, stop, until

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = "tests.faults.site.settings"


def environment(**more: str) -> dict[str, str]:
    """That of every process of a run: nothing that stands in somebody's `.env` or shell decides."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", "/"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "SECRET_KEY": "s" * 50,
        "PORTAL_DATA_KEY": "d" * 50,
        "PORTAL_DEMO": "1",
        **more,
    }


class Portal:
    """`database`: where its workers look for PostgreSQL; a proxy in the way is theirs to suffer."""

    def __init__(self, folder: Path, database: str, workers: int = 4, **more: str) -> None:
        self.folder, self.port = folder, free_port()
        self._environment = environment(DATABASE_URL=database, PORTAL_WORKERS=str(workers), **more)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Portal":
        with (self.folder / "gunicorn.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--no-control-socket",
                    "--bind", f"127.0.0.1:{self.port}", "tests.faults.site.wsgi:application",
                ],
                cwd=ROOT, env=self._environment, stdout=log, stderr=log,
            )  # fmt: skip
        until(self.answers, 90, f"gunicorn (see {self.folder / 'gunicorn.log'})")
        return self

    def answers(self) -> bool:
        """A page that needs no database."""
        one = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            one.request("GET", "/accesibilidad/")
            return one.getresponse().status == 200
        except OSError:
            return False
        finally:
            one.close()

    def kill_worker(self) -> bool:
        assert self._process is not None
        return kill_one(self._process.pid)

    @property
    def workers(self) -> list[int]:
        assert self._process is not None
        return children_of(self._process.pid)

    def stop(self) -> None:
        if self._process is not None:
            stop(self._process)


def manage(database: str, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """A command of the portal's, in a process of its own; its result, whatever it is."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=environment(DATABASE_URL=database, **more), capture_output=True, text=True, check=False,
    )  # fmt: skip
