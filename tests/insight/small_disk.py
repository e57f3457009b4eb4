"""A disk that can be filled, and freed again, without harm to anybody else's."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

_BALLAST = "ballast"


class Disk(Protocol):
    """Where something under test writes."""

    folder: Path
    name: str

    def fill(self, *processes: int) -> None:
        """From now on nothing more can be written, at least by these processes."""

    def free(self, *processes: int) -> None:
        """There is room again."""


@dataclass(slots=True)
class Mounted:
    """A file system in memory, of a size of its own."""

    folder: Path
    name: str = "a tmpfs of its own"

    def fill(self, *_processes: int) -> None:
        with (self.folder / _BALLAST).open("ab", buffering=0) as file, suppress(OSError):
            while (free := shutil.disk_usage(self.folder).free) > 0:
                file.write(b"\0" * min(free, 1_000_000))

    def free(self, *_processes: int) -> None:
        (self.folder / _BALLAST).unlink()


@dataclass(slots=True)
class Limited:
    """An ordinary folder; processes may write files of no bytes only (RLIMIT_FSIZE).

    For who may not mount: writing fails with EFBIG instead of ENOSPC, the same OSError to us.
    """

    folder: Path
    name: str = "a limit on files (nobody but root may mount a tmpfs)"
    _before: dict[int, tuple[int, int]] = field(default_factory=dict)

    def fill(self, *processes: int) -> None:
        for number in processes or (os.getpid(),):
            before = resource.prlimit(number, resource.RLIMIT_FSIZE)
            self._before[number] = before
            resource.prlimit(number, resource.RLIMIT_FSIZE, (0, before[1]))

    def free(self, *_processes: int) -> None:
        for number, before in self._before.items():
            resource.prlimit(number, resource.RLIMIT_FSIZE, before)
        self._before.clear()


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[Disk]:
    """A disk at `folder`, gone at the end."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        limited = Limited(folder)
        try:
            yield limited
        finally:
            limited.free()
        return
    try:
        yield Mounted(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def family(process: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [process, *map(int, children.split())]
