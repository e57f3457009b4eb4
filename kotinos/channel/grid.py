"""One day of the guide: hours down, channels across, in the territory's own time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from kotinos.channel import pages, zones
from kotinos.channel.airing import Teller
from kotinos.channel.queries import guide, showing
from kotinos.kernel.languages import pick

if TYPE_CHECKING:
    from uuid import UUID

    from kotinos.channel.airing import Entry
    from kotinos.channel.models import Edition
    from kotinos.channel.queries.guide import GuideSlot
    from kotinos.kernel.place import Place

HOUR = timedelta(hours=1)
ENTRIES_AN_HOUR_MAX = 10


@dataclass(frozen=True, slots=True)
class GuideHour:
    """One row of the grid: for each channel what begins in that hour."""

    label: str
    anchor: str
    is_now: bool
    cells: tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True, slots=True)
class GuidePage:
    """One day of every channel of the edition, hour by hour in the territory's time."""

    day: date
    title: str
    zone: str
    channels: tuple[tuple[str, str, str], ...]  # code, name, url
    hours: tuple[GuideHour, ...]
    days: tuple[tuple[str, str, bool], ...]  # address, name, whether it is this one
    is_today: bool


def guide_page(edition: Edition, place: Place, day: date, *, now: datetime) -> GuidePage:
    """One day of every channel of the edition, in the territory's own time."""
    channels = showing.linear_channels(edition)
    teller = Teller(edition, place, now=now)
    zone, language = teller.zone, place.language
    start = datetime.combine(day, time(), tzinfo=zone)
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
    found = guide.slots([channel.id for channel in channels], from_at=start, until_at=end, now=now)
    by_hour: dict[tuple[UUID, datetime], list[GuideSlot]] = {}
    for slot in found:
        hour = max(slot.begins_at, start).astimezone(zone).replace(minute=0, second=0)
        by_hour.setdefault((slot.channel_id, hour), []).append(slot)
    today = now.astimezone(zone).date()
    return GuidePage(
        day=day,
        title=zones.day_text(day, language),
        zone=zones.offset_text(start, zone, language),
        channels=tuple(
            (
                channel.code,
                pick(channel.names, language) or channel.code,
                pages.url(place, "watch", code=channel.code),
            )
            for channel in channels
        ),
        hours=tuple(
            _hour(hour, [by_hour.get((c.id, hour), []) for c in channels], teller, place, now)
            for hour in hours_of(start, end)
        ),
        days=_days(place, day, today),
        is_today=day == today,
    )


def hours_of(start: datetime, end: datetime) -> list[datetime]:
    """The hours of a day; 23 or 25 of them where clocks change."""
    count = round((end.timestamp() - start.timestamp()) / HOUR.total_seconds())
    zone = start.tzinfo
    return [
        datetime.fromtimestamp(start.timestamp() + number * HOUR.total_seconds(), zone)
        for number in range(count)
    ]


def _hour(
    hour: datetime, cells: list[list[GuideSlot]], teller: Teller, place: Place, now: datetime
) -> GuideHour:
    return GuideHour(
        label=zones.time_text(hour, teller.zone, place.language),
        anchor=f"h{hour:%H%z}".replace("+", "p").replace("-", "m"),
        is_now=hour <= now < hour + HOUR,
        cells=tuple(_folded(cell, teller) for cell in cells),
    )


def _folded(slots: list[GuideSlot], teller: Teller) -> tuple[Entry, ...]:
    """An hour of many short programmes names each once, with how often it comes."""
    if len(slots) <= ENTRIES_AN_HOUR_MAX:
        return tuple(teller.entry(slot) for slot in slots)
    times: dict[str, int] = {}
    shown: dict[str, GuideSlot] = {}
    for slot in slots:
        times[slot.code] = times.get(slot.code, 0) + 1
        if slot.code not in shown or teller.is_now(slot):
            shown[slot.code] = slot
    found = sorted(shown.values(), key=lambda slot: slot.from_tick)
    return tuple(replace(teller.entry(slot), times=times[slot.code]) for slot in found)


def _days(place: Place, day: date, today: date) -> tuple[tuple[str, str, bool], ...]:
    shown = [today + timedelta(days=number) for number in range(-1, 7)]
    if day not in shown:
        shown = sorted([*shown, day])
    return tuple(
        (
            pages.url(place, "guide")
            if one == today
            else pages.url(place, "guide_day", day=one.isoformat()),
            zones.day_text(one, place.language),
            one == day,
        )
        for one in shown
    )
