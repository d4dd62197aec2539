"""A whole installation on this machine's loopback: nginx with TLS, both doors under gunicorn, PostgreSQL.

What a system administrator does by hand after the README is done here by the same files and commands. Each
process that is started is ended by its own number, whatever happens.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

ROOT = Path(settings.BASE_DIR)
HOST, OFFICE = "clave.prueba.test", "oficina.prueba.test"
HERE, STRANGER = "127.0.0.1", "127.0.0.9"
_READY_WITHIN = 60  # seconds, on a machine that does much else
_MAIN_CONF = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/clave.conf;
}}
"""


class NotHere(Exception):
    """What the installation needs is not on this machine. The message says what."""


@dataclass(frozen=True)
class Machine:
    folder: Path
    http_port: int
    https_port: int

    def certificate(self, host: str) -> Path:
        return self.folder / "certificates" / host / "fullchain.pem"

    def written_down(self) -> str:
        """All that the logs of nginx and of the portal hold."""
        return "\n".join(file.read_text() for file in sorted(self.folder.glob("*.log")))


@contextmanager
def running(folder: Path) -> Iterator[Machine]:
    """Install, start, and end it all. Inside, the tests' own connection is that of the portal's role.

    Raises:
        NotHere: a program is missing, or the database user is no superuser.
    """
    for program in ("nginx", "openssl", "envsubst", "psql"):
        if not shutil.which(program):
            raise NotHere(f"{program} is not installed")
    with ExitStack() as ends:
        database = ends.enter_context(_database())
        # The owner's time-outs are those of a page: that of an index on a new table is none.
        values = site(folder)
        _manage({**values, "DATABASE_URL": database["owner"]}, "migrate", "--verbosity", "0")
        _manage({**values, "DATABASE_URL": database["owner"]}, "grant_database_role", database["role"])
        _manage({**values, "DATABASE_URL": database["portal"]}, "write_error_pages", str(folder / "pages"))
        ports = [free_port() for _ in range(4)]
        for host in (HOST, OFFICE):
            _make_certificate(folder / "certificates" / host, host)
        nginx = ["nginx", "-c", str(_nginx_conf(folder, ports))]
        children = [ends.enter_context(child(nginx, os.environ, folder / "nginx-start.log"))]
        for door, port in (("public", ports[0]), ("office", ports[1])):
            served = {**values, "DATABASE_URL": database["portal"], "PORTAL_DOOR": door}
            children.append(ends.enter_context(child(gunicorn(port), served, folder / f"{door}.log")))
        for port in ports:
            wait_for(port, children, folder)
        ends.enter_context(_connected(database))
        yield Machine(folder, ports[2], ports[3])


# --- The database ---------------------------------------------------------------------------------------


@contextmanager
def _database() -> Iterator[dict[str, str]]:
    """A new database with its owner and the portal's role, beside the one that the tests run on."""
    ours: dict[str, Any] = connection.settings_dict
    name = f"clave_{secrets.token_hex(6)}"
    owner, portal = f"{name}_owner", f"{name}_portal"
    host, port = ours["HOST"] or "localhost", ours["PORT"] or 5432
    server = psycopg.connect(
        host=host, port=port, user=ours["USER"], password=ours["PASSWORD"] or None,
        dbname="postgres", autocommit=True,
    )  # fmt: skip
    with server:
        _make_roles(server, {"owner": owner, "portal": portal, "database": name})
        try:
            yield {
                "owner": f"postgres://{owner}:{owner}@{host}:{port}/{name}",
                "portal": f"postgres://{portal}:{portal}@{host}:{port}/{name}",
                "role": portal,
                "name": name,
            }
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
            server.execute(f"DROP ROLE {owner}, {portal}")


def _make_roles(server: psycopg.Connection[Any], names: dict[str, str]) -> None:
    """By the file that the README names; a role's password is its name."""
    if not server.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()[0]:  # type: ignore[index]
        raise NotHere("the user of DATABASE_URL may not create databases and roles")
    passwords = {f"{who}_password": names[who] for who in ("owner", "portal")}
    given = [word for name, value in (names | passwords).items() for word in ("-v", f"{name}={value}")]
    about = server.info
    subprocess.run(  # noqa: S603
        ["psql", "-X", "-q", *given, "-f", str(ROOT / "deploy" / "postgres" / "roles.sql")],  # noqa: S607
        env={**os.environ, "PGHOST": about.host, "PGPORT": str(about.port), "PGUSER": about.user,
             "PGPASSWORD": about.password or "", "PGDATABASE": "postgres"},
        check=True, capture_output=True,
    )  # fmt: skip


