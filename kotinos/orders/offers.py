"""What a wanted thing costs here, and whether it may be sold and shipped here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kotinos.catalog import api as catalog
from kotinos.catalog.contracts import NotOffered, PricedOffer
from kotinos.drops import api as drops
from kotinos.rights import api as rights
from kotinos.rights.contracts import Act, Outlet, Refused
from kotinos.stock import api as stock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from kotinos.kernel.place import Place

# A sale across a border is two acts: both must be cleared where the parcel goes.
ACTS = (Act.SELL, Act.SHIP)
OUTLET = Outlet.OWN_SHOP


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of one variant from one seller."""

    variant_id: UUID
    seller_id: UUID
    units: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Why it cannot be had. `code` as in `contracts.LineProblem`; `act` where rights refuse.

    `drop` is the slug of the drop that alone sells it for now.
    """

    code: str
    refused: Refused | None = None
    act: Act | None = None
    units_left: int = 0
    drop: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """A wanted thing with its price here. With a problem it may still have an offer (its name)."""

    wanted: Wanted
    offer: PricedOffer | None
    problem: Problem | None


def check(
    wanted: Sequence[Wanted], *, place: Place, now: datetime, with_stock: bool
) -> list[Checked]:
    """Each wanted thing, in the given order. Stock is only looked at: a hold alone decides.

    A hold whose time is over still counts as held in the counters that are looked at here, so
    placing an order asks without stock and lets the hold say what is free.
    """
    pairs = [(want.variant_id, want.seller_id) for want in wanted]
    offers = catalog.offers_for(pairs, territory=place.territory, language=place.language)
    kept = drops.reserved_variants({want.variant_id for want in wanted}, now)
    free = stock.available_by_owner({want.variant_id for want in wanted}) if with_stock else None
    return [
        _check_one(want, offers[want.variant_id, want.seller_id], place, now, free)
        if want.variant_id not in kept
        else _in_drop(want, offers[want.variant_id, want.seller_id], kept[want.variant_id])
        for want in wanted
    ]


def _in_drop(want: Wanted, outcome: PricedOffer | NotOffered, slug: str) -> Checked:
    """What a drop sells can be had nowhere else, or the line before it would mean nothing."""
    offer = outcome if isinstance(outcome, PricedOffer) else None
    return Checked(want, offer, Problem("in-drop", drop=slug))


def _check_one(
    want: Wanted,
    outcome: PricedOffer | NotOffered,
    place: Place,
    now: datetime,
    free: dict[tuple[UUID, UUID], int] | None,
) -> Checked:
    if isinstance(outcome, NotOffered):
        code = "no-price" if outcome.reason == "no-price" else "withdrawn"
        return Checked(want, None, Problem(code))
    refusal = refusal_of(outcome, territory=place.territory, now=now)
    if refusal is not None:
        return Checked(want, outcome, refusal)
    units_left = want.units if free is None else free.get((want.variant_id, want.seller_id), 0)
    return Checked(want, outcome, _shortage(want.units, units_left))


def _shortage(units: int, units_left: int) -> Problem | None:
    if units_left >= units:
        return None
    return Problem("short" if units_left > 0 else "sold-out", units_left=max(units_left, 0))


def refusal_of(offer: PricedOffer, *, territory: str, now: datetime) -> Problem | None:
    """The first act of a sale that rights refuse here and now; None where all are cleared.

    The compiled answer is asked first, for it is cheap; a refusal is then asked of the
    interpreter, which alone knows the reason.
    """
    for act in ACTS:
        if _is_cleared(offer, act, territory, now):
            continue
        decision = rights.decide(
            work_id=offer.work_id,
            seller_id=offer.seller_id,
            act=act,
            outlet=OUTLET,
            territory=territory,
            at=now,
        )
        if isinstance(decision, Refused):
            return Problem(str(decision.reason), refused=decision, act=act)
    return None


def _is_cleared(offer: PricedOffer, act: Act, territory: str, now: datetime) -> bool:
    cleared = rights.decide_now(
        work_id=offer.work_id,
        seller_id=offer.seller_id,
        act=act,
        outlet=OUTLET,
        territory=territory,
        at=now,
    )
    return cleared is not None
