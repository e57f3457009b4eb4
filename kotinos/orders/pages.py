"""The typed rows that the basket's and the order's pages show. Reads only."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from babel.dates import format_datetime

from kotinos.games import api as games
from kotinos.kernel.languages import cldr_locale
from kotinos.kernel.money import Money, format_money
from kotinos.orders.contracts import (
    UNITS_MAX,
    Amount,
    BasketLineView,
    BasketView,
    LineProblem,
    TotalsView,
)
from kotinos.orders.offers import OUTLET
from kotinos.orders.wording import say, words
from kotinos.rights import api as rights

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from kotinos.kernel.place import Place
    from kotinos.orders.decide import Totals
    from kotinos.orders.quoting import Quote, QuoteLine


def amount(money: Money, language: str) -> Amount:
    """Money and its text for this reader."""
    return Amount(money, format_money(money, language))


def time_text(at: datetime, language: str) -> str:
    """A time of day as this reader writes it, in UTC and saying so."""
    text = format_datetime(at, "short", tzinfo=timezone.utc, locale=cldr_locale(language))
    return f"{text} UTC"


def product_path(place: Place, handle: str) -> str:
    return f"/{place.slug}/products/{handle}/" if handle else ""


def seller_names(seller_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names under which sellers appear."""
    return {row.id: row.name for row in games.organisations(ids=tuple(set(seller_ids)))}


def basket_view(quoted: Quote, *, place: Place, notice: str, now: datetime) -> BasketView:
    """The basket as this place sees it. `notice` is a code from the form that led here."""
    lines = line_views(quoted, place=place, now=now)
    problems = sum(line.problem is not None for line in lines)
    moved = bool(lines) and quoted.basket_territory != place.territory
    return BasketView(
        lines=lines,
        totals=totals_view(quoted.totals, place.language) if quoted.totals else None,
        units=sum(line.units for line in lines),
        problems=problems,
        can_check_out=quoted.is_whole,
        moved_sentence=_moved(quoted.basket_territory, place) if moved else "",
        notice=_notice(notice, place.language),
    )


def _moved(before: str, place: Place) -> str:
    language = place.language
    return say(
        "moved",
        language,
        before=games.territory_name(before, language),
        after=games.territory_name(place.territory, language),
    )


def _notice(code: str, language: str) -> str:
    """The sentence of a code in the address; a code we did not give says nothing."""
    key = f"notice-{code}"
    if key not in words():
        return ""
    return say(key, language, max=UNITS_MAX if code == "units" else 50)


def line_views(quoted: Quote, *, place: Place, now: datetime) -> tuple[BasketLineView, ...]:
    """The lines of a quote, each with its price or with why it has none."""
    names = seller_names(line.wanted.seller_id for line in quoted.lines)
    return tuple(
        _line_view(line, names.get(line.wanted.seller_id, ""), place, now) for line in quoted.lines
    )


def _line_view(line: QuoteLine, seller_name: str, place: Place, now: datetime) -> BasketLineView:
    price, language = line.unit_price, place.language
    changed = price is not None and price.currency == line.seen.currency and price != line.seen
    handle = line.offer.handle if line.offer else ""
    return BasketLineView(
        line_id=line.line_id,
        variant_id=line.wanted.variant_id,
        seller_id=line.wanted.seller_id,
        seller_name=seller_name,
        title=line.title or say("problem-withdrawn", language),
        options=line.offer.label if line.offer else "",
        product_url=product_path(place, handle),
        picture=line.offer.picture if line.offer else None,
        units=line.wanted.units,
        units_max=UNITS_MAX,
        unit_price=amount(price, language) if price else None,
        line_total=amount(price * line.wanted.units, language) if price else None,
        price_before=amount(line.seen, language) if changed else None,
        problem=_problem_view(line, place, now),
    )


def _problem_view(line: QuoteLine, place: Place, now: datetime) -> LineProblem | None:
    problem = line.problem
    if problem is None:
        return None
    url = product_path(place, line.offer.handle) if line.offer and problem.refused else ""
    if problem.drop:
        url = f"/{place.slug}/drops/{problem.drop}/"
    return LineProblem(problem.code, _problem_sentence(line, place, now), url)


def _problem_sentence(line: QuoteLine, place: Place, now: datetime) -> str:
    """Rights explain themselves; the rest is ours to say."""
    problem, language = line.problem, place.language
    if problem is None:
        return ""
    if problem.act is not None and line.offer is not None:
        return rights.explain(
            work_id=line.offer.work_id,
            seller_id=line.offer.seller_id,
            act=problem.act,
            outlet=OUTLET,
            territory=place.territory,
            at=now,
            language=language,
        ).sentence
    return say(f"problem-{problem.code}", language, units=problem.units_left)


def totals_view(totals: Totals, language: str) -> TotalsView:
    """The totals as this reader reads them."""
    return TotalsView(
        goods=amount(totals.goods, language),
        shipping=amount(totals.shipping, language),
        tax=amount(totals.tax, language),
        tax_included=totals.tax_included,
        tax_label=say("tax-included" if totals.tax_included else "tax-added", language),
        total=amount(totals.total, language),
    )
