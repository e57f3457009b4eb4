"""A source that really listens, a supervisor in a process of its own, and senders for them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection

from kotinos.channel.ingest import ffmpeg
from kotinos.channel.live import bars, sources
from kotinos.channel.live.terms import Source
from kotinos.channel.models import LiveSegment, LiveSession, LiveSource
from kotinos.channel.results import Saved
from kotinos.channel.tests.desk.world import World, drafted
from kotinos.kernel import clock
from kotinos.kernel.environment import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RUN = """
import asyncio, os, signal
import django
django.setup()
from kotinos.channel.live import supervisor
from kotinos.channel.live.terms import Patience

async def main():
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await supervisor.run_forever(stop, patience=Patience(wedged=4.0, beat=0.5))

asyncio.run(main())
"""


def busy() -> float:
    """How many times longer than alone things take on a machine that others use too."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def free_port(kind: int = socket.SOCK_DGRAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listened(world: World, code: str, protocol: str = "srt", **more: Any) -> Source:
    """A source that is started; it is listened to as soon as a supervisor runs."""
    kind = socket.SOCK_DGRAM if protocol == "srt" else socket.SOCK_STREAM
    saved = sources.add_source(
        code=code,
        programme_id=drafted(world, code),
        protocol=protocol,
        port=free_port(kind),
        now=clock.now(),
        **more,
    )
    assert isinstance(saved, Saved), saved
    sources.start_source(source_id=saved.id, now=clock.now())
    return seen(code)


def seen(code: str) -> Source:
    row = LiveSource.objects.get(code=code)
    return Source(row.id, row.code, row.protocol, row.port, row.key)


@dataclass
class House:
    """A supervisor in its own process; it can be killed and started again."""

    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-c", RUN],
                cwd=ROOT,
                env=_environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, number: int = signal.SIGKILL) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(20)
            self.process = None


def _environment() -> dict[str, str]:
    """The tests' own database, in which Django made another for them."""
    name = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_URL"]
    head, _, tail = url.partition("?")
    base = head.rpartition("/")[0]
    return os.environ | {
        "DATABASE_URL": f"{base}/{name}" + (f"?{tail}" if tail else ""),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
    }


@contextmanager
def housed(folder: Path) -> Iterator[House]:
    house = House(folder / "house.log")
    house.start()
    try:
        yield house
    finally:
        house.kill(signal.SIGTERM)


@dataclass
class Crew:
    """Senders, all of them ended at last."""

    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def send(self, source: Source, **more: Any) -> subprocess.Popen[bytes]:
        words = bars.command(source, program=ffmpeg.binary(), **more)
        process = subprocess.Popen(  # noqa: S603 - our own command line
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        self.processes.append(process)
        return process

    def go_home(self) -> None:
        for process in self.processes:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()
            if process.stderr is not None:
                process.stderr.close()


@contextmanager
def crew() -> Iterator[Crew]:
    found = Crew()
    try:
        yield found
    finally:
        found.go_home()


def send_until_heard(crew: Crew, source: Source, **more: Any) -> subprocess.Popen[bytes]:
    """As real senders do: again, until somebody listens. The one that is heard."""
    deadline = time.monotonic() + 20 * busy()
    while time.monotonic() < deadline:
        process = crew.send(source, **more)
        with suppress(subprocess.TimeoutExpired):
            process.wait(1.2 * min(3, busy()))
        if process.poll() is None:
            return process
    raise AssertionError("nobody listened")


def wait_for(what: Callable[[], Any], seconds: float, *, why: str = "") -> Any:
    """What comes true within so many seconds of a machine of our own."""
    began, most = time.monotonic(), seconds
    while time.monotonic() - began < most:
        most = max(most, seconds * busy())
        found = what()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(why or f"{what} did not come true in {seconds} s")


def segments(source: Source) -> int:
    return LiveSegment.objects.filter(session__source=source.id).count()


def sessions(source: Source) -> list[LiveSession]:
    return list(LiveSession.objects.filter(source=source.id).order_by("began_at"))
