"""Write keys as a collecting process knows them, and how much may come by each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kotinos.insight.collect.pseudonyms import Pseudonyms

BURST_SECONDS = 10
"""A key that was quiet may send what it missed, up to this much of its rate."""


class Key:
    """One write key. `room` is what may come by it now, a token bucket filled by time."""

    __slots__ = ("_at", "_room", "edition", "name", "organisation", "per_s_max", "pseudonyms")

    def __init__(
        self,
        *,
        name: str,
        edition: str,
        organisation: str,
        per_s_max: int,
        pseudonyms: Pseudonyms,
    ) -> None:
        self.name = name
        self.edition = edition
        self.organisation = organisation
        self.per_s_max = per_s_max
        self.pseudonyms = pseudonyms
        self._room = float(per_s_max * BURST_SECONDS)
        self._at = 0.0

    def admits(self, events: int, *, at_s: float) -> bool:
        """Whether this many may come now; at least one batch may whatever its size."""
        full = self.per_s_max * BURST_SECONDS
        self._room = min(full, self._room + max(0.0, at_s - self._at) * self.per_s_max)
        self._at = at_s
        if self._room < min(events, full):
            return False
        self._room -= events
        return True
