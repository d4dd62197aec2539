"""A PostgreSQL of a harness's own: on a free port of this machine, gone when the harness ends.

Durability is as in production (fsync, synchronous commits): what is measured or killed here would
otherwise say nothing.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PACKAGES = {"initdb": "postgresql", "nginx": "nginx", "openssl": "openssl"}
_BOOT_SECONDS = 30
# Of a small production server; the rest as Debian ships it.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "logging_collector": "off",
}


class NotInstalled(Exception):
    """A program is missing; the message is the command that installs it."""


def find_program(name: str) -> Path:
    """Where a program is, also where Debian keeps those that are not for everybody.

    As root, its package is installed when it is missing (scripts/setup.sh does the same).

    Raises:
        NotInstalled: it is missing, and this is no root of a Debian.
    """
    if found := _look_for(name):
        return found
    package = PACKAGES[name]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], check=True, **quiet)
        subprocess.run(["apt-get", "install", "-qq", "-y", package], check=True, **quiet)
        if found := _look_for(name):
            return found
    raise NotInstalled(f"Falta {package}. Instalalo y probá de nuevo:  sudo apt-get install {package}")


def _look_for(name: str) -> Path | None:
    by_version = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3])
    )
    where = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    return by_version[-1] if by_version else Path(where) if where else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until something listens there.

    Raises:
        RuntimeError: the process ended, or half a minute went by; with the end of its log.
    """
    until = time.monotonic() + _BOOT_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{process.args} does not answer:\n{log.read_text(errors='replace')[-3000:]}")


def end(process: "subprocess.Popen[bytes]", how: signal.Signals = signal.SIGTERM) -> None:
    """Ask it to end; end it after ten seconds. Only ever a process that the caller started."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def cluster(**settings: str) -> Iterator[str]:
    """The address of an empty database of it, for DATABASE_URL; `settings` go to the server.

    Raises:
        NotInstalled: there is no PostgreSQL on this machine, and none can be installed.
    """
    initdb = find_program("initdb")
    with _home() as (data, shared):
        create = [initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run(create, check=True, stdout=subprocess.DEVNULL, **shared)
        with _serving(data, shared, settings) as url:
            yield url


@contextmanager
def replica(primary: str, **settings: str) -> Iterator[str]:
    """The address of a standby that streams from a cluster of this machine, for reading.

    Raises:
        NotInstalled: there is no PostgreSQL on this machine, and none can be installed.
    """
    base_backup = find_program("initdb").with_name("pg_basebackup")
    server = urlsplit(primary)
    with _home() as (data, shared):
        copy = [base_backup, "-D", data, "-h", str(server.hostname), "-p", str(server.port), "-U", "postgres"]
        copy += ["--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast"]
        subprocess.run(copy, check=True, stdout=subprocess.DEVNULL, **shared)
        with _serving(data, shared, settings) as url:
            _wait_until_it_reads(base_backup.with_name("pg_isready"), url)
            yield urlsplit(url)._replace(path=server.path).geturl()


def _wait_until_it_reads(is_ready: Path, url: str) -> None:
    """A standby listens before it has read what is needed to answer."""
    until = time.monotonic() + _BOOT_SECONDS
    while subprocess.run([is_ready, "-q", "-d", url], check=False).returncode:
        if time.monotonic() > until:
            raise RuntimeError("the replica does not answer")
        time.sleep(0.05)


@contextmanager
def _home() -> Iterator[tuple[Path, dict[str, Any]]]:
    """Where a server's data goes, and how its programs are started: it refuses to run as root."""
    owner = {"user": "postgres", "group": pwd.getpwnam("postgres").pw_gid} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="clave-postgres-"))
    if owner:
        shutil.chown(folder, "postgres")
    try:
        yield folder / "data", {"cwd": folder, **owner}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _serving(data: Path, shared: dict[str, Any], settings: dict[str, str]) -> Iterator[str]:
    folder, port = data.parent, free_port()
    log = folder / "log"
    options = [f"-c{name}={value}" for name, value in (_SETTINGS | settings).items()]
    command = [
        find_program("initdb").with_name("postgres"),
        "-D",
        data,
        "-p",
        str(port),
        "-k",
        folder,
        *options,
    ]
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, **shared)
    try:
        wait_for(port, server, log)
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        end(server, signal.SIGINT)  # fast: open connections are cut


def or_say_what_is_missing(run: "object") -> None:
    """Run a harness's main; a missing program ends it with the sentence that says how to install it."""
    try:
        run()  # type: ignore[operator]
    except NotInstalled as missing:
        sys.exit(str(missing))
