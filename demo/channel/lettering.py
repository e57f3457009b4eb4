"""Words as pictures: Archivo for Latin letters, Noto Sans for Chinese and Arabic, all from npm.

Pillow sets the Latin letters because it knows the axes of a variable font; resvg sets the others
because it shapes Arabic without help of the system. resvg reads no WOFF, so those are unwrapped.
"""

from __future__ import annotations

import functools
import io
import struct
import tempfile
import zlib
from pathlib import Path

import resvg_py
from PIL import Image, ImageDraw, ImageFont

_ROOT = Path(__file__).resolve().parents[2] / "node_modules"
_ARCHIVO = _ROOT / "@fontsource-variable/archivo/files/archivo-latin-standard-normal.woff2"
_NOTO = (
    _ROOT / "@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-700-normal.woff",
    _ROOT / "@fontsource/noto-sans-sc/files/noto-sans-sc-latin-700-normal.woff",
    _ROOT / "@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-700-normal.woff",
)
_FAMILIES = {"zh-hans": "Noto Sans SC", "ar": "Noto Sans Arabic"}
_NARROWEST, _SMALLEST = 62, 12  # of the font; of what reads, in pixels
_TABLE = struct.Struct(">4sIIII")
_HEADER = struct.Struct(">4sIIHHIHHIIIII")


@functools.cache
def _archivo(size: int, weight: int, width: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(_ARCHIVO), size)
    font.set_variation_by_axes([weight, width])
    return font


@functools.cache
def _noto_files() -> tuple[str, ...]:
    folder = Path(tempfile.mkdtemp(prefix="kotinos-fonts-"))
    return tuple(str(_unwrapped(path, folder)) for path in _NOTO)


def latin_file() -> str:
    """A file of Latin letters that ffmpeg's own text filter can read."""
    return _noto_files()[1]


def _unwrapped(path: Path, folder: Path) -> Path:
    """A WOFF as the TrueType font inside it. Source: W3C WOFF 1.0, sections 3 to 5."""
    data = path.read_bytes()
    flavour, count = _HEADER.unpack_from(data)[1], _HEADER.unpack_from(data)[3]
    power = count.bit_length() - 1
    search = 16 << power
    head = struct.pack(">IHHHH", flavour, count, search, power, count * 16 - search)
    at, directory, body = 12 + 16 * count, [], []
    for number in range(count):
        tag, offset, packed, length, check = _TABLE.unpack_from(data, 44 + number * 20)
        raw = data[offset : offset + packed]
        table = raw if packed == length else zlib.decompress(raw)
        directory.append(struct.pack(">4sIII", tag, check, at, length))
        body.append(table + b"\0" * (-length % 4))
        at += length + -length % 4
    font = folder / f"{path.stem}.ttf"
    font.write_bytes(head + b"".join(directory) + b"".join(body))
    return font


def picture(svg: str, *, width: int) -> Image.Image:
    """An SVG as pixels with transparency."""
    fonts = list(_noto_files()) if "<text" in svg else []  # reading them takes 20 ms
    png = resvg_py.svg_to_bytes(
        svg_string=svg, width=width, skip_system_fonts=True, font_files=fonts
    )
    return Image.open(io.BytesIO(png)).convert("RGBA")


def latin(
    text: str, *, size: int, colour: str, weight: int = 800, width: int = 100, room: int = 0
) -> Image.Image:
    """A line of Latin letters; with `room` in pixels it is narrowed, then shrunk, until it fits."""
    font = _archivo(size, weight, width)
    while room and font.getlength(text) > room and (width > _NARROWEST or size > _SMALLEST):
        narrower = max(_NARROWEST, width - 6)
        width, size = (narrower, size) if width > _NARROWEST else (width, size - 2)
        font = _archivo(size, weight, width)
    image = Image.new("RGBA", (int(font.getlength(text)) + 4, round(size * 1.3)), (0, 0, 0, 0))
    ImageDraw.Draw(image).text((0, 0), text, font=font, fill=colour)
    return image


def other(text: str, language: str, *, size: int, colour: str) -> Image.Image:
    """A line of Chinese or Arabic, as wide as its letters need."""
    wide, high = int(size * (len(text) + 2) * 1.05), round(size * 1.7)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}">'
        f'<text x="{wide / 2}" y="{size * 1.15}" text-anchor="middle" font-weight="700" '
        f'font-size="{size}" font-family="{_FAMILIES[language]}" fill="{colour}">{text}</text>'
        "</svg>"
    )
    image = picture(svg, width=wide)
    box = image.getbbox() or (0, 0, wide, high)
    return image.crop((box[0], 0, box[2], high))


def line(text: str, language: str, *, size: int, colour: str, room: int = 0) -> Image.Image:
    """One line in any of the four languages."""
    if language in _FAMILIES:
        made = other(text, language, size=size, colour=colour)
        if room and made.width > room:
            made = other(text, language, size=int(size * room / made.width), colour=colour)
        return made
    return latin(text, size=size, colour=colour, room=room, weight=700, width=92)
