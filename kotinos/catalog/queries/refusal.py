"""The panel of a refused product: why, since when, where it is sold, what is near."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from kotinos.catalog.beacon import beacon_url
from kotinos.catalog.contracts import Alternative, Named, RefusalPanel
from kotinos.catalog.queries.lists import near_cards
from kotinos.catalog.queries.markets import territory_codes
from kotinos.games import api as games
from kotinos.rights import api as rights
from kotinos.rights.contracts import Act, Outlet

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.kernel.place import Place


def refusal_panel(row: dict[str, Any], place: Place, mask: int, *, now: datetime) -> RefusalPanel:
    """Why nobody may sell this work here now, in the reader's language."""
    seller_id, value_minor, currency = refused_offer(row)
    explanation = rights.explain(
        work_id=row["work_id"],
        seller_id=seller_id,
        act=Act.SELL,
        outlet=Outlet.OWN_SHOP,
        territory=place.territory,
        at=now,
        language=place.language,
    )
    machine = explanation.machine
    reason = str(machine.get("reason") or "no-grant")
    return RefusalPanel(
        reason=reason,
        sentence=explanation.sentence,
        since=explanation.since,
        until=explanation.until,
        steps=tuple(step.sentence for step in explanation.steps),
        sold_in=tuple(
            Named(code, games.territory_name(code, place.language))
            for code in games.sorted_by_name(territory_codes(mask), place.language)
        ),
        sold_mask=mask,
        beacon_url=beacon_url(
            {
                "w": str(row["work_id"]),
                "s": str(seller_id) if seller_id else "",
                "t": place.territory,
                "r": reason,
                "p": str(machine.get("property") or ""),
                "b": str(machine.get("blocking") or ""),
                "v": value_minor,
                "c": currency,
            },
            now=now,
        ),
    )


def refused_offer(row: dict[str, Any]) -> tuple[UUID | None, int, str]:
    """Whose sale was refused and what it would have been worth: the owner's offer if it has one.

    The worth is the lowest international price, because no market price stands where nothing is
    sold; without one it is the lowest of all.
    """
    offers = sorted(
        row["offers"], key=lambda offer: (offer["seller"] != str(row["owner_id"]), offer["seller"])
    )
    if not offers:
        return None, 0, "XXX"
    seller = offers[0]["seller"]
    prices = [
        (market is not None, amount, currency)
        for offer in offers
        if offer["seller"] == seller
        for market, amount, currency, _ in offer["prices"] or []
    ]
    _, amount, currency = min(prices, default=(False, 0, "XXX"))
    return UUID(seller), amount, currency


def alternatives_of(
    row: dict[str, Any], place: Place, kind_code: str, *, now: datetime
) -> tuple[Alternative, ...]:
    """At most three cleared products: same team and kind, else same team, else same kind."""
    cards = near_cards(
        place, product_id=row["id"], team=row["team"], kind_id=row["kind_id"], now=now
    )
    made: list[Alternative] = []
    for card in cards:
        same_team = card.team is not None and card.team.code == row["team"]
        same_kind = card.kind.code == kind_code
        if same_team and same_kind:
            made.append(Alternative("same-team-and-kind", card))
        elif same_team:
            made.append(Alternative("same-team", card))
        elif same_kind:
            made.append(Alternative("same-kind", card))
    return tuple(made)
