"""The tree of controlled acts, the outlets, their text (`sell`, `show/*`, `*`) and bit masks.

`show/*` covers its branch; a plain `sell` is the goods leaf only, so that a shop's grant never
opens ticket sales by accident.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OUTLETS_PER_ACT = 8


class Act(Enum):
    """A leaf of the tree of controlled acts; `bit` is stored and never changes."""

    MAKE = ("make", 0)
    SELL = ("sell", 1)
    SHIP = ("ship", 2)
    ADVERTISE = ("advertise", 3)
    SHOW_LIVE = ("show/live", 4)
    SHOW_DELAYED = ("show/delayed", 5)
    SHOW_VOD = ("show/vod", 6)
    SHOW_CLIP = ("show/clip", 7)
    USE_WORD = ("use-word", 8)
    SELL_TICKET = ("sell/ticket", 9)
    SELL_PACKAGE = ("sell/package", 10)
    RESELL_TICKET = ("resell/ticket", 11)

    def __init__(self, text: str, bit: int) -> None:
        self.text = text
        self.bit = bit


class Outlet(Enum):
    """The channel through which an act reaches people; `bit` is stored and never changes."""

    OWN_SHOP = ("own-shop", 0)
    MARKETPLACE = ("marketplace", 1)
    LIVE_SALE = ("live-sale", 2)
    FREE_TO_AIR = ("free-to-air", 3)
    PAY = ("pay", 4)
    INTERNET = ("internet", 5)
    MOBILE = ("mobile", 6)
    RESELLER = ("reseller", 7)

    def __init__(self, text: str, bit: int) -> None:
        self.text = text
        self.bit = bit


def use_bit(act: Act, outlet: Outlet) -> int:
    """Return the bit number (0..95) of one act through one outlet."""
    return act.bit * OUTLETS_PER_ACT + outlet.bit


def uses_mask(acts: Iterable[Act], outlets: Iterable[Outlet]) -> int:
    """Return the mask of every combination of the acts with the outlets."""
    outlet_bits = 0
    for outlet in outlets:
        outlet_bits |= 1 << outlet.bit
    mask = 0
    for act in acts:
        mask |= outlet_bits << act.bit * OUTLETS_PER_ACT
    return mask


_ACT_BY_TEXT = {act.text: act for act in Act}
_OUTLET_BY_TEXT = {outlet.text: outlet for outlet in Outlet}
_BRANCHES = {
    "*": tuple(Act),
    "show/*": tuple(act for act in Act if act.text.startswith("show/")),
    "sell/*": (Act.SELL, Act.SELL_TICKET, Act.SELL_PACKAGE),
    "resell/*": (Act.RESELL_TICKET,),
}


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word that is neither act nor outlet, and the nearest one that is."""

    word: str
    suggestion: str | None


def acts(text: str) -> tuple[Act, ...] | UnknownWord:
    """Parse `sell, ship, show/*` into leaves in bit order."""
    known = {text: (act,) for text, act in _ACT_BY_TEXT.items()} | _BRANCHES
    found: set[Act] = set()
    for word in _words(text):
        if word not in known:
            return UnknownWord(word, _closest(word, known))
        found.update(known[word])
    return tuple(act for act in Act if act in found)


def outlets(text: str) -> tuple[Outlet, ...] | UnknownWord:
    """Parse `own-shop, internet` or `*` into outlets in bit order."""
    found: set[Outlet] = set()
    for word in _words(text):
        if word == "*":
            return tuple(Outlet)
        if word not in _OUTLET_BY_TEXT:
            return UnknownWord(word, _closest(word, _OUTLET_BY_TEXT))
        found.add(_OUTLET_BY_TEXT[word])
    return tuple(outlet for outlet in Outlet if outlet in found)


def act(text: str) -> Act | None:
    """Return the leaf of that text."""
    return _ACT_BY_TEXT.get(text)


def outlet(text: str) -> Outlet | None:
    """Return the outlet of that text."""
    return _OUTLET_BY_TEXT.get(text)


def acts_text(chosen: Iterable[Act]) -> str:
    """Return the shortest text that parses to the same acts."""
    left = set(chosen)
    if left == set(Act):
        return "*"
    words: list[str] = []
    show = set(_BRANCHES["show/*"])
    if show <= left:
        words.append("show/*")
        left -= show
    return ", ".join([leaf.text for leaf in Act if leaf in left] + words)


def outlets_text(chosen: Iterable[Outlet]) -> str:
    """Return the shortest text that parses to the same outlets."""
    found = set(chosen)
    if found == set(Outlet):
        return "*"
    return ", ".join(leaf.text for leaf in Outlet if leaf in found)


def acts_mask(chosen: Iterable[Act]) -> int:
    """Return a mask by `Act.bit`."""
    return sum(1 << leaf.bit for leaf in set(chosen))


def outlets_mask(chosen: Iterable[Outlet]) -> int:
    """Return a mask by `Outlet.bit`."""
    return sum(1 << leaf.bit for leaf in set(chosen))


def _words(text: str) -> Iterator[str]:
    return (word for word in (raw.strip().lower() for raw in text.split(",")) if word)


def _closest(word: str, known: Iterable[str]) -> str | None:
    return next(iter(get_close_matches(word, list(known), n=1)), None)
