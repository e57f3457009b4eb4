"""WebVTT as pages show it: lines of a transcript, chapters. Reads what `tracks` has accepted.

Format: https://www.w3.org/TR/webvtt1/ (cue timings, cue text tags, character references).
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_TIMES = re.compile(
    r"(?:(\d{2,}):)?(\d{2}):(\d{2})\.(\d{3})[ \t]+-->[ \t]+(?:(\d{2,}):)?(\d{2}):(\d{2})\.(\d{3})"
)
_TAG = re.compile(r"<[^>]*>")
MS_A_SECOND, SECONDS_A_MINUTE, SECONDS_AN_HOUR = 1000, 60, 3600


@dataclass(frozen=True, slots=True)
class Line:
    """One cue of a track: shown from `at_ms` until `until_ms`."""

    at_ms: int
    until_ms: int
    text: str

    @property
    def at_text(self) -> str:
        return clock_text(self.at_ms)

    @property
    def seconds(self) -> int:
        return self.at_ms // MS_A_SECOND


def lines(vtt: str) -> tuple[Line, ...]:
    """The cues of a WebVTT text in order, without tags; blocks that are no cue are passed over."""
    found: list[Line] = []
    for block in re.split(r"\n{2,}", vtt.replace("\r\n", "\n").replace("\r", "\n")):
        rows = block.strip("\n").split("\n")
        for number, row in enumerate(rows):
            times = _TIMES.match(row.strip())
            if times:
                text = " ".join(rows[number + 1 :])
                plain = html.unescape(_TAG.sub("", text)).strip()
                if plain:
                    found.append(Line(_ms(times.groups()[:4]), _ms(times.groups()[4:]), plain))
                break
    return tuple(sorted(found, key=lambda line: line.at_ms))


def _ms(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, ms = (int(part or 0) for part in parts)
    whole = hours * SECONDS_AN_HOUR + minutes * SECONDS_A_MINUTE + seconds
    return whole * MS_A_SECOND + ms


def clock_text(ms: int) -> str:
    """`1:02:03` or `4:05`."""
    minutes, seconds = divmod(ms // MS_A_SECOND, SECONDS_A_MINUTE)
    hours, minutes = divmod(minutes, SECONDS_A_MINUTE)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
