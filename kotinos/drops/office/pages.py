"""Drops in the back office: the list, one drop, publishing it, taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kotinos.drops import queries
from kotinos.drops.actions import checking, states
from kotinos.drops.actions.frame import SUBJECT
from kotinos.drops.contracts import DropState, Phase
from kotinos.drops.office import maps, seen
from kotinos.drops.office.forms import ConfirmForm, RehearseForm
from kotinos.drops.terms import BadTerms, Changed, Unchanged
from kotinos.games import api as games
from kotinos.kernel import changelog, clock
from kotinos.kernel.office import page, staff
from kotinos.waitingroom import api as waitingroom

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from kotinos.drops.contracts import DropView

TAGS = {
    Phase.DRAFT: "plain",
    Phase.COMING: "wait",
    Phase.OPEN: "good",
    Phase.OVER: "ended",
    Phase.WITHDRAWN: "bad",
}


def phase_words() -> dict[Phase, str]:
    """What a phase is called."""
    return {
        Phase.DRAFT: _("Draft"),
        Phase.COMING: _("Published"),
        Phase.OPEN: _("Open"),
        Phase.OVER: _("Over"),
        Phase.WITHDRAWN: _("Withdrawn"),
    }


@dataclass(frozen=True, slots=True)
class DropRow:
    """One drop in the list."""

    drop: DropView
    name: str
    seller: str
    phase: str
    tag: str
    units_free: int


def row_of(drop: DropView, sellers: dict[UUID, str], now: datetime, language: str) -> DropRow:
    """A drop in the reader's words, with what is free of it."""
    phase = drop.phase(now)
    free = sum(units for units, _held in queries.free_units(drop.id).values())
    seller = sellers.get(drop.seller_id, "")
    return DropRow(drop, drop.name(language), seller, phase_words()[phase], TAGS[phase], free)


def sellers_of(drops: tuple[DropView, ...]) -> dict[UUID, str]:
    """The names of those who sell."""
    ids = tuple({drop.seller_id for drop in drops})
    return {each.id: each.name for each in games.organisations(ids=ids)} if ids else {}


def index(request: HttpRequest) -> HttpResponse:
    """Every drop the person may see; rehearsals stand below what they rehearse."""
    now, language = clock.now(), request.LANGUAGE_CODE
    drops = tuple(drop for drop in seen.seen(request) if not drop.is_rehearsal)
    sellers = sellers_of(drops)
    context = {
        "rows": [row_of(drop, sellers, now, language) for drop in drops],
        "may_write": staff(request).has(seen.MANAGER),
    }
    return page(request, "drops_office/index.html", context, title=_("Drops"))


def one(request: HttpRequest, slug: str) -> HttpResponse:
    """One drop: what was announced, what stands in its way, what may be done now."""
    drop, now = seen.found(request, slug), clock.now()
    phase, may = drop.phase(now), seen.manages(request, drop)
    context = {
        **_facts(request, drop, now),
        "problems": states.publishing_problems(drop.id, now=now) if phase is Phase.DRAFT else (),
        "rehearsals": _rehearsals(drop, now, request.LANGUAGE_CODE),
        "rehearse_form": RehearseForm(),
        "changes": _changes(drop),
        "may_edit": may and phase in {Phase.DRAFT, Phase.COMING, Phase.OPEN},
        "may_publish": may and phase is Phase.DRAFT and not drop.is_rehearsal,
        "may_end": may and phase in {Phase.COMING, Phase.OPEN},
        "may_rehearse": may and phase in {Phase.DRAFT, Phase.COMING} and not drop.is_rehearsal,
    }
    return page(request, "drops_office/drop.html", context, title=drop.name(request.LANGUAGE_CODE))


