"""The fixed ladder as one ffmpeg command: one decode, every rung, whole ticks. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.channel.contracts import DESCRIPTION, INIT_FILE, LADDER, MAIN_AUDIO, TICK_SECONDS

if TYPE_CHECKING:
    from pathlib import Path

    from kotinos.channel.ingest.looking import Source

GOP_SECONDS = 2
TAIL_MS_MAX = 120
"""A tail this short is cut: it would be followed by four seconds of its last picture."""
RATES = (24, 25, 30, 50, 60)
PLAYLIST = "list.m3u8"
SAMPLES_PER_SECOND = 48_000
_MAX_KBIT = {"v720": 2800, "v480": 1200, "v240": 400}
_CRF = {"v720": 23, "v480": 24, "v240": 25}
# ITU-R BT.2100 to BT.709, by the curve that keeps what is bright from burning out.
_TO_SDR = (
    "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,"
    "tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv,"
)
_WEAVE = "bwdif=mode=send_frame:deint=interlaced,"  # of two fields one picture


def ticks_of(content_ms: int) -> int:
    """How many ticks a video fills; never none."""
    return max(1, -(-(content_ms - TAIL_MS_MAX) // (TICK_SECONDS * 1000)))


def whole_rate(rate: float) -> int:
    """The whole frame rate for a source's: 23.976 becomes 24, 29.97 30, 59.94 60; 12 and 15 are
    doubled. Four seconds of each are a whole number of pictures, so segments are exactly a tick.
    """
    doubled = rate * 2 if rate < RATES[0] * 0.9 else rate
    return min(RATES, key=lambda whole: abs(whole - doubled))


def command(source: Source, *, path: Path, program: str, threads: int) -> list[str]:
    """The one run that makes every rung of `source` in the current folder.

    Its subfolders must exist: names are relative, so that no character of a path means anything.
    """
    rate, ticks = whole_rate(source.rate), ticks_of(source.content_ms)
    words = [program, "-nostdin", "-hide_banner", "-v", "error", "-y"]
    words += ["-progress", "pipe:1", "-stats_period", "0.5", "-max_error_rate", "0.1"]
    words += ["-filter_complex_threads", str(threads), "-threads", str(threads)]
    words += ["-protocol_whitelist", "file", "-f", source.format.split(",")[0]]
    words += ["-i", f"file:{path}", "-filter_complex", _graph(source, rate)]
    for rung in LADDER:
        words += ["-map", f"[{rung}]", *_picture(rung, rate, threads)]
        words += ["-frames:v", str(rate * ticks * TICK_SECONDS), *_segments(rung)]
    for rung, _index in _sounds(source):
        words += ["-map", f"[{rung}]", "-c:a", "aac", "-b:a", "128k"]
        words += ["-t", str(ticks * TICK_SECONDS), *_segments(rung)]
    return words


def rungs_of(source: Source) -> list[str]:
    """The folders that `command` fills."""
    return [*LADDER, *(rung for rung, _index in _sounds(source))]


def _sounds(source: Source) -> list[tuple[str, int]]:
    sounds = [(MAIN_AUDIO, source.sound)]
    return sounds if source.description < 0 else [*sounds, (DESCRIPTION, source.description)]


def _graph(source: Source, rate: int) -> str:
    """Constant rate, filled up without end (each output says how long it is), letterboxed once."""
    (top, (width, height)), *others = LADDER.items()
    size = f"{width}:{height}"
    shape = (
        f"scale=w='max(2,2*round(min({width},{height}*dar)/2))'"
        f":h='max(2,2*round(min({height},{width}/dar)/2))'"
        ":out_color_matrix=bt709:out_range=tv,format=yuv420p,"
        "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709,"
        f"pad={size}:-1:-1,setsar=1"
    )
    steady = f"fps={rate}:start_time=0,tpad=stop=-1:stop_mode=clone"
    first = (_WEAVE if source.interlaced else "") + (_TO_SDR if source.hdr else "")
    names = "".join(f"[to_{rung}]" for rung, _ in others)
    chains = [f"[0:{source.picture}]{first}{shape},{steady},split={len(LADDER)}[{top}]{names}"]
    for rung, (wide, high) in others:
        chains.append(f"[to_{rung}]scale={wide}:{high},setsar=1[{rung}]")
    chains += [_sound(rung, index) for rung, index in _sounds(source)]
    return ";".join(chains)


def _sound(rung: str, index: int) -> str:
    if index < 0:
        return f"anullsrc=r={SAMPLES_PER_SECOND}:cl=stereo[{rung}]"
    form = f"aresample={SAMPLES_PER_SECOND}:async=1:first_pts=0,aformat=channel_layouts=stereo"
    return f"[0:{index}]{form},apad[{rung}]"


def _picture(rung: str, rate: int, threads: int) -> list[str]:
    gop, kbit = str(rate * GOP_SECONDS), _MAX_KBIT[rung]
    return [
        *("-c:v", "libx264", "-preset", "veryfast", "-profile:v", "main", "-threads", str(threads)),
        *("-crf", str(_CRF[rung]), "-maxrate", f"{kbit}k", "-bufsize", f"{2 * kbit}k"),
        *("-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-bf", "0", "-flags", "+cgop"),
    ]


def _segments(rung: str) -> list[str]:
    return [
        *("-f", "hls", "-hls_time", str(TICK_SECONDS), "-hls_playlist_type", "vod"),
        *("-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", INIT_FILE),
        *("-hls_segment_filename", f"{rung}/%05d.m4s", f"{rung}/{PLAYLIST}"),
    ]
