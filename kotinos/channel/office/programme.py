"""One programme: where it stands, what may be done next, how it got there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kotinos.channel import models, passes, results
from kotinos.channel.actions import workflow
from kotinos.channel.actions.frame import PROGRAMME
from kotinos.channel.contracts import TICK_SECONDS, Step, instant_of
from kotinos.channel.office import seen, words
from kotinos.channel.office.forms import StepForm
from kotinos.games import api as games
from kotinos.kernel import changelog, clock
from kotinos.kernel.languages import pick
from kotinos.kernel.office import page, staff

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from kotinos.channel.models import Package, Programme

TABS = (
    ("programme", "Overview"),
    ("edit", "Details"),
    ("video", "Video"),
    ("text", "Subtitles and chapters"),
    ("moments", "Products on screen"),
    ("reach", "Who can see this"),
)


def frame(request: HttpRequest, row: Programme, tab: str) -> dict[str, Any]:
    """What every page of a programme shows above its own content."""
    step = workflow.step_of(row.id, now=clock.now())
    editable = seen.is_mine(request, row.organisation_id)
    package = row.packages.order_by("ready_at", "id").last()
    return {
        "programme": row,
        "name": pick(row.titles, request.LANGUAGE_CODE),
        "step": step,
        "step_word": words.step_word(step),
        "step_tag": words.TAGS[step],
        "kind_word": words.kind_word(row.kind),
        "package": package,
        "poster": poster_of(package) if package else "",
        "preview_src": preview_of(package) if package and editable else "",
        "package_length": words.length(package.ticks * TICK_SECONDS) if package else "",
        "editable": editable,
        "tabs": [
            {
                "title": title,
                "url": reverse(f"channel_office:{name}", args=[row.code]),
                "here": name == tab,
            }
            for name, title in TABS
            if editable or name != "edit"
        ],
    }


def poster_of(package: Package, width: int = 640) -> str:
    """Its picture's address, another one whenever the picture is."""
    at = package.facts.get("poster_at", 0)
    return f"/fast/channel/pictures/{package.id}/poster-{width}.webp?v={at}"


def preview_of(package: Package) -> str:
    """The playlist of a package that an editor may look at before anybody else does."""
    token = passes.issue(
        subject=f"p:{package.id}", edition="", territory="", delay_minutes=0, now=clock.now()
    )
    return f"/fast/channel/on-demand/{package.id}/master.m3u8?t={token}"


def one(request: HttpRequest, code: str) -> HttpResponse:
    """The overview."""
    row, now = seen.programme(request, code), clock.now()
    context = frame(request, row, "programme")
    may = workflow.FOLLOWING[context["step"]] if context["editable"] else set()
    steps = list(row.steps.select_related("by").order_by("-at", "-id"))
    context |= {
        "may": {step.value: True for step in may},
        "has_something": workflow.has_something(row),
        "form": StepForm(),
        "steps": [
            {
                "word": words.step_word(Step(each.name)),
                "tag": words.TAGS[Step(each.name)],
                "step": each,
                "who": (each.by.name or each.by.email) if each.by else "",
            }
            for each in steps
        ],
        "facts": _facts(row, request.LANGUAGE_CODE),
        "slots": _slots(row, now),
        "tracks": list(row.tracks.order_by("kind", "language")),
        "cues": row.cues.count(),
        "changes": changes(row),
    }
    return page(request, "channel_office/programme.html", context, title=context["name"])


def _facts(row: Programme, language: str) -> list[tuple[str, str]]:
    titles = [f"{text} ({code})" for code, text in row.titles.items()]
    teams = [games.noc_name(code, language) for code in row.nocs]
    return [
        (_("Titles"), " · ".join(titles)),
        (_("Shown in"), ", ".join(row.editions) or _("no edition")),
        (_("Organisation"), row.organisation.name),
        (_("Sport"), row.sport or "–"),
        (_("Teams seen"), ", ".join(teams) or "–"),
        (_("Uses"), ", ".join(row.properties)),
        (
            _("It happened (UTC)"),
            row.occurred_at.strftime("%Y-%m-%d %H:%M:%S") if row.occurred_at else "–",
        ),
    ]


def _slots(row: Programme, now: datetime) -> list[dict[str, Any]]:
    """Where it is scheduled next."""
    found = models.Slot.objects.select_related("channel").filter(
        programme=row, until_tick__gt=int(now.timestamp()) // TICK_SECONDS
    )
    return [
        {
            "channel": slot.channel,
            "at": instant_of(slot.from_tick),
            "name": pick(slot.channel.names, "en"),
        }
        for slot in found.order_by("from_tick")[:8]
    ]


def changes(row: Programme) -> list[dict[str, Any]]:
    """The change log of a programme, as the office's own template shows it."""
    lines = changelog.history(subject_kind=PROGRAMME, subject=row.code)
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


@require_POST
def step(request: HttpRequest, code: str) -> HttpResponse:
    """Take a step of the workflow."""
    row, now = seen.own_programme(request, code), clock.now()
    form = StepForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(str(error) for error in errors))
        return redirect("channel_office:programme", row.code)
    outcome = _step(row, form.cleaned_data, now, staff(request).person_id)
    match outcome:
        case results.Stepped(step=taken):
            done = _("%(name)s: %(step)s.") % {"name": row.code, "step": words.step_word(taken)}
            messages.success(request, done)
        case _:
            messages.error(request, words.refusal(outcome))
    return redirect("channel_office:programme", row.code)


def _step(row: Programme, given: dict[str, Any], now: datetime, by: UUID) -> object:
    common = {"programme_id": row.id, "now": now, "by": by, "note": given["note"]}
    steps: dict[str, Callable[..., object]] = {
        Step.REVIEW: workflow.send_to_review,
        Step.DRAFT: workflow.send_back,
        Step.PUBLISHED: workflow.publish,
        Step.WITHDRAWN: workflow.withdraw,
    }
    if given["step"] != Step.SCHEDULED:
        taken = steps.get(given["step"])
        return taken(**common) if taken else results.NotFound("step")
    if given["at"] is None:
        return results.BadTerms((results.Problem("at", _("Say when.")),))
    return workflow.schedule_publication(at=given["at"], **common)
