"""Every kind of page a reader can meet, found on a running Kotinos through its own links.

Nothing is guessed: product, sold-out and refused pages are found by following lists, so the same
code serves the demo edition and any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACES = {"en": "en-jp", "ar": "ar-sa", "zh-hans": "zh-hans-cn", "fr": "fr-fr"}
"""The place whose pages show each language."""
ELSEWHERE = ("ke", "fr", "br", "us", "jp", "cn", "de", "in", "au", "sa")
"""Territories whose lists are searched for something that is refused in ours."""
SECONDS_MAX = 20
LOOKS_MAX = 60
_PRODUCT = re.compile(r'href="/[\w-]+/products/([^/"]+)/"')
_TEAM = re.compile(r'href="(/[\w-]+/teams/[A-Z]{3}/)"')
_COLLECTION = re.compile(r'href="(/[\w-]+/collections/[^/"]+/)"')
_DROP = re.compile(r'href="(/[\w-]+/drops/[^/"]+/)"')
_DRAW = re.compile(r'href="(/[\w-]+/draw/[^/"]+/)"')
_VIDEO = re.compile(r'href="/[\w-]+/channel/video/([^/"]+)/"')
_WATCH = re.compile(r'href="(/[\w-]+/channel/watch/[^/"]+/)"')
_STATE = re.compile(r'data-state="([\w-]+)"')


@dataclass(frozen=True, slots=True)
class Page:
    """One page to look at: its name on a sheet, its path, and the status it must answer with."""

    name: str
    path: str
    status: int = 200


def get(base: str, path: str) -> str:
    """The page's text; an error page's text too."""
    request = Request(base + path, headers={"User-Agent": "kotinos-look"})  # noqa: S310 - ours
    with urlopen(request, timeout=SECONDS_MAX) as answer:  # noqa: S310 - the server under test
        return str(answer.read().decode())


def public_pages(base: str, place: str) -> list[Page]:
    """Every public page for one place, as far as the server has something to show."""
    return pages_but_products(base, place) + list(_product_pages(base, place))


def pages_but_products(base: str, place: str) -> list[Page]:
    """The pages that a place has whatever is sold there, and its lists."""
    found = [
        Page("home", f"/{place}/"),
        Page("teams", f"/{place}/teams/"),
        Page("shop", f"/{place}/shop/"),
        Page("nothing found", f"/{place}/search/?q=qqxyzzy"),
        Page("place", f"/{place}/place/?at=/{place}/shop/"),
        Page("rights", f"/{place}/how-rights-work/"),
        Page("drops", f"/{place}/drops/"),
        Page("channel", f"/{place}/channel/"),
        Page("offline", f"/{place}/offline/"),
        Page("basket", f"/{place}/basket/"),
        Page("not found", f"/{place}/no-such-page/", status=404),
        Page("sign in", "/account/login/"),
        Page("sign up", "/account/signup/"),
        Page("password", "/account/password/reset/"),
    ]
    return found + list(_listed_pages(base, place))


def _listed_pages(base: str, place: str) -> Iterator[Page]:
    shop = get(base, f"/{place}/shop/")
    home = get(base, f"/{place}/")
    if team := _TEAM.search(home):
        yield Page("team", team[1])
    if collection := _COLLECTION.search(shop):
        yield Page("collection", collection[1])
    yield Page("search", f"/{place}/search/?q=ken")
    yield from _channel_pages(base, place)
    # The front page's is one that may be bought here.
    if drop := _DROP.search(home) or _DROP.search(get(base, f"/{place}/drops/")):
        yield Page("drop", drop[1])
        yield Page("line", f"{drop[1]}line/")
        if draw := _DRAW.search(get(base, drop[1])):
            yield Page("draw", draw[1])


def _channel_pages(base: str, place: str) -> Iterator[Page]:
    """What the channel has to show here, and a video that it may not."""
    home = get(base, f"/{place}/channel/")
    if "/channel/videos/" not in home:
        return
    yield Page("videos", f"/{place}/channel/videos/")
    yield Page("guide", f"/{place}/channel/guide/")
    if watch := _WATCH.search(home):
        yield Page("watch", watch[1])
    ours = set(_VIDEO.findall(get(base, f"/{place}/channel/videos/")))
    if ours:
        yield Page("video", f"/{place}/channel/video/{min(ours)}/")
    language = place.rpartition("-")[0]
    for code in ELSEWHERE:
        there = set(_VIDEO.findall(get(base, f"/{language}-{code}/channel/videos/")))
        if refused := sorted(there - ours):
            yield Page("video refused", f"/{place}/channel/video/{refused[0]}/")
            return


def _product_pages(base: str, place: str) -> Iterator[Page]:
    """One page of each state that is met within `LOOKS_MAX` products."""
    seen: set[str] = set()
    for handle in list(_handles(base, place))[:LOOKS_MAX]:
        path = f"/{place}/products/{handle}/"
        state = _STATE.search(get(base, path))
        if state and state[1] not in seen:
            seen.add(state[1])
            yield Page(f"product {state[1]}", path)
        if {"cleared", "refused"} <= seen:
            return


def _handles(base: str, place: str) -> Iterator[str]:
    """Products of our own list, then of other territories' lists: some of those are refused."""
    given: set[str] = set()
    language = place.rpartition("-")[0]
    lists = [f"/{place}/shop/", *(f"/{language}-{code}/shop/" for code in ELSEWHERE)]
    for number, path in enumerate(lists):
        fresh = [handle for handle in _PRODUCT.findall(get(base, path)) if handle not in given]
        given.update(fresh)
        yield from dict.fromkeys(fresh[:3] if number == 0 else fresh)
