"""A stretch of a linear channel's schedule as its editors see it: slots, rulings, gaps."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kotinos.channel import models
from kotinos.channel.contracts import TICK_SECONDS
from kotinos.channel.filling import gaps_between
from kotinos.kernel.languages import pick

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from kotinos.channel.models import LinearChannel, Ruling, Slot
    from kotinos.channel.results import Gap

HOUR_TICKS = 3600 // TICK_SECONDS
DAY_TICKS = 24 * HOUR_TICKS


@dataclass(frozen=True, slots=True)
class Seen:
    """What one territory sees of a slot: `show`, `later` (minutes), `slate`, or `partly`."""

    fate: str
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class DeskSlot:
    """One slot. `territories` see all of it at once, `later` all of it with some delay."""

    id: UUID
    from_tick: int
    until_tick: int
    offset_ticks: int
    programme_id: UUID
    source_id: UUID | None
    code: str
    title: str
    kind: str
    is_live: bool
    by_rule: str
    ticks_max: int
    territories: int
    later: int
    seen: Seen | None

    @property
    def ticks(self) -> int:
        return self.until_tick - self.from_tick


def slots(
    channel: LinearChannel, *, from_tick: int, until_tick: int, bit: int | None = None
) -> list[DeskSlot]:
    """The slots that touch a stretch, in order; `bit` asks what one territory sees."""
    rows = models.Slot.objects.select_related("programme", "package").filter(
        channel=channel, from_tick__lt=until_tick, until_tick__gt=from_tick
    )
    found = list(rows.order_by("from_tick"))
    rulings: dict[UUID, list[Ruling]] = defaultdict(list)
    for ruling in models.Ruling.objects.filter(slot__in=found).order_by("from_tick"):
        rulings[ruling.slot_id].append(ruling)
    return [_slot(row, _within(row, rulings[row.id]), bit) for row in found]


def _within(slot: Slot, rulings: Sequence[Ruling]) -> list[Ruling]:
    """Those that hold at some tick of the slot: the last that begins before it, and later ones."""
    before = [each for each in rulings if each.from_tick <= slot.from_tick]
    inside = [each for each in rulings if slot.from_tick < each.from_tick < slot.until_tick]
    return before[-1:] + inside


def _slot(row: Slot, rulings: Sequence[Ruling], bit: int | None) -> DeskSlot:
    masks = [_mask(each) for each in rulings]
    late = [_late(each) for each in rulings]
    shown, seen = _all(masks), _all([a | b for a, b in zip(masks, late, strict=True)])
    return DeskSlot(
        id=row.id,
        from_tick=row.from_tick,
        until_tick=row.until_tick,
        offset_ticks=row.offset_ticks,
        programme_id=row.programme_id,
        source_id=row.source_id,
        code=row.programme.code,
        title=pick(row.programme.titles, "en"),
        kind=row.programme.kind,
        is_live=row.source_id is not None,
        by_rule=row.by_rule,
        ticks_max=row.package.ticks - row.offset_ticks if row.package else models.SLOT_TICKS_MAX,
        territories=shown.bit_count(),
        later=(seen & ~shown).bit_count(),
        seen=None if bit is None else _seen(rulings, bit),
    )


def _all(masks: Iterable[int]) -> int:
    found = list(masks)
    common = found[0] if found else 0
    for mask in found[1:]:
        common &= mask
    return common


def _mask(ruling: Ruling) -> int:
    return int.from_bytes(bytes(ruling.show), "little")


def _late(ruling: Ruling) -> int:
    mask = 0
    for _minutes, text in ruling.delays:
        mask |= int(text, 16)
    return mask


def _seen(rulings: Sequence[Ruling], bit: int) -> Seen:
    fates = {_fate(each, bit) for each in rulings} or {Seen("slate")}
    return fates.pop() if len(fates) == 1 else Seen("partly")


def _fate(ruling: Ruling, bit: int) -> Seen:
    if _mask(ruling) >> bit & 1:
        return Seen("show")
    for minutes, text in ruling.delays:
        if int(text, 16) >> bit & 1:
            return Seen("later", int(minutes))
    return Seen("slate")


def gaps(channel: LinearChannel, *, from_tick: int, until_tick: int) -> list[Gap]:
    """What belongs to nothing of a stretch, in order."""
    return gaps_between(_taken(channel, from_tick, until_tick), from_tick, until_tick)


def count(channel: LinearChannel, *, from_tick: int, until_tick: int) -> int:
    """How many slots touch a stretch."""
    return len(_taken(channel, from_tick, until_tick))


def _taken(channel: LinearChannel, from_tick: int, until_tick: int) -> list[tuple[int, int]]:
    rows = models.Slot.objects.filter(
        channel=channel, from_tick__lt=until_tick, until_tick__gt=from_tick
    )
    return list(rows.values_list("from_tick", "until_tick"))


def filled_by_hour(channel: LinearChannel, *, from_tick: int) -> list[int]:
    """Percent of each of a day's 24 hours that belongs to something."""
    taken = [0] * 24
    for first, end in _taken(channel, from_tick, from_tick + DAY_TICKS):
        start, stop = max(first, from_tick), min(end, from_tick + DAY_TICKS)
        while start < stop:
            hour = (start - from_tick) // HOUR_TICKS
            upto = min(stop, from_tick + (hour + 1) * HOUR_TICKS)
            taken[hour] += upto - start
            start = upto
    return [100 * ticks // HOUR_TICKS for ticks in taken]


def slot(channel: LinearChannel, slot_id: UUID, *, bit: int | None = None) -> DeskSlot | None:
    """One slot of a channel."""
    row = models.Slot.objects.filter(channel=channel, id=slot_id).first()
    if row is None:
        return None
    around = slots(channel, from_tick=row.from_tick, until_tick=row.until_tick, bit=bit)
    return next((each for each in around if each.id == slot_id), None)
