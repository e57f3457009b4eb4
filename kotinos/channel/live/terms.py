"""The words of live: what a listener needs to know of its source, and what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

DEAD_AFTER = timedelta(seconds=10)
"""A session that nobody has seen alive for so long is over."""
RECORD_AFTER = timedelta(seconds=60)
"""A source that is silent for so long is recorded; a shorter gap is joined."""


@dataclass(frozen=True, slots=True)
class Source:
    """A live source as its listener sees it; two equal ones need no new listener."""

    id: UUID
    code: str
    protocol: str
    port: int
    key: str


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a listener waits, in seconds. Tests are more impatient than the house."""

    poll: float = 0.15  # between two looks for finished segments
    beat: float = 2.0  # between two signs of life
    wedged: float = 8.0  # connected and no segment: ffmpeg is ended
    retry_min: float = 0.2
    retry_max: float = 5.0
    sources: float = 0.5  # between two looks at the sources
    sweep: float = 5.0  # between two looks for the dead and the old
    stop: float = 3.0  # for ffmpeg to end in order
