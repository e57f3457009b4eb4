"""The catalogue's import: a file, a dry run, a report of every row, and then the real run.

The work is done by the worker; file, state and report lie in the data folder under the job's id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.office import page, staff
from kotinos.rights import api as rights
from kotinos.web.office import jobs

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

ROLE = "catalogue"
UPLOAD_BYTES_MAX = 50_000_000  # the body's own bound is in kotinos.fastlane.body
MEGABYTE = 1_000_000


class ImportForm(forms.Form):
    use_required_attribute = False
    seller = forms.ChoiceField(label=gettext_lazy("For which seller?"))
    properties = forms.CharField(
        label=gettext_lazy("Properties that products use when they name none"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Codes, joined by commas; they decide where it may be sold"),
    )
    file = forms.FileField(
        label=gettext_lazy("Shopify product CSV"),
        help_text=gettext_lazy("In Shopify: Products, Export, CSV. Up to 50 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        if given.size > UPLOAD_BYTES_MAX:
            raise forms.ValidationError(
                _("The file has more than %(size)d MB."),
                params={"size": UPLOAD_BYTES_MAX // MEGABYTE},
            )
        return given

    def clean_properties(self) -> tuple[str, ...]:
        codes = [code.strip() for code in self.cleaned_data["properties"].split(",")]
        found = tuple(code for code in codes if code)
        for code in found:
            if rights.property_(code) is None:
                raise forms.ValidationError(
                    _("%(code)s is no known property."), params={"code": code}
                )
        return found


def _mine(request: HttpRequest) -> tuple[Any, ...]:
    if not staff(request).has(ROLE):
        raise Http404
    mine = staff(request).organisations(ROLE)
    return tuple(row for row in games.organisations() if mine is None or row.id in mine)


def start(request: HttpRequest) -> HttpResponse:
    """Choose the file. What comes first is always the dry run."""
    mine = _mine(request)
    form = ImportForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    field = form.fields["seller"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(row.code, f"{row.name} ({row.code})") for row in mine]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        seller = next(row for row in mine if row.code == given["seller"])
        job = jobs.receive(
            given["file"],
            name=given["file"].name,
            seller=seller,
            properties=given["properties"],
            person_id=staff(request).person_id,
            now=clock.now(),
        )
        jobs.run_later(job.id, dry_run=True)
        return redirect("office:import_job", job.id)
    former = jobs.latest({row.id for row in mine})
    status = 422 if form.errors else 200
    context = {"form": form, "former": former}
    title = _("Import a catalogue")
    return page(request, "office/import.html", context, title=title, status=status)


def _job(request: HttpRequest, job_id: UUID) -> jobs.Job:
    found = jobs.read(job_id)
    if found is None or found.seller_id not in {row.id for row in _mine(request)}:
        raise Http404
    return found


def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """How far the run is, and what it found; the button that makes it real."""
    found = _job(request, job_id)
    if request.method == "POST":
        if found.may_run:
            jobs.run_later(found.id, dry_run=False)
        return redirect("office:import_job", found.id)
    if request.headers.get("HX-Request"):
        return render(request, "office/_import_job.html", {"job": found})
    context = {"job": found}
    title = _("Import of %(file)s") % {"file": found.file_name}
    return page(request, "office/import_job.html", context, title=title)


def report(request: HttpRequest, job_id: UUID) -> FileResponse:
    """Every remark of the last run as CSV."""
    found = _job(request, job_id)
    path = jobs.folder(found.id) / jobs.REPORT
    if not path.exists():
        raise Http404
    name = f"report-{found.seller_code}.csv"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)
