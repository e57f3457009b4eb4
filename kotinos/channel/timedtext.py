"""WebVTT cues (W3C WebVTT 1): read from a track's text and written again. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)[.,](\d{3})"
_TIMING = re.compile(rf"^{_TIME}[ \t]+-->[ \t]+{_TIME}[ \t]*(.*)$")


@dataclass(frozen=True, slots=True)
class CueText:
    """Words from one moment until another, counted in milliseconds from the beginning."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    settings: str = ""


def cues(text: str) -> list[CueText]:
    """The cues of a track in order of their beginning; what is no cue is passed over."""
    blocks = re.split(r"\n{2,}", text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff"))
    return sorted(_found(blocks), key=lambda cue: cue.start_ms)


def _found(blocks: Iterable[str]) -> Iterator[CueText]:
    for block in blocks:
        lines = block.strip("\n").split("\n")
        for place, line in enumerate(lines[:2]):  # the first may be the cue's name
            timing = _TIMING.match(line)
            if timing is not None:
                start_ms, end_ms = _ms(*timing.groups()[:4]), _ms(*timing.groups()[4:8])
                if start_ms < end_ms:
                    yield CueText(start_ms, end_ms, tuple(lines[place + 1 :]), timing[9].strip())
                break


def text_of(found: Iterable[CueText]) -> str:
    """The cues as WebVTT, without its head."""
    return "".join(
        f"{_clock(cue.start_ms)} --> {_clock(cue.end_ms)} {cue.settings}".rstrip()
        + "\n"
        + "\n".join(cue.lines)
        + "\n\n"
        for cue in found
    )


def _ms(hours: str | None, minutes: str, seconds: str, ms: str) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(ms)


def _clock(ms: int) -> str:
    seconds, ms = divmod(ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{ms:03d}"
