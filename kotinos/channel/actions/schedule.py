"""The editors' schedule of a linear channel. What has been published does not change.

Every action leaves ticks before the lock as they are, lets PostgreSQL's exclusion constraint
keep slots apart, and has the engine rule what it placed, in the same transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

from kotinos.channel import models
from kotinos.channel.actions.frame import channel_of, record_channel
from kotinos.channel.actions.ruling import rule_slots
from kotinos.channel.actions.workflow import step_of
from kotinos.channel.contracts import Step, instant_of, lock_tick
from kotinos.channel.models import SLOT_TICKS_MAX
from kotinos.channel.results import (
    Locked,
    NotFound,
    NothingToShow,
    NotPublished,
    NotYours,
    Overlaps,
    Placed,
    Removed,
    TooLong,
)
from kotinos.kernel.languages import pick

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.channel.models import LinearChannel, Programme, Slot

    Refusal = Locked | NotFound | NothingToShow | NotPublished | NotYours | Overlaps | TooLong

APART = "channel_slot_apart"
ON_AIR = frozenset({Step.SCHEDULED, Step.PUBLISHED})
NOBODY = UUID(int=0)
LIVE_TICKS = 900  # an hour, where nobody says how long a live item is


@transaction.atomic
def place_slot(
    *,
    channel_id: UUID,
    from_tick: int,
    now: datetime,
    programme_id: UUID | None = None,
    source_id: UUID | None = None,
    ticks: int | None = None,
    offset_ticks: int = 0,
    by: UUID | None = None,
    by_rule: str = "",
) -> Placed | Refusal:
    """Give ticks of a channel to a programme's newest package, or to a live source.

    Without `ticks` the package is shown whole, a source for an hour. Other editors' slots are
    met with `Overlaps`, whoever comes first.
    """
    channel = channel_of(channel_id, by=by, now=now)
    if isinstance(channel, NotFound | NotYours):
        return channel
    slot = _new_slot(programme_id, source_id, ticks, offset_ticks)
    if not isinstance(slot, models.Slot):
        return slot
    slot.channel, slot.by_rule, slot.placed_at, slot.placed_by_id = channel, by_rule, now, by
    length = slot.until_tick
    slot.from_tick, slot.until_tick = from_tick, from_tick + length
    refusal = _refusal(slot, now=now)
    if refusal is not None:
        return refusal
    return _kept(slot, "placed", now=now, by=by)


def _new_slot(
    programme_id: UUID | None, source_id: UUID | None, ticks: int | None, offset_ticks: int
) -> Slot | NotFound | NothingToShow | TooLong:
    """A slot from tick 0 on, as long as it will be."""
    if source_id is not None:
        source = models.LiveSource.objects.select_related("programme").filter(id=source_id).first()
        if source is None:
            return NotFound("live source")
        return models.Slot(
            source=source, programme=source.programme, from_tick=0, until_tick=ticks or LIVE_TICKS
        )
    programme = models.Programme.objects.filter(id=programme_id or NOBODY).first()
    if programme is None:
        return NotFound("programme")
    package = newest_package(programme)
    if package is None:
        return NothingToShow(programme.id)
    length = package.ticks - offset_ticks if ticks is None else ticks
    if offset_ticks < 0 or not 0 < length <= package.ticks - offset_ticks:
        return TooLong(max(0, package.ticks - offset_ticks))
    return models.Slot(
        programme=programme,
        package=package,
        offset_ticks=offset_ticks,
        from_tick=0,
        until_tick=length,
    )


def newest_package(programme: Programme) -> models.Package | None:
    return programme.packages.order_by("ready_at", "id").last()


def _refusal(slot: Slot, *, now: datetime) -> Locked | NotPublished | TooLong | None:
    if slot.from_tick < lock_tick(now):
        return Locked(lock_tick(now))
    if not 0 < slot.until_tick - slot.from_tick <= SLOT_TICKS_MAX:
        return TooLong(SLOT_TICKS_MAX)
    step = step_of(slot.programme.id, now=now)
    return None if step in ON_AIR else NotPublished(slot.programme.id, step)


def _kept(slot: Slot, verb: str, *, now: datetime, by: UUID | None) -> Placed | Overlaps:
    """Write the slot, unless another one has some of its ticks; then what the engine says."""
    try:
        with transaction.atomic():
            slot.save()
    except IntegrityError as error:
        if APART not in str(error):
            raise
        return _met(slot)
    rule_slots([slot.id], now=now)
    _record(verb, slot, now=now, by=by)
    return Placed(slot.id, slot.from_tick, slot.until_tick)


def _met(slot: Slot) -> Overlaps:
    """The first slot in the way; it may be gone by the time one looks."""
    others = models.Slot.objects.select_related("programme").filter(
        channel=slot.channel, from_tick__lt=slot.until_tick, until_tick__gt=slot.from_tick
    )
    other = others.exclude(id=slot.id).order_by("from_tick").first()
    if other is None:
        return Overlaps(None)
    title = pick(other.programme.titles, "en")
    return Overlaps(other.id, title, other.from_tick, other.until_tick)


@transaction.atomic
def move_slot(
    *, slot_id: UUID, from_tick: int, now: datetime, by: UUID | None = None
) -> Placed | Refusal:
    """Show the same at another time. A slot that has begun stays where it is."""
    slot = _own(slot_id, by=by, now=now)
    if isinstance(slot, NotFound | NotYours):
        return slot
    if min(slot.from_tick, from_tick) < lock_tick(now):
        return Locked(lock_tick(now))
    slot.until_tick += from_tick - slot.from_tick
    slot.from_tick = from_tick
    slot.rulings.all().delete()  # nobody has seen them: the slot had not begun
    return _kept(slot, "moved", now=now, by=by)


@transaction.atomic
def shorten_slot(
    *, slot_id: UUID, ticks: int, now: datetime, by: UUID | None = None
) -> Placed | Refusal:
    """End a slot earlier, or later as far as its package reaches; also one that is on air."""
    slot = _own(slot_id, by=by, now=now)
    if isinstance(slot, NotFound | NotYours):
        return slot
    until_tick = slot.from_tick + ticks
    if min(until_tick, slot.until_tick) < lock_tick(now):
        return Locked(lock_tick(now))
    ticks_max = slot.package.ticks - slot.offset_ticks if slot.package else SLOT_TICKS_MAX
    if not 0 < ticks <= min(ticks_max, SLOT_TICKS_MAX):
        return TooLong(min(ticks_max, SLOT_TICKS_MAX))
    slot.until_tick = until_tick
    return _kept(slot, "resized", now=now, by=by)


@transaction.atomic
def remove_slot(
    *, slot_id: UUID, now: datetime, by: UUID | None = None
) -> Removed | Placed | Refusal:
    """Take a slot out of the schedule; one that is on air ends at the lock."""
    slot = _own(slot_id, by=by, now=now)
    if isinstance(slot, NotFound | NotYours):
        return slot
    lock = lock_tick(now)
    if slot.until_tick <= lock:
        return Locked(lock)
    if slot.from_tick < lock:
        slot.until_tick = lock
        return _kept(slot, "cut", now=now, by=by)
    _record("removed", slot, now=now, by=by)
    slot.delete()
    return Removed(slot_id)


def _own(slot_id: UUID, *, by: UUID | None, now: datetime) -> Slot | NotFound | NotYours:
    rows = models.Slot.objects.select_for_update(of=("self",))
    slot = rows.select_related("programme", "package").filter(id=slot_id).first()
    if slot is None:
        return NotFound("slot")
    channel = channel_of(slot.channel_id, by=by, now=now)
    if isinstance(channel, NotFound | NotYours):
        return channel
    slot.channel = channel
    return slot


def _record(verb: str, slot: Slot, *, now: datetime, by: UUID | None) -> None:
    channel: LinearChannel = slot.channel
    detail = {
        "programme": slot.programme.code,
        "from": instant_of(slot.from_tick).isoformat(),
        "until": instant_of(slot.until_tick).isoformat(),
    }
    record_channel(verb, channel, by=by, now=now, detail=detail)
