"""The real thing on loopback: nginx before gunicorn before PostgreSQL, on free ports, ended by their ids."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import _cluster
from _client import HOST
from _side_by_side import ROOT

OURS = ("-c", str(ROOT / "deploy" / "gunicorn.conf.py"))
UNBOUND = ("-c", str(ROOT / "bench" / "_unbound.conf.py"))
# The plainest way to run it, against which ours is measured.
PLAIN = ("-k", "sync", "-w", "2", "--no-control-socket", "--log-level", "warning")

_NGINX = """\
user {user}; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
worker_processes auto;
events {{ worker_connections 4096; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/clave.conf;
}}
"""
_DEPLOYED = ROOT / "deploy" / "nginx"


@dataclass
class Site:
    """`port` is nginx's; `direct` is gunicorn's own."""

    port: int
    direct: int
    server: "subprocess.Popen[bytes]"

    def resident(self) -> float:
        """MiB of memory of gunicorn and its workers; what they share is counted once."""
        pids = [self.server.pid, *_children(self.server.pid)]
        return sum(_proportional(pid) for pid in pids) / 1024


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def processor_seconds() -> tuple[float, float]:
    """Spent so far by this process, and by all that it started and what these started.

    Unlike times it hardly depends on who else works on the machine.
    """
    own, *others = map(_spent, _family(os.getpid()))
    return own, sum(others)


def seconds_below(pid: int) -> float:
    """Processor seconds spent so far by a process and by all that it started."""
    return sum(map(_spent, _family(pid)))


def _family(pid: int) -> list[int]:
    everybody = [pid]
    for one in everybody:
        everybody += _children(one)
    return everybody


def _spent(pid: int) -> float:
    """Seconds in user and kernel mode, of the process and of its children that ended (proc(5))."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = map(int, after_name[11:13] if pid == os.getpid() else after_name[11:15])
    return sum(ticks) / os.sysconf("SC_CLK_TCK")


def _proportional(pid: int) -> int:
    """KiB; a page that three processes share counts a third in each."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise RuntimeError(f"no Pss of {pid}")


def environment(database: str, **changes: str) -> dict[str, str]:
    """Of a portal in production behind one proxy of ours. The keys are of this run alone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "DJANGO_"))}
    return kept | {
        "DATABASE_URL": database,
        "SITE_URL": f"https://{HOST}",
        "ALLOWED_HOSTS": HOST,
        "PORTAL_PROXIES": "1",
        "PORTAL_DEMO": "0",
        "SECRET_KEY": "s" * 50,
        "PORTAL_DATA_KEY": "d" * 50,
        "DJANGO_SETTINGS_MODULE": "clave_portal.settings",
    } | changes  # fmt: skip


def manage(env: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, ROOT / "manage.py", *arguments]
    return subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout


@contextmanager
def served(env: dict[str, str], *arguments: str, limits: bool = False) -> Iterator[Site]:
    """gunicorn with these arguments (none: the project's own configuration), and deploy/nginx before it.

    Without `limits`, nginx counts nobody's requests: as if each came from an address of its own.
    """
    with tempfile.TemporaryDirectory(prefix="clave-site-") as name:
        folder, direct, port = Path(name), _cluster.free_port(), _cluster.free_port()
        command = [Path(sys.executable).with_name("gunicorn"), *(arguments or OURS)]
        command += ["--bind", f"127.0.0.1:{direct}", "clave_portal.wsgi"]
        config = _nginx_conf(folder, direct, port, _error_pages(env["DATABASE_URL"]), limits=limits)
        proxy = [_cluster.find_program("nginx"), "-p", folder, "-c", config, "-e", folder / "error.log"]
        with (
            _running(command, folder / "gunicorn.log", direct, env, signal.SIGQUIT) as server,
            _running(proxy, folder / "nginx.log", port, env, signal.SIGTERM),
        ):
            yield Site(port, direct, server)


@cache
def _error_pages(database: str) -> tempfile.TemporaryDirectory:
    """What nginx shows when it refuses; written once a run, gone with this process."""
    folder = tempfile.TemporaryDirectory(prefix="clave-pages-")
    manage(environment(database), "write_error_pages", folder.name)
    return folder


def _nginx_conf(
    folder: Path, direct: int, port: int, pages: tempfile.TemporaryDirectory, *, limits: bool
) -> Path:
    """The deployment's own, filled in; there is no office here."""
    _make_certificate(folder / HOST)
    nobody = str(_cluster.free_port())
    values = {
        "CLAVE_HOST": HOST, "CLAVE_OFFICE_HOST": "oficina.invalid", "CLAVE_APP": f"127.0.0.1:{direct}",
        "CLAVE_OFFICE_APP": f"127.0.0.1:{nobody}", "CLAVE_CERTIFICATES": str(folder),
        "CLAVE_NGINX": str(_DEPLOYED), "CLAVE_STATIC": str(ROOT / "var" / "static"),
        "CLAVE_ERROR_PAGES": pages.name, "CLAVE_LOGS": str(folder),
        "CLAVE_HTTP_PORT": f"127.0.0.1:{nobody}", "CLAVE_HTTPS_PORT": f"127.0.0.1:{port}",
    }  # fmt: skip
    filled = (_DEPLOYED / "clave.conf.template").read_text(encoding="utf-8")
    # The only certificate is the portal's.
    filled = filled.replace("${CLAVE_CERTIFICATES}/${CLAVE_OFFICE_HOST}", f"{folder}/{HOST}")
    for name, value in values.items():
        filled = filled.replace(f"${{{name}}}", value)
    if not limits:
        filled = re.sub(r"^\s*limit_req .*$", "", filled, flags=re.MULTILINE)
    (folder / "clave.conf").write_text(filled, encoding="utf-8")
    config = folder / "nginx.conf"
    config.write_text(_NGINX.format(user="root" if os.geteuid() == 0 else "nobody", folder=folder))
    return config


def _make_certificate(folder: Path) -> None:
    folder.mkdir()
    command = [_cluster.find_program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt"]
    command += ["ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"]
    command += ["-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"]
    subprocess.run(command, check=True, capture_output=True)


@contextmanager
def _running(
    command: list, log: Path, port: int, env: dict[str, str], how: signal.Signals
) -> Iterator["subprocess.Popen[bytes]"]:
    """`how` ends it at once: nobody is in the middle of anything any more."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=env, cwd=ROOT)
    try:
        _cluster.wait_for(port, process, log)
        yield process
    finally:
        _cluster.end(process, how)
        if "--show-log" in sys.argv:
            print(log.read_text(errors="replace")[-5000:], file=sys.stderr)
