"""What ffmpeg says of a signal while it comes in, line by line. Pure: the caller has the clock."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from typing import Any

WINDOW_SECONDS, PACE_SECONDS = 5.0, 10.0
PACE_LEAST, BEHIND_SECONDS_MIN = 0.95, 1.0
_PICTURE = re.compile(r"Stream #0:\d+.*: Video: .*?, (\d{2,5})x(\d{2,5})\b.*?, ([\d.]+) fps")
_LOST = re.compile(r"RCV-DROPPED (\d+) packet")
_NO_SOUND = "Stream specifier ':a:0' in filtergraph description"


@dataclass(slots=True)
class Signs:
    """The state of one run. Instants are monotonic seconds of the caller's, unless Unix time."""

    connected_at: float | None = None
    moved_at: float | None = None  # the last time the encoder's own clock went on
    began_unix: float | None = None  # when media time 0 came in: the least that any line says
    lacks_sound: bool = False
    has_sound: bool = False
    speed: float = 0.0
    width: int = 0
    height: int = 0
    fps: float = 0.0
    gop_s: float = 0.0
    lost: int = 0
    _dropped: int = 0
    _out_us: int = -1
    _key_at: float | None = None
    _scale: float = 0.0
    _times: deque[tuple[float, float]] = field(default_factory=deque)
    _packets: deque[tuple[float, int]] = field(default_factory=deque)
    _describes_input: bool = False
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=12))

    def hear(self, line: str, *, at: float, unix: float) -> None:
        """A line of standard output: progress (`key=value`), or a packet (framecrc)."""
        if line.startswith("#tb 0:"):
            over, under = line.removeprefix("#tb 0:").strip().split("/")
            self._scale = int(over) / int(under)
        elif line[:1].isdigit():
            self._packet(line, at)
        elif "=" in line:
            key, _, value = line.partition("=")
            self._progress(key.strip(), value.strip(), at, unix)

    def _packet(self, line: str, at: float) -> None:
        """`stream, dts, pts, duration, size, checksum[, F=0x0 where it is no key picture]`."""
        parts = [part.strip() for part in line.split(",")]
        self._packets.append((at, int(parts[4])))
        while self._packets and self._packets[0][0] < at - WINDOW_SECONDS:
            self._packets.popleft()
        if parts[0] == "0" and not any(part.startswith("F=") for part in parts[6:]):
            here = int(parts[2]) * self._scale
            if self._key_at is not None and here > self._key_at:
                self.gop_s = round(here - self._key_at, 2)
            self._key_at = here

    def _progress(self, key: str, value: str, at: float, unix: float) -> None:
        if key == "out_time_us" and value.lstrip("-").isdigit():
            if int(value) > max(self._out_us, 0):
                self._out_us, self.moved_at = int(value), at
                began = unix - self._out_us / 1_000_000
                self.began_unix = min(began, self.began_unix or began)
                self._pace(at, behind_s=began - self.began_unix)
        elif key == "drop_frames" and value.isdigit():
            self._dropped = int(value)

    def _pace(self, at: float, *, behind_s: float) -> None:
        """Seconds of media in each second of the last ten; near enough to 1 is 1."""
        self._times.append((at, self._out_us / 1_000_000))
        while self._times[0][0] < at - PACE_SECONDS:
            self._times.popleft()
        (then, out), passed = self._times[0], at - self._times[0][0]
        pace = (self._out_us / 1_000_000 - out) / passed if passed > 1 and then else 1.0
        keeps_up = pace > PACE_LEAST or behind_s < BEHIND_SECONDS_MIN
        self.speed = max(1.0, round(pace, 2)) if keeps_up else round(pace, 2)

    def hear_error(self, line: str, *, at: float, unix: float) -> None:
        """A line of standard error. What describes the input was read before it was printed."""
        self.tail.append(line[:300])
        if line.startswith("Input #0"):
            self.connected_at = self.connected_at or at
            self.began_unix = min(unix, self.began_unix or unix)
            self._describes_input = True
        elif line.startswith(("Stream mapping", "Output #")):
            self._describes_input = False
        if self._describes_input:
            self._stream(line)
        lost = _LOST.search(line)
        self.lost += int(lost[1]) if lost else 0
        self.lacks_sound = self.lacks_sound or _NO_SOUND in line

    def _stream(self, line: str) -> None:
        self.has_sound = self.has_sound or ": Audio: " in line
        picture = _PICTURE.search(line)
        if picture:
            self.width, self.height = int(picture[1]), int(picture[2])
            self.fps = float(picture[3])

    def health(self, *, at: float) -> dict[str, Any]:
        """What the office shows; `bitrate` in bits per second as received in the last seconds."""
        return {
            "speed": self.speed,
            "bitrate": self._bitrate(at),
            "dropped": self._dropped + self.lost,
            "width": self.width,
            "height": self.height,
            "fps": self.fps,
            "gop_s": self.gop_s,
            "sound": self.has_sound,
        }

    def _bitrate(self, at: float) -> int:
        if not self._packets:
            return 0
        seconds = max(1.0, at - self._packets[0][0])
        return int(sum(size for _, size in self._packets) * 8 / seconds)
