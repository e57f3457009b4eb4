"""What players tell, summed in memory and written with every tick; nobody is remembered."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Literal

from kotinos.channel import statements
from kotinos.kernel import fast

if TYPE_CHECKING:
    from psycopg import AsyncConnection

Kind = Literal["start", "beat", "seek", "stall", "rung", "end"]
_COLUMNS = ("starts", "seconds", "seeks", "stalls", "rungs", "ends")
_COLUMN_OF: dict[Kind, str] = {
    "start": "starts",
    "seek": "seeks",
    "stall": "stalls",
    "rung": "rungs",
    "end": "ends",
}
SUMS_MAX = 50_000
"""Things x territories between two ticks; what goes beyond is not counted."""
BEAT_SECONDS_MAX = 60


class Watched:
    """Sums since the last flush."""

    def __init__(self) -> None:
        self._sums: dict[tuple[str, str, int], Counter[str]] = {}

    def note(self, subject: str, territory: str, kind: Kind, *, seconds: int, minute: int) -> None:
        """Count one event of a player."""
        key = (subject, territory, minute)
        if key not in self._sums and len(self._sums) >= SUMS_MAX:
            return
        sums = self._sums.setdefault(key, Counter())
        if kind in _COLUMN_OF:
            sums[_COLUMN_OF[kind]] += 1
        sums["seconds"] += min(max(seconds, 0), BEAT_SECONDS_MAX)

    async def flush(self, conn: AsyncConnection[Any]) -> None:
        """Write the sums; what cannot be written now is written next time."""
        if not self._sums:
            return
        taken, self._sums = self._sums, {}
        rows = sorted(taken.items())
        try:
            await fast.run(
                conn,
                statements.add_watching,
                subjects=[key[0] for key, _ in rows],
                territories=[key[1] for key, _ in rows],
                minutes=[key[2] for key, _ in rows],
                **{column: [sums[column] for _, sums in rows] for column in _COLUMNS},
            )
        except Exception:
            for key, sums in taken.items():
                self._sums.setdefault(key, Counter()).update(sums)
            raise
