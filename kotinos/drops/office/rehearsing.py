"""The button that rehearses a drop: the work is a job's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kotinos.drops import tasks
from kotinos.drops.actions.rehearsing import begin_rehearsal
from kotinos.drops.office import seen
from kotinos.drops.office.forms import RehearseForm
from kotinos.drops.terms import Changed, Unchanged
from kotinos.kernel import clock
from kotinos.kernel.office import staff

if TYPE_CHECKING:
    from django.http import HttpRequest


def rehearse(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the rehearsal and hand it to the worker; its cockpit shows it live."""
    drop = seen.managed(request, slug)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = RehearseForm(request.POST)
    if not form.is_valid():
        for name, errors in form.errors.items():
            messages.error(request, f"{form.fields[name].label}: {' '.join(map(str, errors))}")
        return redirect("drops_office:drop", drop.slug)
    given = form.cleaned_data
    outcome = begin_rehearsal(
        drop_id=drop.id,
        peak_per_s=given["peak"],
        seconds=given["seconds"],
        units=given["units"],
        now=clock.now(),
        actor=staff(request).person_id,
    )
    match outcome:
        case Changed(made):
            tasks.play_rehearsal.defer(slug=made.slug, port=int(request.get_port()))
            messages.success(request, _("The rehearsal begins in a few seconds."))
            return redirect("drops_office:cockpit", made.slug)
        case Unchanged(reason):
            messages.error(request, _("Nothing was begun: %(why)s.") % {"why": reason})
        case _:
            messages.error(request, _("Nothing was begun."))
    return redirect("drops_office:drop", drop.slug)
