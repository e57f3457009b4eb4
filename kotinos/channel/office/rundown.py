"""What an editor asks of a schedule, read from a form and done: one verb each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timezone
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotinos.channel import results
from kotinos.channel.actions import filling as many
from kotinos.channel.actions import schedule
from kotinos.channel.contracts import TICK_SECONDS, Kind, instant_of, tick_at
from kotinos.channel.filling import Plan, Rule
from kotinos.channel.office import words
from kotinos.channel.queries.desk import DAY_TICKS
from kotinos.kernel.office import staff

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, QueryDict

    from kotinos.channel.models import LinearChannel

WEIGHT_MAX, APART_MINUTES_MAX, TICK_MAX = 9, 7 * 24 * 60, 2**31 - 2
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Said:
    """What became of it, in a sentence; `plan` is a filling that waits to be accepted."""

    text: str
    is_good: bool = False
    plan: Plan | None = None
    slot_id: UUID | None = None


def change(request: HttpRequest, channel: LinearChannel, now: datetime) -> Said:
    """Do what the form's `do` names."""
    verbs: dict[str, Callable[[QueryDict, dict[str, Any]], Said]] = {
        "place": _place,
        "move": _move,
        "resize": _resize,
        "remove": _remove,
        "copy": _copy,
        "plan": _plan,
        "fill": _fill,
    }
    verb = verbs.get(request.POST.get("do", ""))
    if verb is None:
        return Said(_("Nothing was asked."))
    common = {"channel": channel, "now": now, "by": staff(request).person_id}
    return verb(request.POST, common)


def _place(given: QueryDict, common: dict[str, Any]) -> Said:
    tick, item = _tick(given), given.get("item", "")
    kind, _sign, key = item.partition(":")
    item_id = _uuid(key)
    if tick is None or item_id is None:
        return Said(_("Say what, and when."))
    is_source = kind == "source"
    ticks = _length(given)
    outcome = schedule.place_slot(
        channel_id=common["channel"].id,
        from_tick=tick,
        ticks=ticks,
        now=common["now"],
        by=common["by"],
        programme_id=None if is_source else item_id,
        source_id=item_id if is_source else None,
    )
    return _said(outcome, _("Placed"))


def _move(given: QueryDict, common: dict[str, Any]) -> Said:
    tick, slot_id = _tick(given), _uuid(given.get("slot", ""))
    if tick is None or slot_id is None:
        return Said(_("Say when."))
    outcome = schedule.move_slot(
        slot_id=slot_id, from_tick=tick, now=common["now"], by=common["by"]
    )
    return _said(outcome, _("Moved"))


def _resize(given: QueryDict, common: dict[str, Any]) -> Said:
    ticks, slot_id = _length(given), _uuid(given.get("slot", ""))
    if ticks is None or slot_id is None:
        return Said(_("Say how long, as 4:20."))
    outcome = schedule.shorten_slot(
        slot_id=slot_id, ticks=ticks, now=common["now"], by=common["by"]
    )
    return _said(outcome, _("Changed"))


def _remove(given: QueryDict, common: dict[str, Any]) -> Said:
    slot_id = _uuid(given.get("slot", ""))
    if slot_id is None:
        return Said(_("It is no longer there."))
    outcome = schedule.remove_slot(slot_id=slot_id, now=common["now"], by=common["by"])
    return _said(outcome, _("Removed"))


def _said(outcome: object, done: str) -> Said:
    match outcome:
        case results.Placed(slot_id=slot_id, from_tick=start, until_tick=end):
            text = _("%(done)s: %(from)s to %(until)s UTC.") % {
                "done": done,
                "from": instant_of(start).strftime("%H:%M:%S"),
                "until": instant_of(end).strftime("%H:%M:%S"),
            }
            return Said(text, is_good=True, slot_id=slot_id)
        case results.Removed():
            return Said(_("Removed."), is_good=True)
        case _:
            return Said(words.refusal(outcome))


