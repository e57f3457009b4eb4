"""What is on: the round-the-clock page and an event's page, as rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kotinos.channel import pages, refusing, wording, zones
from kotinos.channel.contracts import TICK_SECONDS
from kotinos.channel.queries import guide, showing
from kotinos.games import api as games
from kotinos.kernel.languages import pick
from kotinos.rights.contracts import Act

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, tzinfo
    from uuid import UUID

    from kotinos.channel.models import Edition, LinearChannel
    from kotinos.channel.pages import VideoCard
    from kotinos.channel.queries.guide import GuideSlot
    from kotinos.kernel.place import Place

AHEAD = timedelta(hours=3)
NEXT_MAX = 8
MS_A_TICK = TICK_SECONDS * 1000
SHOWN, DELAYED, REFUSED = "shown", "delayed", "refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """One slot of the guide as a territory sees it. `state`: shown, delayed or refused."""

    code: str
    url: str
    title: str
    synopsis: str
    kind: str
    begins_at: datetime
    ends_at: datetime
    begins: str
    ends: str
    offset_ms: int
    state: str
    note: str
    is_live: bool
    is_now: bool
    times: int = 1

    @property
    def begins_ms(self) -> int:
        return round(self.begins_at.timestamp() * 1000)

    @property
    def ends_ms(self) -> int:
        return round(self.ends_at.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A round-the-clock channel: what is on it now, and what follows."""

    code: str
    name: str
    url: str
    current: Entry | None
    following: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class WatchPage:
    """The page of a round-the-clock channel."""

    channel: ChannelRow
    others: tuple[ChannelRow, ...]
    play_url: str
    subject: str
    poster: pages.Poster | None
    now_url: str
    guide_url: str
    zone: str
    moments: tuple[pages.Moment, ...]


@dataclass(frozen=True, slots=True)
class LivePage:
    """The page of an event. `state`: before, on-air or over."""

    code: str
    title: str
    synopsis: str
    kind: str
    state: str
    begins: str
    begins_at: datetime
    play_url: str
    subject: str
    state_url: str
    recording: VideoCard | None
    moments: tuple[pages.Moment, ...]
    related: tuple[VideoCard, ...]


class Teller:
    """Slots in words for one place; a programme's reason is asked once."""

    def __init__(self, edition: Edition, place: Place, *, now: datetime) -> None:
        self._edition = edition
        self._place = place
        self._now = now
        self._bit = games.territory_bits().get(place.territory, 255)
        self._reasons: dict[UUID, str] = {}
        self.zone: tzinfo = zones.zone_of(place.territory)

    def entry(self, slot: GuideSlot) -> Entry:
        """One slot as this place sees it."""
        state, note = self._state(slot)
        language = self._place.language
        return Entry(
            code=slot.code,
            url=self._url(slot),
            title=showing.title_in(slot.titles, language, slot.code),
            synopsis=pick(slot.synopses, language),
            kind=str(wording.KINDS.get(slot.kind, slot.kind)),
            begins_at=slot.begins_at,
            ends_at=slot.ends_at,
            begins=zones.time_text(slot.begins_at, self.zone, language),
            ends=zones.time_text(slot.ends_at, self.zone, language),
            offset_ms=slot.offset_ticks * MS_A_TICK,
            state=state,
            note=note,
            is_live=bool(slot.source_code),
            is_now=self.is_now(slot),
        )

    def is_now(self, slot: GuideSlot) -> bool:
        return slot.begins_at <= self._now < slot.ends_at

    def row(self, channel: LinearChannel, slots: Iterable[GuideSlot]) -> ChannelRow:
        """A channel with what is on and what follows."""
        entries = [self.entry(slot) for slot in list(slots)[: NEXT_MAX + 1]]
        current = entries[0] if entries and entries[0].is_now else None
        return ChannelRow(
            code=channel.code,
            name=pick(channel.names, self._place.language) or channel.code,
            url=pages.url(self._place, "watch", code=channel.code),
            current=current,
            following=tuple(entries[1:] if current else entries)[:NEXT_MAX],
        )

    def _url(self, slot: GuideSlot) -> str:
        if slot.source_code:
            return pages.url(self._place, "live", code=slot.source_code)
        return pages.url(self._place, "video", code=slot.code)

    def _state(self, slot: GuideSlot) -> tuple[str, str]:
        minutes = slot.delay_for(self._bit)
        if minutes == 0:
            return SHOWN, ""
        if minutes:
            return DELAYED, str(wording.PLAYER["delayed"]) % {"minutes": minutes}
        return REFUSED, self._reason(slot)

    def _reason(self, slot: GuideSlot) -> str:
        if slot.programme_id not in self._reasons:
            self._reasons[slot.programme_id] = refusing.in_short(
                self._edition,
                slot.programme_id,
                Act.SHOW_LIVE if slot.source_code else Act.SHOW_DELAYED,
                territory=self._place.territory,
                at=max(self._now, slot.begins_at),
                occurred_at=slot.occurred_at,
            )
        return self._reasons[slot.programme_id] or str(wording.NOT_CLEARED)


