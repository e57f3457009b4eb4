"""The colours of one picture: its field, its body, its trim; and the team's pattern."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kotinos.catalog.artwork import paint
from kotinos.catalog.artwork.paint import CLAY, GOLD, INK, LAPIS, MARBLE, OLIVE, mix

if TYPE_CHECKING:
    from kotinos.catalog.artwork.spec import Spec

PATTERNS = ("chevron", "sash", "hoops", "pinstripes", "wave", "band", "halves", "yoke")
_PALE = 0.72
_GAMES = {
    "home": (LAPIS, MARBLE),
    "away": (MARBLE, LAPIS),
    "night": (INK, GOLD),
    "heritage": ("#E9DFC6", OLIVE),
    "podium": (OLIVE, "#E3B94A"),
    "games": (CLAY, MARBLE),
}
_GAMES_FIELDS = {
    "home": "#E3B94A",
    "away": CLAY,
    "night": "#C9A64B",
    "heritage": OLIVE,
    "podium": "#DCE2C4",
    "games": "#CFDDF0",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Colours computed for one picture; every neighbour stands out from the next or is inked."""

    field: str
    body: str
    trim: str
    pattern: str

    @property
    def text(self) -> str:
        """Return the colour of lettering on the body: the trim where it reads, else ink/marble."""
        return paint.first_on(self.body, (self.trim, paint.on(self.body)), at_least=2.6)

    @property
    def deep(self) -> str:
        """Return the field's own darker tone, for what stands behind the product."""
        return mix(self.field, INK, 0.09)

    @property
    def pale(self) -> str:
        """Return the field's own lighter tone, where the light falls."""
        return mix(self.field, "#FFFFFF", 0.16 if paint.luminance(self.field) < _PALE else 0.5)


def look(spec: Spec) -> Look:
    """Choose the colours for a spec."""
    if not spec.team:
        body, trim = _GAMES[spec.variant]
        return Look(
            field=_GAMES_FIELDS[spec.variant], body=body, trim=trim, pattern=_pattern(spec.variant)
        )
    team = paint.team(spec.team)
    body, trim = _body_and_trim(spec.variant, team)
    return Look(field=_field(team, body, trim), body=body, trim=trim, pattern=_pattern(spec.team))


def _body_and_trim(variant: str, team: paint.TeamColours) -> tuple[str, str]:
    second = _soft(team.second)
    match variant:
        case "away":
            return second, team.main
        case "night":
            bright = max((team.main, second), key=paint.luminance)
            return "#1D2129", paint.first_on("#1D2129", (team.main, bright, "#E3B94A"), at_least=3)
        case "heritage":
            return "#EFE7D3", paint.first_on("#EFE7D3", (team.main, second, INK), at_least=2)
        case "podium":
            return team.main, "#E3B94A" if second in {MARBLE, team.main} else second
        case _:
            return team.main, second


def _field(team: paint.TeamColours, body: str, trim: str) -> str:
    """A field in a team colour from which the body stands out, and if possible the trim too."""
    second = _soft(team.second)
    tint = paint.tint(team.main, lightness=0.82)
    choices = [
        mix(team.main, MARBLE, 0.06),
        mix(second, MARBLE, 0.1) if second != MARBLE else tint,
        tint,
        paint.tint(second, lightness=0.8),
        mix(team.main, INK, 0.35),
    ]
    if body == team.main:
        choices = choices[1:]
    both = [c for c in choices if paint.contrast(c, body) >= paint.SHAPE_CONTRAST]
    clear = [c for c in both if c != trim]
    return (clear or both or [paint.best_on(body, choices)])[0]


def _soft(colour: str) -> str:
    """Pure white and near black become marble and ink: the edition's paper and line."""
    if paint.luminance(colour) > 0.9:  # noqa: PLR2004 - white
        return MARBLE
    return colour


def _pattern(key: str) -> str:
    digest = hashlib.sha256(f"pattern of {key}".encode()).digest()
    return PATTERNS[digest[0] % len(PATTERNS)]
