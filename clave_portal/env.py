"""Reading settings from the environment: a value that makes no sense stops the start with one sentence."""

import contextlib
import os
import secrets
from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import NoReturn, TypeVar
from urllib.parse import SplitResult, urlsplit

import environ

from offices.hours import Hours, InvalidHours

T = TypeVar("T")
_SHORTEST_SECRET = 40


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

    def hours(self, name: str, default: str) -> Hours:
        raw = self.str(name, "").strip() or default
        try:
            return Hours.parse(raw)
        except InvalidHours as error:
            refuse(
                f"{name}={raw} no se entiende: {error}."
                " Poné por ejemplo: lunes a viernes de 8 a 20; sábados de 9:30 a 13"
            )

    def dates(self, name: str) -> frozenset[date]:
        """Days separated by commas; none when it is empty."""
        raw = self.str(name, "").strip()
        try:
            return frozenset(date.fromisoformat(day.strip()) for day in raw.split(",") if raw)
        except ValueError:
            refuse(
                f"{name}={raw} no se entiende: poné fechas separadas por comas, como 2027-12-24,2027-12-31"
            )

    def folder(self, name: str) -> str:
        """An absolute path of a folder to write to, made if it is missing; "" when none is named."""
        raw = self.str(name, "").strip()
        if not raw:
            return ""
        folder = Path(raw)
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        if not (folder.is_absolute() and folder.is_dir() and os.access(folder, os.W_OK)):
            refuse(f"{name}={raw} no sirve: poné el camino completo de una carpeta donde se pueda escribir.")
        return raw

    def networks(self, name: str, default: str) -> tuple[IPv4Network | IPv6Network, ...]:
        """Networks or single addresses, separated by commas."""
        raw = self.str(name, "").strip() or default
        try:
            return tuple(ip_network(network.strip()) for network in raw.split(","))
        except ValueError:
            refuse(
                f"{name}={raw} no se entiende: poné redes separadas por comas, como 127.0.0.0/8,10.1.0.0/16"
            )

    def database(self, default: Path) -> dict[str, object]:
        """DATABASE_URL as Django wants it; an SQLite file in var/ when there is none."""
        url = self.str("DATABASE_URL", "") or f"sqlite:///{default}"
        scheme = url.partition(":")[0]
        if scheme not in {"sqlite", "postgres", "postgresql", "psql"}:
            refuse(f"DATABASE_URL empieza con «{scheme}»: tiene que ser sqlite:// o postgres://.")
        try:
            config: dict[str, object] = self.db_url_config(url)  # type: ignore[no-untyped-call]
        except ValueError:
            refuse(
                "DATABASE_URL no se entiende: poné por ejemplo postgres://usuario:clave@servidor:5432/base"
            )
        if not config.get("NAME"):
            refuse("DATABASE_URL no dice el nombre de la base.")
        return config

    def site(self, name: str, default: str) -> SplitResult:
        """Where a door is met: scheme, host and perhaps a port. Empty where nothing is given."""
        url = self.str(name, "") or default
        if not url:
            return urlsplit("")
        try:
            site = urlsplit(url.rstrip("/"))
            sound = (
                site.scheme in {"http", "https"} and site.hostname and (site.port or True) and not site.path
            )
        except ValueError:
            sound = False
        if not sound:
            refuse(f"{name}={url} no es una dirección: poné por ejemplo https://clave.ejemplo.ar")
        return site

    def hosts(self, default: list[str]) -> list[str]:
        """ALLOWED_HOSTS, separated by commas."""
        hosts = [host.strip() for host in self.str("ALLOWED_HOSTS", ",".join(default)).split(",")]
        if not all(hosts):
            refuse("ALLOWED_HOSTS está vacía o le sobra una coma: así nadie puede llegar al portal.")
        return hosts

    def mail(self, files: Path) -> dict[str, object]:
        """EMAIL_URL as Django's settings; files in a folder when there is none."""
        url = self.str("EMAIL_URL", "")
        if not url:
            backend = "django.core.mail.backends.filebased.EmailBackend"
            return {"EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": str(files)}
        if url.partition(":")[0] not in environ.Env.EMAIL_SCHEMES:
            refuse("EMAIL_URL no se entiende: poné por ejemplo smtp+tls://usuario:clave@servidor:587")
        try:
            config: dict[str, object] = self.email_url_config(url)  # type: ignore[no-untyped-call]
        except ValueError:
            refuse("EMAIL_URL no se entiende: poné por ejemplo smtp+tls://usuario:clave@servidor:587")
        return config

    def redis(self) -> str:
        """REDIS_URL; empty = none. Its password is not repeated."""
        url = self.str("REDIS_URL", "").strip()
        try:
            parts = urlsplit(url)
            sound = not url or (
                parts.scheme in {"redis", "rediss", "unix"} and bool(parts.hostname or parts.path.strip("/"))
            )
            sound = sound and (parts.scheme == "unix" or parts.port is None or parts.port > 0)
            sound = sound and (
                parts.scheme == "unix" or not parts.path.strip("/") or parts.path[1:].isdigit()
            )
        except ValueError:
            sound = False
        if not sound:
            refuse("REDIS_URL no se entiende: poné por ejemplo redis://servidor:6379/0")
        return url

    def secret(self, name: str, keep_in: Path) -> str:
        """A secret, or one made once and kept in a file that only its owner can read."""
        given = self.str(name, "")
        if given and len(given) < _SHORTEST_SECRET:
            refuse(f"{name} es muy corta: tiene que tener al menos {_SHORTEST_SECRET} caracteres al azar.")
        return given or _kept_secret(keep_in)

    def secrets(self, name: str) -> list[str]:
        """Secrets of before, separated by commas, the latest first."""
        given = [secret.strip() for secret in self.str(name, "").split(",") if secret.strip()]
        if any(len(secret) < _SHORTEST_SECRET for secret in given):
            refuse(f"{name}: al menos {_SHORTEST_SECRET} caracteres cada una, separadas por comas.")
        return given


def _kept_secret(file: Path) -> str:
    """The secret in the file. Of several processes that start at once, one makes it, whole, for all."""
    if not file.exists():
        draft = file.with_name(f".{file.name}-{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    secret = file.read_text().strip()
    if len(secret) < _SHORTEST_SECRET:
        refuse(f"{file} está incompleto: recuperalo de una copia, o borralo si todavía no hay datos.")
    return secret
