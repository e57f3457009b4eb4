"""Who offers what: the demo's whole range as values, the same on every machine.

A committee has eleven goods, the organisers the Games' own, licensees what they are licensed for.
Choices that should look accidental (sizes sold out, a cap here and a hat there) follow from a
digest of the handle.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from demo.words import LANGUAGES, Texts
from kotinos.catalog.artwork import POSES, SPORTS, Spec
from kotinos.games.names import noc_name

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).parent / "data"
EDITION = "K2030"
ORGANISER = "OCOG-K2030"
GAMES_EMBLEM = "K2030-EMBLEM"
MASCOT = "K2030-MASCOT"
PICTOGRAMS = "K2030-PICTOGRAMS"
GROVE = "IOC-GROVE"

# kind, variant of the drawing, collection
_KITS = (
    ("jersey", "home", "home-kit"),
    ("jersey", "away", "away-kit"),
    ("scarf", "home", "supporters"),
    ("pin", "home", "supporters"),
    ("t-shirt", "heritage", "heritage"),
    ("hoodie", "night", "night"),
)
_HATS = (("cap", "home", "supporters"), ("beanie", "away", "supporters"))
_EXTRAS = (
    ("mug", "heritage", "heritage"),
    ("bottle", "night", "night"),
    ("tote", "away", "supporters"),
    ("flag", "home", "supporters"),
    ("socks", "home", "supporters"),
    ("keyring", "night", "night"),
)
_PODIUM = ("jersey", "t-shirt", "cap", "mug", "scarf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One product of one seller, before it is written as rows."""

    seller: str
    kind: str
    variant: str
    collection: str
    properties: tuple[str, ...]
    team: str = ""
    sport: str = ""
    pose: str = ""
    team_of_fr: str = ""
    team_names: Texts = field(default_factory=dict)

    @property
    def handle(self) -> str:
        """Return the product's address, unique in the whole shop."""
        owner = self.team.lower() or self.seller.lower().removeprefix("ocog-")
        words = (owner, self.variant, self.sport, self.pose, self.kind)
        return "-".join(word for word in words if word)

    @property
    def spec(self) -> Spec:
        """Return the picture that shows it."""
        return Spec(
            kind=self.kind,
            team=self.team,
            variant=self.variant,
            sport=self.sport,
            pose=self.pose,
        )


def rows(name: str) -> list[dict[str, str]]:
    """Read one of the demo's own tables."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pick(text: str, count: int) -> int:
    """Choose 0..count-1 by a digest of the text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) % count


def all_items() -> Iterator[Item]:
    """Yield every product, seller by seller."""
    for row in rows("sellers"):
        yield from _committee(row["noc"], row["fr_of"])
    yield from _organiser()
    yield from _licensees()


def _committee(noc: str, team_of_fr: str) -> Iterator[Item]:
    names = {language: noc_name(noc, language) for language in LANGUAGES}

    def item(
        kind: str, variant: str, collection: str, *more: str, sport: str = "", pose: str = ""
    ) -> Item:
        return Item(
            seller=f"NOC-{noc}",
            team=noc,
            team_of_fr=team_of_fr,
            team_names=names,
            kind=kind,
            variant=variant,
            collection=collection,
            properties=(f"NOC-{noc}-EMBLEM", *more),
            sport=sport,
            pose=pose,
        )

    for kit in _KITS:
        yield item(*kit)
    yield item(*_HATS[pick(f"hat {noc}", len(_HATS))])
    first = pick(f"extra {noc}", len(_EXTRAS))
    yield item(*_EXTRAS[first])
    yield item(_PODIUM[pick(f"podium {noc}", len(_PODIUM))], "podium", "podium", GAMES_EMBLEM)
    pose = POSES[pick(f"pose {noc}", len(POSES))]
    yield item("plush", "games", "elio", MASCOT, pose=pose)
    sport = SPORTS[pick(f"sport {noc}", len(SPORTS))]
    yield item("poster", "games", "pictograms", PICTOGRAMS, sport=sport)


def _organiser() -> Iterator[Item]:
    for sport in SPORTS:
        variant = ("home", "away", "night", "podium")[pick(f"print {sport}", 4)]
        yield _own(ORGANISER, "poster", variant, "pictograms", PICTOGRAMS, sport=sport)
    for sport in SPORTS[::2]:
        yield _own(ORGANISER, "t-shirt", "games", "pictograms", PICTOGRAMS, sport=sport)
    for pose in POSES:
        yield _own(ORGANISER, "plush", "home", "elio", MASCOT, pose=pose)
        yield _own(ORGANISER, "tote", "away", "elio", MASCOT, pose=pose)
    for kind in ("hoodie", "cap", "mug", "bottle", "scarf", "flag", "pin", "keyring", "socks"):
        yield _own(ORGANISER, kind, "games", "grove", GAMES_EMBLEM)


def _licensees() -> Iterator[Item]:
    for kind in ("hoodie", "t-shirt", "tote", "mug", "poster", "cap", "beanie"):
        yield _own("KOTINOS-SHOP", kind, "heritage", "heritage", GROVE)
        yield _own("KOTINOS-SHOP", kind, "night", "night", GROVE)
    for kind in ("jersey", "t-shirt", "hoodie", "socks", "bottle"):
        yield _own("MELTEMI", kind, "home", "grove", GAMES_EMBLEM)
    for pose in POSES:
        yield _own("SAKURA-GOODS", "plush", "games", "elio", MASCOT, pose=pose)
    for pose in POSES[:3]:
        yield _own("ANDES-TEXTIL", "t-shirt", "podium", "elio", MASCOT, pose=pose)
        yield _own("LION-CITY-GIFTS", "mug", "away", "elio", MASCOT, pose=pose)
    for sport in SPORTS:
        yield _own("NORTHERN-PINS", "pin", "podium", "pictograms", PICTOGRAMS, sport=sport)
    for kind in ("cap", "bottle", "flag"):
        yield _own("SAVANNA-OUTFITTERS", kind, "podium", "grove", GAMES_EMBLEM)


def _own(
    seller: str,
    kind: str,
    variant: str,
    collection: str,
    mark: str,
    *,
    sport: str = "",
    pose: str = "",
) -> Item:
    return Item(
        seller=seller,
        kind=kind,
        variant=variant,
        collection=collection,
        properties=(mark,),
        sport=sport,
        pose=pose,
    )
