"""The form on which somebody admitted buys in a drop: typed rows, and what was wrong with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from kotinos.catalog.contracts import Picture
from kotinos.drops import api as drops
from kotinos.games import api as games
from kotinos.kernel.ids import new_id
from kotinos.kernel.languages import pick
from kotinos.kernel.money import Money
from kotinos.orders.checkout_page import Filled, error_sentence, form_fields
from kotinos.orders.decide import Totals
from kotinos.orders.models import FixedQuote
from kotinos.orders.pages import amount, totals_view

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.drops.contracts import DropView
    from kotinos.kernel.place import Place
    from kotinos.orders.contracts import Amount, FormFieldView, TotalsView

FIELD_CODES = ("required", "too-long", "postal", "email")
_ELSEWHERE = {"territory", "phone"}  # The place is in the address; a drop asks for no telephone.
UNITS_DIGITS_MAX = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was chosen on the form: nothing yet, or a variant and how many of it."""

    variant_id: UUID | None = None
    units: int = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One variant. `totals` has one entry for each number of units, from one."""

    variant_id: UUID
    label: str
    price: Amount
    totals: tuple[TotalsView, ...]
    gone: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """The variants of one product that are sold here."""

    title: str
    picture: Picture | None
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class BuyPage:
    """All of the form. `problem` is a code of `orders.hot.wishes.Code`, or busy; empty at first."""

    drop_id: UUID
    room_id: UUID
    name: str
    key: UUID
    groups: tuple[ChoiceGroup, ...]
    units: tuple[int, ...]
    units_chosen: int
    totals: TotalsView | None
    fields: tuple[FormFieldView, ...]
    errors: tuple[tuple[str, str], ...]
    problem: str
    territory_name: str
    hold_minutes: int
    now_ms: int
    until_ms: int
    script: str  # JSON for the page's module: totals by variant, and sentences by field and code.

    @property
    def units_max(self) -> int:
        return len(self.units)


def buy_page(
    drop: DropView,
    *,
    place: Place,
    filled: Filled,
    wanted: Wanted,
    key: UUID | None,
    problem: str,
    until: datetime,
    now: datetime,
) -> BuyPage | None:
    """The page as it was filled; None where nothing of the drop is sold here."""
    groups = _groups(drop, place, wanted)
    choices = [choice for group in groups for choice in group.choices]
    if not choices:
        return None
    units = tuple(range(1, min(len(one.totals) for one in choices) + 1))
    count = wanted.units if wanted.units in units else 1
    chosen = next((one for one in choices if one.chosen), choices[0])
    fields = tuple(one for one in form_fields(filled, place) if one.name not in _ELSEWHERE)
    return BuyPage(
        drop_id=drop.id,
        room_id=drop.room_id,
        name=drop.name(place.language),
        key=key or new_id(),
        groups=groups,
        units=units,
        units_chosen=count,
        totals=chosen.totals[count - 1],
        fields=fields,
        errors=tuple((one.name, one.error) for one in fields if one.error),
        problem=problem or ("" if any(not one.gone for one in choices) else "sold-out"),
        territory_name=games.territory_name(place.territory, place.language),
        hold_minutes=drop.hold_seconds // 60,
        now_ms=_ms(now),
        until_ms=_ms(until),
        script=_script(choices, fields, place),
    )


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _groups(drop: DropView, place: Place, wanted: Wanted) -> tuple[ChoiceGroup, ...]:
    """What is sold here, in the seller's order; the first that is left is chosen to begin with."""
    quotes = _quotes(drop.id, place.territory)
    free = drops.free_units(drop.id)
    left = [one.id for one in drop.variants if one.id in quotes and free.get(one.id, (0, 0))[0] > 0]
    chosen = wanted.variant_id or next(iter(left), None)
    groups = []
    for offer in drop.offers:
        found = [quotes[one.id] for one in offer.variants if one.id in quotes]
        if not found:
            continue
        title = pick(found[0].titles, place.language)
        choices = tuple(_choice(one, drop, place, one.variant_id in left, chosen) for one in found)
        groups.append(ChoiceGroup(title, _picture(found[0], title), choices))
    return tuple(groups)


def _quotes(drop_id: UUID, territory: str) -> dict[UUID, FixedQuote]:
    rows = FixedQuote.objects.filter(drop_id=drop_id, territory=territory, closed_at=None)
    return {row.variant_id: row for row in rows}


def _picture(quote: FixedQuote, title: str) -> Picture | None:
    return Picture(quote.picture_key, title) if quote.picture_key else None


def _choice(
    quote: FixedQuote,
    drop: DropView,
    place: Place,
    is_left: bool,  # noqa: FBT001 - the same
    chosen: UUID | None,
) -> Choice:
    language = place.language
    totals = _totals(quote)[: drop.units_per_buyer]
    return Choice(
        variant_id=quote.variant_id,
        label=quote.options,
        price=amount(Money(quote.unit_price_minor, quote.currency), language),
        totals=tuple(totals_view(one, language) for one in totals),
        gone=not is_left,
        chosen=quote.variant_id == chosen,
    )


def _totals(quote: FixedQuote) -> list[Totals]:
    """The quote's own amounts: what is shown is what the order will say."""
    found = []
    for goods, shipping, tax, total in quote.totals_minor:
        money = [Money(minor, quote.currency) for minor in (goods, shipping, tax, total)]
        found.append(
            Totals(
                goods=money[0],
                shipping=money[1],
                tax=money[2],
                tax_included=quote.tax_included,
                total=money[3],
            )
        )
    return found


def _script(choices: list[Choice], fields: tuple[FormFieldView, ...], place: Place) -> str:
    totals = {
        str(choice.variant_id): [
            [
                view.goods.text,
                view.shipping.text if view.shipping else "",
                view.tax.text,
                view.total.text,
            ]
            for view in choice.totals
        ]
        for choice in choices
    }
    wrong = {
        field.name: {code: error_sentence(field.name, code, place) for code in FIELD_CODES}
        for field in fields
    }
    # Inside a script element only "</" and "<!--" could end it.
    return json.dumps({"totals": totals, "wrong": wrong}).replace("<", "\\u003c")


def read_wanted(variant: str, units: str) -> Wanted:
    """What was chosen; nonsense is nothing chosen, which the action refuses."""
    try:
        variant_id = UUID(variant)
    except ValueError:
        variant_id = None
    is_number = units.isascii() and units.isdigit() and len(units) <= UNITS_DIGITS_MAX
    return Wanted(variant_id, int(units) if is_number else 1)
