from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kotinos.catalog import api as catalog
from kotinos.catalog.tests.conftest import NOW, Bazaar, at
from kotinos.games import api as games
from kotinos.rights import api as rights
from kotinos.rights.contracts import Act, Outlet

if TYPE_CHECKING:
    from kotinos.catalog.contracts import Facet

STATEMENTS_MAX = 8


def _facet(view: catalog.Listing, code: str) -> Facet:
    return next(facet for facet in view.facets if facet.code == code)


def _counts(view: catalog.Listing, code: str) -> dict[str, int]:
    return {value.code: value.count for value in _facet(view, code).values}


def test_a_list_shows_what_is_cleared_here_and_nothing_else(bazaar: Bazaar) -> None:
    handles = {card.handle for card in bazaar.list("en-jp").cards}
    assert {"ken-jersey", "jpn-scarf", "fra-pin"} <= handles
    assert {card.team.code for card in bazaar.list("en-ke").cards if card.team} == {"KEN"}
    assert not [
        card for card in bazaar.list("en-de").cards if card.team and card.team.code == "JPN"
    ]


@pytest.mark.parametrize("territory", ["JP", "KE", "FR", "BE", "US", "CN", "AQ"])
def test_the_list_is_equal_to_the_decision_for_every_product(
    bazaar: Bazaar, territory: str
) -> None:
    place = at(f"en-{territory.lower()}")
    shown = {
        card.handle for card in catalog.listing(place, catalog.Filters(), now=NOW, path="/").cards
    }
    market = catalog.market_of(territory)
    for team in ("KEN", "JPN", "FRA"):
        seller = games.organisation(f"NOC-{team}")
        assert seller is not None
        for kind in ("jersey", "scarf", "pin"):
            page = bazaar.page(f"{team.lower()}-{kind}", place.slug)
            cleared = all(
                isinstance(
                    rights.decide(
                        work_id=page.work_id,
                        seller_id=seller.id,
                        act=act,
                        outlet=Outlet.OWN_SHOP,
                        territory=territory,
                        at=NOW,
                    ),
                    rights.Cleared,
                )
                for act in (Act.SELL, Act.SHIP)
            )
            closed = kind == "scarf" and market is not None and market.code == "china"
            assert (page.handle in shown) == (cleared and not closed), page.handle
            assert (page.state is catalog.ProductState.REFUSED) == (not cleared)


def test_the_number_of_statements_does_not_depend_on_what_is_found(bazaar: Bazaar) -> None:
    counted = {}
    for name, asked in {
        "all": {},
        "filtered": {"team": "KEN", "kind": "jersey", "price": "2"},
        "none": {"team": "KEN", "sport": "athletics", "kind": "pin"},
    }.items():
        with CaptureQueriesContext(connection) as queries:
            bazaar.list("en-jp", **asked)
        counted[name] = len(queries)
    assert max(counted.values()) <= STATEMENTS_MAX
    assert counted["all"] == counted["filtered"]
    with CaptureQueriesContext(connection) as queries:
        bazaar.list("en-jp", q="jersy")
    assert len(queries) <= STATEMENTS_MAX


def test_facets_count_cleared_items_as_if_nothing_of_them_were_chosen(bazaar: Bazaar) -> None:
    plain = bazaar.list("en-jp")
    assert _counts(plain, "team") == {"KEN": 3, "JPN": 3, "FRA": 3}
    assert _counts(plain, "kind") == {"jersey": 3, "scarf": 3, "pin": 3}
    assert _counts(plain, "collection") == {"heritage": 6}
    chosen = bazaar.list("en-jp", team="KEN")
    assert chosen.total == 3
    assert _counts(chosen, "team") == {"KEN": 3, "JPN": 3, "FRA": 3}
    assert _counts(chosen, "kind") == {"jersey": 1, "scarf": 1, "pin": 1}
    both = bazaar.list("en-jp", team=["KEN", "JPN"], kind="pin")
    assert both.total == 2
    assert {card.handle for card in both.cards} == {"ken-pin", "jpn-pin"}


def test_prices_are_the_markets_and_else_international_and_never_converted(
    bazaar: Bazaar,
) -> None:
    prices = {card.handle: card.price for card in bazaar.list("en-jp").cards}
    assert (prices["ken-jersey"].amount_minor, prices["ken-jersey"].currency) == (9000, "JPY")
    assert prices["ken-jersey"].is_from
    assert (prices["ken-scarf"].amount_minor, prices["ken-scarf"].currency) == (2500, "USD")
    american = {card.handle: card.price for card in bazaar.list("en-us").cards}
    assert american["ken-jersey"].amount_minor == 6000
    assert american["ken-jersey"].compare_at_minor == 8000
    assert not american["ken-jersey"].tax_inclusive


