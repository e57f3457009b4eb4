"""Kept views and the reports that are made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.validators import validate_email
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotinos.insight import saved
from kotinos.insight.office import asking
from kotinos.insight.office.boards import BOARDS
from kotinos.insight.office.pages import answers_nonsense
from kotinos.insight.saved import NotSaved, Saved
from kotinos.kernel import clock
from kotinos.kernel.office import page, staff

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from kotinos.insight.models import SavedView
    from kotinos.kernel.office import Staff

EVERY_DAY = "daily"


class ViewForm(forms.Form):
    use_required_attribute = False
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    organisation = forms.ChoiceField(
        label=gettext_lazy("Who sees it"),
        required=False,
        help_text=gettext_lazy("Each person sees in it what they may see, and nothing more."),
    )


class ReportForm(forms.Form):
    use_required_attribute = False
    to = forms.CharField(
        label=gettext_lazy("To"),
        max_length=2_000,
        help_text=gettext_lazy("Addresses, with commas between them"),
    )
    day = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[
            (EVERY_DAY, gettext_lazy("Every day")),
            ("0", gettext_lazy("Mondays")),
            ("1", gettext_lazy("Tuesdays")),
            ("2", gettext_lazy("Wednesdays")),
            ("3", gettext_lazy("Thursdays")),
            ("4", gettext_lazy("Fridays")),
            ("5", gettext_lazy("Saturdays")),
            ("6", gettext_lazy("Sundays")),
        ],
    )
    hour = forms.IntegerField(
        label=gettext_lazy("Hour (UTC)"), min_value=0, max_value=23, initial=6
    )

    def clean_to(self) -> list[str]:
        """Each of them an address."""
        found = [each.strip() for each in self.cleaned_data["to"].replace(";", ",").split(",")]
        found = list(dict.fromkeys(each for each in found if each))
        if not found or len(found) > saved.ADDRESSES_MAX:
            raise forms.ValidationError(
                _("Between 1 and %(most)d addresses.") % {"most": saved.ADDRESSES_MAX}
            )
        for each in found:
            validate_email(each)
        return found


@answers_nonsense
def index(request: HttpRequest) -> HttpResponse:
    """Every view a person sees; with `dashboard` in the address the form to keep one."""
    who = staff(request)
    dashboard = request.GET.get("dashboard", "")
    form = None
    if dashboard:
        if dashboard not in BOARDS:
            raise Http404
        form = _view_form(request, who)
        if form.is_bound and form.is_valid():
            kept = _keep(request, who, dashboard, form)
            if kept is not None:
                return kept
    rows = list(saved.seen(who).prefetch_related("reports"))
    context = {
        "form": form,
        "board": BOARDS.get(dashboard),
        "query": request.GET.urlencode(),
        "rows": [(row, BOARDS.get(row.dashboard), row.owner_id == who.person_id) for row in rows],
    }
    status = 422 if form is not None and form.errors else 200
    return page(
        request, "insight/views.html", context, title=_("Kept views and reports"), status=status
    )


def _view_form(request: HttpRequest, who: Staff) -> ViewForm:
    form = ViewForm(request.POST if request.method == "POST" else None)
    field = form.fields["organisation"]
    assert isinstance(field, forms.ChoiceField)
    mine = [(str(row.id), row.name) for row in asking.organisations(who)]
    field.choices = [("", _("Only me")), *mine]
    return form


def _keep(request: HttpRequest, who: Staff, dashboard: str, form: ViewForm) -> HttpResponse | None:
    """Keep what the address says; None where it cannot be, which the form then says."""
    now = clock.now()
    asked = asking.read(request.GET.dict(), who=who, now=now)
    given = form.cleaned_data["organisation"]
    shared = next((row.id for row in asking.organisations(who) if str(row.id) == given), None)
    outcome = saved.save_view(
        who=who,
        name=form.cleaned_data["name"],
        dashboard=dashboard,
        filters=asked.filters(),
        organisation_id=shared,
        now=now,
    )
    match outcome:
        case Saved():
            messages.success(request, _("The view is kept."))
            return redirect("insight_office:views")
        case NotSaved("taken"):
            form.add_error("name", _("You have a view of this name."))
        case NotSaved():
            form.add_error("name", _("You have as many views as one may have."))
    return None


def show(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Lead to the dashboard as this person sees it."""
    who = staff(request)
    row = _seen(who, view_id)
    filters = dict(row.filters)
    mine = {str(each.id) for each in asking.organisations(who)}
    if filters.get("organisation") not in mine and not who.is_operator:
        filters.pop("organisation", None)
    path = reverse("insight_office:board", args=[row.dashboard])
    return redirect(f"{path}?{urlencode(filters)}")


def delete(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """One's own view and its reports go."""
    if request.method != "POST" or not saved.delete_view(who=staff(request), view_id=view_id):
        raise Http404
    messages.success(request, _("The view and its reports are gone."))
    return redirect("insight_office:views")


def plan(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Have one's own view sent out."""
    who = staff(request)
    row = _seen(who, view_id)
    if row.owner_id != who.person_id:
        raise Http404
    form = ReportForm(
        request.POST if request.method == "POST" else None, initial={"to": row.owner.email}
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        weekday = None if given["day"] == EVERY_DAY else int(given["day"])
        saved.plan_report(
            who=who,
            view_id=row.id,
            to=given["to"],
            weekday=weekday,
            hour=given["hour"],
            now=clock.now(),
        )
        messages.success(request, _("The report will be sent from its next time on."))
        return redirect("insight_office:views")
    context: dict[str, Any] = {"form": form, "row": row, "board": BOARDS.get(row.dashboard)}
    title = _("Send %(name)s by mail") % {"name": row.name}
    status = 422 if form.errors else 200
    return page(request, "insight/report.html", context, title=title, status=status)


def end(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """One's own report is sent no more."""
    if request.method != "POST" or not saved.end_report(who=staff(request), report_id=report_id):
        raise Http404
    messages.success(request, _("The report is sent no more."))
    return redirect("insight_office:views")


def _seen(who: Staff, view_id: UUID) -> SavedView:
    row = saved.seen(who).filter(id=view_id).first()
    if row is None:
        raise Http404
    return row
