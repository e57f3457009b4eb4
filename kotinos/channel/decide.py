"""May this be shown, there and then? Pure: compiled rows and `now` in, an answer out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from kotinos.channel.contracts import NotShown, Shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime


class Cleared(Protocol):
    """A use is cleared in [from_at, until_at), after a delay."""

    @property
    def from_at(self) -> datetime | None: ...
    @property
    def until_at(self) -> datetime | None: ...
    @property
    def delay_minutes(self) -> int: ...


def decide_published(
    *, published_from: datetime | None, published_until: datetime | None, now: datetime
) -> NotShown | None:
    """Why the editors do not show it, None where they do."""
    if published_from is None:
        return NotShown("unpublished")
    if now < published_from:
        return NotShown("not-yet", published_from)
    if published_until is not None and now >= published_until:
        return NotShown("withdrawn")
    return None


def decide_recorded(
    rows: Iterable[Cleared], *, occurred_at: datetime | None, now: datetime
) -> Shown | NotShown:
    """Something recorded: `rows` are those of its use in one territory, in order of time."""
    coming: list[tuple[datetime, str]] = []
    for row in rows:
        opens_at, reason = row.from_at, "not-yet"
        if row.delay_minutes:
            if occurred_at is None:
                continue
            passed_at = occurred_at + timedelta(minutes=row.delay_minutes)
            if opens_at is None or passed_at > opens_at:
                opens_at, reason = passed_at, "delayed"
        if row.until_at is not None and (now >= row.until_at):
            continue
        if opens_at is None or opens_at <= now:
            return Shown(row.until_at)
        coming.append((opens_at, reason))
    if not coming:
        return NotShown("not-cleared")
    opens_at, reason = min(coming)
    return NotShown(reason, opens_at)


def decide_live(
    live: Sequence[Cleared], delayed: Sequence[Cleared], *, now: datetime
) -> Shown | NotShown:
    """What happens now: at once where show/live is cleared, else with the shortest delay that
    show/live or show/delayed names; show/delayed without a delay clears nothing live.
    """
    in_force = [row for row in live if _holds(row, now)]
    in_force += [row for row in delayed if row.delay_minutes and _holds(row, now)]
    if in_force:
        soonest = min(in_force, key=lambda row: row.delay_minutes)
        return Shown(soonest.until_at, soonest.delay_minutes)
    coming = [row.from_at for row in live if row.from_at is not None and row.from_at > now]
    return NotShown("not-yet", min(coming)) if coming else NotShown("not-cleared")


def _holds(row: Cleared, now: datetime) -> bool:
    return (row.from_at is None or row.from_at <= now) and (
        row.until_at is None or now < row.until_at
    )
