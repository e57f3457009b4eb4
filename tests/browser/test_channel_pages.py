"""The channel's pages: for everybody, from our host only, and they sell what is seen."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.browser import DESKTOP, PHONE, colours_of, reader, said, violations
from tests.browser.conduct import watch
from tests.browser.steps import choose, fill_checkout, order_number, place_order
from tests.site.screening import screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.site.site import Site

pytestmark = pytest.mark.browser
SECONDS_MAX = 20.0
PAGES = ("", "videos/", "video/lanes/", "watch/{edition}-one/", "guide/")
PLAYER = "document.querySelector('kotinos-player')"
_SCROLLED = """px => document.querySelector("[data-rail]")?.scrollTo(
    {top: px, left: px * (document.dir === "rtl" ? -1 : 1)})"""
# What is on screen depends on the clock: here everything is, so that every flag is looked at.
_ALL_IS_SEEN = """for (const one of document.querySelectorAll("[data-cue]")) {
    Object.assign(one.dataset, {at: 0, until: 1e15});
    one.classList.add("is-now");
}"""
_ADDRESS = re.compile(r"""(?:\ssrc|\saction|\sposter|\ssrcset)="([^"]*)"|url\(([^)]*)\)""")
_LINK = re.compile(r'<a [^>]*href="(https?://[^"]+)"[^>]*>')


@pytest.fixture(scope="module")
def site(site: Site) -> Site:
    """The site of all tests, with a channel."""
    screen(site)
    return site


def until(page: Page, expression: str) -> Any:
    """Ask the page until it says something true: its own policy forbids Playwright's waiting."""
    deadline = time.monotonic() + SECONDS_MAX
    while time.monotonic() < deadline:
        found = page.evaluate(expression)
        if found:
            return found
        page.wait_for_timeout(100)
    raise AssertionError(f"never: {expression}; {page.evaluate(f'{PLAYER}?.dataset.state')}")


def _pages(place: str) -> Iterator[str]:
    edition = "zh" if place.startswith("zh") else "global"
    for path in PAGES:
        yield f"/{place}/channel/{path.format(edition=edition)}"


@pytest.mark.parametrize(
    ("place", "size", "faults_of"),
    [
        ("en-jp", DESKTOP, "all"),
        ("ar-sa", PHONE, "all"),
        ("fr-fr", PHONE, "width"),
        ("zh-hans-cn", PHONE, "width"),
    ],
)
def test_every_page_is_for_everybody(
    site: Site, browser: Browser, place: str, size: tuple[int, int], faults_of: str
) -> None:
    """No serious fault by day or by night, nothing wider than the screen, no other host."""
    look = _faults if faults_of == "all" else _too_wide
    context = reader(browser, size=size)
    book, page = watch(context, site.base), context.new_page()
    faults = []
    for path in (*_pages(place), f"/{place[:-2]}de/channel/video/lanes/"):
        page.goto(site.base + path, wait_until="load")
        faults += [f"{path}: {fault}" for fault in look(page) if fault]
    context.close()
    assert not faults + book.faults, "\n".join(faults + book.faults)


def _faults(page: Page) -> list[str]:
    page.evaluate(_ALL_IS_SEEN)
    faults = [said(violations(page)), *_too_wide(page)]
    ends = (0, 1_000_000) if page.locator("[data-rail]").count() else (0,)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for end in ends:
            page.evaluate(_SCROLLED, end)
            faults.append(f"{scheme}, {end}: {found}" if (found := said(colours_of(page))) else "")
    page.emulate_media(color_scheme="light")
    return faults


def _too_wide(page: Page) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{wide} px too wide"] if wide else []


def test_a_first_visit_is_light_and_the_player_comes_on_intent(
    site: Site, browser: Browser
) -> None:
    context = reader(browser)
    book, page = watch(context, site.base), context.new_page()
    loaded: list[tuple[str, int]] = []
    page.on("response", lambda one: loaded.append((one.url, _size(one))))
    page.goto(f"{site.base}/en-jp/channel/video/lanes/", wait_until="networkidle")
    heavy = sum(size for url, size in loaded if "/media/" not in url and "/pictures/" not in url)
    assert heavy <= 150_000, loaded
    assert not [url for url, _ in loaded if "/vendor/hls/" in url or "media-chrome" in url]
    page.locator("[data-play]").click()
    until(page, f"{PLAYER}.video?.currentTime > 1")
    assert page.evaluate(f"{PLAYER}.stats.stalls") == 0
    context.close()
    assert not book.faults, book.faults


def _size(answer: Any) -> int:
    return int(answer.headers.get("content-length", 0))


def test_the_player_is_used_by_keyboard_alone_and_is_named_for_readers(
    site: Site, browser: Browser
) -> None:
    context = reader(browser)
    book, page = watch(context, site.base), context.new_page()
    page.goto(f"{site.base}/fr-fr/channel/video/lanes/")
    page.locator("[data-play]").focus()
    page.keyboard.press("Enter")
    until(page, f"{PLAYER}.video?.currentTime > 0.5")
    button = page.locator("media-play-button")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-label", "Pause")
    page.keyboard.press("Space")
    until(page, f"{PLAYER}.video.paused")
    expect(button).to_have_attribute("aria-label", "Lire")
    before = page.evaluate(f"{PLAYER}.currentMs")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("media-seek-forward-button")).to_be_focused()
    page.keyboard.press("Enter")
    until(page, f"{PLAYER}.currentMs > {before + 4000}")
    assert not said(violations(page))
    context.close()
    assert not book.faults, book.faults


