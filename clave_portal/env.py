"""Reading settings from the environment: a value that makes no sense stops the start with one sentence."""

import secrets
from pathlib import Path
from typing import NoReturn, TypeVar

import environ

T = TypeVar("T")


def refuse(sentence: str) -> NoReturn:
    """Stop the start. SystemExit prints the sentence alone, without a traceback."""
    raise SystemExit(f"Configuración: {sentence}")


class Env(environ.Env):
    """django-environ that names the variable, the value and what would be right."""

    def flag(self, name: str, *, default: bool) -> bool:
        raw = self.str(name, "").strip().lower()
        if raw in {"", "1", "true", "yes", "on", "0", "false", "no", "off"}:
            return default if not raw else raw in {"1", "true", "yes", "on"}
        refuse(f"{name}={raw} no se entiende: poné 1 o 0.")

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        raw = self.str(name, "").strip() or str(default)
        if raw.isascii() and raw.isdigit() and low <= int(raw) <= high:
            return int(raw)
        refuse(f"{name}={raw} no sirve: poné un número entre {low} y {high}.")

    def choice(self, name: str, default: str, options: set[str]) -> str:
        raw = self.str(name, "").strip() or default
        if raw in options:
            return raw
        refuse(f"{name}={raw} no sirve: poné uno de {', '.join(sorted(options))}.")

    def database(self, default: Path) -> dict[str, object]:
        """DATABASE_URL as Django wants it; an SQLite file in var/ when there is none."""
        url = self.str("DATABASE_URL", "") or f"sqlite:///{default}"
        scheme = url.partition(":")[0]
        if scheme not in {"sqlite", "postgres", "postgresql", "psql"}:
            refuse(f"DATABASE_URL empieza con «{scheme}»: tiene que ser sqlite:// o postgres://.")
        config: dict[str, object] = self.db_url_config(url)  # type: ignore[no-untyped-call]
        if not config.get("NAME"):
            refuse("DATABASE_URL no dice el nombre de la base.")
        return config

    def mail(self, files: Path) -> dict[str, object]:
        """EMAIL_URL as Django's settings; one file a mail when there is none."""
        url = self.str("EMAIL_URL", "")
        if not url:
            backend = "django.core.mail.backends.filebased.EmailBackend"
            return {"EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": str(files)}
        if url.partition(":")[0] not in environ.Env.EMAIL_SCHEMES:
            refuse("EMAIL_URL no se entiende: poné por ejemplo smtp+tls://usuario:clave@servidor:587")
        config: dict[str, object] = self.email_url_config(url)  # type: ignore[no-untyped-call]
        return config

    def secret(self, name: str, keep_in: Path) -> str:
        """A secret, or one made once and kept in a file that only its owner can read."""
        given = self.str(name, "")
        if given:
            if len(given) < 40:
                refuse(f"{name} es muy corta: tiene que tener al menos 40 caracteres al azar.")
            return given
        if not keep_in.exists():
            keep_in.touch(mode=0o600)
            keep_in.write_text(secrets.token_urlsafe(48))
        return keep_in.read_text().strip()
