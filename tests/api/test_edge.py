"""An edge keeps what everybody is sent, and hands it to nobody without a pass for it."""

from __future__ import annotations

from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import pytest
import requests

from tests.site.edge import edge
from tests.site.screening import screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.site.site import Site

SECONDS_MAX = 20.0


@pytest.fixture(scope="module")
def base(site: Site) -> Iterator[str]:
    """The edge's address, in front of a site with a channel."""
    screen(site)
    with edge(site.base) as address:
        yield address


def _get(address: str) -> requests.Response:
    return requests.get(address, timeout=SECONDS_MAX)


def _played(base: str, place: str, code: str = "lanes") -> tuple[str, str, bytes]:
    """A segment's address as a player finds it, the pass it goes with, and its bytes."""
    said = _get(f"{base}/fast/channel/play/video/{code}?place={place}").json()
    master = urljoin(base, said["src"])
    rung = urljoin(master, _addresses(_get(master).text)[0])
    listed = _get(rung.replace("{$t}", said["src"].split("t=")[1]))
    assert listed.status_code == 200, listed.url
    address = urljoin(rung, _addresses(listed.text)[-1]).split("?")[0]
    token = str(said["src"]).split("t=")[1]
    return address, token, _get(f"{address}?t={token}").content


def _addresses(playlist: str) -> list[str]:
    return [line for line in playlist.splitlines() if line and not line.startswith("#")]


def test_a_segment_is_kept_and_is_the_same_bytes(site: Site, base: str) -> None:
    address, token, first = _played(base, "en-jp")
    _, another, _ = _played(base, "en-jp")
    again = _get(f"{address}?t={another}")
    assert (again.status_code, again.headers["X-Cache"]) == (200, "HIT")
    origin = _get(f"{address.replace(base, site.base)}?t={token}")
    assert first == again.content == origin.content


def test_what_is_kept_is_for_those_with_a_pass_for_it(base: str) -> None:
    address, token, _ = _played(base, "en-jp")
    assert _get(f"{address}?t={token}").headers["X-Cache"] == "HIT"
    master = _get(f"{base}/fast/channel/play/video/sticks?place=en-jp").json()["src"]
    for query in ("", "?t=", f"?t={token}x", f"?t={master.split('t=')[1]}"):
        assert _get(address + query).status_code == 403, query
    assert _get(f"{base}/gate").status_code == 404


def test_no_other_spelling_of_an_address_opens_what_is_kept(base: str) -> None:
    """The edge looks up the path as it understands it, the gate judges it as it was sent."""
    lanes, _, _ = _played(base, "en-jp")
    sticks, token, _ = _played(base, "en-jp", "sticks")
    theirs, mine = (urlsplit(address).path.split("/") for address in (lanes, sticks))
    aside = [*mine[:-1], *[".."] * (len(mine) - 5), *theirs[4:]]
    for path in (
        "/".join(aside),
        "/".join(aside).replace("..", "%2e%2e"),
        "/".join(theirs).replace("media", "m%65dia"),
        "/".join(theirs).replace("/media", "//media"),
    ):
        wire = HTTPConnection(urlsplit(base).netloc, timeout=SECONDS_MAX)
        wire.request("GET", f"{path}?t={token}")
        assert wire.getresponse().status in {403, 404}, path
        wire.close()


def test_the_rest_of_the_site_is_as_without_an_edge(site: Site, base: str) -> None:
    for path in ("/en-jp/", "/en-jp/shop/", "/fast/health", "/en-jp/nothing/"):
        here, there = _get(base + path), site.get(path)
        assert (here.status_code, len(here.content)) == (there.status_code, len(there.content))
