"""Pictures of a package: its poster in three sizes, and the storyboard that a seek bar shows.

They are decoded from the first picture of segments we made ourselves, not from the upload.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

import av
from PIL import Image, ImageOps, ImageStat

from kotinos.channel.contracts import INIT_FILE, SEGMENT_FILE, TICK_SECONDS
from kotinos.channel.ingest.faults import Bad, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POSTER_WIDTHS = (320, 640, 1280)
TILE_WIDTH, TILE_HEIGHT, TILES_MAX, COLUMNS = 160, 90, 100, 10
POSTER_BYTES_MAX = 20_000_000
POSTER_PIXELS_MAX = 50_000_000
POSTER_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
STORYBOARD = "storyboard.webp"
_CANDIDATES = 8


def draw(folder: Path, *, ticks: int, poster: Path | None) -> Bad | None:
    """Write posters and storyboard into a package's folder; `poster` is the editors' own one."""
    picture = _own_poster(poster) if poster is not None else _best_picture(folder, ticks)
    if isinstance(picture, Bad):
        return picture
    for name, drawn, options in posters(picture):
        drawn.save(folder / name, **options)
    _storyboard(folder, ticks)
    return None


def posters(picture: Image.Image) -> Iterator[tuple[str, Image.Image, dict[str, Any]]]:
    """A poster in every size: its file's name, the picture, how to save it."""
    for width in POSTER_WIDTHS:
        size = (width, width * 9 // 16)
        options = {"format": "WEBP", "quality": 82}
        yield f"poster-{width}.webp", ImageOps.fit(picture, size), options
    options = {"format": "JPEG", "quality": 85, "progressive": True}
    yield "poster.jpg", ImageOps.fit(picture, (1280, 720)), options


def read_poster(data: bytes) -> Image.Image | Bad:
    """A picture that somebody sent, decoded: raster only, of bounded size, its place turned up."""
    if len(data) > POSTER_BYTES_MAX:
        return Bad(Fault.TOO_LARGE, f"a poster has at most {POSTER_BYTES_MAX // 1_000_000} MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=POSTER_FORMATS) as picture:
                if picture.width * picture.height > POSTER_PIXELS_MAX:
                    return Bad(Fault.TOO_LARGE, f"{picture.width} x {picture.height}")
                return ImageOps.exif_transpose(picture).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        return Bad(Fault.TOO_LARGE, str(error))
    except (OSError, ValueError, SyntaxError, MemoryError):
        return Bad(Fault.UNSUPPORTED, "a poster is a JPEG, PNG, WebP or AVIF picture")


def _own_poster(path: Path) -> Image.Image | Bad:
    try:
        if path.stat().st_size > POSTER_BYTES_MAX:
            return Bad(Fault.TOO_LARGE, "the poster")
        return read_poster(path.read_bytes())
    except OSError:
        return Bad(Fault.NO_FILE, "the poster")


def _best_picture(folder: Path, ticks: int) -> Image.Image:
    """Of some moments spread over the video the one with the most in it: black ones lose."""
    moments = sorted({number * ticks // _CANDIDATES for number in range(_CANDIDATES)})
    chosen = max(moments, key=lambda k: _busy(_first_picture(folder / "v240", k)))
    return _first_picture(folder / "v720", chosen)


def _busy(picture: Image.Image) -> float:
    return float(sum(ImageStat.Stat(picture).stddev))


def _first_picture(rung: Path, number: int) -> Image.Image:
    data = (rung / INIT_FILE).read_bytes() + (rung / SEGMENT_FILE.format(number)).read_bytes()
    with av.open(io.BytesIO(data), "r") as container:
        picture: Image.Image = next(container.decode(video=0)).to_image()  # type: ignore[no-untyped-call]  # PyAV says no types
        return picture


def _storyboard(folder: Path, ticks: int) -> None:
    step = -(-ticks // TILES_MAX)
    shown = range(0, ticks, step)
    rows = -(-len(shown) // COLUMNS)
    sheet = Image.new("RGB", (TILE_WIDTH * min(COLUMNS, len(shown)), TILE_HEIGHT * rows))
    lines = ["WEBVTT", ""]
    for place, number in enumerate(shown):
        left, top = place % COLUMNS * TILE_WIDTH, place // COLUMNS * TILE_HEIGHT
        tile = _first_picture(folder / "v240", number).resize((TILE_WIDTH, TILE_HEIGHT))
        sheet.paste(tile, (left, top))
        until = min(number + step, ticks) * TICK_SECONDS
        lines += [f"{_clock(number * TICK_SECONDS)} --> {_clock(until)}"]
        lines += [f"{STORYBOARD}#xywh={left},{top},{TILE_WIDTH},{TILE_HEIGHT}", ""]
    sheet.save(folder / STORYBOARD, quality=70)
    (folder / "storyboard.vtt").write_text("\n".join(lines), encoding="utf-8")


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.000"
