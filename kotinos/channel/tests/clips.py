"""Tiny videos drawn by ffmpeg, and packages made of them once and used by many tests."""

from __future__ import annotations

import atexit
import json
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kotinos.channel.facts import package_facts
from kotinos.channel.ingest import ffmpeg, packaging
from kotinos.channel.ingest.running import Order
from kotinos.channel.models import Package
from kotinos.channel.store import WHOLE, store
from kotinos.kernel.ids import new_id

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.channel.contracts import PackageFacts

CLIP_SECONDS = 5
_FAST = ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac")


def make_clip(
    folder: Path,
    *,
    seconds: float = CLIP_SECONDS,
    name: str = "clip.mp4",
    rate: str = "25",
    size: str = "320x180",
    tones: int = 1,
    options: tuple[str, ...] = (),
) -> Path:
    """A test picture with a running clock and so many tones; a second tone describes."""
    words = ["-f", "lavfi", "-i", f"testsrc2=s={size}:r={rate}:d={seconds}"]
    maps = ["-map", "0:v"]
    for tone in range(1, tones + 1):
        words += ["-f", "lavfi", "-i", f"sine={220 * tone}:d={seconds}"]
        maps += ["-map", f"{tone}:a"]
    marks = ["-disposition:a:1", "visual_impaired"] if tones > 1 else []
    path = folder / name
    run_ffmpeg([*words, *maps, *_FAST, *marks, *options, str(path)])
    return path


def run_ffmpeg(words: list[str]) -> None:
    """Run it and fail loudly."""
    command = [ffmpeg.binary(), "-nostdin", "-v", "error", "-y", *words]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command


def packaged(*, programme_id: UUID, now: datetime, seconds: float = CLIP_SECONDS) -> PackageFacts:
    """A package of a clip with sound and description, in the store and in its row."""
    package_id = new_id()
    folder = store().local_path(f"packages/{package_id}")
    assert folder is not None
    shutil.copytree(_made(seconds), folder)
    said = json.loads((folder / WHOLE).read_text(encoding="utf-8"))
    row = {"id": package_id, "programme_id": programme_id, **said}
    Package.objects.create(**row, ready_at=now)
    return package_facts(row)


@cache
def _made(seconds: float) -> Path:
    """One package, made once in a run of tests."""
    folder = Path(tempfile.mkdtemp(prefix="kotinos-clips-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    order = packaging.Order(
        package_id=new_id(),
        programme_id=new_id(),
        path=make_clip(folder, seconds=seconds, tones=2),
        poster=None,
        seconds_max=3600,
    )
    (folder / "package").mkdir()
    made = packaging.make(order, folder=folder / "package", beat=lambda _percent: Order.GO)
    assert isinstance(made, packaging.Made), made
    return folder / "package"
