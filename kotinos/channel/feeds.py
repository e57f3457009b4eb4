"""Feeds for machines: XMLTV, the guide and "now and next" as JSON, the video sitemap.

XMLTV: https://wiki.xmltv.org/index.php/XMLTVFormat. Video sitemap: schema-video/1.1. A feed of a
place says of each slot what that place sees.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from kotinos.channel import airing, pages, views
from kotinos.channel.airing import Teller
from kotinos.channel.queries import guide, showing
from kotinos.channel.queries.editions import edition_for
from kotinos.kernel import clock
from kotinos.kernel.environment import environment
from kotinos.kernel.languages import pick

if TYPE_CHECKING:
    from django.http import HttpRequest

    from kotinos.channel.airing import Entry
    from kotinos.channel.models import LinearChannel
    from kotinos.kernel.place import Place

HOURS_DEFAULT, HOURS_MAX = 24, 48
NOW_SECONDS_MAX = 20
FRESH_SECONDS = 60
SITEMAP_ITEMS_MAX = 5_000
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_XML = "application/xml; charset=utf-8"


def _public(response: HttpResponse, seconds: int) -> HttpResponse:
    response["Cache-Control"] = f"public, max-age=0, s-maxage={seconds}"
    return response


@require_safe
def now(request: HttpRequest, place: Place, code: str) -> HttpResponse:
    """What is on a channel and what follows; kept until the next slot begins at most."""
    del request
    at = clock.now()
    channel = views.channel_of(views.edition_of(place), code)
    row = airing.channel_row(channel, place, now=at)
    body = {
        "channel": code,
        "now_ms": round(at.timestamp() * 1000),
        "current": _entry_json(row.current, place) if row.current else None,
        "next": [_entry_json(entry, place) for entry in row.following],
    }
    ends = [entry.ends_at if entry.is_now else entry.begins_at for entry in _entries(row)]
    left = min((int((moment - at).total_seconds()) for moment in ends), default=NOW_SECONDS_MAX)
    return _public(JsonResponse(body), max(1, min(left, NOW_SECONDS_MAX)))


def _entries(row: airing.ChannelRow) -> list[Entry]:
    return [entry for entry in (row.current, *row.following) if entry is not None]


def _entry_json(entry: Entry, place: Place) -> dict[str, Any]:
    return {
        "code": entry.code,
        "title": entry.title,
        "synopsis": entry.synopsis,
        "kind": entry.kind,
        "begins_ms": entry.begins_ms,
        "ends_ms": entry.ends_ms,
        "begins": entry.begins,
        "ends": entry.ends,
        "offset_ms": entry.offset_ms,
        "state": entry.state,
        "note": entry.note,
        "live": entry.is_live,
        "url": entry.url,
        "products_url": pages.url(place, "products", code=entry.code),
    }


def _window(request: HttpRequest, at: datetime) -> tuple[datetime, datetime]:
    """From now, for `hours` (1 to 48, else a day)."""
    text = request.GET.get("hours", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else HOURS_DEFAULT  # noqa: PLR2004 - digits
    return at, at + timedelta(hours=min(max(asked, 1), HOURS_MAX))


def _listed(
    request: HttpRequest, place: Place, code: str
) -> tuple[LinearChannel, list[Entry], datetime, datetime]:
    at = clock.now()
    channel = views.channel_of(views.edition_of(place), code)
    start, end = _window(request, at)
    teller = Teller(channel.edition, place, now=at)
    found = guide.slots([channel.id], from_at=start, until_at=end, now=at)
    return channel, [teller.entry(slot) for slot in found], start, end


@require_safe
def guide_json(request: HttpRequest, place: Place, code: str) -> HttpResponse:
    """The guide of a channel as JSON, for a bounded window (`?hours=`)."""
    channel, entries, start, end = _listed(request, place, code)
    body = {
        "channel": channel.code,
        "name": pick(channel.names, place.language),
        "from": start.isoformat(),
        "until": end.isoformat(),
        "slots": [_entry_json(entry, place) for entry in entries],
    }
    return _public(JsonResponse(body), FRESH_SECONDS)


@require_safe
def xmltv(request: HttpRequest, place: Place, code: str) -> HttpResponse:
    """The guide of a channel as XMLTV, for the same window."""
    channel, entries, _, _ = _listed(request, place, code)
    origin = environment().origin
    ident = quoteattr(f"{channel.code}.{place.slug}.kotinos")
    name = escape(pick(channel.names, place.language) or channel.code)
    listed = "".join(_programme_xml(entry, ident, place, origin) for entry in entries)
    body = (
        f'{_HEAD}<!DOCTYPE tv SYSTEM "xmltv.dtd">\n<tv generator-info-name="Kotinos">'
        f"<channel id={ident}><display-name lang={quoteattr(place.language)}>{name}"
        f"</display-name><url>{escape(origin + pages.url(place, 'watch', code=code))}</url>"
        f"</channel>{listed}</tv>\n"
    )
    return _public(HttpResponse(body, content_type=_XML), FRESH_SECONDS)


def _programme_xml(entry: Entry, ident: str, place: Place, origin: str) -> str:
    language = quoteattr(place.language)
    fields = f"<title lang={language}>{escape(entry.title)}</title>"
    if entry.note:
        fields += f"<sub-title lang={language}>{escape(entry.note)}</sub-title>"
    if entry.synopsis:
        fields += f"<desc lang={language}>{escape(entry.synopsis)}</desc>"
    fields += f"<category lang={language}>{escape(entry.kind)}</category>"
    fields += f"<url>{escape(origin + entry.url)}</url>"
    return (
        f'<programme start="{entry.begins_at:%Y%m%d%H%M%S} +0000" '
        f'stop="{entry.ends_at:%Y%m%d%H%M%S} +0000" channel={ident}>{fields}</programme>'
    )


@require_safe
def sitemap(request: HttpRequest, place: Place) -> HttpResponse:
    """The videos that may be shown in a place, with poster, words and length."""
    del request
    edition, origin = edition_for(language=place.language), environment().origin
    rows: tuple[showing.VideoRow, ...] = ()
    if edition is not None:
        rows = showing.showing(
            edition,
            territory=place.territory,
            language=place.language,
            now=clock.now(),
            size=SITEMAP_ITEMS_MAX,
        ).rows
    urls = "".join(_video_xml(row, place, origin) for row in rows)
    body = (
        f'{_HEAD}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:video="http://www.google.com/schemas/sitemap-video/1.1">{urls}</urlset>'
    )
    return _public(HttpResponse(body, content_type=_XML), FRESH_SECONDS)


def _video_xml(row: showing.VideoRow, place: Place, origin: str) -> str:
    card = pages.card(row, place)
    page = escape(origin + card.url)
    words = escape(pick(row.synopses, place.language) or card.title)
    return (
        f"<url><loc>{page}</loc><video:video>"
        f"<video:thumbnail_loc>{escape(origin + card.poster.jpeg)}</video:thumbnail_loc>"
        f"<video:title>{escape(card.title)}</video:title>"
        f"<video:description>{words}</video:description>"
        f"<video:player_loc>{page}</video:player_loc>"
        f"<video:duration>{max(1, row.content_ms // 1000)}</video:duration>"
        '<video:restriction relationship="allow">'
        f"{place.territory}</video:restriction></video:video></url>"
    )
