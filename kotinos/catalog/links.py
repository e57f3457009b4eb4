"""Addresses of the storefront and of its lists' filters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from kotinos.catalog.contracts import Sort

if TYPE_CHECKING:
    from kotinos.catalog.contracts import Filters
    from kotinos.kernel.place import Place


def product_url(place: Place, handle: str) -> str:
    return f"/{place.slug}/products/{quote(handle)}/"


def team_url(place: Place, code: str) -> str:
    return f"/{place.slug}/teams/{quote(code)}/"


def collection_url(place: Place, code: str) -> str:
    return f"/{place.slug}/collections/{quote(code)}/"


def query_of(filters: Filters) -> str:
    """`?team=KEN&sort=newest`; empty when nothing is asked."""
    pairs = [("q", filters.text)] if filters.text else []
    for name, values in facet_values(filters).items():
        pairs += [(name, value) for value in values]
    if filters.price_band is not None:
        pairs.append(("price", str(filters.price_band)))
    if filters.sort is not default_sort(filters):
        pairs.append(("sort", filters.sort.value))
    if filters.page > 1:
        pairs.append(("page", str(filters.page)))
    return f"?{urlencode(pairs)}" if pairs else ""


def default_sort(filters: Filters) -> Sort:
    return Sort.RELEVANCE if filters.text else Sort.FEATURED


_FIELDS = {
    "team": "teams",
    "sport": "sports",
    "kind": "kinds",
    "collection": "collections",
    "edition": "editions",
}


def with_values(filters: Filters, facet: str, values: tuple[str, ...]) -> Filters:
    """The same question with these values of one facet instead of its own."""
    change: dict[str, Any] = {_FIELDS[facet]: values}
    return replace(filters, **change)


def facet_values(filters: Filters) -> dict[str, tuple[str, ...]]:
    """The chosen values of every facet that has codes."""
    return {
        "team": filters.teams,
        "sport": filters.sports,
        "kind": filters.kinds,
        "collection": filters.collections,
        "edition": filters.editions,
    }
