"""Moments of a programme in which products are seen, on its timeline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kotinos.channel import results
from kotinos.channel.actions.cues import put_cue, remove_cue
from kotinos.channel.office import seen, words
from kotinos.channel.office.programme import frame
from kotinos.channel.queries import products as shop
from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.languages import LANGUAGES, OWN_NAMES, pick
from kotinos.kernel.office import page, staff

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from kotinos.channel.models import Cue, Programme

SEARCH_LENGTH = (2, 80)
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2}(?:\.\d{1,3})?)")
_SECONDS = re.compile(r"\d{1,6}(?:\.\d{1,3})?")


def moments(request: HttpRequest, code: str) -> HttpResponse:
    """The timeline with its cues, and the one that is being written."""
    row, now = seen.programme(request, code), clock.now()
    form: dict[str, Any] = _blank(row, request.GET.get("cue", ""), request.GET.get("at", ""))
    problem = ""
    if request.method == "POST":
        row = seen.own_programme(request, code)
        outcome = _write(request, row, now)
        if isinstance(outcome, results.Saved | results.Removed):
            messages.success(request, _("Done."))
            return redirect("channel_office:moments", row.code)
        problem = words.refusal(outcome)
        form = _typed(request)
    context = frame(request, row, "moments")
    package = context["package"]
    length_ms = package.facts.get("content_ms", package.ticks * 4000) if package else 0
    context |= {
        "cues": [_cue(each, length_ms, now) for each in row.cues.order_by("at_ms")],
        "length_ms": length_ms,
        "form": form,
        "problem": problem,
        "languages": [(each, OWN_NAMES[each], form["words"].get(each, "")) for each in LANGUAGES],
        "territories": len(games.territory_bits()),
    }
    status = 422 if problem else 200
    title = context["name"]
    return page(request, "channel_office/moments.html", context, title=title, status=status)


def _cue(cue: Cue, length_ms: int, now: datetime) -> dict[str, Any]:
    found = shop.products(ids=[each.product_id for each in cue.products.order_by("position")])
    return {
        "cue": cue,
        "at": clock_text(cue.at_ms),
        "left": 100 * cue.at_ms / length_ms if length_ms else 0,
        "width": min(100.0, 100_000 * cue.seconds / length_ms) if length_ms else 0,
        "words": pick(cue.words, "en"),
        "products": [
            {"product": each, "territories": shop.buyable_mask(each, at=now).bit_count()}
            for each in found
        ],
    }


def _blank(row: Programme, cue_id: str, at: str) -> dict[str, Any]:
    """The form for one cue, or for a new one at a moment."""
    found = row.cues.filter(id=cue_id).first() if _uuid(cue_id) else None
    if found is None:
        at_ms = milliseconds(at)
        return {
            "cue": "",
            "at": clock_text(at_ms) if at_ms is not None else "",
            "seconds": 15,
            "words": {},
            "chosen": (),
        }
    ids = [each.product_id for each in found.products.order_by("position")]
    return {
        "cue": str(found.id),
        "at": clock_text(found.at_ms),
        "seconds": found.seconds,
        "words": found.words,
        "chosen": shop.products(ids=ids),
    }


def _typed(request: HttpRequest) -> dict[str, Any]:
    given = request.POST
    return {
        "cue": given.get("cue", ""),
        "at": given.get("at", ""),
        "seconds": given.get("seconds", ""),
        "words": {code: given.get(f"words-{code}", "") for code in LANGUAGES},
        "chosen": shop.products(ids=_ids(request)),
    }


def _ids(request: HttpRequest) -> list[UUID]:
    return [UUID(text) for text in request.POST.getlist("product") if _uuid(text)]


def _write(request: HttpRequest, row: Programme, now: datetime) -> object:
    who, given = staff(request).person_id, request.POST
    cue_id = UUID(given["cue"]) if _uuid(given.get("cue", "")) else None
    if "remove" in given and cue_id:
        return remove_cue(programme_id=row.id, cue_id=cue_id, now=now, by=who)
    at_ms = milliseconds(given.get("at", ""))
    if at_ms is None:
        return results.BadTerms((results.Problem("at", _("Say when, as 1:05 or 65.")),))
    seconds = given.get("seconds", "")
    return put_cue(
        programme_id=row.id,
        cue_id=cue_id,
        at_ms=at_ms,
        seconds=int(seconds[:6]) if seconds.isdecimal() else 0,
        words={code: given.get(f"words-{code}", "") for code in LANGUAGES},
        product_ids=_ids(request),
        now=now,
        by=who,
    )


def search(request: HttpRequest) -> HttpResponse:
    """Products that answer to a few letters, with in how many territories each can be bought."""
    seen.watched(request)
    text, now = request.GET.get("find", "").strip()[: SEARCH_LENGTH[1]], clock.now()
    found = shop.search_products(text=text) if len(text) >= SEARCH_LENGTH[0] else ()
    context = {
        "text": text,
        "found": [
            {"product": each, "territories": shop.buyable_mask(each, at=now).bit_count()}
            for each in found
        ],
    }
    return render(request, "channel_office/_found.html", context)


def milliseconds(text: str) -> int | None:
    """`1:05`, `0:01:05.5` or plain seconds, as milliseconds; None for anything else."""
    clean = text.strip()
    found = _CLOCK.fullmatch(clean)
    if found:
        hours, minutes, seconds = found.groups()
        return round(1000 * (int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds)))
    return round(1000 * float(clean)) if _SECONDS.fullmatch(clean) else None


def clock_text(at_ms: int) -> str:
    """`1:05` or `1:05.500`."""
    text, rest = words.length(at_ms // 1000), at_ms % 1000
    return f"{text}.{rest:03}" if rest else text


def _uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
