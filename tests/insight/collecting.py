"""A collector without a server, for tests that choose the instant at which something comes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec

from kotinos.insight.collect.collector import Collector, Sent, Taken
from kotinos.insight.collect.keys import Key
from kotinos.insight.collect.log import SegmentLog
from kotinos.insight.collect.pseudonyms import Pseudonyms
from kotinos.insight.lake.store import lake
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

KEY, EDITION, SOURCE = "a key", "clocks", "tests"


def new_ids(number: int) -> list[str]:
    return [str(uuid4()) for _ in range(number)]


def collected(log: Path, batches: Sequence[tuple[datetime, list[str]]]) -> list[str]:
    """Collect batches, each at the instant a clock shows then; the ids that were acknowledged."""
    return asyncio.run(_collect(log, batches))


async def _collect(folder: Path, batches: Sequence[tuple[datetime, list[str]]]) -> list[str]:
    log = SegmentLog(folder, free_bytes_min=0)
    collector = Collector(log)
    pseudonyms = Pseudonyms(b"a secret for tests only")
    collector.keys = {
        KEY: Key(
            name=SOURCE,
            edition=EDITION,
            organisation="",
            per_s_max=100,
            pseudonyms=pseudonyms,
        )
    }
    acknowledged = []
    for instant, ids in batches:
        messages = [
            {"type": "track", "event": "Seen", "messageId": each, "anonymousId": "somebody"}
            for each in ids
        ]
        body = msgspec.json.encode({"batch": messages})
        received = int(instant.timestamp() * 1_000_000)
        ready = collector.read(Sent(body, KEY, "", "127.0.0.1", "", received))
        outcome = await collector.keep(ready)
        if outcome == Taken(accepted=len(ids)):
            acknowledged += ids
    await log.close()
    return acknowledged


def forget_settings() -> None:
    """Read the environment again: another lake."""
    environment.cache_clear()
    lake.cache_clear()
