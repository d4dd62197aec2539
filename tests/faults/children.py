"""The processes this harness started, and theirs: no other is ever ended."""

import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def children_of(pid: int) -> list[int]:
    """As the kernel lists them; none of a process that is gone."""
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def title_of(pid: int) -> str:
    """The command line, which PostgreSQL's processes rewrite to say what they are."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    return ""


def kill(pid: int) -> bool:
    """SIGKILL: nothing in the process gets to finish. False: it was gone already."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def kill_one(parent: int, which: Callable[[int], bool] = lambda _pid: True) -> bool:
    """A random child of a process of ours; False when there was none to kill."""
    chosen = [pid for pid in children_of(parent) if which(pid)]
    return bool(chosen) and kill(random.choice(chosen))


def stop(process: "subprocess.Popen[bytes]", patience: float = 10) -> None:
    """Ask it to end; kill it and its children when it does not."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        for child in children_of(process.pid):
            kill(child)
        process.kill()
        process.wait()


def until(reached: Callable[[], bool], seconds: float, what: str) -> float:
    """Seconds it took.

    Raises:
        TimeoutError: it was not reached.
    """
    start = time.monotonic()
    while not reached():
        if time.monotonic() - start > seconds:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.02)
    return time.monotonic() - start
