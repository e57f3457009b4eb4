"""Many slots at once: gaps filled by a rule, and days repeated."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import OuterRef, Subquery

from kotinos.channel import filling, models
from kotinos.channel.actions.frame import channel_of, record_channel
from kotinos.channel.actions.ruling import rule_slots
from kotinos.channel.actions.schedule import ON_AIR
from kotinos.channel.contracts import Step, instant_of, lock_tick
from kotinos.channel.results import Copied, Filled, NotFound, NotYours, Overlaps, Placed
from kotinos.kernel.languages import pick
from kotinos.rights import api as rights

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from kotinos.channel.models import LinearChannel, Slot

STRETCH_TICKS_MAX = 7 * 21_600
LOOK_AROUND_TICKS = 21_600
"""Showings a day around a gap count as repeats."""


def plan_gaps(
    *, channel_id: UUID, from_tick: int, until_tick: int, rule: filling.Rule, now: datetime
) -> filling.Plan | NotFound:
    """What `fill_gaps` would place: at most a week, from the lock on. Changes nothing."""
    channel = models.LinearChannel.objects.select_related("edition").filter(id=channel_id).first()
    return (
        NotFound("channel") if channel is None else _plan(channel, from_tick, until_tick, rule, now)
    )


@transaction.atomic
def fill_gaps(
    *,
    channel_id: UUID,
    from_tick: int,
    until_tick: int,
    rule: filling.Rule,
    now: datetime,
    by: UUID | None = None,
) -> Filled | NotFound | NotYours:
    """Fill what is empty of a stretch with published programmes of the channel's edition."""
    channel = channel_of(channel_id, by=by, now=now)
    if isinstance(channel, NotFound | NotYours):
        return channel
    plan = _plan(channel, from_tick, until_tick, rule, now)
    slots = [
        models.Slot(
            channel=channel,
            programme_id=each.candidate.programme_id,
            package_id=each.candidate.package_id,
            from_tick=each.from_tick,
            until_tick=each.until_tick,
            by_rule=rule.name[:40],
            placed_at=now,
            placed_by_id=by,
        )
        for each in plan.placed
    ]
    placed = _store(slots, now=now)
    detail = {"rule": rule.name, "slots": len(placed), "gaps_left": len(plan.left)}
    record_channel("filled", channel, by=by, now=now, detail=detail)
    return Filled(placed, plan.left)


def _plan(
    channel: LinearChannel, from_tick: int, until_tick: int, rule: filling.Rule, now: datetime
) -> filling.Plan:
    first = max(from_tick, lock_tick(now))
    end = min(until_tick, first + STRETCH_TICKS_MAX)
    around = models.Slot.objects.filter(
        channel=channel,
        from_tick__lt=end + LOOK_AROUND_TICKS,
        until_tick__gt=first - LOOK_AROUND_TICKS,
    )
    rows = list(around.values_list("programme_id", "from_tick", "until_tick"))
    gaps = filling.gaps_between([(start, stop) for _, start, stop in rows], first, end)
    showings = [filling.Showing(*row) for row in rows]
    return filling.fill(gaps, candidates(channel, now=now), rule, showings=showings)


def candidates(channel: LinearChannel, *, now: datetime) -> list[filling.Candidate]:
    """The newest packages of the edition's published programmes, newest first."""
    newest = models.Package.objects.filter(programme=OuterRef("pk")).order_by("-ready_at", "-id")
    last = models.ProgrammeStep.objects.filter(programme=OuterRef("pk")).order_by("-at", "-id")
    programmes = models.Programme.objects.filter(editions__contains=[channel.edition_id]).exclude(
        kind="slate"
    )
    programmes = programmes.annotate(
        step=Subquery(last.values("name")[:1]), newest=Subquery(newest.values("id")[:1])
    ).filter(step__in=[step.value for step in ON_AIR], newest__isnull=False)
    by_package = {row.newest: row for row in programmes}
    packages = models.Package.objects.filter(id__in=by_package).order_by("-ready_at", "-id")
    return [
        filling.Candidate(
            programme_id=row.programme_id,
            package_id=row.id,
            ticks=row.ticks,
            kind=by_package[row.id].kind,
            sport=by_package[row.id].sport,
            territories=_territories(row.programme_id, channel, now),
        )
        for row in packages
    ]


