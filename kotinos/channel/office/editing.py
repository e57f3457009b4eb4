"""The form of a programme, new or old."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kotinos.channel import models, results
from kotinos.channel.actions.programmes import put_programme
from kotinos.channel.office import seen
from kotinos.channel.office.forms import ProgrammeForm, initial_of
from kotinos.channel.office.programme import frame
from kotinos.kernel import clock
from kotinos.kernel.languages import pick
from kotinos.kernel.office import page, staff
from kotinos.rights import api as rights

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from kotinos.channel.models import Programme


def new(request: HttpRequest) -> HttpResponse:
    """Write a programme down."""
    if not staff(request).has(seen.EDITOR):
        raise Http404
    form = _form(request, None)
    if form.is_bound and form.is_valid():
        code = form.cleaned_data["code"]
        if models.Programme.objects.filter(code=code).exists():
            form.add_error("code", _("There is a programme of this address."))
        else:
            answer = _written(request, form, None)
            if answer is not None:
                return answer
    return _editor(request, form, {}, _("New programme"))


def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change what is written."""
    row = seen.own_programme(request, code)
    form = _form(request, row)
    if form.is_bound and form.is_valid():
        answer = _written(request, form, row)
        if answer is not None:
            return answer
    context = frame(request, row, "edit")
    return _editor(request, form, context, context["name"])


def _form(request: HttpRequest, row: Programme | None) -> ProgrammeForm:
    organisations = seen.organisation_choices(request)
    if row is not None:
        organisations = [(str(row.organisation_id), row.organisation.name)]
    return ProgrammeForm(
        request.POST if request.method == "POST" else None,
        initial=initial_of(row) if row else {"properties": ""},
        organisations=organisations,
        editions=[
            (each.code, pick(each.names, request.LANGUAGE_CODE))
            for each in seen.own_editions(request)
        ],
        is_new=row is None,
    )


def _written(
    request: HttpRequest, form: ProgrammeForm, row: Programme | None
) -> HttpResponse | None:
    """Where to go; None: stay on the form, which now says what is wrong."""
    mine = {each.code for each in seen.own_editions(request)}
    # What other licensees show stays as it is: the form only has this person's editions.
    kept = set(row.editions) - mine if row else set()
    code = row.code if row else form.cleaned_data["code"]
    organisation = row.organisation_id if row else UUID(form.cleaned_data["organisation"])
    outcome = put_programme(
        code=code,
        organisation_id=organisation,
        editions=kept | set(form.cleaned_data["editions"]),
        now=clock.now(),
        by=staff(request).person_id,
        **form.given(),
    )
    match outcome:
        case results.Saved():
            messages.success(request, _("%(name)s is written down.") % {"name": code})
            return redirect("channel_office:programme", code)
        case results.BadTerms(problems):
            form.take(problems)
        case _:
            form.add_error(None, _("Another organisation looks after it."))
    return None


def _editor(
    request: HttpRequest, form: ProgrammeForm, context: dict[str, Any], title: str
) -> HttpResponse:
    language = request.LANGUAGE_CODE
    found = {
        **context,
        "form": form,
        "known_properties": [(row.code, pick(row.names, language)) for row in rights.properties()],
    }
    status = 422 if form.errors else 200
    return page(request, "channel_office/edit.html", found, title=title, status=status)
