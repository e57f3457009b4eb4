"""Installs and starts the programs of the peers; everything started is ended, by its id."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.peers.load import PeerError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

INSTALL_SECONDS_MAX: Final = 900
START_SECONDS_MAX: Final = 90
END_SECONDS_MAX: Final = 20
_LAST_LINES = 4


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def finish(
    command: Sequence[str],
    *,
    folder: Path,
    environ: Mapping[str, str] | None = None,
    seconds: float = INSTALL_SECONDS_MAX,
) -> None:
    """Run a program to its end in `folder`. PeerError, with its last words, where it fails."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=_outside() | dict(environ or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PeerError(f"{command[0]} took more than {seconds:.0f} s") from error
    if done.returncode != 0:
        raise PeerError(f"{command[0]} did not succeed: {_last_lines(done.stdout)}")


def _outside() -> dict[str, str]:
    """Our environment without what makes a program one of ours: a peer is not."""
    ours = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "PYTHONPATH", "KOTINOS_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


@contextmanager
def serving(
    command: Sequence[str],
    *,
    folder: Path,
    log: Path,
    ready: Callable[[], object],
    environ: Mapping[str, str] | None = None,
) -> Iterator[int]:
    """A server that runs in `folder` until the block ends; the block starts when it is ready.

    `ready` raises PeerError or OSError as long as it is not. PeerError, with the end of its log,
    where it ends by itself or takes too long. Yields its process id.
    """
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_outside() | dict(environ or {}),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait(process, log=log, ready=ready)
        yield process.pid
    finally:
        _end(process)


def cpu_s(servers: Collection[int]) -> float:
    """The processor time these processes and their children have used so far."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile: its parent has its time
            ticks += stat_ticks(path.read_text(encoding="utf-8", errors="replace"), servers)
    return ticks / os.sysconf("SC_CLK_TCK")


def stat_ticks(stat: str, servers: Collection[int]) -> int:
    """The ticks in one /proc/PID/stat, its ended children's too; 0 for a process of others."""
    number, _, rest = stat.partition(" ")
    fields = rest.rpartition(")")[2].split()
    if int(number) not in servers and int(fields[1]) not in servers:
        return 0
    return sum(int(field) for field in fields[11:15])


def answers(port: int) -> None:
    """Raises OSError as long as nobody listens on the port."""
    socket.create_connection(("127.0.0.1", port), timeout=1).close()


def _wait(process: subprocess.Popen[bytes], *, log: Path, ready: Callable[[], object]) -> None:
    deadline_s = time.monotonic() + START_SECONDS_MAX
    while True:
        try:
            ready()
        except (PeerError, OSError) as error:
            said = _last_lines(log.read_text(encoding="utf-8", errors="replace"))
            if process.poll() is not None:
                raise PeerError(f"{log.stem} ended by itself: {said}") from error
            if time.monotonic() > deadline_s:
                raise PeerError(f"{log.stem} did not answer: {error}; {said}") from error
            time.sleep(0.2)
        else:
            return


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the process to end; its whole group, which it leads, is killed where it does not."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(END_SECONDS_MAX)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(END_SECONDS_MAX)


def _last_lines(said: str) -> str:
    return " | ".join(said.strip().splitlines()[-_LAST_LINES:])
