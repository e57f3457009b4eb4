"""Who can see a programme: a map of now, a calendar of the days to come, and why."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from kotinos.channel import models
from kotinos.channel.office import seen
from kotinos.channel.office.programme import frame
from kotinos.channel.queries import calendar
from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.languages import pick
from kotinos.kernel.mapview import Layer, MapView, Territory
from kotinos.kernel.office import page
from kotinos.rights import api as rights

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from kotinos.channel.models import Edition, Programme
    from kotinos.channel.queries.calendar import Group
    from kotinos.games.contracts import Atlas

ACTS = {
    "vod": (rights.Act.SHOW_VOD, "On demand"),
    "delayed": (rights.Act.SHOW_DELAYED, "In the linear channel"),
    "live": (rights.Act.SHOW_LIVE, "Live"),
}
NAMED_MAX = 4


def reach(request: HttpRequest, code: str) -> HttpResponse:
    """Map and calendar for one act and one edition's licensee."""
    row, now = seen.programme(request, code), clock.now()
    context = frame(request, row, "reach")
    editions = _editions(row)
    edition = next((e for e in editions if e.code == request.GET.get("edition")), None)
    edition = edition or (editions[0] if editions else None)
    act = request.GET.get("act", "")
    act = act if act in ACTS else "vod"
    context |= {
        "acts": [(key, title, key == act) for key, (_act, title) in ACTS.items()],
        "act": act,
        "editions": [(e, pick(e.names, request.LANGUAGE_CODE), e == edition) for e in editions],
        "edition": edition,
        "territories": _choices(request.LANGUAGE_CODE),
    }
    if edition is not None:
        context |= _shown(row, edition, act, now, request.LANGUAGE_CODE)
    return page(request, "channel_office/reach.html", context, title=context["name"])


def _editions(row: Programme) -> list[Edition]:
    """The editions that show it; before any does, all of them."""
    found = models.Edition.objects.select_related("licensee").order_by("-is_default", "code")
    return [e for e in found if e.code in row.editions] or list(found)


def _choices(language: str) -> list[tuple[str, str]]:
    return [
        (code, games.territory_name(code, language))
        for code in games.sorted_by_name(games.territory_bits(), language)
    ]


def _shown(
    row: Programme, edition: Edition, act: str, now: datetime, language: str
) -> dict[str, Any]:
    found = groups_of(row, edition, act, now)
    atlas = games.atlas()
    return {
        "map": _map(calendar.at_moment(found, at=now), atlas, language),
        "groups": [_group(each, atlas, now, language) for each in found],
        "days": [
            {"at": now + timedelta(days=day), "left": 100 * day / calendar.DAYS}
            for day in range(0, calendar.DAYS, 10)
        ],
        "needs_moment": row.occurred_at is None and _has_delay(row, edition, act),
    }


def groups_of(row: Programme, edition: Edition, act: str, now: datetime) -> list[Group]:
    """The calendar of a programme; what is live may also be shown later, where a delay is named."""
    seller, is_live = edition.licensee_id, act == "live"
    rows = calendar.spans(programme_id=row.id, seller_id=seller, act=ACTS[act][0])
    if is_live:
        later = calendar.spans(programme_id=row.id, seller_id=seller, act=rights.Act.SHOW_DELAYED)
        rows += [each for each in later if each.delay_minutes]
    return calendar.groups(rows, occurred_at=row.occurred_at, is_live=is_live, now=now)


def _has_delay(row: Programme, edition: Edition, act: str) -> bool:
    rows = calendar.spans(programme_id=row.id, seller_id=edition.licensee_id, act=ACTS[act][0])
    return any(each.delay_minutes for each in rows)


def _map(now: calendar.Now, atlas: Atlas, language: str) -> MapView:
    layers = (
        Layer("map-yes", _("Sees it now"), _named(now.shown, atlas, language)),
        Layer("map-kept", _("Sees it later"), _named(now.delayed, atlas, language)),
    )
    finding = _("%(all)d territories see it now, %(some)d later, %(none)d not.") % {
        "all": now.shown.bit_count(),
        "some": now.delayed.bit_count(),
        "none": now.none.bit_count(),
    }
    fill = {each.code: layer.css_class for layer in layers for each in layer.territories}
    labels = {
        each.code: f"{each.name}: {layer.label}" for layer in layers for each in layer.territories
    }
    drawn = games.worldmap.svg(
        fill, title=_("Who can see this now"), description=finding, labels=labels, ident="reach"
    )
    svg = mark_safe(drawn)  # noqa: S308 - worldmap.svg escapes every text it is given
    return MapView(svg, finding, layers)


def _named(mask: int, atlas: Atlas, language: str) -> tuple[Territory, ...]:
    codes = games.sorted_by_name(atlas.codes(mask), language)
    return tuple(Territory(code, games.territory_name(code, language)) for code in codes)


def _group(group: Group, atlas: Atlas, now: datetime, language: str) -> dict[str, Any]:
    named = _named(group.mask, atlas, language)
    whole = timedelta(days=calendar.DAYS)
    return {
        "title": ", ".join(each.name for each in named[:NAMED_MAX]),
        "more": max(0, len(named) - NAMED_MAX),
        "count": len(named),
        "territories": named,
        "stretches": [
            {
                "from_at": each.from_at if each.from_at > now else None,
                "until_at": each.until_at if each.until_at < now + whole else None,
                "delay_minutes": each.delay_minutes,
                "left": 100 * (each.from_at - now) / whole,
                "width": 100 * (each.until_at - each.from_at) / whole,
            }
            for each in group.stretches
        ],
    }


def why(request: HttpRequest, code: str) -> HttpResponse:
    """One territory's answer, with its grounds."""
    row, now = seen.programme(request, code), clock.now()
    edition = next((e for e in _editions(row) if e.code == request.GET.get("edition")), None)
    territory, act = request.GET.get("territory", "").upper(), request.GET.get("act", "")
    if edition is None or act not in ACTS or territory not in games.territory_bits():
        raise Http404
    language = request.LANGUAGE_CODE
    answer = rights.explain(
        work_id=row.id,
        seller_id=edition.licensee_id,
        act=ACTS[act][0],
        outlet=rights.Outlet.INTERNET,
        territory=territory,
        at=now,
        language=language,
        occurred_at=now if act == "live" else row.occurred_at,
    )
    asked = {
        "work": row.id,
        "seller": edition.licensee_id,
        "act": ACTS[act][0].text,
        "outlet": rights.Outlet.INTERNET.text,
        "territory": territory,
    }
    context = {
        "answer": answer,
        "is_cleared": answer.machine.get("outcome") == "cleared",
        "territory_name": games.territory_name(territory, language),
        "link": f"{reverse('rights_office:why')}?{urlencode(asked)}",
    }
    return render(request, "channel_office/_why.html", context)
