from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from kotinos.catalog import api as catalog
from kotinos.catalog import beacon, feeds, views
from kotinos.catalog.tests.conftest import NOW, Bazaar, at
from kotinos.games import api as games
from kotinos.kernel import clock

if TYPE_CHECKING:
    from kotinos.catalog.contracts import RefusalPanel

STATEMENTS_MAX = 8


def _refusal(bazaar: Bazaar, handle: str, place: str) -> RefusalPanel:
    refusal = bazaar.page(handle, place).refusal
    assert refusal is not None
    return refusal


def test_a_cleared_product_shows_every_variant_with_its_price(bazaar: Bazaar) -> None:
    with CaptureQueriesContext(connection) as queries:
        page = bazaar.page("ken-jersey")
    assert len(queries) <= STATEMENTS_MAX
    assert page.state is catalog.ProductState.CLEARED
    assert [(v.label, v.price.amount_minor, v.units_available) for v in page.variants] == [
        ("S", 9000, 5),
        ("M", 9500, 3),
    ]
    assert page.description_html == "<p>Light <b>jersey</b></p>"
    assert page.alternatives == ()


def test_a_refusal_says_why_where_and_what_is_near(bazaar: Bazaar) -> None:
    page = bazaar.page("jpn-jersey", "fr-fr")
    refusal = _refusal(bazaar, "jpn-jersey", "fr-fr")
    assert page.state is catalog.ProductState.REFUSED
    assert page.variants == ()
    assert refusal.sentence
    assert [place.code for place in refusal.sold_in] == ["JP"]
    assert [alternative.nearness for alternative in page.alternatives][:1] == ["same-kind"]
    assert all(a.card.team and a.card.team.code == "FRA" for a in page.alternatives[:1])


def test_a_sold_out_product_offers_others(bazaar: Bazaar) -> None:
    page = bazaar.page("ken-pin")
    assert page.state is catalog.ProductState.SOLD_OUT
    assert page.alternatives[0].nearness == "same-team"


def test_an_unknown_handle_is_no_product(bazaar: Bazaar) -> None:
    del bazaar
    assert catalog.product_page(at("en-jp"), "nothing", now=NOW) is None


def test_json_ld_names_the_regions_and_cannot_end_its_element(bazaar: Bazaar) -> None:
    page = bazaar.page("jpn-jersey", "en-fr")
    data = json.loads(page.json_ld)
    assert data["offers"][0]["eligibleRegion"] == ["JP"]
    assert data["offers"][0]["ineligibleRegion"] == ["FR"]
    assert "<" not in page.json_ld


def test_a_refusal_counts_once_for_a_visitor_and_day(
    bazaar: Bazaar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    url = _refusal(bazaar, "jpn-jersey", "en-fr").beacon_url
    for method in ("get", "get", "post"):
        request = getattr(RequestFactory(), method)(url)
        if method == "post":
            token = url.partition("token=")[2]
            request = RequestFactory().post("/beacon/refusal", {"token": token})
        request.META["HTTP_USER_AGENT"] = "Mozilla/5.0"
        assert views.refusal_beacon(request).status_code in {200, 204}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), bool_or(bot) FROM rights_refusal")
        assert cursor.fetchone() == (1, False)


@pytest.mark.parametrize("token", ["", "x", "x.y", "\x00", "a" * 5000])
def test_a_forged_beacon_writes_nothing(bazaar: Bazaar, token: str) -> None:
    del bazaar
    assert not beacon.count_refusal(token=token, ip="::1", user_agent="M", now=NOW)


def test_programs_that_say_so_are_flagged() -> None:
    assert beacon.is_bot("Googlebot/2.1")
    assert beacon.is_bot("")
    assert not beacon.is_bot("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")


def test_feeds_hold_what_is_cleared(bazaar: Bazaar) -> None:
    del bazaar
    text = feeds.merchant_feed(at("en-ke"), part=1, now=NOW)
    assert "ken-jersey" in text
    assert "jpn-jersey" not in text
    assert "60.00 USD" in text
    assert "/en-ke/products/ken-jersey/" in feeds.sitemap(at("en-ke"), now=NOW)
    assert "/ar-jp/sitemap.xml" in feeds.sitemap_index()


def test_offers_for_checkout_are_the_pages_prices(bazaar: Bazaar) -> None:
    page = bazaar.page("ken-jersey")
    for variant in page.variants:
        offer = catalog.offer_for(
            variant_id=variant.variant_id, seller_id=variant.seller_id, territory="JP"
        )
        assert isinstance(offer, catalog.PricedOffer)
        assert (offer.amount_minor, offer.currency) == (variant.price.amount_minor, "JPY")
    stranger = games.organisation("IOC")
    assert stranger is not None
    assert catalog.offer_for(
        variant_id=page.variants[0].variant_id, seller_id=stranger.id, territory="JP"
    ) == catalog.NotOffered(page.variants[0].variant_id, "unknown-variant")
