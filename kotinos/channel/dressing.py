"""How an edition looks: its colours as a small sheet, its name, its lines at the foot.

Pages carry no inline style, so the colours come as a file whose address holds their hash.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kotinos.channel import pages
from kotinos.kernel.languages import pick

if TYPE_CHECKING:
    from kotinos.channel.models import Edition
    from kotinos.kernel.place import Place

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
TOKENS = {
    "field": "--edition-field",
    "on_field": "--edition-on-field",
    "leaf": "--edition-leaf",
}
"""What `Edition.look["theme"]` may say; anything that is not six hexadecimal digits is left out."""


@dataclass(frozen=True, slots=True)
class Dress:
    """What every page of an edition shows around its own content."""

    code: str
    name: str
    theme_url: str
    licensee_line: str
    footer_lines: tuple[str, ...]


def dress(edition: Edition, place: Place) -> Dress:
    """The edition as one place's pages show it."""
    look = edition.look
    footer = look.get("footer") or {}
    lines = footer.get(place.language) or footer.get("en") or next(iter(footer.values()), ())
    return Dress(
        code=edition.code,
        name=pick(edition.names, place.language) or edition.code,
        theme_url=pages.url(place, "theme", digest=_digest(edition)),
        licensee_line=pick(look.get("licensee_line") or {}, place.language),
        footer_lines=tuple(str(line) for line in lines),
    )


def sheet(edition: Edition) -> str:
    """The edition's colours as one rule."""
    theme = edition.look.get("theme") or {}
    tokens = "".join(
        f"{token}:{theme[name]};"
        for name, token in TOKENS.items()
        if _COLOUR.fullmatch(str(theme.get(name, "")))
    )
    return f":root{{{tokens}}}\n"


def _digest(edition: Edition) -> str:
    return hashlib.sha256(sheet(edition).encode()).hexdigest()[:12]
