"""Writes the pages of failure that the web server in front shows by itself."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.template.loader import render_to_string

# The status that the server answers with (deploy/nginx/server.conf) → template.
PAGES = {
    400: "400.html",
    403: "errors/proxy/403.html",
    404: "errors/proxy/404.html",
    405: "405.html",
    413: "errors/proxy/413.html",
    414: "errors/proxy/414.html",
    429: "errors/proxy/429.html",
    431: "errors/proxy/431.html",
    502: "errors/proxy/502.html",
    503: "errors/proxy/502.html",
    504: "errors/proxy/504.html",
}


class Command(BaseCommand):
    help = (
        "Escribe las páginas de error que el servidor web muestra sin el portal: cuando está caído, o cuando"
        " el pedido no llega hasta él. Se corre después de collectstatic y de cada actualización."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder",
            metavar="CARPETA",
            nargs="?",
            type=Path,
            default=settings.STATIC_ROOT.parent / "error-pages",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        for status, template in PAGES.items():
            page = folder / f"{status}.html"
            draft = page.with_suffix(".new")
            draft.write_text(render_to_string(template), encoding="utf-8")
            draft.replace(page)
        self.stdout.write(f"{len(PAGES)} páginas en {folder}.")
