"""A test picture for a source: moving bars with a running clock, and a tone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.channel.live.encoding import address

if TYPE_CHECKING:
    from kotinos.channel.live.terms import Source

BARS = "testsrc2=size={width}x{height}:rate={rate}"
CLOCK = (
    r"drawtext=text='%{localtime\:%H\\\:%M\\\:%S}':fontsize=h/6:fontcolor=white:box=1"
    ":boxcolor=black@0.6:x=(w-tw)/2:y=h*3/4"
)
TONE = "sine=frequency=440:sample_rate=48000"


def command(
    source: Source,
    *,
    program: str,
    host: str = "127.0.0.1",
    seconds: int | None = None,
    height: int = 360,
    rate: int = 25,
    gop_seconds: float = 2.0,
    has_sound: bool = True,
    has_clock: bool = False,
) -> list[str]:
    """Send it at its own pace, for some seconds or until ended."""
    picture = BARS.format(width=height * 16 // 9 // 2 * 2, height=height, rate=rate)
    words = [program, "-hide_banner", "-nostdin", "-v", "error", "-re", "-f", "lavfi"]
    words += ["-i", picture]
    if has_sound:
        words += ["-re", "-f", "lavfi", "-i", TONE, "-c:a", "aac", "-b:a", "96k"]
    words += ["-vf", CLOCK] if has_clock else []
    words += ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency"]
    words += ["-pix_fmt", "yuv420p", "-b:v", "800k", "-g", str(int(rate * gop_seconds))]
    if seconds is not None:
        words += ["-t", str(seconds)]
    form = "mpegts" if source.protocol == "srt" else "flv"
    return [*words, "-f", form, address(source, host=host)]


def try_clock(*, program: str) -> list[str]:
    """A command that succeeds where this machine has letters to draw the time of day with."""
    words = [program, "-hide_banner", "-nostdin", "-v", "quiet", "-f", "lavfi"]
    words += ["-i", BARS.format(width=320, height=180, rate=25), "-vf", CLOCK]
    return [*words, "-frames:v", "1", "-f", "null", "-"]
