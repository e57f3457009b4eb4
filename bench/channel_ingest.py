"""What packaging costs beside bare ffmpeg with the same settings: `transcode_ratio`, <= 1.10.

Both do one video in turn, several times, and the smallest figure of each counts: other work on
the machine only adds. Our side is all of a job but its few statements: probing in a guarded
process, the run with its progress read, measuring, pictures, and publishing to disk. Processor
time is compared (ours and our children's); the ratio of wall times is told beside it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kotinos.channel.ingest import ffmpeg, ladder, packaging
from kotinos.channel.ingest.probe import Source, probe
from kotinos.channel.ingest.running import Order
from kotinos.channel.store import open_store
from kotinos.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS, SECONDS_FULL = 16, 120
ROUNDS, ROUNDS_FULL = 2, 4


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of processors, and of the clock on the wall."""

    cpu: float
    wall: float


def measure(*, full: bool) -> dict[str, float]:
    """`transcode_ratio`, and what it is made of."""
    folder = Path(tempfile.mkdtemp(prefix="kotinos-bench-"))
    try:
        clip = _clip(folder, SECONDS_FULL if full else SECONDS)
        source = probe(clip, seconds_max=3600)
        assert isinstance(source, Source), source
        ours, bare = [], []
        for number in range(ROUNDS_FULL if full else ROUNDS):
            bare.append(_spent(partial(_bare, source, clip, folder / f"bare-{number}")))
            ours.append(_spent(partial(_job, clip, folder, folder / f"job-{number}")))
    finally:
        shutil.rmtree(folder)
    cpu = min(each.cpu for each in ours) / min(each.cpu for each in bare)
    wall = min(each.wall for each in ours) / min(each.wall for each in bare)
    seconds = source.content_ms / 1000
    return {
        "transcode_ratio": round(cpu, 3),
        "transcode_wall_ratio": round(wall, 3),
        "transcode_cpu_per_second": round(min(each.cpu for each in ours) / seconds, 3),
    }


def _clip(folder: Path, seconds: int) -> Path:
    """Moving pictures with grain, as cameras have it."""
    path = folder / "clip.mp4"
    picture = f"testsrc2=s=1280x720:r=25:d={seconds},noise=alls=8:allf=t"
    words = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", f"sine=440:d={seconds}"]
    words += ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-c:a", "aac", str(path)]
    subprocess.run([ffmpeg.binary(), "-v", "error", "-nostdin", *words], check=True)
    return path


def _bare(source: Source, clip: Path, folder: Path) -> None:
    """The very command, started by hand."""
    for rung in ladder.rungs_of(source):
        (folder / rung).mkdir(parents=True)
    command = ladder.command(source, path=clip, program=ffmpeg.binary(), threads=_threads())
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _job(clip: Path, root: Path, folder: Path) -> None:
    order = packaging.Order(new_id(), new_id(), clip, None, 3600)
    folder.mkdir()
    made = packaging.make(order, folder=folder, beat=lambda _percent: Order.GO)
    assert isinstance(made, packaging.Made), made
    open_store(str(root / "store")).publish(order.package_id, folder)


def _spent(work: Callable[[], None]) -> Spent:
    before, started = os.times(), time.perf_counter()
    work()
    wall, after = time.perf_counter() - started, os.times()
    return Spent(sum(after[:4]) - sum(before[:4]), wall)


def _threads() -> int:
    return min(packaging.THREADS_MAX, os.cpu_count() or 1)
