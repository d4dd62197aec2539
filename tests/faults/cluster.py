"""A PostgreSQL of the run's own: durable as in production, and ready to be broken."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

import psycopg

from tests.faults.children import children_of, kill, kill_one, title_of, until

DATABASE = "clave"
# What production has, said so that nobody's configuration file can take it away.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# Acknowledged before it is written anywhere: what the positive control of the runs needs.
FORGETFUL = {"synchronous_commit": "off", "wal_writer_delay": "5s", "commit_delay": "0"}


def programs() -> Path | None:
    """Where PostgreSQL's programs are: Debian keeps each version's beside the others."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    if found:
        return found[-1]
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


def version() -> str:
    """Of the programs that are run; empty where there are none."""
    found = programs()
    if found is None:
        return ""
    said = subprocess.check_output([found / "postgres", "--version"], text=True)
    return said.split()[2]


class Cluster:
    """One cluster in one folder. Its postmaster is a child of this process."""

    def __init__(self, folder: Path, logs: Path, port: int) -> None:
        self.folder, self._logs, self.port = folder, logs, port
        self._told: dict[str, str] = {}
        self.url = f"postgres://postgres@127.0.0.1:{port}/{DATABASE}"
        self._as = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        self._process: subprocess.Popen[bytes] | None = None

    def make(self) -> "Cluster":
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._as:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres"]
        self._run("initdb", "--data-checksums", "--no-sync", *options, "-D", self._data)
        return self

    def start(self, **settings: str) -> "Cluster":
        """With the durable settings, or whatever else is told."""
        self._told = settings
        told = {
            "port": str(self.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": "",
            "shared_buffers": "32MB", "max_wal_size": "96MB", "min_wal_size": "32MB",
            "max_connections": "120",
            **DURABLE, **settings,
        }  # fmt: skip
        arguments = [part for name, value in told.items() for part in ("-c", f"{name}={value}")]
        with (self._logs / "postgresql.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._program("postgres"), "-D", self._data, *arguments],
                cwd=self.folder, stdout=log, stderr=log, **self._as,  # type: ignore[call-overload]
            )  # fmt: skip
        self.wait()
        return self

    def revive(self) -> None:
        """As a service manager does: started again where it gave up."""
        while not self.answers():
            if self._process is not None and self._process.poll() is not None:
                self.start(**self._told)

    def make_database(self) -> None:
        with psycopg.connect(self._server, autocommit=True) as one:
            one.execute(f"CREATE DATABASE {DATABASE}")

    def wait(self, seconds: float = 60) -> float:
        """Until it answers; seconds that took."""
        return until(self.answers, seconds, "PostgreSQL")

    def answers(self) -> bool:
        try:
            with psycopg.connect(self._server, connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill_backend(self) -> bool:
        """One that serves a client; the postmaster then restarts all of them."""
        return kill_one(self.pid, lambda pid: "127.0.0.1" in title_of(pid))

    def kill_postmaster(self) -> None:
        """And wait until what it left behind has noticed: before that a new one would not start."""
        assert self._process is not None
        orphans = children_of(self.pid)
        kill(self.pid)
        self._process.wait()
        until(lambda: not any(title_of(pid).startswith("postgres:") for pid in orphans), 30, "orphans")

    def stop(self) -> None:
        """Nobody needs this data any more."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(3)  # SIGQUIT: at once
        self._process.wait()

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    @property
    def _server(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def _program(self, name: str) -> str:
        found = programs()
        assert found is not None, "no PostgreSQL on this machine"
        return str(found / name)

    def _run(self, name: str, *arguments: str) -> None:
        subprocess.run(
            [self._program(name), *arguments],
            cwd=self.folder, check=True, capture_output=True, **self._as,  # type: ignore[call-overload]
        )  # fmt: skip
