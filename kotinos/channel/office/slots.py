"""Slots, gaps and plans as the timeline draws them: places in ticks, words in the reader's."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from kotinos.channel.contracts import TICK_SECONDS, instant_of, lock_tick, tick_at
from kotinos.channel.models import Programme
from kotinos.channel.office import words
from kotinos.channel.queries import desk
from kotinos.channel.queries.desk import Seen
from kotinos.channel.zones import zone_of
from kotinos.kernel.languages import pick

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kotinos.channel.filling import Plan
    from kotinos.channel.office.schedule import View
    from kotinos.channel.queries.desk import DeskSlot
    from kotinos.channel.results import Gap


SMALL_TICKS = {24: 150, 6: 30, 3: 15, 1: 3}
"""By hours on the screen: what is shorter has no room for a line of text."""
MARK_MINUTES = {24: 60, 6: 15, 3: 10, 1: 5}
"""By hours on the screen: from one mark of the ruler to the next."""


def shown(slot: DeskSlot, from_tick: int, until_tick: int, lock: int, total: int) -> dict[str, Any]:
    """A slot within the stretch on the screen."""
    first, end = max(slot.from_tick, from_tick), min(slot.until_tick, until_tick)
    return {
        "slot": slot,
        "from": first - from_tick,
        "ticks": end - first,
        "at": instant_of(slot.from_tick),
        "until": instant_of(slot.until_tick),
        "length": words.length(slot.ticks * TICK_SECONDS),
        "kind": words.kind_word(slot.kind),
        "locked": slot.until_tick <= lock,
        "begun": slot.from_tick < lock,
        "percent": round(100 * (slot.territories + slot.later) / total) if total else 0,
        "fate": fate_word(slot.seen) if slot.seen else "",
        "nowhere": slot.territories + slot.later == 0,
    }


def on_screen(found: Sequence[DeskSlot], view: View, lock: int, total: int) -> list[dict[str, Any]]:
    """Slots as they can be read: those too short for a line are drawn together as one run."""
    drawn: list[dict[str, Any]] = []
    for run, group in groupby(_with_run(found, view), key=lambda pair: pair[0]):
        slots = [slot for _run, slot in group]
        if run is None or len(slots) == 1:
            drawn += [shown(s, view.from_tick, view.until_tick, lock, total) for s in slots]
        else:
            drawn.append(_run(slots, view))
    return drawn


def _with_run(
    found: Sequence[DeskSlot], view: View
) -> Iterator[tuple[tuple[int, int] | None, DeskSlot]]:
    """Each short slot with its run: those that follow each other within one mark of the ruler."""
    run, end, mark = 0, -1, MARK_MINUTES[view.span] * 60 // TICK_SECONDS
    for slot in found:
        is_short = slot.ticks < SMALL_TICKS[view.span]
        if not is_short or slot.from_tick != end:
            run += 1
        yield ((run, slot.from_tick // mark) if is_short else None, slot)
        end = slot.until_tick if is_short else -1


def _run(slots: Sequence[DeskSlot], view: View) -> dict[str, Any]:
    first, end = max(slots[0].from_tick, view.from_tick), min(slots[-1].until_tick, view.until_tick)
    at = instant_of(first)
    seen = {slot.seen for slot in slots if slot.seen}
    fate = seen.pop() if len(seen) == 1 else Seen("partly")
    return {
        "run": len(slots),
        "from": first - view.from_tick,
        "ticks": end - first,
        "first_tick": first,
        "at": at,
        "until": instant_of(end),
        "least": min(slot.territories + slot.later for slot in slots),
        "url": view.url(day=at.date(), hour=at.hour, span=1),
        "seen": fate if view.territory else None,
        "fate": fate_word(fate),
    }


def fate_word(seen: Seen) -> str:
    """What a territory sees, in a word."""
    match seen.fate:
        case "show":
            return _("Shown")
        case "later":
            return _("%(minutes)d min later") % {"minutes": seen.minutes}
        case "partly":
            return _("Shown in part")
        case _:
            return _("Slate")


def gap(each: Gap, from_tick: int, lock: int) -> dict[str, Any]:
    """An empty stretch; what has passed of it is past."""
    return {
        "from": each.from_tick - from_tick,
        "ticks": each.ticks,
        "at": instant_of(each.from_tick),
        "tick": each.from_tick,
        "length": words.length(each.ticks * TICK_SECONDS),
        "past": each.until_tick <= lock,
    }


def planned(plan: Plan, view: View) -> dict[str, Any]:
    """What a rule would place: the part on the screen, and the whole in figures."""
    ids = {each.candidate.programme_id for each in plan.placed}
    titles = dict(Programme.objects.filter(id__in=ids).values_list("id", "titles"))
    return {
        "count": len(plan.placed),
        "left": len(plan.left),
        "left_length": words.length(sum(each.ticks for each in plan.left) * TICK_SECONDS),
        "slots": [
            {
                "from": each.from_tick - view.from_tick,
                "ticks": each.candidate.ticks,
                "at": instant_of(each.from_tick),
                "title": pick(titles[each.candidate.programme_id], "en"),
            }
            for each in plan.placed
            if view.from_tick <= each.from_tick < view.until_tick
        ],
    }


def inspected(view: View, text: str) -> dict[str, Any] | None:
    """Everything about one slot of the channel; None where there is no such slot."""
    try:
        found = desk.slot(view.channel, UUID(text), bit=view.bit)
    except ValueError:
        return None
    if found is None:
        return None
    zone, lock = zone_of(view.channel.edition.home_territory), lock_tick(view.now)
    at = instant_of(found.from_tick)
    return {
        "slot": found,
        "at": at,
        "until": instant_of(found.until_tick),
        "home_at": at.astimezone(zone),
        "length": words.length(found.ticks * TICK_SECONDS),
        "length_max": words.length(found.ticks_max * TICK_SECONDS),
        "kind": words.kind_word(found.kind),
        "fate": fate_word(found.seen) if found.seen else "",
        "locked": found.until_tick <= lock,
        "begun": found.from_tick < lock,
        "on_air": found.from_tick <= tick_at(view.now) < found.until_tick,
    }
