"""Ask a guarded program what a file is; whatever the file does to it, it does not do to us."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from kotinos.channel.ingest import ffmpeg
from kotinos.channel.ingest.faults import Bad, Fault
from kotinos.channel.ingest.looking import Source
from kotinos.kernel.environment import ROOT

if TYPE_CHECKING:
    from pathlib import Path

MEMORY_BYTES_MAX = 2_000_000_000
SECONDS_MAX = 60
BYTES_PER_SECOND_MIN = 40_000_000  # what a slow disk reads; a large file has more time
__all__ = ["Bad", "Source", "probe"]


def probe(path: Path, *, seconds_max: int) -> Source | Bad:
    """What the file holds, or why it is not taken; within bounded time and memory.

    `seconds_max` is how long a video may be.
    """
    try:
        size = path.stat().st_size
    except OSError:
        return Bad(Fault.NO_FILE)
    patience = SECONDS_MAX + size // BYTES_PER_SECOND_MIN
    program = [sys.executable, "-m", "kotinos.channel.ingest.looking"]
    limits = {"memory_bytes": MEMORY_BYTES_MAX, "cpu_seconds": patience, "file_bytes": 0}
    child = ffmpeg.start([*program, str(path.resolve()), str(seconds_max)], limits=limits, cwd=ROOT)
    with child:
        try:
            said, _ = child.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            child.kill()
            return Bad(Fault.TOO_SLOW, f"{patience} s")
    return _answer(said, child.returncode)


def _answer(said: bytes, code: int) -> Source | Bad:
    if code:
        return Bad(Fault.DAMAGED, f"reading it ended with {code}")
    fields = json.loads(said)
    if "fault" in fields:
        return Bad(Fault(fields["fault"]), fields["detail"])
    return Source(**fields)
