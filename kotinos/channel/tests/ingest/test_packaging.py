"""What a package is: whole ticks, exact segments, every rung, pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from kotinos.channel.contracts import LADDER
from kotinos.channel.ingest import boxes, ladder, packaging
from kotinos.channel.ingest.probe import Source, probe
from kotinos.channel.ingest.running import Order
from kotinos.channel.tests.clips import make_clip, run_ffmpeg
from kotinos.kernel.ids import new_id

if TYPE_CHECKING:
    from pathlib import Path


def make(path: Path, folder: Path, *, seconds_max: int = 3600) -> packaging.Made:
    order = packaging.Order(new_id(), new_id(), path, None, seconds_max)
    folder.mkdir()
    made = packaging.make(order, folder=folder, beat=lambda _percent: Order.GO)
    assert isinstance(made, packaging.Made), made
    return made


def test_a_package_is_whole_ticks_with_every_rung(clip: Path, tmp_path: Path) -> None:
    folder = tmp_path / "package"
    facts = make(clip, folder).facts
    assert (facts.ticks, facts.frames_per_second) == (2, 30)
    assert facts.names == {*LADDER, "a"}
    assert facts.content_ms == pytest.approx(5000, abs=60)
    for rung in (*LADDER, "a"):
        names = sorted(path.name for path in (folder / rung).iterdir())
        assert names == ["00000.m4s", "00001.m4s", "init.mp4"]
    for shown in facts.pictures:
        assert (shown.width, shown.height) == LADDER[shown.name]
        scale = boxes.timescale((folder / shown.name / "init.mp4").read_bytes())
        parts = [(folder / shown.name / f"0000{k}.m4s").read_bytes() for k in (0, 1)]
        assert [boxes.times(part) for part in parts] == [(0, 4 * scale), (4 * scale, 4 * scale)]
    assert sum(facts.audio_us) == pytest.approx(8_000_000, abs=21_334)


def test_its_pictures_have_their_sizes(clip: Path, tmp_path: Path) -> None:
    folder = tmp_path / "package"
    make(clip, folder)
    sizes = {}
    for name in ("poster-320.webp", "poster-1280.webp", "poster.jpg", "storyboard.webp"):
        with Image.open(folder / name) as picture:
            sizes[name] = picture.size
    assert sizes == {
        "poster-320.webp": (320, 180),
        "poster-1280.webp": (1280, 720),
        "poster.jpg": (1280, 720),
        "storyboard.webp": (320, 90),
    }
    board = (folder / "storyboard.vtt").read_text(encoding="utf-8")
    assert "00:00:04.000 --> 00:00:08.000\nstoryboard.webp#xywh=160,0,160,90" in board


def test_silence_is_added_and_a_second_tone_describes(tmp_path: Path) -> None:
    mute = make_clip(tmp_path, name="mute.mkv", tones=0, seconds=3, size="180x320", rate="12")
    facts = make(mute, tmp_path / "one").facts
    assert (facts.ticks, facts.frames_per_second, len(facts.audio_us)) == (1, 24, 1)
    both = make_clip(tmp_path, name="both.mkv", tones=2, seconds=3)
    facts = make(both, tmp_path / "two").facts
    assert [rung.name for rung in facts.sounds] == ["a", "d"]


@pytest.mark.parametrize(
    ("rate", "whole"),
    [(23.976, 24), (25, 25), (29.97, 30), (59.94, 60), (50, 50), (15, 30), (12, 24), (240, 60)],
)
def test_rates_become_whole(rate: float, whole: int) -> None:
    assert ladder.whole_rate(rate) == whole


def test_a_short_tail_is_cut() -> None:
    assert [ladder.ticks_of(ms) for ms in (1000, 4000, 4100, 4121, 8000, 8121)] == [
        1,
        1,
        1,
        2,
        2,
        3,
    ]


def test_what_cameras_send_is_understood(tmp_path: Path) -> None:
    """Fields instead of pictures, high dynamic range, pictures left out."""
    draw = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=4"]
    hdr = "format=yuv420p10le,setparams=color_trc=smpte2084:color_primaries=bt2020"
    made = {
        "fields.ts": ["-vf", "interlace", "-c:v", "mpeg2video", "-flags", "+ildct+ilme"],
        "hdr.mkv": ["-vf", hdr, "-c:v", "libx264"],
        "few.mkv": ["-vf", "select=lt(n\\,60)+not(mod(n\\,7))", "-fps_mode", "vfr"],
    }
    seen = {}
    for name, options in made.items():
        run_ffmpeg([*draw, *options, str(tmp_path / name)])
        found = probe(tmp_path / name, seconds_max=60)
        assert isinstance(found, Source), found
        seen[name] = (found.interlaced, found.hdr, ladder.whole_rate(found.rate))
    assert seen["fields.ts"][:2] == (True, False)
    assert seen["hdr.mkv"] == (False, True, 30)
    assert seen["few.mkv"] == (False, False, 30)


def test_every_shape_fits_into_the_ladder(tmp_path: Path) -> None:
    flat = make_clip(
        tmp_path, seconds=1, size="64x1024", tones=0, options=("-aspect", "4:3"), name="flat.mkv"
    )
    assert make(flat, tmp_path / "package").facts.ticks == 1