def test_captions_quality_sound_and_speed_can_be_chosen(site: Site, browser: Browser) -> None:
    context = reader(browser)
    book, page = watch(context, site.base), context.new_page()
    page.goto(f"{site.base}/en-jp/channel/video/lanes/")
    page.locator("[data-play]").click()
    until(page, f"{PLAYER}.video?.currentTime > 0.5")
    assert page.evaluate(f"{PLAYER}.hls.levels.length") == 3
    assert page.evaluate(f"{PLAYER}.hls.audioTracks.length") == 2
    until(page, "document.querySelector('media-captions-menu')?.radioGroupItems?.length >= 5")
    until(page, "document.querySelector('media-rendition-menu').radioGroupItems.length === 4")
    until(page, "document.querySelector('media-audio-track-menu').radioGroupItems.length === 2")
    page.locator("media-captions-button").click()
    until(page, f"[...{PLAYER}.video.textTracks].some(one => one.mode === 'showing')")
    page.evaluate(f"{PLAYER}.video.audioTracks[1].enabled = true")
    until(page, f"{PLAYER}.hls.audioTrack === 1")
    context.close()
    assert not book.faults, book.faults


def test_a_line_of_the_transcript_leads_to_its_moment_and_follows_it(
    site: Site, browser: Browser
) -> None:
    context = reader(browser)
    page = context.new_page()
    page.goto(f"{site.base}/en-jp/channel/video/lanes/")
    page.locator("[data-line='8000'] a").click()
    until(page, f"{PLAYER}.currentMs > 8000")
    expect(page.locator("[data-line='8000']")).to_have_attribute("aria-current", "true")
    context.close()


def test_what_is_seen_goes_into_the_basket_in_place_and_the_order_knows_the_moment(
    site: Site, browser: Browser
) -> None:
    context = reader(browser)
    book, page = watch(context, site.base), context.new_page()
    page.goto(f"{site.base}/en-jp/channel/video/lanes/")
    page.locator("[data-play]").click()
    card = page.locator(".seen.is-now").first
    expect(card).to_be_visible(timeout=SECONDS_MAX * 1000)
    assert "{product}" not in page.locator("[data-announce]").inner_text()
    card.locator("button").click()
    expect(page.locator("[data-toast]")).to_be_visible()
    assert page.url.endswith("/channel/video/lanes/")
    until(page, "document.querySelector('[data-count]:not([hidden])')?.textContent === '1'")
    page.goto(f"{site.base}/en-jp/checkout/")
    fill_checkout(page)
    place_order(page)
    choose(page, "approve")
    page.wait_for_url("**/order/**")
    number = order_number(page)
    rows = site.rows(
        "SELECT line.via FROM orders_orderline AS line JOIN orders_order AS placed"
        " ON placed.id = line.order_id WHERE placed.number = %s",
        number,
    )
    ((via,),) = rows
    assert re.fullmatch(r"channel:lanes:[0-9a-f-]{36}:[0-9]+", via), via
    assert int(via.rpartition(":")[2]) >= 1000
    context.close()
    assert not book.faults, book.faults


def test_a_refusal_explains_itself_and_takes_a_wish(site: Site, browser: Browser) -> None:
    context = reader(browser, size=PHONE)
    page = context.new_page()
    page.goto(f"{site.base}/en-de/channel/video/lanes/")
    expect(page.locator("h1")).to_contain_text("Germany")
    expect(page.locator(".worldmap")).to_be_visible()
    page.locator("[name=email]").fill("hana@example.org")
    page.get_by_role("button", name="Tell me").click()
    expect(page.locator("h1")).to_contain_text("We will tell you")
    context.close()


def test_a_channel_that_never_ends_says_what_is_on(site: Site, browser: Browser) -> None:
    context = reader(browser)
    book, page = watch(context, site.base), context.new_page()
    page.goto(f"{site.base}/en-jp/channel/watch/global-one/")
    page.locator("[data-play]").click()
    until(page, f"{PLAYER}.video?.currentTime > 1")
    expect(page.locator("[data-now-url] h1")).not_to_be_empty()
    expect(page.locator("media-live-button")).to_be_visible()
    context.close()
    assert not book.faults, book.faults


@pytest.mark.parametrize("place", ["en-jp", "zh-hans-cn"])
def test_no_page_of_an_edition_names_another_host_but_in_links_to_share(
    site: Site, place: str
) -> None:
    for path in _pages(place):
        page = site.get(path).text
        for found in _ADDRESS.findall(page):
            address = found[0] or found[1]
            assert "//" not in address or address.startswith(site.base), (path, address)
        links = [link for link in _LINK.findall(page) if not link.startswith(site.base)]
        assert all(link.startswith("https://service.weibo.com/share/") for link in links), links
        assert not links or path.endswith("video/lanes/")


def test_the_chinese_edition_has_its_own_home_foot_sharing_and_till(site: Site) -> None:
    home = site.get("/zh-hans-cn/channel/").text
    assert "最新上线" in home
    assert "京ICP备00000000号" in home
    assert "由 ZHCAST（虚构）播出" in home
    video = site.get("/zh-hans-cn/channel/video/lanes/").text
    assert "service.weibo.com" in video
    code = site.get("/zh-hans-cn/channel/video/lanes/wechat.svg")
    assert code.headers["Content-Type"] == "image/svg+xml"
    assert code.text.startswith("<svg")


def test_without_a_script_there_is_the_picture_the_words_and_the_goods(
    site: Site, browser: Browser
) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 1200, "height": 900}
    )
    page = context.new_page()
    page.goto(f"{site.base}/en-jp/channel/video/lanes/")
    expect(page.locator(".player img")).to_be_visible()
    expect(page.get_by_text("Playing needs JavaScript")).to_be_visible()
    expect(page.locator("[data-line='8000']")).to_be_visible()
    expect(page.locator("[data-play]")).to_be_hidden()
    page.locator(".seen button").first.click()
    expect(page).to_have_url(re.compile("/basket/"))
    context.close()
