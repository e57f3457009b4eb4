"""One run of ffmpeg, watched: its progress, its silence, and whether it may go on."""

from __future__ import annotations

import os
import selectors
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from kotinos.channel.ingest import ffmpeg
from kotinos.channel.ingest.faults import Bad, Fault

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

BEAT_SECONDS = 1.0
SILENT_SECONDS_MAX = 120.0
MEMORY_BYTES_MAX = 8_000_000_000
FREE_BYTES_MIN = 200_000_000
_ERRORS_KEPT = 4_000


class Order(Enum):
    """What the one who watches says at a beat."""

    GO = "go"
    PAUSE = "pause"
    STOP = "stop"


class Stopped(Exception):  # noqa: N818 - not an error: somebody asked for it
    """The run was ended because it was told to."""


Beat = Callable[[int], Order]
"""Told the percentage done about once a second; answers what to do."""


@dataclass(slots=True)
class _Run:
    process: subprocess.Popen[bytes]
    total_us: int
    percent: int = 0
    out_us: int = -1
    heard_at: float = field(default_factory=time.monotonic)
    paused: bool = False
    line: bytes = b""
    errors: bytes = b""

    def hear(self, data: bytes) -> None:
        """A piece of `-progress`: lines of `key=value`. Only growing time is a sign of life."""
        *lines, self.line = (self.line + data).split(b"\n")
        for line in lines:
            key, _, value = line.partition(b"=")
            if key == b"out_time_us" and value.isdigit() and int(value) > self.out_us:
                self.out_us, self.heard_at = int(value), time.monotonic()
                self.percent = min(99, self.out_us * 100 // self.total_us)

    def obey(self, order: Order) -> None:
        if order is Order.STOP:
            raise Stopped
        if (order is Order.PAUSE) != self.paused:
            self.paused = not self.paused
            self._signal(signal.SIGSTOP if self.paused else signal.SIGCONT)
        if self.paused:
            self.heard_at = time.monotonic()

    def end(self) -> None:
        self._signal(signal.SIGKILL)
        self.process.wait()

    def _signal(self, number: int) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)


def run(command: list[str], *, folder: Path, total_ms: int, beat: Beat) -> Bad | None:
    """Run it in a folder until it ends; None when it went well. `Stopped` when told to stop.

    It is killed when its output's time has not grown for two minutes, and when we end.
    """
    limits = {"nice": ffmpeg.NICE, "memory_bytes": MEMORY_BYTES_MAX}
    process = ffmpeg.start(command, limits=limits, cwd=folder)
    now = _Run(process, total_us=total_ms * 1000)
    try:
        bad = _watch(now, folder, beat)
    finally:
        now.end()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
    return bad or _outcome(now, folder)


def _watch(now: _Run, folder: Path, beat: Beat) -> Bad | None:
    beat_at = 0.0
    with selectors.DefaultSelector() as selector:
        for pipe in (now.process.stdout, now.process.stderr):
            assert pipe is not None
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            _hear_all(now, selector)
            if time.monotonic() >= beat_at:
                now.obey(beat(now.percent))
                beat_at = time.monotonic() + BEAT_SECONDS
                if shutil.disk_usage(folder).free < FREE_BYTES_MIN:
                    return Bad(Fault.NO_SPACE)
            if time.monotonic() - now.heard_at > SILENT_SECONDS_MAX:
                return Bad(Fault.INTERRUPTED, f"no progress for {SILENT_SECONDS_MAX:.0f} s")
    now.process.wait()
    return None


def _hear_all(now: _Run, selector: selectors.BaseSelector) -> None:
    for key, _ in selector.select(BEAT_SECONDS / 2):
        data = os.read(key.fd, 65_536)
        if not data:
            selector.unregister(key.fileobj)
        elif key.fileobj is now.process.stdout:
            now.hear(data)
        else:
            now.errors = (now.errors + data)[-_ERRORS_KEPT:]


def _outcome(now: _Run, folder: Path) -> Bad | None:
    code = now.process.returncode
    if code == 0:
        return None
    said = now.errors.decode(errors="replace").strip().splitlines()
    detail = f"ended with {code}: {said[-1] if said else 'no word'}"[:400]
    if code < 0:
        return Bad(Fault.INTERRUPTED, detail)
    if shutil.disk_usage(folder).free < FREE_BYTES_MIN or b"No space left" in now.errors:
        return Bad(Fault.NO_SPACE, detail)
    return Bad(Fault.DAMAGED, detail)
