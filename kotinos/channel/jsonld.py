"""schema.org in JSON-LD: VideoObject with the regions it is cleared for, BroadcastEvent.

Terms: https://schema.org/VideoObject (regionsAllowed: ISO 3166-1 alpha-2 codes),
https://schema.org/BroadcastEvent, https://schema.org/Clip.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kotinos.games import api as games
from kotinos.kernel.environment import environment
from kotinos.rights import api as rights
from kotinos.rights.contracts import Act, Outlet

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.channel.airing import Entry, WatchPage
    from kotinos.channel.models import Edition, Programme
    from kotinos.channel.pages import VideoPage
    from kotinos.kernel.place import Place

_SAFE = {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_CONTEXT = "https://schema.org"


def regions(edition: Edition, found: Programme, *, now: datetime) -> list[str]:
    """Where the edition may show it on demand now."""
    mask = rights.cleared_mask(
        work_id=found.id,
        seller_id=edition.licensee_id,
        act=Act.SHOW_VOD,
        outlet=Outlet.INTERNET,
        at=now,
    )
    return sorted(code for code, bit in games.territory_bits().items() if mask >> bit & 1)


def video(
    edition: Edition, found: Programme, view: VideoPage, place: Place, *, now: datetime
) -> str:
    """The page's VideoObject, ready for a script element."""
    origin = environment().origin
    allowed = regions(edition, found, now=now)
    data: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "VideoObject",
        "name": view.card.title,
        "description": view.synopsis or view.card.title,
        "url": origin + view.card.url,
        "thumbnailUrl": [origin + view.card.poster.jpeg],
        "uploadDate": found.published_from.isoformat() if found.published_from else None,
        "duration": duration(view.length_ms),
        "inLanguage": place.language,
        "regionsAllowed": ",".join(allowed),
        "requiresSubscription": False,
    }
    if view.lines:
        data["transcript"] = " ".join(line.text for line in view.lines)
    if view.chapters:
        data["hasPart"] = [
            {
                "@type": "Clip",
                "name": chapter.text,
                "startOffset": chapter.at_ms // 1000,
                "endOffset": chapter.until_ms // 1000,
                "url": f"{origin}{view.card.url}#t={chapter.at_ms // 1000}",
            }
            for chapter in view.chapters
        ]
    return _escaped({name: value for name, value in data.items() if value is not None})


def channel(edition: Edition, view: WatchPage, place: Place) -> str:
    """The channel as a BroadcastService with what is on as BroadcastEvents."""
    row = view.channel
    entries = [entry for entry in (row.current, *row.following) if entry is not None]
    return _escaped(
        {
            "@context": _CONTEXT,
            "@type": "BroadcastService",
            "name": row.name,
            "url": environment().origin + row.url,
            "broadcastDisplayName": row.name,
            "inLanguage": place.language,
            "broadcaster": {"@type": "Organization", "name": edition.names.get("en", edition.code)},
            "hasBroadcastEvent": [_event(entry) for entry in entries if entry.state == "shown"],
        }
    )


def _event(entry: Entry) -> dict[str, Any]:
    return {
        "@type": "BroadcastEvent",
        "name": entry.title,
        "isLiveBroadcast": entry.is_live,
        "startDate": entry.begins_at.isoformat(),
        "endDate": entry.ends_at.isoformat(),
    }


def duration(ms: int) -> str:
    """ISO 8601: `PT4M5S`."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return (
        "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + f"{seconds}S"
    )


def _escaped(data: dict[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign, escaped in _SAFE.items():
        text = text.replace(sign, escaped)
    return text
