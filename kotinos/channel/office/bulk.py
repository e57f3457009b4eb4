"""Many programmes at once: said what would happen, then done, then taken back if need be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kotinos.channel import results
from kotinos.channel.actions import programmes, workflow
from kotinos.channel.contracts import Step
from kotinos.channel.office import seen, words
from kotinos.channel.office.library import SESSION_UNDO
from kotinos.channel.queries import library
from kotinos.kernel import clock
from kotinos.kernel.languages import pick
from kotinos.kernel.office import page, staff

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from kotinos.channel.models import Programme

ROWS_MAX = 200
SPORT_LENGTH_MAX = programmes.SPORT_LENGTH_MAX
ACTIONS = ("publish", "withdraw", "add-edition", "remove-edition", "sport")
_BACK = {
    "publish": "withdraw",
    "withdraw": "publish",
    "add-edition": "remove-edition",
    "remove-edition": "add-edition",
    "sport": "sport",
}


@dataclass(frozen=True, slots=True)
class Fate:
    """What would become of one programme; `problem` says why nothing would."""

    row: Programme
    title: str
    before: str
    after: str
    problem: str = ""


def _chosen(request: HttpRequest) -> list[Programme]:
    ids = []
    for text in request.POST.getlist("programme")[:ROWS_MAX]:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return list(library.seen_by(seen.watched(request)).filter(id__in=ids).order_by("code"))


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Preview, and after a second press (for a withdrawal: after the number was typed) do it."""
    rows, action = _chosen(request), request.POST.get("action", "")
    value = request.POST.get("value" if "value" in request.POST else f"value-{action}", "").strip()
    if not rows or action not in ACTIONS:
        messages.error(request, _("Choose programmes, and what to do with them."))
        return redirect("channel_office:library")
    fates = [_fate(request, row, action, value) for row in rows]
    good = [fate for fate in fates if not fate.problem]
    typed = request.POST.get("confirm", "").strip()
    needs = action == "withdraw"
    sure = "sure" in request.POST and bool(good) and (not needs or typed == str(len(good)))
    if sure:
        return _do(request, [fate.row for fate in good], action, value)
    context = {
        "fates": fates,
        "good": good,
        "action": action,
        "value": value,
        "sentence": _sentence(action, value, len(good)),
        "needs_number": needs,
        "wrong": "sure" in request.POST and needs,
    }
    status = 422 if context["wrong"] else 200
    return page(
        request, "channel_office/bulk.html", context, title=_("Many at once"), status=status
    )


def _sentence(action: str, value: str, count: int) -> str:
    said = {
        "publish": ngettext("Publish %(n)d programme now", "Publish %(n)d programmes now", count),
        "withdraw": ngettext("Withdraw %(n)d programme", "Withdraw %(n)d programmes", count),
        "add-edition": _("Show %(n)d in the edition %(value)s too"),
        "remove-edition": _("Show %(n)d in the edition %(value)s no longer"),
        "sport": _("Say that %(n)d are about “%(value)s”"),
    }
    return said[action] % {"n": count, "value": value}


def _fate(request: HttpRequest, row: Programme, action: str, value: str) -> Fate:
    title = pick(row.titles, request.LANGUAGE_CODE)
    if action in {"publish", "withdraw"}:
        return _step_fate(request, row, title, action)
    if action == "sport":
        problem = "" if seen.is_mine(request, row.organisation_id) else _another()
        if len(value) > SPORT_LENGTH_MAX:
            problem = _("At most %(most)d characters.") % {"most": SPORT_LENGTH_MAX}
        return Fate(row, title, row.sport, value, problem)
    editions = set(row.editions)
    wanted = editions | {value} if action == "add-edition" else editions - {value}
    problem = ""
    if value not in {each.code for each in seen.own_editions(request)}:
        problem = _("This edition is not yours to fill.")
    elif wanted == editions:
        problem = _("It is so already.")
    return Fate(row, title, ", ".join(sorted(editions)), ", ".join(sorted(wanted)), problem)


def _step_fate(request: HttpRequest, row: Programme, title: str, action: str) -> Fate:
    stands = workflow.step_of(row.id, now=clock.now())
    wanted = Step.PUBLISHED if action == "publish" else Step.WITHDRAWN
    problem = ""
    if not seen.is_mine(request, row.organisation_id):
        problem = _another()
    elif wanted not in workflow.FOLLOWING[stands]:
        problem = words.refusal(results.NotNow(row.id, stands))
    elif wanted is Step.PUBLISHED and not workflow.has_something(row):
        problem = words.refusal(results.NothingToShow(row.id))
    return Fate(row, title, words.step_word(stands), words.step_word(wanted), problem)


def _another() -> str:
    return _("Another organisation looks after it.")


def _do(request: HttpRequest, rows: Sequence[Programme], action: str, value: str) -> HttpResponse:
    who, now = staff(request).person_id, clock.now()
    before = {str(row.id): row.sport for row in rows}
    refused, done = [], []
    for row in rows:
        outcome = _act(row, action, value, now=now, by=who)
        if isinstance(outcome, results.Saved | results.Stepped):
            done.append(row)
        else:
            refused.append(f"{row.code}: {words.refusal(outcome)}")
    for line in refused:
        messages.error(request, line)
    if done:
        text = ngettext("Done, for %(n)d programme.", "Done, for %(n)d programmes.", len(done))
        messages.success(request, text % {"n": len(done)})
        ids = [str(row.id) for row in done]
        request.session[SESSION_UNDO] = {
            "action": _BACK[action],
            "value": value,
            "sports": {key: before[key] for key in ids} if action == "sport" else {},
            "programmes": ids,
            "sentence": _sentence(action, value, len(done)),
        }
    return redirect("channel_office:library")


def _act(row: Programme, action: str, value: str, *, now: datetime, by: UUID) -> object:
    match action:
        case "publish":
            return workflow.publish(programme_id=row.id, now=now, by=by)
        case "withdraw":
            return workflow.withdraw(programme_id=row.id, now=now, by=by)
        case "add-edition":
            return programmes.set_editions(programme_id=row.id, add=[value], now=now, by=by)
        case "remove-edition":
            return programmes.set_editions(programme_id=row.id, remove=[value], now=now, by=by)
        case _:
            return programmes.set_sport(programme_id=row.id, sport=value, now=now, by=by)


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back the last change of many programmes, where each still allows it."""
    kept: dict[str, Any] | None = request.session.pop(SESSION_UNDO, None)
    if not kept:
        messages.info(request, _("There is nothing to take back."))
        return redirect("channel_office:library")
    who, now, count = staff(request).person_id, clock.now(), 0
    rows = library.seen_by(seen.watched(request)).filter(id__in=kept["programmes"])
    for row in rows.order_by("code"):
        value = kept["sports"].get(str(row.id), kept["value"])
        outcome = _act(row, kept["action"], value, now=now, by=who)
        count += isinstance(outcome, results.Saved | results.Stepped)
    messages.success(request, _("Taken back, for %(n)d of them.") % {"n": count})
    return redirect("channel_office:library")
