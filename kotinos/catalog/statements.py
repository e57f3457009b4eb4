"""The SQL of the catalogue bound to readers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotinos.kernel.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

PACKAGE = "kotinos.catalog"


@dataclass(frozen=True, slots=True)
class ListRow:
    """Raw page of a list: `cards`, `facets` and `terms` as the statement builds them."""

    total: int
    cards: list[dict[str, Any]]
    facets: list[dict[str, Any]]
    terms: list[list[Any]]


def _list(row: Mapping[str, Any]) -> ListRow:
    return ListRow(row["total"], _json(row["cards"]), _json(row["facets"]), _json(row["terms"]))


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _product(row: Mapping[str, Any]) -> dict[str, Any]:
    lists = ("texts", "pictures", "terms", "offers", "exclusions", "clearances")
    return {
        **row,
        **{name: _json(row[name]) or [] for name in lists},
        "market": _json(row["market"]),
    }


def _hit(row: Mapping[str, Any]) -> UUID:
    hit: UUID = row["product_id"]
    return hit


def _market(row: Mapping[str, Any]) -> list[Any]:
    return [_json(value) if name == "names" else value for name, value in row.items()]


refresh_shelf: Statement[UUID] = Statement.load(PACKAGE, "refresh_shelf.sql", _hit)
list_cards: Statement[ListRow] = Statement.load(PACKAGE, "list_cards.sql", _list)
read_product: Statement[dict[str, Any]] = Statement.load(PACKAGE, "read_product.sql", _product)
search_texts: Statement[UUID] = Statement.load(PACKAGE, "search_texts.sql", _hit)
search_alike: Statement[UUID] = Statement.load(PACKAGE, "search_alike.sql", _hit)
read_market: Statement[list[Any]] = Statement.load(PACKAGE, "read_market.sql", _market)
upsert_texts: Statement[UUID] = Statement.load(PACKAGE, "upsert_texts.sql", _hit)
