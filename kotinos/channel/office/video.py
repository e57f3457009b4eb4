"""The video of a programme: sending it in, watching the work on it, its picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kotinos.channel import models, results
from kotinos.channel.actions.uploading import allow_upload, cancel_job, retry_job, set_poster
from kotinos.channel.contracts import TICK_SECONDS
from kotinos.channel.ingest.faults import WORDS, Bad
from kotinos.channel.ingest.stills import POSTER_BYTES_MAX
from kotinos.channel.office import seen, words
from kotinos.channel.office.programme import frame
from kotinos.channel.queries import jobs as queue
from kotinos.channel.queries.jobs import JobState
from kotinos.kernel import clock
from kotinos.kernel.office import page, staff

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from kotinos.channel.models import Programme

JOBS_MAX = 12
STATES = {
    JobState.WAITING: ("Waiting", "wait"),
    JobState.WAITING_FOR_LIVE: ("Waiting until nothing is live", "wait"),
    JobState.WORKING: ("At work", "half-signed"),
    JobState.DONE: ("Done", "good"),
    JobState.FAILED: ("Failed", "bad"),
    JobState.CANCELLED: ("Cancelled", "plain"),
}
_OPEN = {JobState.WAITING, JobState.WAITING_FOR_LIVE, JobState.WORKING}


def video(request: HttpRequest, code: str) -> HttpResponse:
    """Upload, packages, jobs."""
    row = seen.programme(request, code)
    context = frame(request, row, "video") | _jobs(row)
    packages = row.packages.order_by("-ready_at", "-id")
    context["packages"] = [
        {
            "row": each,
            "length": words.length(each.ticks * TICK_SECONDS),
            "rate": each.facts.get("frames_per_second", ""),
            "megabytes": round(each.bytes / 1_000_000, 1),
            "described": any(rung["name"] == "d" for rung in each.facts.get("sounds", ())),
        }
        for each in packages
    ]
    if context["editable"]:
        token = allow_upload(programme_id=row.id, now=clock.now(), by=staff(request).person_id)
        context["upload_token"] = token if isinstance(token, str) else ""
    return page(request, "channel_office/video.html", context, title=context["name"])


def jobs(request: HttpRequest, code: str) -> HttpResponse:
    """The jobs alone: the page asks again while one of them is at work."""
    row = seen.programme(request, code)
    context = {
        "programme": row,
        "editable": seen.is_mine(request, row.organisation_id),
        **_jobs(row),
    }
    return render(request, "channel_office/_jobs.html", context)


def _jobs(row: Programme) -> dict[str, Any]:
    found = queue.jobs(now=clock.now(), programme_id=row.id, rows_max=JOBS_MAX)
    return {
        "jobs": [
            {
                "row": each,
                "word": STATES[each.state][0],
                "tag": STATES[each.state][1],
                "is_open": each.state in _OPEN,
                "notes": queue.notes(job_id=each.id),
            }
            for each in found
        ],
        "is_working": any(each.state in _OPEN for each in found),
    }


@require_POST
def change_job(request: HttpRequest, code: str, job_id: UUID) -> HttpResponse:
    """Try a failed job again, or end one that waits or runs."""
    row = seen.own_programme(request, code)
    if not models.Job.objects.filter(id=job_id, programme=row).exists():
        raise Http404
    act = cancel_job if "cancel" in request.POST else retry_job
    done = act(job_id=job_id, now=clock.now(), by=staff(request).person_id)
    if isinstance(done, results.NotFound | results.NotYours):
        raise Http404
    if not done:
        messages.info(request, _("It had ended already."))
    return redirect("channel_office:video", row.code)


@require_POST
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """Make a picture the programme's poster: a file, or a moment of its own video."""
    row = seen.own_programme(request, code)
    file = request.FILES.get("picture")
    if file is None:
        messages.error(request, _("Choose a picture."))
        return redirect("channel_office:video", row.code)
    outcome = set_poster(
        programme_id=row.id,
        data=file.read(POSTER_BYTES_MAX + 1),
        now=clock.now(),
        by=staff(request).person_id,
    )
    if isinstance(outcome, Bad):
        messages.error(request, gettext(WORDS[outcome.fault]))
    else:
        messages.success(request, _("This is its picture now."))
    return redirect("channel_office:video", row.code)
