"""The engine's word on slots, written down before anybody sees them, and again when it changes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.channel import models
from kotinos.channel.contracts import instant_of, tick_at
from kotinos.channel.linear.ruling import Ruled, Span, rule_live, rule_recorded
from kotinos.rights import api as rights
from kotinos.rights.api import Act, Outlet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

MASK_BYTES = 32


@transaction.atomic
def rule_slots(slot_ids: Iterable[UUID], *, now: datetime) -> int:
    """Ask the engine for these slots, and write down what it says from the running tick on.

    What was ruled of earlier ticks stays: it has been seen. Returns how many slots' rulings
    changed. Programmes are asked for once each, so that thousands of slots take seconds.
    """
    slots = list(
        models.Slot.objects.select_for_update(of=("self",))
        .filter(id__in=list(slot_ids))
        .select_related("programme", "channel__edition")
        .order_by("id")
    )
    written: defaultdict[UUID, list[Ruled]] = defaultdict(list)
    for row in models.Ruling.objects.filter(slot__in=slots).order_by("from_tick"):
        written[row.slot_id].append(_read(row))
    engine, rows, changed = _Engine(), [], 0
    for slot in slots:
        from_tick = max(slot.from_tick, tick_at(now))
        fresh = _fresh(slot, from_tick, written[slot.id], engine)
        if fresh is None:
            continue
        changed += 1
        if written[slot.id]:
            slot.rulings.filter(from_tick__gte=from_tick).delete()
        rows += [_row(slot, ruled, now) for ruled in fresh]
    models.Ruling.objects.bulk_create(rows, batch_size=2000)
    return changed


@transaction.atomic
def rule_all(*, now: datetime) -> int:
    """The same for every slot that has not ended: rights have changed."""
    coming = models.Slot.objects.filter(until_tick__gt=tick_at(now)).values_list("id", flat=True)
    return rule_slots(list(coming), now=now)


def _fresh(
    slot: models.Slot, from_tick: int, written: Sequence[Ruled], engine: _Engine
) -> list[Ruled] | None:
    """What is to be written of a slot from a tick on; None where it stands already."""
    if from_tick >= slot.until_tick:
        return None
    fresh = _asked(slot, from_tick, engine)
    before = [ruled for ruled in written if ruled.from_tick < from_tick]
    if before and fresh[0].outcome == before[-1].outcome:
        fresh = fresh[1:]
    stands = [ruled for ruled in written if ruled.from_tick >= from_tick]
    return None if fresh == stands else fresh


def _asked(slot: models.Slot, from_tick: int, engine: _Engine) -> list[Ruled]:
    until = slot.programme.published_until  # withdrawn: shown no longer, wherever rights stand
    if slot.source_id is not None:
        return rule_live(
            _spans(slot, engine.rows(slot, Act.SHOW_LIVE), until),
            _spans(slot, engine.rows(slot, Act.SHOW_DELAYED), until),
            from_tick=from_tick,
            until_tick=slot.until_tick,
        )
    return rule_recorded(
        _spans(slot, engine.rows(slot, Act.SHOW_DELAYED), until),
        from_tick=from_tick,
        until_tick=slot.until_tick,
        occurred_at=slot.programme.occurred_at,
    )


class _Engine:
    """The engine's spans, asked for once for each programme, licensee and act."""

    def __init__(self) -> None:
        self._known: dict[tuple[UUID, UUID, Act], list[rights.ClearanceRow]] = {}

    def rows(self, slot: models.Slot, act: Act) -> list[rights.ClearanceRow]:
        key = (slot.programme_id, slot.channel.edition.licensee_id, act)
        if key not in self._known:
            self._known[key] = rights.cleared_spans(
                work_id=key[0], seller_id=key[1], act=act, outlet=Outlet.INTERNET
            )
        return self._known[key]


def _spans(
    slot: models.Slot, rows: Iterable[rights.ClearanceRow], until: datetime | None
) -> list[Span]:
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
