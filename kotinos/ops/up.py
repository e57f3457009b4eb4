"""`kotinos up`: database, tables, demo edition, both lanes and the worker, as one foreground job.

Ctrl-C stops everything in order. Nothing is lost by a kill either: what is committed is in
PostgreSQL's log, and the next start goes on from there.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from kotinos.kernel import postgres
from kotinos.kernel.environment import ROOT, environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import FrameType

FREE_BYTES_MIN = 500_000_000
START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 10.0
AGAIN_SECONDS_MIN = 5.0  # what ends sooner than this after a restart would for ever
# A silent connection holds a place of this queue until the header's time is up: make it long
# and the time short, or a few hundred of them starve everybody.
BACKPRESSURE = 8192
HEADER_READ_MS = 5000
_PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Part:
    """One process that `up` started and watches."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes]
    begins_again: bool = False  # what it was doing waits for it in the database
    begun_at: float = 0.0
    may_end: bool = False  # it has done what it had to do


def run(*, port: int, workers: int, check: bool, demo: bool) -> None:
    """Serve until Ctrl-C; with `check`, verify the addresses over HTTP and end."""
    data = environment().data
    _prepare(data, port)
    with _alone(data), _database(data):
        _bring_up_to_date(data, demo=demo)
        with _serving(port, workers) as parts:
            address = f"http://127.0.0.1:{port}"
            _wait_until_up(address, parts)
            if demo:
                films = [sys.executable, "-m", "kotinos.ops", "demo", "films"]
                parts.append(Part("films", films, _start(films), may_end=True))
            if check:
                from kotinos.ops.check import verify, verify_channel, verify_insight

                failed = verify(address)
                if demo:
                    failed += verify_channel(address) + verify_insight(address)
                sys.exit(failed)
            click.echo(f"\nKotinos is at {address}   (Ctrl-C ends it)")
            _watch(parts)


def _bring_up_to_date(data: Path, *, demo: bool) -> None:
    """Tables and demo edition, unless nothing that makes them has changed since the last start."""
    mark = data / "up-to-date"
    state = f"{environment().database_url} {demo} {_fingerprint()}"
    if mark.is_file() and mark.read_text(encoding="utf-8") == state:
        return
    _say("tables")
    _call("manage", "migrate", "--verbosity", "0")
    if demo:
        _call("demo", "load")
    mark.write_text(state, encoding="utf-8")


def _fingerprint() -> str:
    """Changes with every migration and every file of the demo edition."""
    paths = [*ROOT.glob("kotinos/*/migrations/*.py"), *ROOT.glob("demo/**/*")]
    paths += [*ROOT.glob("kotinos/games/data/*"), ROOT / "kotinos" / "ops" / "demo.py"]
    digest = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def _prepare(data: Path, port: int) -> None:
    """Say what stands in the way before anything is started."""
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"the data folder {data} cannot be made: {error}") from error
    free = shutil.disk_usage(data).free
    if free < FREE_BYTES_MIN:
        raise click.ClickException(
            f"only {free // 1_000_000} MB are free where {data} is; Kotinos needs "
            f"{FREE_BYTES_MIN // 1_000_000} MB. Make room, or give --data DIR on another disk."
        )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise click.ClickException(
                f"port {port} is taken: perhaps Kotinos already runs at http://127.0.0.1:{port}. "
                f"End what uses it, or start with --port {port + 1}."
            ) from error


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Two installations must not share one data folder."""
    with (data / "up.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise click.ClickException(
                f"Kotinos already runs on {data}; give --data DIR for a second one."
            ) from error
        yield


@contextmanager
def _database(data: Path) -> Iterator[None]:
    if environment().database_url:
        _say("PostgreSQL: the one DATABASE_URL names")
        yield
        return
    cluster = postgres.embedded(data / "postgres")
    _say("PostgreSQL")
    try:
        cluster.start()
    except postgres.PostgresError as error:
        raise click.ClickException(str(error)) from error
    try:
        yield
    finally:
        cluster.stop()


@contextmanager
def _serving(port: int, workers: int) -> Iterator[list[Part]]:
    bin_folder = ROOT / ".venv" / "bin"
    granian = [str(bin_folder / "granian"), "--interface", "asgi", "--host", "127.0.0.1"]
    granian += ["--port", str(port), "--workers", str(workers), "--loop", "uvloop"]
    granian += ["--backpressure", str(BACKPRESSURE), "--http", "1", "--no-ws"]
    granian += ["--http1-header-read-timeout", str(HEADER_READ_MS), "--log-level", "warning"]
    worker = [sys.executable, "-m", "kotinos.ops", "worker"]
    channel = [sys.executable, "-m", "kotinos.ops", "channel", "run"]
    insight = [sys.executable, "-m", "kotinos.ops", "insight", "follow"]
    server = [*granian, "config.asgi:application"]
    parts = [
        Part("server", server, _start(server)),
        Part("worker", worker, _start(worker)),
        Part("channel", channel, _start(channel), begins_again=True),
        Part("insight", insight, _start(insight), begins_again=True),
    ]
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, _interrupt)  # also where a shell started us with SIGINT ignored
    try:
        yield parts
    except KeyboardInterrupt:
        click.echo("\nEnding.")
    finally:
        _stop(parts)


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    environ = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(  # noqa: S603 - our own programs, no shell
        command,
        cwd=ROOT,
        env=environ,
        start_new_session=True,  # Ctrl-C reaches us alone, so that parts end in order
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - no threads run yet
    )


def _end_with_parent() -> None:
    """Where Linux lets us: a part does not outlive `up`, however `up` ends (prctl(2))."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _wait_until_up(address: str, parts: list[Part]) -> None:
    from kotinos.ops.check import answers

    deadline = time.monotonic() + START_SECONDS_MAX
    while not answers(f"{address}/fast/health"):
        _all_alive(parts)
        if time.monotonic() > deadline:
            raise click.ClickException("the server did not answer within a minute; see above")
        time.sleep(0.05)


def _watch(parts: list[Part]) -> None:
    while True:
        _all_alive(parts)
        time.sleep(0.5)


def _all_alive(parts: list[Part]) -> None:
    for part in parts:
        code = part.process.poll()
        if code is None or part.may_end:
            continue
        if part.begins_again and time.monotonic() - part.begun_at > AGAIN_SECONDS_MIN:
            _say(f"the {part.name} ended with code {code}; it begins again")
            part.process, part.begun_at = _start(part.command), time.monotonic()
        else:
            raise click.ClickException(f"the {part.name} ended with code {code}; see above")


def _stop(parts: list[Part]) -> None:
    for part in reversed(parts):
        part.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS_MAX
    for part in parts:
        try:
            part.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(part.process.pid, signal.SIGKILL)  # and the processes it started
            part.process.wait()


def _call(*words: str) -> None:
    """Run one of our own commands in its own process: what it loads is gone when it is done."""
    done = subprocess.run(  # noqa: S603 - our own program, no shell
        [sys.executable, "-m", "kotinos.ops", *words], cwd=ROOT, check=False
    )
    if done.returncode:
        raise click.ClickException(f"`kotinos {' '.join(words)}` did not succeed; see above")


def _say(what: str) -> None:
    click.echo(f"  {what}")
