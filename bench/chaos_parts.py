"""What can be killed: servers of the application, and PostgreSQL. Only what was started here."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from bench.chaos_buyer import Wire
from bench.serving import ROOT
from kotinos.kernel.postgres import Cluster, PostgresError, embedded

if TYPE_CHECKING:
    from collections.abc import Mapping

START_SECONDS_MAX = 60.0
POLL_SECONDS = 0.05


@dataclass(slots=True)
class App:
    """One server process of the product as `bin/up` starts it, in a process group of its own.

    What it says goes into the file `log`, where it is added to.
    """

    port: int
    log: Path
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin to start; `wait` tells when it answers."""
        words = [str(Path(sys.executable).parent / "granian"), "--interface", "asgi"]
        words += ["--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"]
        words += ["--loop", "asyncio", "--http", "1", "--no-ws", "--log-level", "error"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*words, "config.asgi:application"],
                cwd=ROOT,
                env={**self.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"},
                start_new_session=True,
                stdout=log,
                stderr=log,
            )

    def wait(self) -> None:
        """Until it answers and its database does; RuntimeError where it never does."""
        deadline, wire = time.monotonic() + START_SECONDS_MAX, Wire(self.port, 5.0)
        while wire.send("GET", "/fast/health", b"", {}).status != 200:
            if self._process is None or self._process.poll() is not None:
                raise RuntimeError("a server ended by itself")
            if time.monotonic() > deadline:
                raise RuntimeError("a server does not answer")
            time.sleep(POLL_SECONDS)
        wire.close()

    @property
    def number(self) -> int:
        """Its process id; its worker is a child of it. RuntimeError where none runs."""
        if self._process is None:
            raise RuntimeError("it does not run")
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL to it and its worker: nothing is tidied up. Nothing where none runs."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None


@dataclass(frozen=True, slots=True)
class Database:
    """The embedded PostgreSQL behind a URL."""

    cluster: Cluster
    url: str

    def kill(self) -> None:
        """SIGKILL to the postmaster; what it had begun for others ends when it notices."""
        number = self.cluster.pid()
        if number is None:
            raise RuntimeError("no PostgreSQL runs in this folder")
        os.kill(number, signal.SIGKILL)
        deadline = time.monotonic() + START_SECONDS_MAX
        while self.cluster.pid() == number and time.monotonic() < deadline:
            time.sleep(0.01)

    def restart(self) -> None:
        """Serve again; as often as needed while the last of the old processes are ending."""
        deadline = time.monotonic() + START_SECONDS_MAX
        while True:
            try:
                self.cluster.start()
                with psycopg.connect(self.url):
                    return
            except (PostgresError, psycopg.OperationalError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(POLL_SECONDS)


def database_behind(url: str, programs: Path | None = None) -> Database | None:
    """The embedded cluster that a URL's socket folder belongs to; None where it is another's."""
    folder = Path(str(psycopg.conninfo.conninfo_to_dict(url).get("host", "")))
    if not (folder / "data" / "PG_VERSION").is_file():
        return None
    own = embedded(folder)
    return Database(Cluster(own.folder, programs or own.programs), url)


def free_ports(count: int) -> list[int]:
    """Ports for processes; one that is started again keeps its own."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def troubles(log: Path) -> list[str]:
    """What the application did not expect: the last line of each traceback in its log."""
    found, is_inside = [], False
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("Traceback"):
            is_inside = True
        elif is_inside and not line.startswith(" "):
            found.append(line)
            is_inside = False
    return found
