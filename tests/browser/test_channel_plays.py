"""The channel plays: on demand, round the clock over its boundaries, live, and late where due."""

from __future__ import annotations

import os
import re
import subprocess
import time
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import imageio_ffmpeg
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import sync_playwright

from kotinos.channel.live import bars
from kotinos.channel.live.terms import Source
from tests.browser.browser import ARGUMENTS, CHROMIUM, DESKTOP, reader
from tests.browser.conduct import watch
from tests.site import channel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.site.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("alone")]
PACKAGED_SECONDS_MAX = 120
LIVE_SECONDS_MAX = 10.0
LINEAR_SECONDS_MAX = 60.0
LAKE_SECONDS_MAX = 15.0
DROPPED_SHARE_MAX = 0.01
PLAYER = "document.querySelector('kotinos-player')"
_PLAYED = f"{PLAYER}.video && {PLAYER}.video.currentTime"
# What a viewer would notice: waits after the first picture, and how far the pictures came.
_BOOK = f"""() => {{
  const video = {PLAYER}.video;
  window.book = {{ waits: [] }};
  for (const name of ['waiting', 'stalled', 'error'])
    video.addEventListener(name, () => window.book.waits.push([name, video.currentTime,
      video.buffered.length ? video.buffered.end(video.buffered.length - 1) : null]));
}}"""
_QUALITY = f"""() => {{
  const seen = {PLAYER}.video.getVideoPlaybackQuality();
  return [seen.droppedVideoFrames, seen.totalVideoFrames, {PLAYER}.video.currentTime];
}}"""

_STATE = f"""() => {{
  const player = {PLAYER};
  return [player.dataset.state, player.video?.currentTime, player.video?.error?.message,
    player.querySelector('[data-status]')?.textContent, player.stats];
}}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that may begin to play without a hand on it."""
    arguments = [*ARGUMENTS, "--autoplay-policy=no-user-gesture-required", "--mute-audio"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="module")
