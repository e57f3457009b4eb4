"""A film is scenes one after another; a scene is a picture with sprites that move over it.

Everything that moves is ffmpeg's: it repeats, places and joins what we drew. Positions are
ffmpeg's expressions of the scene's own seconds `t` (overlay and crop filters).
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from demo.channel import sound
from demo.channel.lettering import latin_file, picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

WIDTH, HEIGHT = 1280, 720
_COLOURS = "scale=out_color_matrix=bt709:out_range=tv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sprite:
    """Frames shown at `rate` a second, again and again, with its upper left corner at (x, y)."""

    frames: Sequence[Image.Image]
    x: str
    y: str
    rate: float = 12
    seen: str = ""
    """An expression: drawn only while it is not 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """`ground` may be wider than the film; `pan` then says which of its pixels is leftmost."""

    seconds: float
    ground: str | Image.Image
    ground_width: int = WIDTH
    pan: str = ""
    sprites: Sequence[Sprite] = field(default_factory=list)
    crowd: Sequence[Crowd] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """People in a stand: ffmpeg's game of life, each cell a person who stands up or sits down."""

    x: int
    y: int
    columns: int
    rows: int
    cell: int
    colour: str
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """What one programme shows; `described` are the seconds at which the description speaks."""

    code: str
    rate: int
    scenes: Sequence[Scene]
    tune: sound.Tune
    described: Sequence[float] = ()
    over: Sequence[Sprite] = ()
    """What is laid over all scenes, at the film's own seconds."""
    clock: bool = True
    """Whether its time runs in a corner."""

    @property
    def seconds(self) -> float:
        return sum(scene.seconds for scene in self.scenes)


def svg_sprite(svgs: Sequence[str], *, width: int) -> list[Image.Image]:
    """Drawings as frames, `width` pixels wide."""
    return [picture(svg, width=width) for svg in svgs]


class _Graph:
    """Inputs and filters of one ffmpeg run, collected while the scenes are gone through."""

    def __init__(self, folder: Path, rate: int) -> None:
        self.inputs: list[str] = []
        self.filters: list[str] = []
        self._folder, self._rate, self._count = folder, rate, 0

    def image(self, frames: Sequence[Image.Image], rate: float) -> str:
        """Bring frames in as an endless stream; returns the stream's name."""
        number, self._count = self._count, self._count + 1
        for index, frame in enumerate(frames):
            frame.save(self._folder / f"{number:03}-{index:03}.png", compress_level=1)
        self.inputs += ["-framerate", f"{rate:g}", "-i", f"{self._folder}/{number:03}-%03d.png"]
        name = f"i{number}"
        kind = "yuv420p" if frames[0].mode == "RGB" else "yuva420p"
        self.filters.append(
            f"[{number}:v]{_COLOURS},format={kind},loop=-1:{len(frames)}:0,"
            f"setpts=N/{rate:g}/TB,fps={self._rate}[{name}]"
        )
        return name

    def scene(self, scene: Scene, number: int) -> str:
        ground = scene.ground
        still = picture(ground, width=scene.ground_width) if isinstance(ground, str) else ground
        at = self.image([still.convert("RGB")], self._rate)
        pan = f"crop={WIDTH}:{HEIGHT}:x='{scene.pan}':y=0," if scene.pan else ""
        now = f"s{number}x"
        self.filters.append(
            f"[{at}]{pan}trim=duration={scene.seconds:g},setpts=PTS-STARTPTS[{now}]"
        )
        for index, crowd in enumerate(scene.crowd):
            now = self._crowd(crowd, now, f"s{number}c{index}")
        for index, sprite in enumerate(scene.sprites):
            over, then = self.image(sprite.frames, sprite.rate), f"s{number}p{index}"
            seen = f":enable='{sprite.seen}'" if sprite.seen else ""
            self.filters.append(
                f"[{now}][{over}]overlay=x='{sprite.x}':y='{sprite.y}':shortest=1{seen}[{then}]"
            )
            now = then
        return now

    def _crowd(self, crowd: Crowd, under: str, name: str) -> str:
        size = f"{crowd.columns}x{crowd.rows}"
        self.filters.append(
            f"life=s={size}:rate=3:ratio=0.42:rule=S23456/B3678:seed={crowd.seed}"
            f":life_color={crowd.colour}:death_color=black:mold=0,fps={self._rate},"
            f"colorkey=black:0.1:0,scale={crowd.columns * crowd.cell}:-1:flags=neighbor,"
            f"{_COLOURS},format=yuva420p[{name}i]"
        )
        self.filters.append(f"[{under}][{name}i]overlay={crowd.x}:{crowd.y}:shortest=1[{name}]")
        return name


def _clock(film: Film, folder: Path) -> str:
    """The film's own time, to a tenth of a second, so that one can see what a player shows."""
    if not film.clock:
        return ""
    words = folder / "clock.txt"
    words.write_text(
        "%{eif:floor(t/60):d:2}:%{eif:mod(t,60):d:2}.%{eif:mod(floor(t*10+0.01),10):d}",
        encoding="utf-8",
    )
    return (
        f"drawtext=fontfile={latin_file()}:textfile={words}:x=1118:y=640:fontsize=28:"
        "fontcolor=0xF6F4EE:box=1:boxcolor=0x14161A@0.7:boxborderw=10,"
    )


def make(film: Film, path: Path, *, ffmpeg: str, threads: int) -> None:
    """Write the film as a mezzanine (H.264 and AAC in MP4); it appears whole or not at all.

    Raises subprocess.CalledProcessError with ffmpeg's own words.
    """
    with tempfile.TemporaryDirectory(prefix="kotinos-film-") as folder:
        graph = _Graph(Path(folder), film.rate)
        parts = "".join(f"[{graph.scene(scene, n)}]" for n, scene in enumerate(film.scenes))
        graph.filters.append(f"{parts}concat=n={len(film.scenes)}[joined]")
        now = "joined"
        for index, sprite in enumerate(film.over):
            over = graph.image(sprite.frames, film.rate)
            seen = f":enable='{sprite.seen}'" if sprite.seen else ""
            graph.filters.append(
                f"[{now}][{over}]overlay=x='{sprite.x}':y='{sprite.y}':shortest=1{seen}[m{index}]"
            )
            now = f"m{index}"
        graph.filters.append(f"[{now}]{_clock(film, Path(folder))}format=yuv420p[v]")
        sounds = sound.sources(film.tune, film.seconds, described=film.described)
        graph.filters += sounds.filters
        half = path.with_suffix(".half.mp4")
        command = [ffmpeg, "-y", "-hide_banner", "-loglevel", "error", "-nostdin"]
        command += ["-filter_complex_threads", str(threads), *graph.inputs]
        command += ["-filter_complex", ";".join(graph.filters), "-map", "[v]"]
        command += [word for name in sounds.outputs for word in ("-map", f"[{name}]")]
        command += ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "19", "-g", "100"]
        command += ["-threads", str(threads), "-colorspace", "bt709", "-color_primaries", "bt709"]
        command += ["-color_trc", "bt709", "-color_range", "tv", "-c:a", "aac", "-b:a", "128k"]
        command += ["-t", f"{film.seconds:.3f}", "-movflags", "+faststart", str(half)]
        subprocess.run(command, check=True)  # noqa: S603 - ffmpeg itself, no shell
        half.replace(path)
