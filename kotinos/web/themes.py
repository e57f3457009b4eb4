"""The themes file: every team's two colours as tokens that the one stylesheet uses.

Pages carry no inline style (the content policy forbids it), so a team's colours come as one small
cacheable file, `[data-team="KEN"]{--team-a:...}`. Its address carries its content's hash.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse

from kotinos.catalog.api import colours as paint

if TYPE_CHECKING:
    from collections.abc import Iterable

_NIGHT = "#121417"
"""The ground of the dark scheme; see kotinos.css."""


def url() -> str:
    """The address of the themes file as it is now."""
    try:
        return reverse("web_root:themes", kwargs={"digest": digest()})
    except NoReverseMatch:
        return "/themes.css"


@lru_cache(maxsize=1)
def sheet() -> str:
    """The file's text: one rule for every team."""
    return "\n".join(rules(paint.codes())) + "\n"


@lru_cache(maxsize=1)
def digest() -> str:
    return hashlib.sha256(sheet().encode()).hexdigest()[:12]


def rules(codes: Iterable[str]) -> list[str]:
    """One rule a team: field, stripe, text on the field, and the colour as text on the page."""
    return [_rule(code) for code in codes]


def _rule(code: str) -> str:
    team = paint.team(code)
    text = team.on_main
    if paint.contrast(text, team.main) < paint.TEXT_CONTRAST:
        # On a middling colour neither ink nor marble reads; one of the two extremes always does.
        text = paint.best_on(team.main, ("#000000", "#FFFFFF"))
    by_night = paint.readable(team.main, ground=_NIGHT)
    return (
        f'[data-team="{code}"]{{--team-a:{team.main};--team-b:{team.second};'
        f"--team-on-a:{text};--team-ink:light-dark({team.accent},{by_night})}}"
    )
