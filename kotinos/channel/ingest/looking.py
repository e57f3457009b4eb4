"""Look at a file that a stranger sent: run as a program of its own, under limits (see `probe`).

`python -m kotinos.channel.ingest.looking PATH SECONDS_MAX` prints one JSON object: a `Source`'s
fields, or `fault` and `detail`. Only listed formats are opened: playlists and the like, which name
other files or hosts, are not among them. The file is read to its end, so that what its header says
is never believed.
"""

from __future__ import annotations

import json
import struct
import sys
from collections import Counter
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
from av.error import FFmpegError

from kotinos.channel.ingest.faults import Bad, Fault

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.stream import Stream
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

FORMATS = "mov,mp4,matroska,webm,mpegts,avi,mxf"
PICTURE_CODECS = frozenset(
    [
        "h264",
        "hevc",
        "vp8",
        "vp9",
        "av1",
        "libdav1d",
        "mpeg4",
        "mpeg2video",
        "prores",
        "dnxhd",
        "ffv1",
        "mjpeg",
        "rawvideo",
    ]
)
SOUND_CODECS = frozenset(
    [
        "aac",
        "mp3",
        "mp3float",
        "mp2",
        "mp2float",
        "opus",
        "libopus",
        "vorbis",
        "ac3",
        "eac3",
        "flac",
        "alac",
    ]
)
STREAMS_MAX = 16
SIDE_MAX, SIDE_MIN, PIXELS_MAX = 8192, 16, 8192 * 4320
GAP_SECONDS_MAX = 30
SHORT_SECONDS = Fraction(1)
FIRST_PICTURE_PACKETS_MAX = 500
_HEAD_BYTES = 4096
_TOP_BOXES_MAX = 10_000
_DESCRIPTION = ("descri", "audiodesc")
_TIMES_KEPT = 5_000
_RATES, _RATE_SLACK = (12, 15, 24, 25, 30, 50, 60), 0.03
_HDR = {16, 18}  # SMPTE ST 2084 and ARIB STD-B67, as ITU-T H.273 numbers transfers


@dataclass(slots=True)
class Seen:
    """First and last instant of a stream, in seconds."""

    first: Fraction | None = None
    end: Fraction = Fraction(0)
    packets: int = 0
    times: list[Fraction] = field(default_factory=list)
    gap: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Source:
    """A video that can be packaged. Indexes are of its streams; -1 where there is none."""

    format: str
    width: int
    height: int
    picture: int
    rate: float
    content_ms: int
    sound: int = -1
    description: int = -1
    hdr: bool = False
    interlaced: bool = False
    codecs: list[str] = field(default_factory=list)