def _territories(programme_id: UUID, channel: LinearChannel, now: datetime) -> int:
    mask = rights.cleared_mask(
        work_id=programme_id,
        act=rights.Act.SHOW_DELAYED,
        outlet=rights.Outlet.INTERNET,
        at=now,
        seller_id=channel.edition.licensee_id,
    )
    return mask.bit_count()


def _store(slots: Sequence[Slot], *, now: datetime) -> tuple[Placed, ...]:
    models.Slot.objects.bulk_create(slots)
    rule_slots([slot.id for slot in slots], now=now)
    return tuple(Placed(slot.id, slot.from_tick, slot.until_tick) for slot in slots)


@transaction.atomic
def copy_slots(
    *,
    channel_id: UUID,
    from_tick: int,
    until_tick: int,
    to_tick: int,
    now: datetime,
    by: UUID | None = None,
) -> Copied | NotFound | NotYours:
    """Show again, from `to_tick` on, what begins within a stretch (at most a week).

    Slots keep their packages. What would begin before the lock, or meets another slot, or whose
    programme is no longer published, is left out and told.
    """
    channel = channel_of(channel_id, by=by, now=now)
    if isinstance(channel, NotFound | NotYours):
        return channel
    rows = models.Slot.objects.select_related("programme").filter(
        channel=channel,
        from_tick__gte=from_tick,
        from_tick__lt=min(until_tick, from_tick + STRETCH_TICKS_MAX),
    )
    shift, slots, met = to_tick - from_tick, [], []
    taken = _taken(channel, to_tick, to_tick + until_tick - from_tick)
    on_air = _on_air({row.programme_id for row in rows})
    for row in rows.order_by("from_tick"):
        again = _again(row, shift, now=now, by=by)
        other = _in_the_way(again, taken)
        if other is not None:
            met.append(other)
        elif again.from_tick >= lock_tick(now) and row.programme_id in on_air:
            slots.append(again)
    placed = _store(slots, now=now)
    detail = {"from": instant_of(from_tick).isoformat(), "to": instant_of(to_tick).isoformat()}
    record_channel("copied", channel, by=by, now=now, detail={**detail, "slots": len(placed)})
    return Copied(placed, tuple(met))


def _again(row: Slot, shift: int, *, now: datetime, by: UUID | None) -> Slot:
    return models.Slot(
        channel_id=row.channel_id,
        programme=row.programme,
        package_id=row.package_id,
        source_id=row.source_id,
        offset_ticks=row.offset_ticks,
        from_tick=row.from_tick + shift,
        until_tick=row.until_tick + shift,
        by_rule=row.by_rule,
        placed_at=now,
        placed_by_id=by,
    )


def _taken(channel: LinearChannel, from_tick: int, until_tick: int) -> list[Slot]:
    rows = models.Slot.objects.select_related("programme").filter(
        channel=channel,
        from_tick__lt=until_tick + models.SLOT_TICKS_MAX,
        until_tick__gt=from_tick,
    )
    return list(rows.order_by("from_tick"))


def _in_the_way(slot: Slot, taken: Sequence[Slot]) -> Overlaps | None:
    """The first of these slots, which are apart and in order, that has some of its ticks."""
    place = bisect_right(taken, slot.from_tick, key=lambda other: other.until_tick)
    other = taken[place] if place < len(taken) else None
    if other is None or other.from_tick >= slot.until_tick:
        return None
    title = pick(other.programme.titles, "en")
    return Overlaps(other.id, title, other.from_tick, other.until_tick)


def _on_air(programme_ids: set[UUID]) -> set[UUID]:
    last = models.ProgrammeStep.objects.filter(programme=OuterRef("pk")).order_by("-at", "-id")
    rows = models.Programme.objects.filter(id__in=programme_ids)
    steps = rows.annotate(step=Subquery(last.values("name")[:1])).values_list("id", "step")
    return {programme_id for programme_id, step in steps if Step(step) in ON_AIR}
