"""The real server for a benchmark, and what it and its database cost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
TICKS_S = os.sysconf("SC_CLK_TCK")


@contextmanager
def server(
    application: str, port: int, *, path: str = "/fast/health", folder: Path = ROOT
) -> Iterator[subprocess.Popen[bytes]]:
    """Granian with one worker, as `bin/up` starts it; ready when `path` answers."""
    granian = [str(Path(sys.executable).parent / "granian"), "--interface", "asgi"]
    granian += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--loop", "uvloop"]
    granian += ["--backpressure", "16384", "--http", "1", "--no-ws", "--log-level", "warning"]
    environ = os.environ | {"PYTHONPATH": f"{ROOT}:{folder}"}
    process = subprocess.Popen([*granian, application], env=environ, cwd=ROOT)
    try:
        _wait(f"http://127.0.0.1:{port}{path}")
        yield process
    finally:
        process.terminate()
        process.wait(20)


def _wait(address: str) -> None:
    for _ in range(300):
        try:
            urlopen(address).read()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{address} did not answer")


def cpu_seconds(*roots: int) -> float:
    """User and system time of these processes and all below them, ended children included."""
    parents: dict[int, list[int]] = {}
    ticks: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(stat.parent.name)
        parents.setdefault(int(fields[1]), []).append(pid)
        ticks[pid] = sum(int(fields[at]) for at in (11, 12, 13, 14))
    waiting, total = list(roots), 0
    while waiting:
        pid = waiting.pop()
        total += ticks.get(pid, 0)
        waiting += parents.get(pid, [])
    return total / TICKS_S
