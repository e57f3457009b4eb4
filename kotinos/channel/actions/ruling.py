"""The engine's word on slots, written down before anybody sees them, and again when it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.channel import models
from kotinos.channel.contracts import instant_of, tick_at
from kotinos.channel.linear.ruling import Ruled, Span, rule_live, rule_recorded
from kotinos.rights import api as rights
from kotinos.rights.api import Act, Outlet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

MASK_BYTES = 32


@transaction.atomic
def rule_slots(slot_ids: Iterable[UUID], *, now: datetime) -> int:
    """Ask the engine for these slots, and write down what it says from the running tick on.

    What was ruled of earlier ticks stays: it has been seen. Returns how many slots' rulings
    changed.
    """
    slots = (
        models.Slot.objects.select_for_update(of=("self",))
        .filter(id__in=list(slot_ids))
        .select_related("programme", "channel__edition")
        .order_by("id")
    )
    return sum(_rule(slot, now) for slot in slots)


@transaction.atomic
def rule_all(*, now: datetime) -> int:
    """The same for every slot that has not ended: rights have changed."""
    coming = models.Slot.objects.filter(until_tick__gt=tick_at(now)).values_list("id", flat=True)
    return rule_slots(list(coming), now=now)


def _rule(slot: models.Slot, now: datetime) -> bool:
    from_tick = max(slot.from_tick, tick_at(now))
    if from_tick >= slot.until_tick:
        return False
    fresh = _asked(slot, from_tick)
    written = [_read(row) for row in slot.rulings.order_by("from_tick")]
    before = [ruled for ruled in written if ruled.from_tick < from_tick]
    if before and fresh[0].outcome == before[-1].outcome:
        fresh = fresh[1:]
    if fresh == [ruled for ruled in written if ruled.from_tick >= from_tick]:
        return False
    slot.rulings.filter(from_tick__gte=from_tick).delete()
    models.Ruling.objects.bulk_create([_row(slot, ruled, now) for ruled in fresh])
    return True


def _asked(slot: models.Slot, from_tick: int) -> list[Ruled]:
    until = slot.programme.published_until  # withdrawn: shown no longer, wherever rights stand
    if slot.source_id is not None:
        return rule_live(
            _spans(slot, Act.SHOW_LIVE, until),
            _spans(slot, Act.SHOW_DELAYED, until),
            from_tick=from_tick,
            until_tick=slot.until_tick,
        )
    return rule_recorded(
        _spans(slot, Act.SHOW_DELAYED, until),
        from_tick=from_tick,
        until_tick=slot.until_tick,
        occurred_at=slot.programme.occurred_at,
    )


def _spans(slot: models.Slot, act: Act, until: datetime | None) -> list[Span]:
    rows = rights.cleared_spans(
        work_id=slot.programme_id,
        seller_id=slot.channel.edition.licensee_id,
        act=act,
        outlet=Outlet.INTERNET,
    )
    ends = instant_of(slot.until_tick) if until is None else until
    return [
        Span(row.mask, row.from_at, min(row.until_at or ends, ends), row.delay_minutes)
        for row in rows
    ]


def _read(row: models.Ruling) -> Ruled:
    delays = tuple((int(minutes), int(mask, 16)) for minutes, mask in row.delays)
    return Ruled(row.from_tick, int.from_bytes(row.show, "little"), delays)


def _row(slot: models.Slot, ruled: Ruled, now: datetime) -> models.Ruling:
    return models.Ruling(
        slot=slot,
        from_tick=ruled.from_tick,
        show=ruled.show.to_bytes(MASK_BYTES, "little"),
        delays=[[minutes, f"{mask:x}"] for minutes, mask in ruled.delays],
        ruled_at=now,
    )
