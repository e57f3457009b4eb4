"""The segments of the log as the follower sees them: sealed, or left by who wrote them."""

from __future__ import annotations

import fcntl
import os
import time
from typing import TYPE_CHECKING

from kotinos.insight.collect.frames import NEW, OPEN, SEALED, count
from kotinos.insight.collect.log import to_disk
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ASIDE = ".aside"
BIRTH_SECONDS_MAX = 60.0
"""A segment that has no lock yet is being made; after so long its process was killed at it."""
ROUND_BYTES_MAX = 48_000_000
"""Of sealed segments in one round: as much as fits in memory many times over."""


def folder() -> Path:
    """Where the processes of this machine write their segments."""
    return environment().data / "insight" / "log"


def sealed(place: Path) -> list[Path]:
    """Segments that may be taken, the oldest first, as many as one round takes."""
    found, size = [], 0
    for path in sorted(place.glob(f"*{SEALED}"), key=_begun):
        found.append(path)
        size += path.stat().st_size
        if size >= ROUND_BYTES_MAX:
            break
    return found


def seal_orphans(place: Path) -> int:
    """Seal what a killed process left open: nobody holds its lock any more. How many there were."""
    born = [path for path in place.glob(f"*{NEW}") if _age_s(path) > BIRTH_SECONDS_MAX]
    return sum(_seal_orphan(path) for path in [*place.glob(f"*{OPEN}"), *born])


def remove(paths: Sequence[Path]) -> None:
    """Delete segments whose rows are committed."""
    for path in paths:
        path.unlink(missing_ok=True)
    if paths:
        to_disk(paths[0].parent)


def set_aside(path: Path) -> None:
    """Keep a segment that cannot be understood, for somebody to look at."""
    path.rename(path.with_suffix(ASIDE))


def backlog(place: Path) -> dict[str, int]:
    """The rows in each segment that is not in the lake, by its name without an ending."""
    paths = [path for ending in (OPEN, SEALED, ASIDE) for path in place.glob(f"*{ending}")]
    return {path.stem: count(path) for path in paths}


def _begun(path: Path) -> tuple[int, str]:
    """When the segment was begun: the second number of its name, nanoseconds."""
    number = path.stem.rpartition("-")[2]
    return (int(number) if number.isdecimal() else 0, path.name)


def _age_s(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0  # it has its name by now


def _seal_orphan(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False  # sealed meanwhile by its own process
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.rename(path.with_suffix(SEALED))
    except (BlockingIOError, FileNotFoundError):
        return False
    finally:
        os.close(handle)
    return True
