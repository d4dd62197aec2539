"""All that stands before serving the demonstration, in one process: each start of Django costs a second."""

from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from identity.models import Person

# What a cron job does elsewhere. None of it may keep the demonstration from starting.
_JOBS = (
    "clearsessions", "captcha_clean", "sweep_counters", "sweep_applications",
    "purge_expired_keys", "expire_proposals", "send_notices",
)  # fmt: skip


class Command(BaseCommand):
    help = "Prepara la demostración: base, registro, archivos del sitio; después muestra adónde entrar."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        if not Person.objects.exists():  # later starts lose nothing that was done in it, also at the office
            call_command("load_demo", stdout=self.stdout)
        if _static_files_changed():
            call_command("collectstatic", interactive=False, verbosity=0)
        for job in _JOBS:
            try:
                with redirect_stdout(StringIO()):  # some of the libraries' just print, in English
                    call_command(job)
            except CommandError as error:
                self.stderr.write(str(error))
        call_command("demo_guide", stdout=self.stdout)


def _static_files_changed() -> bool:
    """Since they were collected; the libraries' own change with the lock file."""
    collected = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not collected.exists():
        return True
    root = Path(settings.BASE_DIR)
    sources = [root / "requirements.txt", root / "requirements-dev.txt", *(root / "static").rglob("*")]
    return max(file.stat().st_mtime for file in sources) > collected.stat().st_mtime
