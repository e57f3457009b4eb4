"""The cockpit: a drop while it happens, and the levers of its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kotinos.drops.actions import levers
from kotinos.drops.contracts import Phase
from kotinos.drops.office import pages, seen
from kotinos.drops.queries.watching import watch
from kotinos.drops.terms import Changed, Unchanged
from kotinos.kernel import clock
from kotinos.kernel.office import page, staff

if TYPE_CHECKING:
    from django.http import HttpRequest

TABLE_ROWS = 30


def cockpit(request: HttpRequest, slug: str) -> HttpResponse:
    """The page; its script asks for `state` every second."""
    drop, now = seen.found(request, slug), clock.now()
    state = watch(drop, now=now)
    context = {
        "drop": drop,
        "row": pages.row_of(drop, pages.sellers_of((drop,)), now, request.LANGUAGE_CODE),
        "original": seen.owner_of(drop) if drop.is_rehearsal else None,
        "state": state,
        "latest": list(reversed(state["series"][-TABLE_ROWS:])),
        "may_pull": seen.manages(request, drop) and drop.phase(now) in {Phase.COMING, Phase.OPEN},
        "factors": [(f"{factor:g}", f"{factor:.0%}") for factor in levers.FACTORS],
        "factor": f"{state['room']['slow_factor']:g}",
        "words": _words(),
    }
    title = _("Cockpit: %(name)s") % {"name": drop.name(request.LANGUAGE_CODE)}
    return page(request, "drops_office/cockpit.html", context, title=title)


def state(request: HttpRequest, slug: str) -> JsonResponse:
    """The same as JSON, for whoever watches."""
    return JsonResponse(watch(seen.found(request, slug), now=clock.now()))


def pull(request: HttpRequest, slug: str) -> HttpResponse:
    """One lever: `pause`, `resume` or `factor`."""
    drop = seen.managed(request, slug)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    who, now = staff(request).person_id, clock.now()
    match request.POST.get("lever"):
        case "pause":
            outcome = levers.pause_line(drop_id=drop.id, now=now, actor=who)
        case "resume":
            outcome = levers.resume_line(drop_id=drop.id, now=now, actor=who)
        case factor if factor in {f"{each:g}" for each in levers.FACTORS}:
            outcome = levers.slow_line(drop_id=drop.id, factor=float(factor), now=now, actor=who)
        case _:
            outcome = Unchanged(_("there is no such lever"))
    match outcome:
        case Changed():
            messages.success(request, _("Done."))
        case Unchanged(reason):
            messages.error(request, _("Nothing was changed: %(why)s.") % {"why": reason})
        case _:
            messages.error(request, _("Nothing was changed."))
    return redirect("drops_office:cockpit", drop.slug)


def _words() -> dict[str, Any]:
    """What the script says: words stand with the page, not in the script."""
    return {
        "phases": {phase.value: word for phase, word in pages.phase_words().items()},
        "tags": {phase.value: tag for phase, tag in pages.TAGS.items()},
        "arrivals": _("Arrivals"),
        "admissions": _("Let in"),
        "holds": _("Set aside"),
        "orders": _("Orders"),
        "confirmed": _("Paid"),
        "refused": _("Refused"),
        "p50_ms": _("Half are faster than"),
        "p99_ms": _("99 of 100 are faster than"),
        "units_free": _("Free"),
        "units_held": _("Set aside, not paid"),
        "people": _("People a second"),
        "sales": _("Sales a second"),
        "times": _("Time to answer, milliseconds"),
        "stock": _("Units"),
        "now": _("now"),
        "most": _("at most"),
        "last": _("last"),
        "lost": _("No answer from the server; the figures are those of the last one."),
        "sold_out": _("Sold out: nothing is free. Holds that run out come back."),
        "paused": _("The line is paused: nobody is called."),
        "none": _("None so far."),
    }