@contextmanager
def _connected(database: Mapping[str, str]) -> Iterator[None]:
    ours = dict(connection.settings_dict)
    connection.close()
    role = database["role"]
    connection.settings_dict.update(NAME=database["name"], USER=role, PASSWORD=role)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update({key: ours[key] for key in ("NAME", "USER", "PASSWORD")})


# --- Processes ------------------------------------------------------------------------------------------


def site(folder: Path) -> dict[str, str]:
    """What stands in .env, and nothing of the machine these tests run on."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "DJANGO_SETTINGS_MODULE": "tests.deploy.site",
        "CLAVE_STATIC": str(settings.STATIC_ROOT),
        # Those of the tests, which read and seal in the same database.
        "SECRET_KEY": settings.SECRET_KEY,
        "PORTAL_DATA_KEY": settings.PORTAL_DATA_KEY,
        "SITE_URL": f"https://{HOST}",
        "PORTAL_OFFICE_URL": f"https://{OFFICE}",
        "PORTAL_PROXIES": "1",
        "PORTAL_WORKERS": "1",
        "EMAIL_URL": "smtp://127.0.0.1:9",
    }


def _manage(environment: Mapping[str, str], *command: str) -> None:
    run = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "manage.py", *command],
        env=environment, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr


def gunicorn(port: int) -> list[str]:
    return [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--bind", f"{HERE}:{port}"]


@contextmanager
def child(command: list[str], environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as file:
        child = subprocess.Popen(command, env=dict(environment), cwd=ROOT, stdout=file, stderr=file)  # noqa: S603
        try:
            yield child
        finally:
            child.terminate()
            try:
                child.wait(timeout=20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, children: list[subprocess.Popen[bytes]], folder: Path) -> None:
    """gunicorn listens once the portal is loaded."""
    until = monotonic() + _READY_WITHIN
    while monotonic() < until and all(child.poll() is None for child in children):
        with socket.socket() as probe:
            if probe.connect_ex((HERE, port)) == 0:
                return
        sleep(0.05)
    raise AssertionError("\n".join(file.read_text() for file in folder.glob("*.log")))


# --- nginx ------------------------------------------------------------------------------------------------


def _make_certificate(folder: Path, host: str) -> None:
    folder.mkdir(parents=True)
    subprocess.run(  # noqa: S603
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",  # noqa: S607
         "-days", "2", "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}",
         "-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")],
        check=True, capture_output=True,
    )  # fmt: skip


def _nginx_conf(folder: Path, ports: list[int]) -> Path:
    """The template filled in as the README says; networks of the office: this address alone."""
    ours = folder / "nginx"
    shutil.copytree(ROOT / "deploy" / "nginx", ours)
    (ours / "inside.conf").write_text(f"allow {HERE};\n")
    values = {
        "CLAVE_HOST": HOST,
        "CLAVE_OFFICE_HOST": OFFICE,
        "CLAVE_APP": f"{HERE}:{ports[0]}",
        "CLAVE_OFFICE_APP": f"{HERE}:{ports[1]}",
        "CLAVE_CERTIFICATES": str(folder / "certificates"),
        "CLAVE_NGINX": str(ours),
        "CLAVE_STATIC": str(settings.STATIC_ROOT),
        "CLAVE_ERROR_PAGES": str(folder / "pages"),
        "CLAVE_LOGS": str(folder),
        "CLAVE_HTTP_PORT": str(ports[2]),
        "CLAVE_HTTPS_PORT": str(ports[3]),
    }
    filled = subprocess.run(  # noqa: S603
        ["envsubst", " ".join(f"${{{name}}}" for name in values)],  # noqa: S607
        env={**os.environ, **values}, input=(ours / "clave.conf.template").read_text(),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    (folder / "clave.conf").write_text(filled.stdout)
    conf = folder / "nginx.conf"
    # As root it would give the files of this test to another user, who cannot reach them.
    conf.write_text(_MAIN_CONF.format(folder=folder, user="user root;" if os.getuid() == 0 else ""))
    return conf
