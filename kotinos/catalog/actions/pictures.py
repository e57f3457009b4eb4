"""Where an imported picture's files are: drawn by us, kept from a folder, or only noted."""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache
from typing import TYPE_CHECKING

from PIL import Image, UnidentifiedImageError

from kotinos.catalog.artwork import SCHEME, SpecError, key_of, parse
from kotinos.catalog.contracts import PICTURE_KINDS, PICTURE_WIDTHS, RowNote

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kotinos.catalog.shopify.judge import ReadyImage

PICTURE_BYTES_MAX = 20_000_000
_RATIO = 5 / 4


class Pictures:
    """Turns an image's source into the key of its files; an empty key has no files.

    `folder` holds the seller's picture files, `media` receives the sized ones. Remote addresses
    are never fetched: an import must not make this machine call strangers.
    """

    def __init__(self, *, media: Path, folder: Path | None, dry_run: bool) -> None:
        self._media = media
        self._folder = folder
        self._dry_run = dry_run

    def key(self, image: ReadyImage, note: Callable[[RowNote], None]) -> str:
        """The key, or an empty one with a remark."""
        if image.source.startswith(SCHEME):
            try:
                return _drawn_key(image.source)
            except SpecError as error:
                note(RowNote(image.row, "Image Src", "warning", str(error)))
                return ""
        if "://" in image.source or image.source.startswith("//"):
            hint = "put the file into a folder and name that with --media"
            note(RowNote(image.row, "Image Src", "note", "remote pictures are not fetched", hint))
            return ""
        return self._kept(image, note)

    def _kept(self, image: ReadyImage, note: Callable[[RowNote], None]) -> str:
        path = self._path(image.source)
        if path is None:
            note(RowNote(image.row, "Image Src", "warning", "no such file in the media folder"))
            return ""
        try:
            return self._store(path)
        except (OSError, UnidentifiedImageError, ValueError, Image.DecompressionBombError):
            note(RowNote(image.row, "Image Src", "warning", "the file is no picture we can read"))
            return ""

    def _path(self, name: str) -> Path | None:
        """The named file, only from inside the folder, and never above the bound."""
        if self._folder is None:
            return None
        root = self._folder.resolve()
        try:
            path = (root / name).resolve()
            fits = path.is_relative_to(root) and path.is_file()
            return path if fits and path.stat().st_size <= PICTURE_BYTES_MAX else None
        except (OSError, ValueError):
            return None

    def _store(self, path: Path) -> str:
        content = path.read_bytes()
        key = hashlib.sha256(content).hexdigest()[:20]
        if self._dry_run or all((self._media / name).exists() for name in _names(key)):
            return key
        self._media.mkdir(parents=True, exist_ok=True)
        with Image.open(io.BytesIO(content)) as opened:
            picture = _cropped(opened.convert("RGB"))
        for width in PICTURE_WIDTHS:
            sized = picture.resize((width, int(width * _RATIO)), Image.Resampling.LANCZOS)
            for kind in PICTURE_KINDS:
                part = self._media / f".{key}-{width}.{kind}.part"
                sized.save(part, kind.upper())
                part.replace(self._media / f"{key}-{width}.{kind}")
        return key


@lru_cache(maxsize=4096)
def _drawn_key(source: str) -> str:
    return key_of(parse(source))


def _names(key: str) -> list[str]:
    return [f"{key}-{width}.{kind}" for width in PICTURE_WIDTHS for kind in PICTURE_KINDS]


def _cropped(picture: Image.Image) -> Image.Image:
    """The middle of the picture in 4:5."""
    width, height = picture.size
    if height > width * _RATIO:
        kept = int(width * _RATIO)
        return picture.crop((0, (height - kept) // 2, width, (height - kept) // 2 + kept))
    kept = int(height / _RATIO)
    return picture.crop(((width - kept) // 2, 0, (width - kept) // 2 + kept, height))
