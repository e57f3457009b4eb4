from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotinos.channel.timedtext import BadTrack, CueText, TrackText, cues, read_track, text_of

VTT = """WEBVTT - subtitles

STYLE
::cue { color: red }

NOTE 00:00.000 --> 00:09.000
not seen

1
00:01.000 --> 00:02.500 align:start onload:alert(1)
<v Ada>Hello</v> & <b>you</b>
1 < 2 <script>alert(1)</script>

00:00:00.000 --> 00:00:01.000
First
"""
SRT = (
    "1\r\n00:00:01,000 --> 00:00:02,5\r\n{\\an8}<font color=red>Bonjour</font>\r\n"
    "<i>tous</i>\r\n\r\n2\r\n00:01:00,000 --> 00:01:01,000\r\nالعربية\r\n"
)


def read(text: str) -> TrackText:
    found = read_track(text.encode())
    assert isinstance(found, TrackText), found
    return found


def test_webvtt_is_read_in_order_and_made_harmless() -> None:
    first, second = read(VTT).cues
    assert first == CueText(0, 1000, ("First",))
    assert second == CueText(
        1000, 2500, ("<v Ada>Hello</v> &amp; <b>you</b>", "1 &lt; 2 alert(1)"), "align:start"
    )


def test_subrip_becomes_webvtt() -> None:
    text = read("\ufeff" + SRT).text
    assert text == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nBonjour\n<i>tous</i>\n\n"
        "00:01:00.000 --> 00:01:01.000\nالعربية\n\n"
    )
    assert read_track(SRT.encode("utf-16")) == read(SRT)


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"x" * 2_000_001, "too-large", 0),
        (b"\xff\x00\xd8binary", "encoding", 0),
        (b"PK\x03\x04\x00\x00", "encoding", 0),
        (b"<svg/>", "no-cues", 0),
        (b"WEBVTT\n\n00:02.000 --> 00:01.000\nback", "order", 3),
        (b"WEBVTT\n\nsoon --> later\nx", "time", 3),
        (b"WEBVTT\n\n00:99.000 --> 01:01.000\nx", "time", 3),
        (b"WEBVTT\n\n00:00.000 --> 00:01.000\n" + b"x" * 1001, "line-too-long", 3),
        (b"WEBVTT\n\n" + b"00:00.000 --> 00:01.000\nx\n\n" * 20_001, "too-many-cues", 0),
    ],
)
def test_what_is_no_track_says_why(data: bytes, code: str, line: int) -> None:
    found = read_track(data)
    assert found == BadTrack(code, line)
    assert isinstance(found, BadTrack)
    assert found.words


@pytest.mark.parametrize("piece", ["<", "&", "-->", "00:00.000 --> ", " \t", "<b", "{\\", "1:"])
def test_a_hostile_track_takes_no_time(piece: str) -> None:
    data = (piece * (1_900_000 // len(piece))).encode()
    started = time.perf_counter()
    read_track(data)
    read_track(b"WEBVTT\n\n00:00.000 --> 00:01.000\n" + data)
    assert time.perf_counter() - started < 2


lines = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=40)


@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(1, 10**5), lines), min_size=1))
def test_what_was_written_is_read_again(given_cues: list[tuple[int, int, str]]) -> None:
    text = "WEBVTT\n\n" + text_of(CueText(at, at + ms, (line,)) for at, ms, line in given_cues)
    found = read_track(text.encode())
    if isinstance(found, TrackText):
        assert read_track(found.text.encode()) == found
        assert tuple(cues(found.text)) == found.cues