def stage(site: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The small channel, all of it packaged."""
    ids: dict[str, str] = channel.say(site, "prepare", tmp_path_factory.mktemp("clips"))
    deadline = time.monotonic() + PACKAGED_SECONDS_MAX
    while not all(channel.say(site, "finish").values()):
        assert time.monotonic() < deadline, site.log.read_text(encoding="utf-8")[-3000:]
        time.sleep(0.5)
    return ids


def _until(page: Page, condition: str, *, seconds: float, what: str) -> None:
    """Ask from outside, because the page's content policy lets nobody evaluate text inside it."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(condition):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: {page.evaluate(_STATE)}")
        page.wait_for_timeout(100)


def _opened(browser: Browser, site: Site, path: str) -> Page:
    """A page with its player playing."""
    context = reader(browser, size=DESKTOP)
    book = watch(context, site.base)
    page = context.new_page()
    page.goto(site.base + path)
    page.locator("[data-play]").click()
    _until(page, f"{_PLAYED} > 0.2", seconds=20, what=f"{path} plays")
    assert book.faults == []
    return page


def test_on_demand_plays_seeks_changes_rung_and_shows_subtitles(
    browser: Browser, site: Site, stage: dict[str, str]
) -> None:
    assert stage
    page = _opened(browser, site, "/en-jp/channel/video/clip-long/")
    page.evaluate(f"{PLAYER}.seek(14_000)")
    _until(page, f"{_PLAYED} > 14.4 && {_PLAYED} < 18", seconds=10, what="seeks")
    heights = page.evaluate(f"{PLAYER}.hls.levels.map((level) => level.height)")
    assert sorted(heights) == [240, 480, 720]
    page.evaluate(f"{PLAYER}.seek(2_000)")
    for _ in range(2):  # there and back, each time to one that is not on the screen
        height = 240 if page.evaluate(f"{PLAYER}.video.videoHeight") > 240 else 720
        picked = heights.index(height)
        page.evaluate(f"{PLAYER}.video.videoRenditions.selectedIndex = {picked}")
        _until(
            page, f"{PLAYER}.video.videoHeight === {height}", seconds=12, what=f"rung of {height}"
        )
    page.evaluate(f"{PLAYER}.hls.subtitleDisplay = true; {PLAYER}.hls.subtitleTrack = 0")
    page.evaluate(f"{PLAYER}.seek(6_300)")
    shown = f"""[...{PLAYER}.video.textTracks].some((track) => track.kind !== 'chapters'
      && [...(track.activeCues ?? [])].some((cue) => /second \\d+/.test(cue.text)))"""
    _until(page, shown, seconds=12, what="subtitles")
    page.context.close()
    _is_counted(site)


def _is_counted(site: Site) -> None:
    """What the player told stands in the lake, seconds later."""
    deadline = time.monotonic() + LAKE_SECONDS_MAX
    query = "SELECT key FROM insight_file WHERE \"table\" = 'watching' AND removed_at IS NULL"
    found: set[str] = set()
    while not found:
        assert time.monotonic() < deadline, site.log.read_text(encoding="utf-8")[-3000:]
        for (key,) in site.rows(query):
            path = site.data / "insight" / "lake" / key
            views = pq.read_table(path, partitioning=None)["view"].to_pylist()
            found.update(view for view in views if re.fullmatch("[0-9a-f]{32}", view))
        time.sleep(0.2)


def test_linear_plays_over_boundaries_a_slate_and_an_edit_without_a_stall(
    browser: Browser, site: Site, stage: dict[str, str]
) -> None:
    packages = channel.say(site, "finish")
    assert stage
    # Two ticks, two, a gap that the slate fills, and what an editor takes out in time.
    items = ("clip-two", "clip-three:2", "-1", "clip-three")
    page = _opened(browser, site, f"/en-jp/channel/watch/{channel.CHANNEL}/")
    low = f"{PLAYER}.hls.levels.findIndex((level) => level.height === 240)"
    page.evaluate(f"{PLAYER}.hls.currentLevel = {low}")
    page.wait_for_timeout(2000)
    slots = channel.say(site, "place", channel.CHANNEL, "soon", *items)
    page.evaluate(_BOOK)
    before = page.evaluate(_QUALITY)
    began = time.monotonic()
    channel.say(site, "replace", slots[2], "clip-long")
    expected = [
        packages[code]
        for code in ("test-slate", "clip-two", "clip-three", "test-slate", "clip-long")
    ]
    seen: list[str] = []
    while len(seen) < len(expected) and time.monotonic() - began < LINEAR_SECONDS_MAX:
        page.wait_for_timeout(500)
        shown = _package_shown(page)
        if shown and seen[-1:] != [shown]:
            seen.append(shown)
    page.wait_for_timeout(2000)
    watched = time.monotonic() - began
    dropped, frames, at = page.evaluate(_QUALITY)
    assert seen == expected, (seen, packages)
    waits = page.evaluate("window.book.waits")
    assert waits == [], waits
    assert at - before[2] == pytest.approx(watched, abs=1.5)
    if not _patience():  # pictures are decoded without help: other work takes some of them
        assert dropped - before[0] <= DROPPED_SHARE_MAX * (frames - before[1]), (dropped, frames)
    page.context.close()


def _package_shown(page: Page) -> str:
    """Which package's fragment holds the moment that is shown."""
    found: str = page.evaluate(
        f"""() => {{
          const {{ hls, video }} = {PLAYER};
          const details = hls.levels[hls.currentLevel]?.details;
          const one = details?.fragments.find((f) => f.start <= video.currentTime
            && video.currentTime < f.start + f.duration);
          return one ? one.url.split('/').slice(-3)[0] : '';
        }}"""
    )
    return found


@contextmanager
def _camera(site: Site) -> Iterator[subprocess.Popen[bytes]]:
    """A camera far away: bars, a clock and a tone over SRT."""
    query = "SELECT id, code, protocol, port, key FROM channel_live_source WHERE code = %s"
    (row,) = site.rows(query, channel.SOURCE)
    words = bars.command(Source(*row), program=imageio_ffmpeg.get_ffmpeg_exe(), seconds=100)
    with subprocess.Popen(words, start_new_session=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def _last_instant(site: Site, place: str) -> float:
    """The instant of the end of what a territory's live playlist offers; 0 where nothing is."""
    asked = f"/fast/channel/play/live/{channel.SOURCE}?place={place}"
    answer = site.get(asked).json()
    if answer["verdict"] != "show":
        assert answer["reason"] == "off-air", answer
        return 0.0
    playlist = site.get(answer["src"].replace("master", "v240")).text
    dates = re.findall(r"PROGRAM-DATE-TIME:(\S+)", playlist)
    lengths = [float(one) for one in re.findall(r"#EXTINF:([\d.]+)", playlist)]
    if not dates or not lengths:
        return 0.0
    return datetime.fromisoformat(dates[0]).timestamp() + sum(lengths)


def test_live_plays_at_once_late_where_due_and_its_recording_is_a_package(
    browser: Browser, site: Site, stage: dict[str, str]
) -> None:
    assert stage
    page = reader(browser, size=DESKTOP).new_page()
    page.goto(f"{site.base}/en-jp/channel/live/{channel.SOURCE}/")  # it begins by itself
    with _camera(site):
        began = time.monotonic()
        while not page.evaluate(_PLAYED):
            page.wait_for_timeout(200)
            waited = time.monotonic() - began
            assert waited < LIVE_SECONDS_MAX + _patience(), page.evaluate(_STATE)
        page.context.close()
        _shown_late(site)
    _recorded(site)


def _patience() -> float:
    """On a machine with other things to do a second for each of them."""
    return max(0.0, os.getloadavg()[0] - (os.cpu_count() or 1))


def _shown_late(site: Site) -> None:
    """Once a minute is over, the late territory's playlist ends a minute before the others'."""
    deadline = time.monotonic() + 90
    while not (late := _last_instant(site, "en-ke")):
        assert time.monotonic() < deadline, "the late territory sees nothing"
        time.sleep(1)
    now = _last_instant(site, "en-jp")
    assert now - late == pytest.approx(channel.LATE_MINUTES * 60, abs=2.1), (now, late)


def _recorded(site: Site) -> None:
    """When the source is stopped, what came in becomes a programme's package."""
    done = site.say("channel", "live", "stop", channel.SOURCE)
    assert done.returncode == 0, done.stderr
    query = (
        "SELECT package.ticks FROM channel_live_session AS session JOIN channel_package AS package"
        " ON package.programme_id = session.recorded_id"
    )
    deadline = time.monotonic() + 60
    while not (found := site.rows(query)):
        assert time.monotonic() < deadline, site.rows("SELECT kind, reason FROM channel_job")
        time.sleep(1)
    assert found[0][0] >= 10
