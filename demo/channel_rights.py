"""Who may show what: the channel's properties and the grants of its two licensees.

The story: Grove Media shows the films everywhere but in China, the finals not in Brazil either,
the opening in the Americas only from March 2027 on; the live signal reaches Africa half an hour
late. Lantern Lake shows the films to Chinese readers everywhere, the finals only in its region.
The mascot appears nowhere where its owner forbids it (Australia).
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from demo.goods import DATA, EDITION, MASCOT, ORGANISER
from demo.rights_tables import grant, property_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Row = Mapping[str, str]

GROVE, LANTERN = "GROVE-MEDIA", "LANTERN-LAKE"
FILMS, FINALS, CEREMONY, SIGNAL = (
    f"K2030-{name}" for name in ("FILMS", "FINALS", "CEREMONY", "SIGNAL")
)
_NAMES = {
    FILMS: ("archive", "Films of Kotinos 2030", "Films de Kotinos 2030",
            "Kotinos 2030影片", "أفلام كوتينوس 2030"),
    FINALS: ("archive", "Films of the finals", "Films des finales", "决赛影片", "أفلام النهائيات"),
    CEREMONY: ("archive", "Film of the opening", "Film de l’ouverture",
               "开幕式影片", "فيلم الافتتاح"),
    SIGNAL: ("signal", "Live signal", "Signal en direct", "直播信号", "الإشارة المباشرة"),
}  # fmt: skip
_REGION = "CN,HK,MO,SG,MY"


def organisations() -> Iterator[Row]:
    """Yield the licensees that show the channel."""
    found = tomllib.loads((DATA / "channel" / "editions.toml").read_text(encoding="utf-8"))
    yield from found["organisations"]


def properties() -> Iterator[Row]:
    """Yield what can be seen: recorded films, and the signal."""
    for code, (kind, en, fr, zh, ar) in _NAMES.items():
        names = {"en": en, "fr": fr, "zh-hans": zh, "ar": ar}
        yield property_(code, kind, ORGANISER, names, edition=EDITION)


def grants() -> Iterator[Row]:
    """Yield what the organising committee lets its two licensees show."""
    yield from _grove()
    yield from _lantern()


def _show(number: str, grantee: str, property_code: str, territory: str, **more: str) -> Row:
    parties = {"grantor": ORGANISER, "grantee": grantee, "property": property_code}
    shown = {"acts": "show/*", "outlets": "internet", "territory": territory}
    return grant(number, parties, **(shown | more))


def _grove() -> Iterator[Row]:
    yield _show("GROVE-FILMS", GROVE, FILMS, "WORLD,-CN")
    yield _show("GROVE-MASCOT", GROVE, MASCOT, "WORLD,-CN")
    yield _show("GROVE-FINALS", GROVE, FINALS, "WORLD,-CN,-BR", note="Brazil has its own licensee")
    yield _show("GROVE-OPENING", GROVE, CEREMONY, "WORLD,-CN,-PANAM")
    later = {"from": "2027-03-01", "note": "an embargo until the documentary is out"}
    yield _show("GROVE-OPENING-AMERICAS", GROVE, CEREMONY, "PANAM", **later)
    live = {"acts": "show/live, show/vod"}
    yield _show("GROVE-LIVE", GROVE, SIGNAL, "WORLD,-CN,-ANOCA", **live)
    late = {"acts": "show/delayed, show/vod", "delay_minutes": "30"}
    yield _show("GROVE-LIVE-AFRICA", GROVE, SIGNAL, "ANOCA", note="half an hour late", **late)


def _lantern() -> Iterator[Row]:
    for code in (FILMS, MASCOT, CEREMONY):
        yield _show(f"LANTERN-{code.removeprefix('K2030-')}", LANTERN, code, "WORLD")
    yield _show("LANTERN-FINALS", LANTERN, FINALS, _REGION)
    yield _show("LANTERN-LIVE", LANTERN, SIGNAL, _REGION, acts="show/live, show/vod")