def rule_of(given: QueryDict) -> Rule:
    """A rule as the form writes it: a weight for each kind, and minutes between repeats."""
    kinds = {}
    for kind in Kind:
        text = given.get(f"weight-{kind.value}", "")
        if text.isdecimal():
            kinds[kind.value] = min(WEIGHT_MAX, int(text[:2]))
    minutes = given.get("apart", "60")
    apart = min(APART_MINUTES_MAX, int(minutes)) if minutes.isdecimal() else 60
    return Rule("editor's rule", apart_ticks=apart * 60 // TICK_SECONDS, kinds=kinds)


def _plan(given: QueryDict, common: dict[str, Any]) -> Said:
    stretch = _stretch(given)
    if stretch is None:
        return Said(_("Say from which day."))
    plan = many.plan_gaps(
        channel_id=common["channel"].id,
        from_tick=stretch[0],
        until_tick=stretch[1],
        rule=rule_of(given),
        now=common["now"],
    )
    if not isinstance(plan, Plan) or not plan.placed:
        return Said(_("Nothing fits: no gap, or no programme for one."))
    return Said("", is_good=True, plan=plan)


def _fill(given: QueryDict, common: dict[str, Any]) -> Said:
    stretch = _stretch(given)
    if stretch is None:
        return Said(_("Say from which day."))
    outcome = many.fill_gaps(
        channel_id=common["channel"].id,
        from_tick=stretch[0],
        until_tick=stretch[1],
        rule=rule_of(given),
        now=common["now"],
        by=common["by"],
    )
    if not isinstance(outcome, results.Filled):
        return Said(words.refusal(outcome))
    placed, left = len(outcome.placed), sum(gap.ticks for gap in outcome.left)
    text = ngettext("%(n)d slot placed.", "%(n)d slots placed.", placed) % {"n": placed}
    if left:
        length = words.length(left * TICK_SECONDS)
        text += " " + _("%(length)s stay empty: nothing fits.") % {"length": length}
    return Said(text, is_good=True)


def _stretch(given: QueryDict) -> tuple[int, int] | None:
    """The day that is looked at, or the week that begins with it."""
    first = _day_tick(given.get("day", ""))
    if first is None:
        return None
    days = 7 if given.get("how_much") == "week" else 1
    return first, first + days * DAY_TICKS


def _copy(given: QueryDict, common: dict[str, Any]) -> Said:
    stretch, target = _stretch(given), _day_tick(given.get("to", ""))
    if stretch is None or target is None:
        return Said(_("Say to which day."))
    outcome = many.copy_slots(
        channel_id=common["channel"].id,
        from_tick=stretch[0],
        until_tick=stretch[1],
        to_tick=target,
        now=common["now"],
        by=common["by"],
    )
    if not isinstance(outcome, results.Copied):
        return Said(words.refusal(outcome))
    placed = len(outcome.placed)
    text = ngettext("%(n)d slot copied.", "%(n)d slots copied.", placed) % {"n": placed}
    if outcome.met:
        text += " " + _("%(n)d left out: something stands there.") % {"n": len(outcome.met)}
    return Said(text, is_good=True)


def _tick(given: QueryDict) -> int | None:
    """A tick, or the one that contains a moment written as day and time."""
    text = given.get("tick", "")
    if text.isdecimal():
        return min(TICK_MAX, int(text[:10]))
    try:
        at = datetime.fromisoformat(given.get("at", ""))
    except ValueError:
        return None
    return tick_at(at.replace(tzinfo=at.tzinfo or timezone.utc))


def _day_tick(text: str) -> int | None:
    try:
        return tick_at(datetime.combine(date.fromisoformat(text), time(), timezone.utc))
    except ValueError:
        return None


def _length(given: QueryDict) -> int | None:
    """A length in ticks, or written as a clock would."""
    exactly = given.get("ticks", "")
    if exactly.isdecimal():
        return min(TICK_MAX, int(exactly[:10]))
    return _ticks(given.get("length", ""))


def _ticks(text: str) -> int | None:
    """`1:02:03` or `4:20` in whole ticks, a part of one counted as one."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return -(-(hours * 3600 + minutes * 60 + seconds) // TICK_SECONDS)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
