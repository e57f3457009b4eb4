"""The text in which a person writes a set of territories, and back.

    set   = term { "," term }
    term  = [ "-" ] ( "WORLD" | "HOME(" NOC ")" | CODE | NAME )

Terms without a minus are joined; those with one are taken away, wherever they stand. CODE is
ISO 3166 alpha-2 or XK; NAME is a named set such as EEA, whose own text may name other sets.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.games.contracts import Atlas

TEXT_LENGTH_MAX = 2000
DEPTH_MAX = 8
_HOME = re.compile(r"HOME\(\s*([A-Z]{3})\s*\)")


class TerritoryTextError(ValueError):
    """The text names no set of territories. `position` counts characters from 0."""

    def __init__(self, message: str, *, position: int, suggestion: str | None = None) -> None:
        hint = f"; did you mean {suggestion}?" if suggestion else ""
        super().__init__(f"{message} (at character {position + 1}){hint}")
        self.position = position
        self.suggestion = suggestion


def parse(text: str, atlas: Atlas, at: datetime, *, depth: int = 0) -> int:
    """The mask a text names at an instant. Raises TerritoryTextError, never anything else."""
    if len(text) > TEXT_LENGTH_MAX:
        raise TerritoryTextError("the text is too long", position=TEXT_LENGTH_MAX)
    if depth > DEPTH_MAX:
        raise TerritoryTextError("a named set names itself", position=0)
    joined = taken = position = 0
    for part in text.split(","):
        offset = position + len(part) - len(part.lstrip())
        position += len(part) + 1
        term = part.strip().upper()
        if term.startswith("-"):
            taken |= _term(term[1:].strip(), atlas, at, offset=offset, depth=depth)
        else:
            joined |= _term(term, atlas, at, offset=offset, depth=depth)
    return joined & ~taken


def _term(term: str, atlas: Atlas, at: datetime, *, offset: int, depth: int) -> int:
    if not term:
        raise TerritoryTextError("a territory is missing", position=offset)
    if term == "WORLD":
        return atlas.world
    if term in atlas.bits:
        return 1 << atlas.bits[term]
    home = _HOME.fullmatch(term)
    if home:
        return _home(home[1], atlas, at, offset)
    text = atlas.set_text(term, at)
    if text is not None:
        return parse(text, atlas, at, depth=depth + 1)
    if any(span.name == term for span in atlas.sets):
        return 0  # a set that does not exist yet, or no more, holds nothing
    words = [*atlas.bits, *{span.name for span in atlas.sets}, "WORLD"]
    close = difflib.get_close_matches(term, words, n=1)
    raise TerritoryTextError(
        f"{term} is no territory or named set",
        position=offset,
        suggestion=close[0] if close else None,
    )


def _home(noc: str, atlas: Atlas, at: datetime, offset: int) -> int:
    known = {span.noc for span in atlas.homes}
    if noc not in known:
        close = difflib.get_close_matches(noc, sorted(known), n=1)
        raise TerritoryTextError(
            f"{noc} is no national committee with a home",
            position=offset,
            suggestion=f"HOME({close[0]})" if close else None,
        )
    return atlas.home_mask(noc, at)


def write(mask: int, atlas: Atlas) -> str:
    """The shorter of a list of codes and the world less a list; an empty mask is ``."""
    inside = atlas.codes(mask)
    outside = atlas.codes(atlas.world & ~mask)
    if len(inside) <= len(outside):
        return ",".join(inside)
    return ",".join(["WORLD", *(f"-{code}" for code in outside)])
