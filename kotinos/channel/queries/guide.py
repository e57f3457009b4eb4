"""What stands in the guide: slots of linear channels, with what each territory sees of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from kotinos.channel.contracts import instant_of, tick_at
from kotinos.channel.models import LiveSession
from kotinos.kernel import rich
from kotinos.kernel.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

SLOTS_MAX = 20_000
ALIVE_SECONDS = 15
"""An encoder that has given no sign for longer is not on air, whatever its row says."""


@dataclass(frozen=True, slots=True)
class GuideSlot:
    """Ticks [from_tick, until_tick) of a channel belong to a programme."""

    id: UUID
    channel_id: UUID
    from_tick: int
    until_tick: int
    offset_ticks: int
    package_id: UUID | None
    source_code: str
    programme_id: UUID
    code: str
    kind: str
    titles: Mapping[str, str]
    synopses: Mapping[str, str]
    sport: str
    nocs: tuple[str, ...]
    occurred_at: datetime | None
    show: int
    delays: tuple[tuple[int, int], ...]

    @property
    def begins_at(self) -> datetime:
        return instant_of(self.from_tick)

    @property
    def ends_at(self) -> datetime:
        return instant_of(self.until_tick)

    def delay_for(self, bit: int) -> int | None:
        """Minutes later than scheduled that a territory sees it: 0 at once, None not at all."""
        if self.show >> bit & 1:
            return 0
        return next((minutes for minutes, mask in self.delays if mask >> bit & 1), None)


def _read_slot(row: Mapping[str, Any]) -> GuideSlot:
    return GuideSlot(
        id=row["id"],
        channel_id=row["channel_id"],
        from_tick=row["from_tick"],
        until_tick=row["until_tick"],
        offset_ticks=row["offset_ticks"],
        package_id=row["package_id"],
        source_code=row["source_code"] or "",
        programme_id=row["programme_id"],
        code=row["code"],
        kind=row["kind"],
        titles=_json(row["titles"]),
        synopses=_json(row["synopses"]),
        sport=row["sport"],
        nocs=tuple(row["nocs"]),
        occurred_at=row["occurred_at"],
        show=int.from_bytes(bytes(row["show"] or b""), "little"),
        delays=tuple((int(minutes), int(mask, 16)) for minutes, mask in _json(row["delays"]) or ()),
    )


def _json(found: Any) -> Any:
    return msgspec.json.decode(found) if isinstance(found, str | bytes) else found


_list_slots: Statement[GuideSlot] = Statement.load("kotinos.channel", "list_slots.sql", _read_slot)


def slots(
    channels: Iterable[UUID], *, from_at: datetime, until_at: datetime, now: datetime
) -> list[GuideSlot]:
    """The slots of these channels that touch a span of time, in order; at most `SLOTS_MAX`."""
    return rich.read(
        _list_slots,
        channels=list(channels),
        from_tick=tick_at(from_at),
        until_tick=tick_at(until_at),
        tick=tick_at(now),
        most=SLOTS_MAX,
    )


def now_and_next(
    channels: Sequence[UUID], *, now: datetime, ahead: timedelta
) -> dict[UUID, list[GuideSlot]]:
    """For each channel the slot on air, where there is one, and those that follow."""
    found: dict[UUID, list[GuideSlot]] = {channel: [] for channel in channels}
    for slot in slots(channels, from_at=now, until_at=now + ahead, now=now):
        found[slot.channel_id].append(slot)
    return found


def session_on_air(source_id: UUID, *, now: datetime) -> LiveSession | None:
    """The source's encoder that runs now."""
    alive = now - timedelta(seconds=ALIVE_SECONDS)
    rows = LiveSession.objects.filter(source_id=source_id, ended_at=None, seen_at__gte=alive)
    return rows.order_by("-began_at").first()


def last_session(source_id: UUID) -> LiveSession | None:
    """The source's newest run, on air or not."""
    rows = LiveSession.objects.filter(source_id=source_id)
    return rows.select_related("recorded").order_by("-began_at").first()
