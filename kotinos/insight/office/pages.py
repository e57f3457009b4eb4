"""The dashboards' pages: a board, one of its charts by itself, the rows behind it."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kotinos.games import api as games
from kotinos.insight import results
from kotinos.insight.office import asking, cards
from kotinos.insight.office.asking import ALL, Asked, NonsenseError
from kotinos.insight.office.boards import BOARDS
from kotinos.insight.office.drawing import Place
from kotinos.insight.office.figures import names_of
from kotinos.insight.office.numbers import numbers_of
from kotinos.kernel import clock
from kotinos.kernel.office import page, staff

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpRequest

    from kotinos.insight.office.boards import Board

    View = Callable[..., HttpResponse]


def answers_nonsense(view: View) -> View:
    """What cannot be read is answered by a page that says what and leads back: 400."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        try:
            return view(request, *args, **more)
        except NonsenseError as error:
            context = {"problem": str(error), "back": request.path}
            title = _("This cannot be shown")
            return page(request, "insight/nonsense.html", context, title=title, status=400)

    return answered


def index(request: HttpRequest) -> HttpResponse:
    """The first of them is what happens now."""
    del request
    return redirect("insight_office:live")


@answers_nonsense
def board(request: HttpRequest, name: str) -> HttpResponse:
    """A dashboard; with `view=print` without its surroundings, every table open."""
    found, now = board_of(name), clock.now()
    asked = asking.read(request.GET.dict(), who=staff(request), now=now)
    place = place_of(asked, name)
    shown = cards.cards(found, asked, place=place, now=now)
    context = {
        **frame(request, asked, name, now),
        "board": found,
        "numbers": numbers_of(found, asked, now=now),
        "cards": shown,
        "is_empty": all(card.drawn is not None and card.drawn.is_empty for card in shown),
    }
    context["is_print"] = request.GET.get("view") == "print"
    template = "insight/print.html" if context["is_print"] else "insight/board.html"
    return page(request, template, context, title=str(found.title))


@answers_nonsense
def chart(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """One chart: for the script a piece of a page, else a page of its own.

    `seen` is the instant of what is on the screen: 204 where there is nothing newer yet.
    """
    found, now = board_of(name).chart(key), clock.now()
    if found is None:
        raise Http404
    asked = asking.read(request.GET.dict(), who=staff(request), now=now)
    result = results.ask(cards.question(found, asked), patience_s=8.0, now=now)
    one = cards.card(found, result, asked=asked, place=place_of(asked, name), now=now)
    if _is_seen(request, one.as_of):
        return HttpResponse(status=204)
    context = {"card": one, "board": board_of(name), "asked": asked, "query": asked.address()}
    if request.headers.get("HX-Request"):
        return render(request, "insight/_card.html", context)
    context |= frame(request, asked, name, now)
    return page(request, "insight/chart.html", context, title=str(found.title))


@answers_nonsense
def numbers(request: HttpRequest, name: str) -> HttpResponse:
    """The large numbers by themselves, for the script; `seen` as for a chart."""
    found, now = board_of(name), clock.now()
    asked = asking.read(request.GET.dict(), who=staff(request), now=now)
    every = numbers_of(found, asked, now=now, patience_s=8.0)
    if _is_seen(request, every.as_of) and every.is_whole:
        return HttpResponse(status=204)
    context = {"numbers": every, "board": found, "query": asked.address()}
    return render(request, "insight/_numbers.html", context)


def _is_seen(request: HttpRequest, as_of: datetime | None) -> bool:
    return as_of is not None and request.GET.get("seen") == as_of.isoformat()


def board_of(name: str) -> Board:
    """Http404 where there is none of this name."""
    found = BOARDS.get(name)
    if found is None:
        raise Http404
    return found


def place_of(asked: Asked, name: str) -> Place:
    path = reverse("insight_office:board", args=[name])
    return Place(asked, path, asked.edition.name)


def frame(request: HttpRequest, asked: Asked, name: str, now: datetime) -> dict[str, Any]:
    """What stands around every dashboard: the tabs, the filters, what was narrowed by clicking."""
    who = staff(request)
    here = reverse(
        "insight_office:live" if name == "live" else "insight_office:board",
        args=[] if name == "live" else [name],
    )
    return {
        "asked": asked,
        "query": asked.address(),
        "here": here,
        "name": name,
        "now": now,
        "tabs": _tabs(asked, name),
        "choices": _choices(request, asked),
        "presets": [
            (key, words, f"{here}?{asked.address(when=key, since=None, until=None)}")
            for key, (words, _since, _until) in asking.presets(asked.edition, now).items()
        ],
        "crumbs": _crumbs(asked, here),
        "is_operator": who.is_operator,
        "all": ALL,
    }


def _tabs(asked: Asked, name: str) -> list[tuple[str, str, bool]]:
    """Each keeps the filters; what was clicked on one dashboard is not carried to another."""
    none: dict[str, str | None] = dict.fromkeys(asked.narrow)
    query = asked.address(**none)
    tabs = [(_("Live"), reverse("insight_office:live"), name == "live")]
    tabs += [
        (str(each.title), reverse("insight_office:board", args=[each.name]), name == each.name)
        for each in BOARDS.values()
    ]
    return [(words, f"{path}?{query}", is_here) for words, path, is_here in tabs]


def _choices(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    names = games.territory_names("en")
    return {
        "editions": games.editions(),
        "organisations": asking.organisations(staff(request)),
        "territories": [(code, names[code]) for code in games.sorted_by_name(names, "en")],
        "asked": asked,
    }


def _crumbs(asked: Asked, here: str) -> list[tuple[str, str, str]]:
    """What was clicked on: the filter, its name, and the address without it."""
    found = []
    if asked.territory:
        words = names_of("territory", [asked.territory])[asked.territory]
        found.append(("territory", words, f"{here}?{asked.address(territory=None)}"))
    if not asked.when and asked.since == asked.last_day:
        words = f"{asked.since:%-d %b %Y}"
        found.append(("day", words, f"{here}?{asked.address(when=asking.STANDARD)}"))
    for name, value in asked.narrow.items():
        words = names_of(name, [value])[value]
        found.append((name, words, f"{here}?{asked.address(**{name: None})}"))
    return found
