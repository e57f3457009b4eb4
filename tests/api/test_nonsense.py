"""Whatever strangers send, nobody gets a 500, and nobody waits for long."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.api.asking import SERVER_ERROR, Ask, raw, raw_status, wrong_answers
from tests.api.nonsense import BODIES, HEADERS, PATHS, RAW_PATHS, TEXTS

if TYPE_CHECKING:
    from tests.site.site import Site

PAGES = (
    "/{}/",
    "/en-jp/{}/",
    "/en-jp/products/{}/",
    "/en-jp/teams/{}/",
    "/en-jp/collections/{}/",
    "/en-jp/order/{}/",
    "/en-jp/tell-me/{}/",
    "/sandbox/pay/{}",
    "/payments/notices/{}",
    "/themes-{}.css",
    "/media/{}",
    "/static/{}",
    "/fast/{}",
    "/office/{}/",
    "/account/{}/",
    "/api/v1/{}",
    "/api/v1/products/{}?territory=JP",
    "/api/v1/products/{}/clearance?territory=JP",
)
ASKED = {
    "/en-jp/shop/": (
        "q",
        "team",
        "kind",
        "sport",
        "collection",
        "price",
        "sort",
        "page",
        "edition",
    ),
    "/en-jp/search/": ("q", "page", "sort"),
    "/en-jp/teams/KEN/": ("page", "kind", "min", "max"),
    "/en-jp/basket/": ("notice",),
    "/en-jp/place/": ("at", "territory", "language"),
    "/en-jp/place/go": ("at", "territory", "language"),
    "/en-jp/feeds/merchant.xml": ("part",),
    "/beacon/refusal": ("token",),
    "/api/v1/products": ("territory", "language", "q", "team", "kind", "page"),
    "/account/login/": ("next",),
}
DOORS = (
    "/en-jp/basket/add",
    "/en-jp/basket/change",
    "/en-jp/basket/prune",
    "/en-jp/checkout/",
    "/en-jp/order/AAAA.AAAA/pay",
    "/en-jp/tell-me/ken-home-jersey/",
    "/en-jp/place/go",
    "/beacon/refusal",
    "/payments/notices/sandbox",
    "/payments/notices/nobody",
    "/sandbox/pay/AAAA.AAAA",
    "/account/login/",
    "/account/signup/",
    "/fast/basket",
    "/en-jp/",
)


def test_no_address_breaks_a_page(site: Site) -> None:
    asks = [
        Ask(page.format(path)[:90], "GET", page.format(path))
        for page, path in product(PAGES, PATHS)
    ]
    assert wrong_answers(site, asks) == []


def test_no_question_breaks_a_page(site: Site) -> None:
    asks = [
        Ask(
            f"{path} {name}={text[:20]!r}",
            "GET",
            f"{path}?{name}={quote(text[:3000])}&territory=JP",
        )
        for path, names in ASKED.items()
        for name, text in product(names, TEXTS)
    ]
    assert wrong_answers(site, asks) == []


def test_no_body_breaks_a_door(site: Site) -> None:
    asks = [
        Ask(f"POST {path} {kind[:40]} {body[:20]!r}", "POST", path, body, (("Content-Type", kind),))
        for path, (kind, body) in product(DOORS, BODIES)
    ]
    assert wrong_answers(site, asks) == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "HEAD"])
def test_no_other_method_breaks_a_page(site: Site, method: str) -> None:
    pages = [*DOORS, "/en-jp/shop/", "/api/v1/products", "/media/x", "/fast/health"]
    asks = [Ask(f"{method} {path}", method, path, b"x") for path in pages]
    assert wrong_answers(site, asks) == []


def test_no_header_breaks_a_page(site: Site) -> None:
    pages = (
        "/",
        "/en-jp/",
        "/en-jp/shop/",
        "/en-jp/basket/",
        "/fast/basket",
        "/api/v1/teams?territory=JP",
        "/account/login/",
    )
    asks = [
        Ask(f"{path} {header[0]}: {header[1][:30]}", "GET", path, None, (header,))
        for path, header in product(pages, HEADERS)
    ]
    assert wrong_answers(site, asks) == []


def test_no_raw_path_leads_out_of_its_folder_or_breaks(site: Site) -> None:
    faults = []
    for path in RAW_PATHS:
        host = b"Host: 127.0.0.1\r\nConnection: close\r\n\r\n"
        answer = raw(site, b"GET " + path + b" HTTP/1.1\r\n" + host)
        leaks = b"root:" in answer or b"ALLOWED_HOSTS" in answer
        if raw_status(answer) >= SERVER_ERROR or leaks:
            faults.append((path[:60], answer[:60]))
    assert faults == []


def test_a_forged_host_is_in_no_page_that_others_get(site: Site) -> None:
    """A cache that keeps what one stranger's header made would give it to everybody."""
    path = "/en-jp/teams/"
    for name, value in HEADERS[:7]:
        site.get(path + "?again", headers={name: value})
    assert "elsewhere.example" not in site.get(path + "?again").text
    assert site.get(path + "?again").status_code == 200
