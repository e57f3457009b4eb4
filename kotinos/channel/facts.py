"""The facts of a package, to and from the JSON of its row. No Django: both lanes read them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kotinos.channel.contracts import PackageFacts, Rung

if TYPE_CHECKING:
    from collections.abc import Mapping


def package_facts(row: Mapping[str, Any]) -> PackageFacts:
    """What a row of channel_package says; `row` has `id`, `programme_id`, `ticks` and `facts`."""
    facts = row["facts"]
    return PackageFacts(
        id=row["id"],
        programme_id=row["programme_id"],
        ticks=row["ticks"],
        content_ms=facts["content_ms"],
        frames_per_second=facts["frames_per_second"],
        pictures=tuple(Rung(**rung) for rung in facts["pictures"]),
        sounds=tuple(Rung(**rung) for rung in facts["sounds"]),
        audio_us=tuple(facts["audio_us"]),
    )


def facts_json(facts: PackageFacts) -> dict[str, Any]:
    """What the row keeps in `facts`: everything but the ids and the ticks, which are columns."""
    return {
        "frames_per_second": facts.frames_per_second,
        "content_ms": facts.content_ms,
        "pictures": [asdict(rung) for rung in facts.pictures],
        "sounds": [asdict(rung) for rung in facts.sounds],
        "audio_us": list(facts.audio_us),
    }
