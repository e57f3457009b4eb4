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
SLOTS_AT_ONCE = 500


@transaction.atomic
def rule_slots(slot_ids: Iterable[UUID], *, now: datetime) -> int:
    """Ask the engine for these slots, and write down what it says from the running tick on.

    What was ruled of earlier ticks stays: it has been seen. Returns how many slots' rulings
    changed. The engine is asked once for each programme and seller, however many slots they have.
    """
    slots = (
        models.Slot.objects.select_for_update(of=("self",))
        .filter(id__in=list(slot_ids))
        .select_related("programme", "channel__edition")
        .prefetch_related("rulings")
        .order_by("id")
    )
    engine = _Engine()
    changed = {slot: fresh for slot in slots if (fresh := _changed(slot, engine, now)) is not None}
    running = tick_at(now)
    models.Ruling.objects.filter(slot__in=changed, from_tick__gte=running).delete()
    models.Ruling.objects.bulk_create(
        [_row(slot, ruled, now) for slot, fresh in changed.items() for ruled in fresh]
    )
    return len(changed)


def rule_all(*, now: datetime) -> int:
    """The same for every slot that has not ended: rights have changed."""
    coming = models.Slot.objects.filter(until_tick__gt=tick_at(now)).order_by("from_tick", "id")
    ids = list(coming.values_list("id", flat=True))
    parts = (ids[at : at + SLOTS_AT_ONCE] for at in range(0, len(ids), SLOTS_AT_ONCE))
    return sum(rule_slots(part, now=now) for part in parts)


class _Engine:
    """Remembers what rights said within one transaction."""

    def __init__(self) -> None:
        self._known: dict[tuple[UUID, UUID, Act], list[rights.ClearanceRow]] = {}

    def spans(self, slot: models.Slot, act: Act) -> list[Span]:
        """Where and when a slot's programme may be shown in its channel's edition."""
        seller_id = slot.channel.edition.licensee_id
        key = (slot.programme_id, seller_id, act)
        rows = self._known.get(key)
        if rows is None:
            rows = self._known[key] = rights.cleared_spans(
                work_id=slot.programme_id, seller_id=seller_id, act=act, outlet=Outlet.INTERNET
            )
        ends = instant_of(slot.until_tick)
        until = slot.programme.published_until  # withdrawn: shown no longer, as rights may stand
        last = ends if until is None else min(until, ends)
        return [
            Span(row.mask, row.from_at, min(row.until_at or last, last), row.delay_minutes)
            for row in rows
        ]


def _changed(slot: models.Slot, engine: _Engine, now: datetime) -> list[Ruled] | None:
    """The rulings that a slot has from the running tick on; None where they stand already."""
    from_tick = max(slot.from_tick, tick_at(now))
    if from_tick >= slot.until_tick:
        return None
    fresh = _asked(slot, engine, from_tick)
    written = sorted((_read(row) for row in slot.rulings.all()), key=lambda ruled: ruled.from_tick)
    before = [ruled for ruled in written if ruled.from_tick < from_tick]
    if before and fresh[0].outcome == before[-1].outcome:
        fresh = fresh[1:]
    return None if fresh == [r for r in written if r.from_tick >= from_tick] else fresh


def _asked(slot: models.Slot, engine: _Engine, from_tick: int) -> list[Ruled]:
    if slot.source_id is not None:
        return rule_live(
            engine.spans(slot, Act.SHOW_LIVE),
            engine.spans(slot, Act.SHOW_DELAYED),
            from_tick=from_tick,
            until_tick=slot.until_tick,
        )
    return rule_recorded(
        engine.spans(slot, Act.SHOW_DELAYED),
        from_tick=from_tick,
        until_tick=slot.until_tick,
        occurred_at=slot.programme.occurred_at,
    )


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