def look(path: Path, *, seconds_max: int) -> Source | Bad:
    """What the file holds, or why it is not taken."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    try:
        with av.open(f"file:{path}", options=options) as container:
            return _judge(container, _header_seconds(path), seconds_max=seconds_max)
    except (FFmpegError, ValueError, MemoryError) as error:
        return _unopened(head, error)


def _unopened(head: bytes, error: Exception) -> Bad:
    if isinstance(error, MemoryError):
        return Bad(Fault.DAMAGED, "opening it took too much memory")
    if head[4:8] in {b"ftyp", b"moov", b"mdat"} or head.startswith(b"\x1aE\xdf\xa3"):
        return Bad(Fault.TRUNCATED)
    return Bad(Fault.NOT_VIDEO)


def _header_seconds(path: Path) -> Fraction:
    """What the header of an MP4 or QuickTime file claims (`moov`/`mvhd`); libav does not tell."""
    with path.open("rb") as file:
        for _ in range(_TOP_BOXES_MAX):
            head = file.read(16)
            if len(head) < 16:  # noqa: PLR2004 - a large box's head
                break
            size, kind, large = struct.unpack(">I4sQ", head)
            if kind == b"moov":
                return _movie_seconds(head[8:] + file.read(_HEAD_BYTES))
            step = large if size == 1 else size
            if step < 8:  # noqa: PLR2004 - to the end of the file, or nonsense
                break
            file.seek(step - 16, 1)
    return Fraction(0)


def _movie_seconds(moov: bytes) -> Fraction:
    at = moov.find(b"mvhd") + 4
    if at < 4 or at + 32 > len(moov):  # noqa: PLR2004 - not found, or cut off
        return Fraction(0)
    scale, length = struct.unpack_from(
        ">IQ" if moov[at] else ">II", moov, at + (20 if moov[at] else 12)
    )
    return Fraction(length, scale) if scale and length < 2**32 - 1 else Fraction(0)


def _judge(
    container: InputContainer, header_seconds: Fraction, *, seconds_max: int
) -> Source | Bad:
    if len(container.streams) > STREAMS_MAX:
        return Bad(Fault.TOO_MANY_STREAMS, f"{len(container.streams)}, at most {STREAMS_MAX}")
    picture = _picture(container)
    if picture is None:
        return Bad(Fault.NO_PICTURE)
    sounds = _sounds(container)
    bad = _shape(picture) or _codecs(picture, sounds)
    if bad is not None:
        return bad
    claimed = max(Fraction(container.duration or 0, av.time_base), header_seconds)
    if claimed > seconds_max:
        return Bad(Fault.TOO_LONG, f"{float(claimed):,.0f} s, at most {seconds_max:,} s")
    first = _first_picture(container, picture)
    if first is None:
        return Bad(Fault.DAMAGED, "its first picture cannot be decoded")
    seen = _read_to_the_end(container, [picture, *sounds], seconds_max)
    bad = _length(seen, picture, claimed, seconds_max)
    return bad or _source(container, sounds, seen, first)


def _picture(container: InputContainer) -> VideoStream | None:
    """The first moving picture; a cover is a stream too, and is not one."""
    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic:
            return stream
    return None


def _sounds(container: InputContainer) -> list[Stream]:
    """The main sound, and after it the description for the blind where a stream says it is one."""
    described = [stream for stream in container.streams.audio if _describes(stream)]
    plain = [stream for stream in container.streams.audio if stream not in described]
    return [*plain[:1], *described[:1]]


def _describes(stream: Stream) -> bool:
    flags = av.stream.Disposition.visual_impaired | av.stream.Disposition.descriptions
    names = " ".join(str(value) for value in stream.metadata.values()).lower()
    return bool(stream.disposition & flags) or any(word in names for word in _DESCRIPTION)


def _shape(picture: VideoStream) -> Bad | None:
    width, height = picture.codec_context.width, picture.codec_context.height
    fits = max(width, height) <= SIDE_MAX and width * height <= PIXELS_MAX
    if not fits:
        return Bad(Fault.TOO_LARGE, f"{width} x {height}, at most {SIDE_MAX} on a side")
    if min(width, height) < SIDE_MIN:
        return Bad(Fault.UNSUPPORTED, f"{width} x {height}")
    return None


def _codecs(picture: VideoStream, sounds: list[Stream]) -> Bad | None:
    names = [picture.codec_context.name]
    known = names[0] in PICTURE_CODECS
    for stream in sounds:
        names.append(stream.codec_context.name)
        known = known and (names[-1] in SOUND_CODECS or names[-1].startswith("pcm_"))
    return None if known else Bad(Fault.UNSUPPORTED, " ".join(names))


def _first_picture(container: InputContainer, picture: VideoStream) -> VideoFrame | None:
    """None where none can be decoded."""
    for number, packet in enumerate(container.demux(picture)):
        try:
            for frame in packet.decode():
                return frame
        except FFmpegError:
            continue
        if number > FIRST_PICTURE_PACKETS_MAX:
            break
    return None


def _read_to_the_end(
    container: InputContainer, streams: list[Stream], seconds_max: int
) -> dict[int, Seen]:
    """Every packet's time. It stops where the file does, or far beyond what we take."""
    container.seek(0)
    seen = {stream.index: Seen() for stream in streams}
    for packet in container.demux(streams):
        if packet.pts is None or packet.time_base is None:
            continue
        stream = seen[packet.stream.index]
        at = packet.pts * packet.time_base
        if stream.first is None or at < stream.first:
            stream.first = at
        end = at + (packet.duration or 0) * packet.time_base
        stream.gap = max(stream.gap, at - stream.end) if stream.packets else stream.gap
        stream.end = max(stream.end, end)
        stream.packets += 1
        if stream.packets <= _TIMES_KEPT:
            stream.times.append(at)
        if end - stream.first > seconds_max + GAP_SECONDS_MAX:
            break
    return seen


def _length(
    seen: dict[int, Seen], picture: VideoStream, claimed: Fraction, seconds_max: int
) -> Bad | None:
    found = seen[picture.index]
    length = found.end - (found.first or 0)
    longest = max(one.end - (one.first or 0) for one in seen.values())
    if longest > seconds_max:
        return Bad(Fault.TOO_LONG, f"longer than {seconds_max:,} s")
    if found.gap > GAP_SECONDS_MAX:
        return Bad(Fault.DAMAGED, f"no picture for {float(found.gap):,.0f} s")
    if max(length, longest) < claimed * Fraction(98, 100) - 1:
        return Bad(
            Fault.TRUNCATED, f"{float(longest):,.1f} s of the {float(claimed):,.1f} s it claims"
        )
    return Bad(Fault.TOO_SHORT) if length < SHORT_SECONDS else None


def _source(
    container: InputContainer, sounds: list[Stream], seen: dict[int, Seen], first: VideoFrame
) -> Source:
    picture = next(stream for stream in container.streams.video if stream.index in seen)
    start = min(one.first for one in seen.values() if one.first is not None)
    shown = seen[picture.index]
    ends = [one.end - start for one in seen.values()]
    described = [stream for stream in sounds if _describes(stream)]
    plain = [stream for stream in sounds if stream not in described]
    return Source(
        format=container.format.name,
        width=picture.codec_context.width,
        height=picture.codec_context.height,
        picture=picture.index,
        rate=_rate(shown),
        content_ms=int(max(ends) * 1000),
        sound=plain[0].index if plain else -1,
        description=described[0].index if described else -1,
        hdr=int(first.color_trc or 0) in _HDR,
        interlaced=bool(first.interlaced_frame),
        codecs=[stream.codec_context.name for stream in (picture, *sounds)],
    )


def _rate(shown: Seen) -> float:
    """Pictures a second: on average, or where that is no rate of television (a camera that leaves
    out pictures) the one of the commonest distance between two.
    """
    average = float(shown.packets / (shown.end - (shown.first or 0)))
    if any(abs(average - rate) < rate * _RATE_SLACK for rate in _RATES):
        return average
    times = sorted(shown.times)
    steps = Counter(later - earlier for earlier, later in pairwise(times) if later > earlier)
    return float(1 / steps.most_common(1)[0][0]) if steps else average


def main() -> None:
    path, seconds_max = sys.argv[1:]
    found = look(Path(path), seconds_max=int(seconds_max))
    said: dict[str, Any] = asdict(found)
    print(json.dumps(said))  # noqa: T201 - this is how the program answers


if __name__ == "__main__":
    main()
