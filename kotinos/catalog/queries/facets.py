"""Facets with counts, and the addresses that toggle their values."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from kotinos.catalog.contracts import Facet, FacetValue, Sort, SortChoice
from kotinos.catalog.links import facet_values, query_of, with_values
from kotinos.catalog.rows import money_text
from kotinos.games import api as games
from kotinos.kernel.languages import pick

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kotinos.catalog.contracts import Filters, MarketRow
    from kotinos.catalog.statements import ListRow
    from kotinos.kernel.place import Place

# grouping() sets the bits of the columns it summed over: the cleared bit is the facet's own. Teams
# are counted apart and have level 0.
_LEVELS = {
    "team": (0, 1, "team"),
    "sport": (0b01111, 2, "sport_id"),
    "kind": (0b10111, 4, "kind_id"),
    "collection": (0b11011, 8, "collection_id"),
    "edition": (0b11101, 16, "edition"),
    "price": (0b11110, 32, "band"),
}
_GAP = "-0-gap-0-"
FACETS = ("team", "sport", "kind", "price", "collection", "edition")


def term_names(terms: list[list[object]], language: str) -> dict[str, dict[str, str]]:
    """Names of sports, kinds and collections: {facet: {code: name}}."""
    names: dict[str, dict[str, str]] = {"sport": {}, "kind": {}, "collection": {}}
    for _, facet, code, texts in terms:
        words: Mapping[str, str] = texts if isinstance(texts, dict) else {}
        names.setdefault(str(facet), {})[str(code)] = pick(words, language) or str(code)
    return names


def facets_of(  # noqa: PLR0917 - one call, in lists
    row: ListRow,
    place: Place,
    market: MarketRow | None,
    filters: Filters,
    path: str,
    names: dict[str, dict[str, str]],
    *,
    without: str = "",
) -> tuple[Facet, ...]:
    """Every facet with at least one value, less one.

    Counts are as if nothing of that facet were chosen.
    """
    counts = counts_of(row)
    chosen = facet_values(filters)
    made: list[Facet] = []
    for name in FACETS:
        if name == without:
            continue
        if name == "price":
            facet = _price_facet(counts[name], market, filters, path, place.language)
        else:
            labels = _labels(name, counts[name], names, place.language)
            facet = _facet(name, counts[name], labels, chosen[name], filters, path)
        if facet.values:
            made.append(facet)
    return tuple(made)


def counts_of(row: ListRow) -> dict[str, Counter[str]]:
    """{facet: {code: items}}, each as if nothing of that facet were chosen."""
    codes = {number: code for number, _, code, _ in row.terms}
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for cell in row.facets:
        for name, (level, own, column) in _LEVELS.items():
            if cell["level"] == level and cell["missed"] in {0, own}:
                value = cell[column]
                if column.endswith("_id"):
                    value = codes.get(value)
                if value not in {None, ""}:
                    counts[name][str(value)] += cell["items"]
    return counts


def _labels(
    name: str, counts: Counter[str], names: dict[str, dict[str, str]], language: str
) -> dict[str, str]:
    if name == "team":
        return {code: games.noc_name(code, language) for code in counts}
    if name == "edition":
        return games.edition_names()
    return names[name]


def _facet(  # noqa: PLR0917 - one call, above
    name: str,
    counts: Counter[str],
    labels: dict[str, str],
    chosen: tuple[str, ...],
    filters: Filters,
    path: str,
) -> Facet:
    # A chosen value stays visible at zero, or nobody could take it off again.
    codes = set(counts) | {code for code in chosen if code in labels}
    # One address is built and its last value exchanged: a list has two hundred of them.
    pattern = path + query_of(with_values(filters, name, (*chosen, _GAP)))
    values = [
        FacetValue(
            code=code,
            name=labels.get(code, code),
            count=counts[code],
            selected=code in chosen,
            url=path + query_of(with_values(filters, name, _without(chosen, code)))
            if code in chosen
            else pattern.replace(_GAP, quote_plus(code)),
        )
        for code in codes
    ]
    values.sort(key=lambda value: games.sort_key(value.name))
    clear = path + query_of(with_values(filters, name, ())) if chosen else ""
    return Facet(name, tuple(values), clear)


def _without(chosen: tuple[str, ...], code: str) -> tuple[str, ...]:
    return tuple(other for other in chosen if other != code)


def _price_facet(
    counts: Counter[str], market: MarketRow | None, filters: Filters, path: str, language: str
) -> Facet:
    if market is None:
        return Facet("price", ())
    chosen = filters.price_band
    bands = range(len(market.price_bands_minor) + 1)
    values = tuple(
        FacetValue(
            code=str(band),
            name=_band_name(band, market, language),
            count=counts[str(band)],
            selected=band == chosen,
            url=path + query_of(replace(filters, price_band=None if band == chosen else band)),
        )
        for band in bands
        if counts[str(band)] or band == chosen
    )
    clear = "" if chosen is None else path + query_of(replace(filters, price_band=None))
    return Facet("price", values, clear)


def _band_name(band: int, market: MarketRow, language: str) -> str:
    """`< 20 €`, `20–50 €`, `≥ 100 €`: signs, because they need no translation."""
    limits = market.price_bands_minor
    if not limits:
        return market.currency

    def text(index: int) -> str:
        return money_text(limits[index], market.currency, language)

    if band == 0:
        return f"< {text(0)}"
    if band == len(limits):
        return f"≥ {text(band - 1)}"
    return f"{text(band - 1)} – {text(band)}"


def sorts_of(filters: Filters, path: str) -> tuple[SortChoice, ...]:
    """The orders a reader may choose; relevance only where there is a text to be relevant to."""
    return tuple(
        SortChoice(sort.value, filters.sort is sort, path + query_of(replace(filters, sort=sort)))
        for sort in Sort
        if sort is not Sort.RELEVANCE or filters.text
    )
