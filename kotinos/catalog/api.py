"""The door of the catalogue."""

from __future__ import annotations

from kotinos.catalog.actions.importing import ImportOptions, import_shopify
from kotinos.catalog.actions.markets import import_markets
from kotinos.catalog.artwork import paint as colours
from kotinos.catalog.beacon import beacon_url as refusal_beacon_url
from kotinos.catalog.contracts import (
    Card,
    Filters,
    ImportReport,
    Listing,
    MarketRow,
    NotOffered,
    OfferOutcome,
    PricedOffer,
    ProductPage,
    ProductState,
    Progress,
    RowNote,
    Shelf,
    Sort,
    TeamRow,
)
from kotinos.catalog.filters import read_filters
from kotinos.catalog.queries.home import home_shelves, team_rows
from kotinos.catalog.queries.lists import listing
from kotinos.catalog.queries.markets import market_of, markets, term_name
from kotinos.catalog.queries.naming import works_called
from kotinos.catalog.queries.offers import offer_for, offers_for
from kotinos.catalog.queries.product import product_page
from kotinos.catalog.report import ReportFile

__all__ = [
    "Card",
    "Filters",
    "ImportOptions",
    "ImportReport",
    "Listing",
    "MarketRow",
    "NotOffered",
    "OfferOutcome",
    "PricedOffer",
    "ProductPage",
    "ProductState",
    "Progress",
    "ReportFile",
    "RowNote",
    "Shelf",
    "Sort",
    "TeamRow",
    "colours",
    "home_shelves",
    "import_markets",
    "import_shopify",
    "listing",
    "market_of",
    "markets",
    "offer_for",
    "offers_for",
    "product_page",
    "read_filters",
    "refusal_beacon_url",
    "team_rows",
    "term_name",
    "works_called",
]
