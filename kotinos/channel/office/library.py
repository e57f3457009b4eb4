"""The library: every programme that an editor sees, filtered, in pages; and what is watched now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.shortcuts import render

from kotinos.channel import models
from kotinos.channel.contracts import Step
from kotinos.channel.office import seen, words
from kotinos.channel.queries import library
from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.languages import pick
from kotinos.kernel.office import page, staff

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from kotinos.channel.queries.library import LibraryRow

TEXT_LENGTH_MAX = 80
SESSION_UNDO = "channel_undo"


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of the list in words; `editable` by the person who looks."""

    row: LibraryRow
    kind: str
    step: str
    tag: str
    length: str
    editable: bool


def filters_of(given: QueryDict) -> library.Filters:
    """The filters that an address names; what it does not know it leaves out."""

    def text(name: str) -> str:
        return given.get(name, "").strip()[:TEXT_LENGTH_MAX]

    territory = text("territory").upper()
    return library.Filters(
        text=text("q"),
        kind=text("kind"),
        step=text("step"),
        edition=text("edition"),
        sport=text("sport"),
        noc=text("noc").upper(),
        packaged=text("packaged") if text("packaged") in {"yes", "no"} else "",
        failing=bool(text("failing")),
        territory=territory if territory in games.territory_bits() else "",
    )


def list_row(request: HttpRequest, row: Any) -> ListRow:
    """A row of `queries.library.library` in words."""
    found = library.row_of(row, now=clock.now(), language=request.LANGUAGE_CODE)
    return ListRow(
        found,
        words.kind_word(found.kind),
        words.step_word(found.step),
        words.TAGS[found.step],
        words.length(found.seconds) if found.seconds else "",
        seen.is_mine(request, found.organisation_id),
    )


def index(request: HttpRequest) -> HttpResponse:
    """The list, with what is watched now above it."""
    mine, now = seen.watched(request), clock.now()
    filters = filters_of(request.GET)
    rows = library.library(filters, mine=mine, now=now)
    here = Paginator(rows, library.PER_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "here": here,
        "rows": [list_row(request, row) for row in here],
        "filters": filters,
        "choices": _choices(request, mine),
        "query": asked.urlencode(),
        "watched": library.watched_now(mine, now=now),
        "channels": seen.channels(request),
        "editions": seen.own_editions(request),
        "may_write": staff(request).has(seen.EDITOR),
        "undo": request.session.get(SESSION_UNDO),
    }
    return page(request, "channel_office/library.html", context, title="Channel")


def _choices(request: HttpRequest, mine: Any) -> dict[str, Any]:
    language = request.LANGUAGE_CODE
    return {
        "kinds": [(kind.value, words.kind_word(kind)) for kind in words.KINDS],
        "steps": [(step.value, words.step_word(step)) for step in Step],
        "editions": [
            (row.code, pick(row.names, language)) for row in models.Edition.objects.order_by("code")
        ],
        "sports": library.sports(mine),
        "territories": [
            (code, games.territory_name(code, language))
            for code in games.sorted_by_name(games.territory_bits(), language)
        ],
    }


def watching(request: HttpRequest) -> HttpResponse:
    """The strip of what is watched now, alone: the page asks for it again and again."""
    context = {"watched": library.watched_now(seen.watched(request), now=clock.now())}
    return render(request, "channel_office/_watched.html", context)
