"""The fixed ladder of a live signal as one ffmpeg command, and what its first segment says. Pure.

Every rung is cut at the same instants, two seconds apart, counted from the first picture or sound
that arrived: both are filled up to begin together, so equal numbers mean equal times.
"""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kotinos.channel.contracts import LADDER, MAIN_AUDIO, SEGMENT_FILE, Rung
from kotinos.channel.ingest.boxes import codec, times, timescale

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kotinos.channel.live.terms import Source

SEGMENT_SECONDS = 2
RUNGS = (*LADDER, MAIN_AUDIO)
SAMPLES_PER_SECOND = 48_000
PLAYLIST = "list.m3u8"
THREADS_MAX = 4
"""Of each encoder: more gain little at this size, and on a large machine cost much memory."""
SILENCE_MICROSECONDS_MAX = 4_000_000
"""A sender that says nothing for so long is gone: the next one is listened to."""
_PROBE_BYTES, _PROBE_MICROSECONDS = 500_000, 1_000_000
_LATENCY_MICROSECONDS = 200_000
_KBIT = {"v720": 2800, "v480": 1200, "v240": 400}
_SOUND_KBIT = 128
_OVERHEAD = 1.1  # of the container, and of what a two-second window may exceed the average by
# The whole rate next to the source's; above 30 every second picture is left out.
_RATE = (
    "if(lt(source_fps,24.5),24,if(lt(source_fps,27.5),25,"
    "if(lt(source_fps,40),30,if(lt(source_fps,55),25,30))))"
)


def command(source: Source, *, program: str, host: str, has_sound: bool) -> list[str]:
    """Receive, and write `<rung>/<number>.m4s` into the current folder until the sender ends.

    Standard output has one line for every packet that came in (`framecrc`) between those of
    `-progress`. A signal without sound ends at once where `has_sound`, and the other way round
    is silent: what comes in is not known before it is there.
    """
    words = [program, "-hide_banner", "-nostats", "-v", "info"]
    words += ["-progress", "pipe:1", "-stats_period", "0.5"]
    words += ["-probesize", str(_PROBE_BYTES), "-analyzeduration", str(_PROBE_MICROSECONDS)]
    threads = min(THREADS_MAX, os.cpu_count() or 1)
    words += ["-filter_complex_threads", str(threads), "-threads", str(threads)]
    words += _input(source, host)
    for graph in _graphs(has_sound=has_sound):
        words += ["-filter_complex", graph]
    for number, rung in enumerate(LADDER):
        words += ["-map", f"[{rung}]", *_picture(number, rung, threads)]
    words += ["-map", f"[{MAIN_AUDIO}]", "-c:a", "aac", "-b:a", f"{_SOUND_KBIT}k"]
    words += _segments()
    words += ["-map", "0:v:0", "-map", "0:a:0?", "-c", "copy", "-flush_packets", "1"]
    return [*words, "-f", "framecrc", "pipe:1"]


def address(source: Source, *, host: str) -> str:
    """Where a sender sends to, with its key."""
    if source.protocol == "srt":
        return f"srt://{host}:{source.port}?mode=caller&passphrase={source.key}&pbkeylen=16"
    return f"rtmp://{host}:{source.port}/live/{source.key}"


def _input(source: Source, host: str) -> list[str]:
    if source.protocol == "srt":
        url = f"srt://{host}:{source.port}?mode=listener&passphrase={source.key}&pbkeylen=16"
        url += f"&latency={_LATENCY_MICROSECONDS}"
        return ["-nostdin", "-timeout", str(SILENCE_MICROSECONDS_MAX), "-f", "mpegts", "-i", url]
    return ["-f", "flv", "-i", "pipe:0"]  # the gate has spoken RTMP with the sender