def channel_rows(edition: Edition, place: Place, *, now: datetime) -> tuple[ChannelRow, ...]:
    """Every channel of the edition with what is on and what follows."""
    channels = showing.linear_channels(edition)
    found = guide.now_and_next([channel.id for channel in channels], now=now, ahead=AHEAD)
    teller = Teller(edition, place, now=now)
    return tuple(teller.row(channel, found[channel.id]) for channel in channels)


def channel_row(channel: LinearChannel, place: Place, *, now: datetime) -> ChannelRow:
    """One channel with what is on and what follows."""
    found = guide.now_and_next([channel.id], now=now, ahead=AHEAD)
    return Teller(channel.edition, place, now=now).row(channel, found[channel.id])


def watch_page(channel: LinearChannel, place: Place, *, now: datetime) -> WatchPage:
    """The page of a round-the-clock channel."""
    rows = channel_rows(channel.edition, place, now=now)
    row = next(one for one in rows if one.code == channel.code)
    zone = zones.zone_of(place.territory)
    on_air = row.current if row.current and row.current.state == SHOWN else None
    programme = showing.programme(on_air.code) if on_air else None
    return WatchPage(
        channel=row,
        others=tuple(one for one in rows if one.code != channel.code),
        play_url=pages.play_url("linear", channel.code, place),
        subject=f"c:{channel.code}",
        poster=poster_of(row),
        now_url=pages.url(place, "now", code=channel.code),
        guide_url=pages.url(place, "guide"),
        zone=zones.offset_text(now, zone, place.language),
        moments=pages.moments(programme, place, now=now) if programme else (),
    )


def poster_of(row: ChannelRow) -> pages.Poster | None:
    """A picture of what is on, else of what follows: never of something not shown here."""
    for entry in (row.current, *row.following):
        if entry is None or entry.state != SHOWN or entry.is_live:
            continue
        programme = showing.programme(entry.code)
        package = showing.newest_package(programme.id) if programme else None
        if package:
            return pages.Poster(str(package.id))
    return None


def live_page(edition: Edition, code: str, place: Place, *, now: datetime) -> LivePage | None:
    """The page of an event; None where there is no such source in this edition."""
    source = showing.live_source(code)
    if source is None or edition.code not in source.programme.editions:
        return None
    found, language = source.programme, place.language
    zone = zones.zone_of(place.territory)
    begins_at = max(source.enabled_from, found.occurred_at or source.enabled_from)
    related = showing.showing(
        edition,
        territory=place.territory,
        language=language,
        now=now,
        near=showing.Near(tuple(found.nocs), found.sport, found.kind, without=found.id),
        size=pages.RELATED,
    )
    return LivePage(
        code=code,
        title=showing.title_in(found.titles, language, found.code),
        synopsis=pick(found.synopses, language),
        kind=str(wording.KINDS.get(found.kind, found.kind)),
        state=live_state(source.id, source.enabled_until, now=now),
        begins=f"{zones.day_text(begins_at.astimezone(zone).date(), language)}, "
        f"{zones.time_text(begins_at, zone, language)} "
        f"({zones.offset_text(begins_at, zone, language)})",
        begins_at=begins_at,
        play_url=pages.play_url("live", code, place),
        subject=f"l:{source.id}",
        state_url=pages.url(place, "live_state", code=code),
        recording=_recording(edition, source.id, place, now),
        moments=pages.moments(found, place, now=now),
        related=tuple(pages.card(row, place) for row in related.rows),
    )


def live_state(source_id: UUID, until: datetime | None, *, now: datetime) -> str:
    """`before`, `on-air` or `over`: over is what was on air once and is not expected again."""
    if guide.session_on_air(source_id, now=now):
        return "on-air"
    was = guide.last_session(source_id)
    return "over" if was is not None or (until is not None and until <= now) else "before"


def _recording(edition: Edition, source_id: UUID, place: Place, now: datetime) -> VideoCard | None:
    was = guide.last_session(source_id)
    recorded = was.recorded if was else None
    if recorded is None or recorded.published_from is None or recorded.published_from > now:
        return None
    package = showing.newest_package(recorded.id)
    if package is None or edition.code not in recorded.editions:
        return None
    return pages.card(showing.video_of(recorded, package), place)
