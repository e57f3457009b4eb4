"""The schedule of a linear channel: a stretch of a day on a timeline, with everything to change it.

Whatever is dragged is also a plain form; both come in as the same POST.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kotinos.channel import models
from kotinos.channel.actions.filling import candidates
from kotinos.channel.contracts import (
    TICK_SECONDS,
    instant_of,
    lock_tick,
    tick_at,
)
from kotinos.channel.office import rundown, seen, slots, words
from kotinos.channel.queries import desk
from kotinos.channel.zones import zone_of
from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.languages import pick
from kotinos.kernel.office import page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from kotinos.channel.models import LinearChannel

SPANS = (24, 6, 3, 1)  # hours on the screen
RAIL_MAX = 200
SLOTS_AN_HOUR_MAX = 20  # more are read an hour at a time
_NUMBERS = frozenset(str(number) for number in range(25))


@dataclass(frozen=True, slots=True)
class View:
    """Which part of which day of which channel is looked at, and for which territory."""

    channel: LinearChannel
    day: date
    hour: int
    span: int
    territory: str
    now: datetime
    editable: bool

    @property
    def day_tick(self) -> int:
        return tick_at(datetime.combine(self.day, time(), timezone.utc))

    @property
    def from_tick(self) -> int:
        return self.day_tick + self.hour * desk.HOUR_TICKS

    @property
    def until_tick(self) -> int:
        return self.from_tick + self.span * desk.HOUR_TICKS

    @property
    def bit(self) -> int | None:
        return games.territory_bits().get(self.territory)

    def url(self, *, day: date | None = None, hour: int | None = None, span: int = 0) -> str:
        """The address of another part of the schedule."""
        path = reverse("channel_office:day", args=[self.channel.code, day or self.day])
        at = self.hour if hour is None else hour
        place = f"&territory={self.territory}" if self.territory else ""
        return f"{path}?hour={at}&span={span or self.span}{place}"


def today(request: HttpRequest, channel: str) -> HttpResponse:
    """To the day that it is now, at this hour."""
    row, now = seen.channel(request, channel), clock.now()
    path = reverse("channel_office:day", args=[row.code, now.date()])
    near = desk.count(row, from_tick=tick_at(now), until_tick=tick_at(now) + desk.HOUR_TICKS)
    span = 1 if near > SLOTS_AN_HOUR_MAX else 3
    return redirect(f"{path}?hour={min(now.hour, 24 - span)}&span={span}")


def day(request: HttpRequest, channel: str, day: str) -> HttpResponse:
    """The timeline; a POST changes it and answers with the timeline alone where asked so."""
    view = _view(request, channel, day)
    if request.method == "POST":
        if not view.editable:
            raise Http404
        return _changed(request, view)
    context = _context(request, view)
    if request.headers.get("HX-Request"):
        return render(request, "channel_office/_day.html", context)
    context |= _around(request, view)
    title = pick(view.channel.names, request.LANGUAGE_CODE)
    return page(request, "channel_office/schedule.html", context, title=title)


def _view(request: HttpRequest, code: str, day: str) -> View:
    channel, given = seen.channel(request, code), request.GET
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    span = _number(given.get("span", ""), SPANS[0])
    span = span if span in SPANS else SPANS[0]
    hour = max(0, min(24 - span, _number(given.get("hour", ""), 0)))
    territory = given.get("territory", "").upper()
    return View(
        channel=channel,
        day=on,
        hour=hour,
        span=span,
        territory=territory if territory in games.territory_bits() else "",
        now=clock.now(),
        editable=seen.is_mine(request, channel.edition.licensee_id),
    )


def _number(text: str, other: int) -> int:
    return int(text) if text in _NUMBERS else other


def _changed(request: HttpRequest, view: View) -> HttpResponse:
    """Do what was asked. A script gets the timeline again, a plain form the page."""
    said = rundown.change(request, view.channel, view.now)
    if said.plan is not None or not request.headers.get("HX-Request"):
        if said.plan is None:
            add = messages.success if said.is_good else messages.error
            add(request, said.text)
            return redirect(view.url())
        context = _context(request, view, said) | _around(request, view)
        title = pick(view.channel.names, request.LANGUAGE_CODE)
        return page(request, "channel_office/schedule.html", context, title=title)
    context = _context(request, view, said)
    return render(request, "channel_office/_day.html", context)


def _context(request: HttpRequest, view: View, said: rundown.Said | None = None) -> dict[str, Any]:
    """What the timeline shows."""
    found = desk.slots(
        view.channel, from_tick=view.from_tick, until_tick=view.until_tick, bit=view.bit
    )
    gaps = desk.gaps(view.channel, from_tick=view.from_tick, until_tick=view.until_tick)
    lock = lock_tick(view.now)
    total = len(games.territory_bits())
    return {
        "view": view,
        "said": said,
        "slots": slots.on_screen(found, view, lock, total),
        "gaps": [slots.gap(each, view.from_tick, lock) for each in gaps],
        "planned": slots.planned(said.plan, view) if said and said.plan else (),
        "ruler": _ruler(view),
        "lock": lock,
        "locked_ticks": max(0, min(lock, view.until_tick) - view.from_tick),
        "now_tick": tick_at(view.now) - view.from_tick,
        "ticks": view.until_tick - view.from_tick,
        "is_now": view.from_tick <= tick_at(view.now) < view.until_tick,
        "editable": view.editable,
        "hours": _hours(view),
        "territory_name": games.territory_name(view.territory, request.LANGUAGE_CODE)
        if view.territory
        else "",
    }


def _ruler(view: View) -> list[dict[str, Any]]:
    """Marks of the timeline in world time and in the time of the edition's home."""
    zone = zone_of(view.channel.edition.home_territory)
    step = slots.MARK_MINUTES[view.span] * 60 // TICK_SECONDS
    return [
        {
            "tick": tick - view.from_tick,
            "world": instant_of(tick).strftime("%H:%M"),
            "home": instant_of(tick).astimezone(zone).strftime("%H:%M"),
        }
        for tick in range(view.from_tick, view.until_tick, step)
    ]


