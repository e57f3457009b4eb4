"""What the channel sold: by video, and by the moment at which the product was seen.

A line of an order carries the way that led to it: `channel:<programme>:<cue>:<milliseconds>`.
An editor sees how much their programmes sold, a seller what it sold through any programme.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.translation import gettext as _

from kotinos.channel import api as channel
from kotinos.kernel.money import Money, format_money
from kotinos.kernel.office import page, staff
from kotinos.orders import api as shop

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpRequest, HttpResponse

    from kotinos.orders.contracts import SaleVia

PREFIX = "channel:"
PARTS = 4
EDITORS, SELLERS = ("catalogue", "viewer"), ("orders", "catalogue", "viewer")


@dataclass(slots=True)
class Sold:
    """What one video, or one of its moments, sold; money is that of the reader's sellers."""

    units: int = 0
    orders: int = 0
    minor: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def money(self, language: str) -> list[str]:
        """One amount for each currency, never added up over two."""
        found = sorted(self.minor.items(), key=lambda each: -each[1])
        return [format_money(Money(minor, code), language) for code, minor in found]


@dataclass(frozen=True, slots=True)
class Moment:
    """A cue of a video: where it stands and what is seen."""

    at: str
    at_ms: int
    words: str
    units: int
    percent: int
    money: list[str]


@dataclass(frozen=True, slots=True)
class Video:
    """A video with its moments in the order of its time."""

    code: str
    title: str
    is_mine: bool
    units: int
    orders: int
    percent: int
    money: list[str]
    moments: list[Moment]


def sales(request: HttpRequest) -> HttpResponse:
    """Videos by units sold, each with its moments."""
    who = staff(request)
    if not who.has(*SELLERS):
        raise Http404
    mine, sellers = who.organisations(*EDITORS), who.organisations(*SELLERS)
    everything = shop.sales_via(PREFIX)
    own = shop.sales_via(PREFIX, seller_ids=sellers) if sellers is not None else everything
    codes = {_parts(row)[0] for row in everything}
    titles = channel.programme_titles(codes=codes, mine=mine)
    counted = [row for row in everything if _parts(row)[0] in titles]
    counted += [row for row in own if _parts(row)[0] not in titles]
    videos = _videos(counted, own, titles, request.LANGUAGE_CODE)
    context = {"videos": videos, "units": sum(video.units for video in videos)}
    return page(request, "office/channel_sales.html", context, title=_("Sold by the channel"))


def _parts(row: SaleVia) -> tuple[str, str, int]:
    """Programme, cue and millisecond; whatever is missing is empty."""
    parts = [*row.via.split(":"), "", "", ""][1:PARTS]
    return parts[0], parts[1], int(parts[2]) if parts[2].isdecimal() else 0


def _videos(
    counted: Iterable[SaleVia],
    own: Iterable[SaleVia],
    titles: Mapping[str, str],
    language: str,
) -> list[Video]:
    by_video: dict[str, Sold] = defaultdict(Sold)
    by_moment: dict[tuple[str, str, int], Sold] = defaultdict(Sold)
    for row in counted:
        for sold in (by_video[_parts(row)[0]], by_moment[_parts(row)]):
            sold.units += row.units
            sold.orders += row.orders
    for row in own:
        for sold in (by_video[_parts(row)[0]], by_moment[_parts(row)]):
            sold.minor[row.goods.currency] += row.goods.minor
    words = channel.cue_words(codes=by_video.keys())
    most = max((sold.units for sold in by_video.values()), default=1)
    found = [
        Video(
            code,
            titles.get(code, code),
            code in titles,
            sold.units,
            sold.orders,
            100 * sold.units // most,
            sold.money(language),
            _moments(code, sold.units, by_moment, words, language),
        )
        for code, sold in by_video.items()
    ]
    return sorted(found, key=lambda video: (-video.units, video.title))


def _moments(
    code: str,
    units: int,
    by_moment: Mapping[tuple[str, str, int], Sold],
    words: Mapping[str, str],
    language: str,
) -> list[Moment]:
    found = [
        Moment(
            _clock(at_ms),
            at_ms,
            words.get(cue, ""),
            sold.units,
            100 * sold.units // max(1, units),
            sold.money(language),
        )
        for (video, cue, at_ms), sold in by_moment.items()
        if video == code
    ]
    return sorted(found, key=lambda moment: moment.at_ms)


def _clock(at_ms: int) -> str:
    minutes, seconds = divmod(at_ms // 1000, 60)
    return f"{minutes}:{seconds:02}"
