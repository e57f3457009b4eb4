"""Timed text: WebVTT and SubRip read with care, and written as plain WebVTT. Pure; no Django.

Formats: https://www.w3.org/TR/webvtt1/ ; SubRip has no standard, we take what players take.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

BYTES_MAX = 2_000_000
CUES_MAX = 20_000
LINE_LENGTH_MAX = 1_000
LINES_MAX = 12
HOURS_MAX = 99
SIGNATURE = "WEBVTT"
ARROW = "-->"
_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}(?:\s+(.*))?")
_SETTING = re.compile(
    r"(?:vertical:(?:rl|lr)|line:-?[\d.]+%?(?:,(?:start|center|end))?|size:[\d.]+%"
    r"|position:[\d.]+%(?:,(?:line-left|center|line-right))?|align:(?:start|center|end|left|right))"
)
_KEPT_TAG = re.compile(r"</?(?:b|i|u|ruby|rt|v|c|lang)(?:[. ][^<>&]*)?>")
_ANY_TAG = re.compile(r"<[^<>]*>")
_PLACE = re.compile(r"\{\\[^{}]*\}")  # what SubRip took over from SSA: {\an8}
_NO_CUE = ("NOTE", "STYLE", "REGION")


@dataclass(frozen=True, slots=True)
class CueText:
    """Lines of text seen from one moment of a programme to another, in milliseconds."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    settings: str = ""


@dataclass(frozen=True, slots=True)
class TrackText:
    """A file of timed text that was understood, as WebVTT."""

    text: str
    cues: tuple[CueText, ...]


@dataclass(frozen=True, slots=True)
class BadTrack:
    """It was not. `code` is one of too-large, encoding, no-cues, too-many-cues, order, time,
    line-too-long; `line` is where in the file, 0 for all of it.
    """

    code: str
    line: int = 0

    @property
    def words(self) -> str:
        where = f"Line {self.line}: " if self.line else ""
        return where + BAD_WORDS[self.code]


BAD_WORDS = {
    "too-large": "The file is larger than 2 MB.",
    "encoding": "The file is not text in UTF-8 or UTF-16.",
    "no-cues": "There is no cue in it: neither WebVTT nor SubRip.",
    "too-many-cues": f"There are more than {CUES_MAX:,} cues.",
    "order": "The cue ends before it begins.",
    "time": "This is no time, or beyond what we take.",
    "line-too-long": "The text of this cue is too long.",
}


def read_track(data: bytes) -> TrackText | BadTrack:
    """What somebody sent, as WebVTT in order; what was wrong with it, else. Linear in its size."""
    if len(data) > BYTES_MAX:
        return BadTrack("too-large")
    text = _decoded(data)
    if text is None:
        return BadTrack("encoding")
    found: list[CueText] = []
    for cue in _read(text):
        if isinstance(cue, BadTrack):
            return cue
        found.append(cue)
        if len(found) > CUES_MAX:
            return BadTrack("too-many-cues")
    if not found:
        return BadTrack("no-cues")
    found.sort(key=lambda cue: cue.start_ms)
    return TrackText(f"{SIGNATURE}\n\n{text_of(found)}", tuple(found))


def cues(text: str) -> list[CueText]:
    """The cues of a stored track, by their beginning; what cannot be read is passed over."""
    found = [cue for cue in _read(text) if isinstance(cue, CueText)]
    return sorted(found, key=lambda cue: cue.start_ms)


def text_of(seen: Iterable[CueText]) -> str:
    """Cues as WebVTT writes them, without the file's first line."""
    blocks = []
    for cue in seen:
        times = f"{time_text(cue.start_ms)} {ARROW} {time_text(cue.end_ms)}"
        blocks.append("\n".join([f"{times} {cue.settings}".rstrip(), *cue.lines, "", ""]))
    return "".join(blocks)


def time_text(ms: int) -> str:
    """`01:02:03.004`."""
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"


def _decoded(data: bytes) -> str | None:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text


def _read(text: str) -> Iterable[CueText | BadTrack]:
    """Block by block: a line with an arrow, and the lines after it until an empty one."""
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    number, skipping = 0, False
    while number < len(lines):
        line = lines[number]
        number += 1
        if not line.strip():
            skipping = False
        elif line.startswith(_NO_CUE):
            skipping = True
        elif ARROW in line and not skipping:
            first = number
            while number < len(lines) and lines[number].strip() and ARROW not in lines[number]:
                number += 1
            yield from _cue(line, lines[first:number], first)


def _cue(head: str, lines: list[str], number: int) -> Iterable[CueText | BadTrack]:
    """One cue, what is wrong with it, or nothing where it has no text."""
    times = _TIMES.fullmatch(head[:LINE_LENGTH_MAX])
    if times is None:
        yield BadTrack("time", number)
        return
    start, end = _ms(times.groups()[:4]), _ms(times.groups()[4:8])
    if start is None or end is None:
        yield BadTrack("time", number)
    elif end <= start:
        yield BadTrack("order", number)
    elif len(lines) > LINES_MAX or any(len(line) > LINE_LENGTH_MAX for line in lines):
        yield BadTrack("line-too-long", number)
    else:
        settings = " ".join(w for w in (times[9] or "").split() if _SETTING.fullmatch(w))
        clean = tuple(text for text in map(_clean, lines) if text)
        if clean:
            yield CueText(start, end, clean, settings)


def _ms(parts: tuple[str | None, ...]) -> int | None:
    hours, minutes, seconds = (int(part or 0) for part in parts[:3])
    if hours > HOURS_MAX or minutes > 59 or seconds > 59:  # noqa: PLR2004 - a clock
        return None
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((parts[3] or "").ljust(3, "0"))


def _clean(line: str) -> str:
    """The tags that WebVTT has are kept, others taken out, and any other `<` or `&` is text."""
    parts, at = [], 0
    line = _PLACE.sub("", line)
    for tag in _ANY_TAG.finditer(line):
        parts.append(_plain(line[at : tag.start()]))
        parts.append(tag[0] if _KEPT_TAG.fullmatch(tag[0]) else "")
        at = tag.end()
    return "".join([*parts, _plain(line[at:])]).strip()


def _plain(text: str) -> str:
    """Character references stay as they are; a bare sign becomes one."""
    text = re.sub(r"&(?!(?:amp|lt|gt|lrm|rlm|nbsp|#\d{1,7}|#x[0-9a-fA-F]{1,6});)", "&amp;", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")