def _graphs(*, has_sound: bool) -> tuple[str, str]:
    """Pictures and sound each on their own: silence then is made no faster than pictures come."""
    (top, (width, height)), *others = LADDER.items()
    size = f"{width}:{height}"
    shape = (
        f"fps=fps='{_RATE}':start_time=0,"
        f"scale={size}:force_original_aspect_ratio=decrease:reset_sar=1"
        ":out_color_matrix=bt709:out_range=tv,format=yuv420p,"
        "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709,"
        f"pad={size}:-1:-1,setsar=1"
    )
    names = "".join(f"[to_{rung}]" for rung, _ in others)
    chains = [f"[0:v:0]{shape},split={len(LADDER)}[{top}]{names}"]
    for rung, (wide, high) in others:
        chains.append(f"[to_{rung}]scale={wide}:{high}:reset_sar=1,setsar=1[{rung}]")
    form = f"aresample={SAMPLES_PER_SECOND}:async=1:first_pts=0,aformat=channel_layouts=stereo"
    sound = f"[0:a:0]{form}" if has_sound else f"anullsrc=r={SAMPLES_PER_SECOND}:cl=stereo"
    return ";".join(chains), f"{sound}[{MAIN_AUDIO}]"


def _picture(number: int, rung: str, threads: int) -> list[str]:
    """Rate and size of the buffer bound each two seconds, so that a rung keeps its promise."""
    kbit, of = _KBIT[rung], f":v:{number}"
    return [
        *(f"-c{of}", "libx264", f"-preset{of}", "superfast", f"-profile{of}", "main"),
        *(f"-crf{of}", "23", f"-maxrate{of}", f"{kbit}k", f"-bufsize{of}", f"{kbit}k"),
        *(f"-bf{of}", "0", f"-sc_threshold{of}", "0", f"-g{of}", "600", f"-forced-idr{of}", "1"),
        *(f"-force_key_frames{of}", f"expr:gte(t,n_forced*{SEGMENT_SECONDS})"),
        *(f"-flags{of}", "+cgop", f"-tune{of}", "zerolatency", f"-threads{of}", str(threads)),
    ]


def _segments() -> list[str]:
    pictures = " ".join(f"v:{number},name:{rung}" for number, rung in enumerate(LADDER))
    return [
        *("-max_interleave_delta", "2000000", "-avoid_negative_ts", "disabled"),
        *("-f", "hls", "-hls_time", str(SEGMENT_SECONDS), "-hls_list_size", "3"),
        *("-hls_segment_type", "fmp4", "-hls_flags", "temp_file+independent_segments"),
        *("-hls_fmp4_init_filename", "init.mp4"),
        *("-var_stream_map", f"{pictures} a:0,name:{MAIN_AUDIO}"),
        *("-hls_segment_filename", "%v/%05d.m4s", f"%v/{PLAYLIST}"),
    ]


def written_init(rung: str) -> str:
    """The name ffmpeg gives the initialisation segment of one of several renditions."""
    return f"init_{RUNGS.index(rung)}.mp4"


def facts(folder: Path, *, init: str) -> dict[str, Any]:
    """What a playlist says of a session, from its initialisation segments and first pictures."""
    inits = {rung: (folder / rung / init).read_bytes() for rung in RUNGS}
    first = (folder / "v240" / SEGMENT_FILE.format(0)).read_bytes()
    (_, length), samples = times(first), sample_count(first)
    rate = round(samples * timescale(inits["v240"]) / length)
    return {
        "frames_per_second": rate,
        "pictures": [asdict(_rung(rung, codec(inits[rung]))) for rung in LADDER],
        "sounds": [asdict(_rung(MAIN_AUDIO, codec(inits[MAIN_AUDIO])))],
    }


def _rung(name: str, codecs: str) -> Rung:
    kbit = _KBIT.get(name, _SOUND_KBIT)
    width, height = LADDER.get(name, (0, 0))
    average = kbit * 1000
    return Rung(name, codecs, int(average * _OVERHEAD), average, width, height)


def sample_count(segment: bytes) -> int:
    """How many pictures (or sound frames) a segment's `trun` boxes list."""
    count, at = 0, segment.find(b"trun")
    head_end = segment.find(b"mdat")
    while 0 < at < head_end:
        count += int.from_bytes(segment[at + 8 : at + 12], "big")
        at = segment.find(b"trun", at + 4)
    return count


def is_whole(segments: Mapping[str, bytes], scales: Mapping[str, int]) -> bool:
    """Whether every rung's segment lasts two seconds: the last one of a session may not.

    A sound segment is a whole number of AAC frames (1024 samples), so it may be one short.
    """
    for rung, data in segments.items():
        _, length = times(data)
        slack = 2 * 1024 if rung == MAIN_AUDIO else 0
        if length + slack < SEGMENT_SECONDS * scales[rung]:
            return False
    return True
