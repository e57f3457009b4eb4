"""What a picture shows, as a small value with a text form that fits into a catalogue's column.

`drawn:jersey?team=KEN&variant=home` is an address like any other picture's, so an importer that
meets it draws instead of downloading.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from typing_extensions import override

SCHEME = "drawn:"
KINDS = (
    "jersey",
    "t-shirt",
    "hoodie",
    "cap",
    "beanie",
    "scarf",
    "socks",
    "pin",
    "plush",
    "poster",
    "mug",
    "bottle",
    "tote",
    "keyring",
    "flag",
)
VARIANTS = ("home", "away", "night", "heritage", "podium", "games")


class SpecError(ValueError):
    """A picture's text form names something this project cannot draw; the message says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One picture: the kind of thing, whose it is and in which version.

    `team` is an NOC code or empty for the Games' own goods; `sport` a pictogram's name, `pose`
    one of the mascot's. Unused fields stay empty.
    """

    kind: str
    team: str = ""
    variant: str = "home"
    sport: str = ""
    pose: str = ""

    @override
    def __str__(self) -> str:
        """Return the text form; equal specs have equal texts."""
        named = ("team", "variant", "sport", "pose")
        given = [(name, getattr(self, name)) for name in named if getattr(self, name)]
        return f"{SCHEME}{self.kind}?{urlencode(given)}"


def parse(text: str) -> Spec:
    """Read the text form; raises SpecError that names the unknown part."""
    if not text.startswith(SCHEME):
        message = f"a drawn picture starts with {SCHEME!r}, not {text[:20]!r}"
        raise SpecError(message)
    kind, _, query = text.removeprefix(SCHEME).partition("?")
    fields = dict(parse_qsl(query))
    unknown = set(fields) - {"team", "variant", "sport", "pose"}
    if kind not in KINDS or unknown:
        message = f"{text!r}: cannot draw {', '.join(sorted(unknown)) or kind!r}"
        raise SpecError(message)
    if fields.get("variant", "home") not in VARIANTS:
        message = f"{text!r}: variant is one of {', '.join(VARIANTS)}"
        raise SpecError(message)
    return Spec(kind=kind, **fields)