def _facts(request: HttpRequest, drop: DropView, now: datetime) -> dict[str, Any]:
    room = waitingroom.room(drop.room_id)
    handles = tuple(offer.handle for offer in drop.offers)
    reach = maps.reach(
        checking.find_products(handles, drop.seller_id),
        seller_id=seen.owner_of(drop).seller_id,
        mask=drop.territory_mask,
        at=drop.opens_at,
        language=request.LANGUAGE_CODE,
    )
    return {
        "drop": drop,
        "row": row_of(drop, sellers_of((drop,)), now, request.LANGUAGE_CODE),
        "original": seen.owner_of(drop) if drop.is_rehearsal else None,
        "room": room,
        "reach": reach,
        "map": reach.map,
    }


def _rehearsals(drop: DropView, now: datetime, language: str) -> list[DropRow]:
    found = tuple(each for each in queries.all_drops() if each.rehearsal_of == drop.id)
    sellers = sellers_of(found)
    return [row_of(each, sellers, now, language) for each in found]


def _changes(drop: DropView) -> list[dict[str, Any]]:
    lines = changelog.history(subject_kind=SUBJECT, subject=drop.slug)
    people = games.person_names({line.actor_id for line in lines if line.actor_id})
    return [
        {
            "at": line.at,
            "who": people.get(line.actor_id, "") if line.actor_id else "",
            "verb": line.verb,
            "detail": ", ".join(f"{name}: {value}" for name, value in line.detail.items()),
        }
        for line in lines
    ]


def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """What publishing does, spelt out; then it is done."""
    drop, now = seen.managed(request, slug), clock.now()
    if drop.state is not DropState.DRAFT or drop.is_rehearsal:
        return redirect("drops_office:drop", drop.slug)
    problems = states.publishing_problems(drop.id, now=now)
    if request.method == "POST":
        outcome = states.publish(drop_id=drop.id, now=now, actor=staff(request).person_id)
        match outcome:
            case Changed():
                messages.success(request, _("%(name)s is announced.") % {"name": drop.slug})
                return redirect("drops_office:drop", drop.slug)
            case BadTerms(found):
                problems = found
            case _:
                return redirect("drops_office:drop", drop.slug)
    facts = _facts(request, drop, now)
    context = {
        **facts,
        "problems": problems,
        "variants": drop.variants,
        "buyers_min": -(-facts["reach"].units_free // drop.units_per_buyer),
        "opens_at_once": drop.opens_at <= now,
    }
    status = 422 if request.method == "POST" else 200
    title = _("Publish %(name)s") % {"name": drop.name(request.LANGUAGE_CODE)}
    return page(request, "drops_office/publish.html", context, title=title, status=status)


def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a drop back or end it early, after its address was typed."""
    drop, now = seen.managed(request, slug), clock.now()
    if drop.phase(now) not in {Phase.DRAFT, Phase.COMING, Phase.OPEN}:
        return redirect("drops_office:drop", drop.slug)
    form = ConfirmForm(request.POST if request.method == "POST" else None, name=drop.slug)
    if form.is_bound and form.is_valid():
        return _withdrawn(request, drop, form)
    free = queries.free_units(drop.id).values()
    context = {
        "drop": drop,
        "form": form,
        "row": row_of(drop, sellers_of((drop,)), now, request.LANGUAGE_CODE),
        "held": sum(held for _free, held in free),
        "may_end": drop.state is DropState.PUBLISHED,
    }
    title = _("Withdraw %(name)s") % {"name": drop.name(request.LANGUAGE_CODE)}
    status = 422 if form.errors else 200
    return page(request, "drops_office/withdraw.html", context, title=title, status=status)


def _withdrawn(request: HttpRequest, drop: DropView, form: ConfirmForm) -> HttpResponse:
    who, now = staff(request).person_id, clock.now()
    if "end" in request.POST:
        outcome = states.end(drop_id=drop.id, now=now, actor=who)
    else:
        reason = form.cleaned_data["reason"]
        outcome = states.withdraw(drop_id=drop.id, now=now, reason=reason, actor=who)
    if isinstance(outcome, Unchanged):
        messages.error(request, _("Nothing was changed: %(why)s.") % {"why": outcome.reason})
    else:
        messages.success(request, _("%(name)s is closed.") % {"name": drop.slug})
    return redirect("drops_office:drop", drop.slug)
