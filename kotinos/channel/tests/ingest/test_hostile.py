"""Files that strangers send: refused with a reason, in bounded time and memory."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from kotinos.channel.ingest import probe as probing
from kotinos.channel.ingest import stills
from kotinos.channel.ingest.faults import WORDS, Bad, Fault
from kotinos.channel.ingest.probe import Source, probe
from kotinos.channel.tests.clips import make_clip, run_ffmpeg

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOUR = 3600
SVG = b"""<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script>
<image href="http://127.0.0.1:1/x"/></svg>"""
PLAYLIST = b"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:1/secret\nfile:///etc/passwd\n"
CONCAT = b"ffconcat version 1.0\nfile /etc/passwd\n"
DASH = b'<?xml version="1.0"?><MPD><BaseURL>http://127.0.0.1:1/</BaseURL></MPD>'


def zip_bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("film.mp4", bytes(50_000_000))
    return file.getvalue()


def judged(path: Path, *, seconds_max: int = 6 * HOUR) -> Bad:
    started = time.monotonic()
    found = probe(path, seconds_max=seconds_max)
    assert time.monotonic() - started < 20
    assert isinstance(found, Bad), found
    assert WORDS[found.fault]
    assert not found.may_pass
    return found


@pytest.mark.parametrize(
    "content",
    [b"", b"hello\n", zip_bomb(), SVG, PLAYLIST, CONCAT, DASH, bytes(1_000_000), b"\x1aE\xdf\xa3"],
    ids=["empty", "text", "zip bomb", "svg", "playlist", "concat", "dash", "zeros", "matroska"],
)
@pytest.mark.parametrize("name", ["film.mp4"])
def test_what_is_no_video_is_refused_whatever_its_name(
    content: bytes, name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert judged(path).fault in {Fault.NOT_VIDEO, Fault.TRUNCATED}


def test_an_ordinary_file_is_taken_and_its_name_means_nothing(clip: Path, tmp_path: Path) -> None:
    path = tmp_path / "concat:-i %d;$(x).mp4"
    path.write_bytes(clip.read_bytes())
    found = probe(path, seconds_max=HOUR)
    assert isinstance(found, Source)
    assert (found.width, found.height, found.sound) == (320, 180, 1)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_a_file_cut_off_is_truncated(clip: Path, share: float, tmp_path: Path) -> None:
    for name, options in (("a.mp4", ()), ("b.mp4", ("-movflags", "faststart")), ("c.mkv", ())):
        whole = tmp_path / name
        run_ffmpeg(["-stream_loop", "3", "-i", str(clip), "-c", "copy", *options, str(whole)])
        data = whole.read_bytes()
        whole.write_bytes(data[: int(len(data) * share)])
        assert judged(whole).fault in {Fault.TRUNCATED, Fault.DAMAGED}, name


def test_a_header_that_claims_ten_hours_is_not_believed(clip: Path, tmp_path: Path) -> None:
    data = bytearray(clip.read_bytes())
    at = data.index(b"mvhd") + 4
    struct.pack_into(">II", data, at + 12, 1000, 10 * HOUR * 1000)
    path = tmp_path / "long.mp4"
    path.write_bytes(data)
    assert judged(path).fault is Fault.TOO_LONG


def test_a_video_that_is_too_long_or_has_a_hole_is_refused(clip: Path, tmp_path: Path) -> None:
    assert judged(clip, seconds_max=3).fault is Fault.TOO_LONG
    path = tmp_path / "hole.mkv"
    hole = "setpts=PTS+gte(N\\,50)*3600/TB"
    run_ffmpeg(["-i", str(clip), "-vf", hole, "-an", "-c:v", "mpeg4", "-fps_mode", "vfr",
                str(path)])  # fmt: skip
    assert judged(path).fault is Fault.DAMAGED


def test_a_file_without_a_picture_or_with_too_many_streams_is_refused(
    clip: Path, tmp_path: Path
) -> None:
    sound = tmp_path / "sound.m4a"
    run_ffmpeg(["-i", str(clip), "-vn", "-c", "copy", str(sound)])
    assert judged(sound).fault is Fault.NO_PICTURE
    crowd = tmp_path / "crowd.mkv"
    run_ffmpeg(["-i", str(clip), "-map", "0:v", *(["-map", "0:a"] * 17), "-c", "copy", str(crowd)])
    assert judged(crowd).fault is Fault.TOO_MANY_STREAMS


def test_formats_we_do_not_take_are_named(tmp_path: Path) -> None:
    path = make_clip(tmp_path, name="gif.mkv", seconds=1, tones=0, options=("-c:v", "gif"))
    assert judged(path).fault is Fault.UNSUPPORTED
    path = make_clip(tmp_path, name="short.mp4", seconds=0.2)
    assert judged(path).fault is Fault.TOO_SHORT


def test_an_enormous_picture_is_refused_by_its_header(tmp_path: Path) -> None:
    path = make_clip(
        tmp_path, name="huge.mkv", seconds=1, tones=0, rate="2", size="9000x64",
    )  # fmt: skip
    assert judged(path).fault is Fault.TOO_LARGE


def test_random_damage_is_survived(clip: Path, tmp_path: Path) -> None:
    data = bytearray(clip.read_bytes())
    for at in range(40, len(data), 997):
        data[at] ^= 0xFF
    path = tmp_path / "damaged.mp4"
    path.write_bytes(data)
    started = time.monotonic()
    probe(path, seconds_max=HOUR)
    assert time.monotonic() - started < 20


def test_reading_that_takes_too_long_or_too_much_is_ended(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probing, "SECONDS_MAX", 0)
    found = probe(clip, seconds_max=HOUR)
    assert isinstance(found, Bad)
    monkeypatch.undo()
    monkeypatch.setattr(probing, "MEMORY_BYTES_MAX", 60_000_000)
    found = probe(clip, seconds_max=HOUR)
    assert isinstance(found, Bad)
    assert found.fault in {Fault.DAMAGED, Fault.NOT_VIDEO, Fault.TRUNCATED}


def png(width: int, height: int) -> bytes:
    """A picture whose header promises what its few bytes do not hold."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (SVG, Fault.UNSUPPORTED),
        (b"<?xml?>" + SVG, Fault.UNSUPPORTED),
        (b"%PDF-1.7", Fault.UNSUPPORTED),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", Fault.UNSUPPORTED),
        (zip_bomb(), Fault.UNSUPPORTED),
        (png(60_000, 60_000), Fault.TOO_LARGE),
        (png(9_000, 9_000), Fault.TOO_LARGE),
        (png(100, 100), Fault.UNSUPPORTED),
        (bytes(20_000_001), Fault.TOO_LARGE),
    ],
)
def test_a_poster_is_raster_of_bounded_size(data: bytes, fault: Fault) -> None:
    found = stills.read_poster(data)
    assert isinstance(found, Bad)
    assert found.fault is fault


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_every_raster_format_is_a_poster(form: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (640, 360), "navy").save(file, form)
    found = stills.read_poster(file.getvalue())
    assert isinstance(found, Image.Image)
    assert (found.size, found.mode) == ((640, 360), "RGB")


def test_no_request_leaves_while_a_playlist_is_looked_at(
    tmp_path: Path, quiet_port: Callable[[], int]
) -> None:
    """What names other hosts is not followed: nobody knocks at the port that it names."""
    port = quiet_port()
    address = "http://127.0.0.1:{}/a.ts\n"
    for number, start in enumerate(("#EXTM3U\n#EXTINF:4,\n", "ffconcat version 1.0\nfile ")):
        path = tmp_path / f"{number}.mp4"
        path.write_text(start + address.format(port))
        judged(path)
