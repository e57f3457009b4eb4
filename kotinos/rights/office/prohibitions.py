"""What owners forbid, whatever has been granted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.languages import pick
from kotinos.kernel.office import page, staff
from kotinos.rights import models
from kotinos.rights.actions.prohibitions import ProhibitionTerms, prohibit, revoke_prohibition
from kotinos.rights.office import effects, queries, words
from kotinos.rights.office.forms import Area, ConfirmForm, ProblemForm, UtcMoment
from kotinos.rights.results import BadTerms, Changed, Unchanged
from kotinos.rights.terms import TEXT_LENGTH_MAX

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

MANAGER = "rights-manager"


class ProhibitionForm(ProblemForm):
    """What is forbidden, to whom, where and when."""

    grantor = forms.ChoiceField(label=gettext_lazy("Owner"))
    property = forms.ChoiceField(label=gettext_lazy("Property"))
    grantee = forms.ChoiceField(label=gettext_lazy("Forbidden to"), required=False)
    acts = forms.MultipleChoiceField(
        label=gettext_lazy("Acts"),
        choices=words.act_choices,
        widget=forms.CheckboxSelectMultiple,
    )
    territory = forms.CharField(
        label=gettext_lazy("Territory"), max_length=TEXT_LENGTH_MAX, widget=Area()
    )
    starts_at = UtcMoment(label=gettext_lazy("From (UTC)"), required=False)
    ends_at = UtcMoment(label=gettext_lazy("Until (UTC)"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Why"), required=False, max_length=TEXT_LENGTH_MAX, widget=Area()
    )
    understood = forms.BooleanField(
        label=gettext_lazy("I understand that this holds at once and beats every grant")
    )


def index(request: HttpRequest) -> HttpResponse:
    """Every prohibition of the person's organisations, and the form for one more."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        answer = _prohibit(request, form)
        if answer is not None:
            return answer
    language, names = request.LANGUAGE_CODE, queries.organisation_names()
    # What is forbidden to everybody, everybody may know: every refused visitor is told it.
    mine = staff(request).within("grantor", "grantee")
    rows = models.Prohibition.objects.filter(mine | Q(grantee__isnull=True))
    rows = rows.select_related("property", "revocation").order_by("-recorded_at")
    context = {
        "rows": [
            {
                "row": row,
                "owner": names.get(row.grantor_id, ""),
                "whom": names.get(row.grantee_id, "") if row.grantee_id else "",
                "property": pick(row.property.names, language),
                "acts": words.act_names(row.acts),
                "revocation": getattr(row, "revocation", None),
                "may_revoke": _manages(request, row.grantor_id),
            }
            for row in rows
        ],
        "form": form,
        "may_write": staff(request).has(MANAGER),
        "map": "",
    }
    status = 422 if form.errors else 200
    template = "rights/office/prohibitions.html"
    return page(request, template, context, title=_("Prohibitions"), status=status)


def _manages(request: HttpRequest, organisation_id: UUID) -> bool:
    mine = staff(request).organisations(MANAGER)
    return mine is None or organisation_id in mine


def _form(request: HttpRequest) -> ProhibitionForm:
    form = ProhibitionForm(
        request.POST if request.method == "POST" else None,
        initial={"acts": ["sell", "ship", "advertise"]},
    )
    everybody = [(row.code, f"{row.name} ({row.code})") for row in games.organisations()]
    mine = staff(request).organisations(MANAGER)
    owners = [(o.code, o.name) for o in games.organisations() if mine is None or o.id in mine]
    for name, choices in (
        ("grantor", owners),
        ("property", queries.property_choices(request.LANGUAGE_CODE)),
        ("grantee", [("", _("Everybody")), *everybody]),
    ):
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
    return form


def _prohibit(request: HttpRequest, form: ProhibitionForm) -> HttpResponse | None:
    given: dict[str, Any] = dict(form.cleaned_data)
    given.pop("understood")
    given["acts"] = ", ".join(given["acts"])
    given["grantee"] = given["grantee"] or None
    outcome = prohibit(
        terms=ProhibitionTerms(**given), now=clock.now(), actor=staff(request).person_id
    )
    match outcome:
        case Changed():
            messages.success(request, _("Forbidden from now on."))
            return redirect("rights_office:prohibitions")
        case BadTerms(problems):
            form.take(problems)
            return None
        case _:
            raise Http404


def revoke(request: HttpRequest, prohibition_id: UUID) -> HttpResponse:
    """Take a prohibition back, after its number was typed."""
    rows = models.Prohibition.objects.filter(staff(request).within("grantor", roles=(MANAGER,)))
    row = rows.filter(id=prohibition_id).first()
    if row is None:
        raise Http404
    form = ConfirmForm(request.POST if request.method == "POST" else None, name=row.number)
    if request.method == "POST" and form.is_valid():
        outcome = revoke_prohibition(
            prohibition_id=row.id, now=clock.now(), actor=staff(request).person_id
        )
        if isinstance(outcome, Changed | Unchanged):
            messages.success(request, _("%(number)s is taken back.") % {"number": row.number})
        return redirect("rights_office:prohibitions")
    context = {
        "row": row,
        "form": form,
        "map": effects.parse_territory(
            row.territory, now=clock.now(), language=request.LANGUAGE_CODE
        ),
    }
    title = _("Take %(number)s back") % {"number": row.number}
    return page(request, "rights/office/revoke.html", context, title=title)