def _hours(view: View) -> list[dict[str, Any]]:
    """The whole day in 24 links, each with how full it is."""
    filled = desk.filled_by_hour(view.channel, from_tick=view.day_tick)
    span = view.span if view.span < SPANS[0] else 3
    return [
        {
            "hour": hour,
            "filled": percent,
            "url": view.url(hour=min(hour, 24 - span), span=span),
            "here": view.hour <= hour < view.hour + view.span,
        }
        for hour, percent in enumerate(filled)
    ]


def _around(request: HttpRequest, view: View) -> dict[str, Any]:
    """What stands beside the timeline: the rail, the forms, the way to other days."""
    language = request.LANGUAGE_CODE
    zone = zone_of(view.channel.edition.home_territory)
    gap = next(
        iter(
            desk.gaps(
                view.channel,
                from_tick=max(lock_tick(view.now) + 1, view.from_tick),
                until_tick=view.until_tick,
            )
        ),
        None,
    )
    chosen = request.GET.get("slot", "")
    return {
        "rail": rail(view) if view.editable else (),
        "sources": _sources(view) if view.editable else (),
        "first_gap": instant_of(gap.from_tick if gap else lock_tick(view.now) + 1),
        "home": games.territory_name(view.channel.edition.home_territory, language),
        "home_zone": view.now.astimezone(zone).strftime("UTC%z"),
        "channels": seen.channels(request),
        "spans": [
            (hours, view.url(span=hours, hour=min(view.hour, 24 - hours))) for hours in SPANS
        ],
        "yesterday": view.url(day=view.day - timedelta(days=1)),
        "tomorrow": view.url(day=view.day + timedelta(days=1)),
        "territories": [
            (code, games.territory_name(code, language))
            for code in games.sorted_by_name(games.territory_bits(), language)
        ],
        "rule": rundown.rule_of(request.POST),
        "kinds": [(kind.value, word) for kind, word in words.KINDS.items() if kind != "slate"],
        "chosen": slots.inspected(view, chosen),
        "copy_to": view.day + timedelta(days=1),
    }


def rail(view: View) -> list[dict[str, Any]]:
    """Programmes that may be placed, newest first."""
    found = candidates(view.channel, now=view.now)[:RAIL_MAX]
    titles = dict(
        models.Programme.objects.filter(id__in=[each.programme_id for each in found]).values_list(
            "id", "titles"
        )
    )
    return [
        {
            "id": each.programme_id,
            "package": each.package_id,
            "title": pick(titles[each.programme_id], "en"),
            "kind": words.kind_word(each.kind),
            "ticks": each.ticks,
            "length": words.length(each.ticks * TICK_SECONDS),
            "territories": each.territories,
        }
        for each in found
    ]


def _sources(view: View) -> list[dict[str, Any]]:
    rows = models.LiveSource.objects.select_related("programme").filter(
        programme__editions__contains=[view.channel.edition_id]
    )
    return [
        {"id": row.id, "title": pick(row.programme.titles, "en"), "code": row.code}
        for row in rows.order_by("code")
    ]


def slot(request: HttpRequest, channel: str, day: str, slot_id: UUID) -> HttpResponse:
    """The forms of one slot, to stand beside the timeline."""
    view = _view(request, channel, day)
    chosen = slots.inspected(view, str(slot_id))
    if chosen is None:
        raise Http404
    context = {"view": view, "chosen": chosen, "editable": view.editable}
    return render(request, "channel_office/_slot.html", context)