def test_a_market_a_seller_closed_shows_nothing(bazaar: Bazaar) -> None:
    assert "ken-scarf" not in {card.handle for card in bazaar.list("en-cn").cards}
    assert bazaar.page("ken-scarf", "en-cn").state is catalog.ProductState.UNPRICED


def test_price_bands_count_what_is_priced_in_the_markets_currency(bazaar: Bazaar) -> None:
    assert _counts(bazaar.list("en-jp"), "price") == {"0": 3, "2": 3}
    assert bazaar.list("en-jp", price="2").total == 3


def test_cards_say_what_is_sold_out(bazaar: Bazaar) -> None:
    sold_out = {card.handle: card.sold_out for card in bazaar.list("en-jp").cards}
    assert sold_out["ken-pin"]
    assert not sold_out["ken-jersey"]


@pytest.mark.parametrize("sort", ["featured", "newest", "cheapest", "dearest"])
def test_every_order_shows_everything(bazaar: Bazaar, sort: str) -> None:
    assert len(bazaar.list("en-jp", sort=sort).cards) == 9


def test_cheapest_first(bazaar: Bazaar) -> None:
    cards = [
        card for card in bazaar.list("en-jp", sort="cheapest").cards if card.price.currency == "JPY"
    ]
    assert [card.price.amount_minor for card in cards] == [1200] * 3 + [9000] * 3


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ({"page": "9999"}, "page-too-far", "page"),
        ({"page": "-1"}, "unknown-value", "page"),
        ({"page": "x"}, "unknown-value", "page"),
        ({"price": "cheap"}, "unknown-value", "price"),
        ({"sort": "random"}, "unknown-value", "sort"),
        ({"kind": "submarine"}, "unknown-value", "kind"),
        ({"team": "x" * 500}, "unknown-value", "team"),
        ({"q": "jersey " * 100}, "text-too-long", "q"),
    ],
)
def test_a_filter_nobody_understands_is_named_and_breaks_nothing(
    bazaar: Bazaar, asked: dict[str, str], code: str, field: str
) -> None:
    view = bazaar.list("en-jp", **asked)
    assert (code, field) in [(note.code, note.field) for note in view.notes]


def test_a_zero_byte_breaks_nothing(bazaar: Bazaar) -> None:
    assert bazaar.list("en-jp", q="jer\x00sey", team="K\x00", kind="\x00").total >= 0


def test_a_territory_without_a_market_has_an_empty_list(bazaar: Bazaar) -> None:
    assert bazaar.list("en-zz").cards == ()


def test_toggling_a_value_twice_leads_back(bazaar: Bazaar) -> None:
    value = next(v for v in _facet(bazaar.list("en-jp"), "team").values if v.code == "KEN")
    assert value.url == "/shop/?team=KEN"
    again = next(
        v for v in _facet(bazaar.list("en-jp", team="KEN"), "team").values if v.code == "KEN"
    )
    assert again.selected
    assert again.url == "/shop/"


@pytest.mark.parametrize(
    ("place", "text", "handle"),
    [
        ("en-jp", "jerseys", "ken-jersey"),
        ("en-jp", "Kenya jersey", "ken-jersey"),
        ("fr-jp", "maillots", "ken-jersey"),
        ("fr-jp", "echarpe", "ken-scarf"),
        ("fr-jp", "scarf", "ken-scarf"),
        ("zh-hans-jp", "球衣", "ken-jersey"),
        ("zh-hans-jp", "肯尼亚围巾", "ken-scarf"),
        ("ar-jp", "وشاح", "ken-scarf"),
        ("ar-jp", "قميص", "ken-jersey"),
    ],
)
def test_search_finds_in_the_readers_language_and_in_english(
    bazaar: Bazaar, place: str, text: str, handle: str
) -> None:
    view = bazaar.list(place, q=text)
    assert handle in [card.handle for card in view.cards]
    assert not [note for note in view.notes if note.code == "similar-spelling"]


def test_search_shows_only_what_is_cleared(bazaar: Bazaar) -> None:
    assert {card.handle for card in bazaar.list("en-ke", q="scarf").cards} == {"ken-scarf"}


@pytest.mark.parametrize("text", ["jersy", "keyna jersey", "knited scraf"])
def test_misspelt_words_find_what_looks_like_them(bazaar: Bazaar, text: str) -> None:
    view = bazaar.list("en-jp", q=text)
    assert view.cards
    assert "similar-spelling" in [note.code for note in view.notes]


@pytest.mark.parametrize("text", ["'", '"', "& | !", "a:*", "\\", "<script>", "%", "🙂", "-"])
def test_search_takes_any_text(bazaar: Bazaar, text: str) -> None:
    assert bazaar.list("en-jp", q=text).total >= 0


def test_ids_follow_from_names(bazaar: Bazaar) -> None:
    card = bazaar.list("en-jp", team="KEN").cards[0]
    assert isinstance(card.product_id, UUID)
    assert bazaar.page(card.handle).product_id == card.product_id
