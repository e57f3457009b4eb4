"""The simulator: as if these drafts were signed and these grants were over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotinos.kernel import clock
from kotinos.kernel.office import page, staff
from kotinos.rights import acts, models
from kotinos.rights.actions import signing
from kotinos.rights.office import effects, queries
from kotinos.rights.office.forms import UseForm
from kotinos.rights.results import Conflicting, Exceeds, NotGiven

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

CHOICES_MAX = 500
TERRITORY_SHOWN = 60


class PlanForm(UseForm):
    """Grants that might come and grants that might go."""

    added = forms.MultipleChoiceField(
        label=gettext_lazy("Sign these drafts"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    removed = forms.MultipleChoiceField(
        label=gettext_lazy("End these grants"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    field_order = ("added", "removed", "act", "outlet", "at")


def show(request: HttpRequest) -> HttpResponse:
    """The plan as a form, its effect as a map, and what would be refused at signing."""
    rows = queries.grants(staff(request), clock.now()).order_by("-recorded_at")
    drafts = rows.filter(state__in=["draft", "half-signed"])
    standing = rows.filter(state__in=["in-force", "not-yet", "suspended"])
    form = PlanForm(request.GET if "act" in request.GET else None)
    for name, choices in (("added", drafts), ("removed", standing)):
        field = form.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = _choices(choices[:CHOICES_MAX])
    context: dict[str, Any] = {"form": form, "effect": None}
    if form.is_valid():
        context |= _worked_out(request, form)
    return page(request, "rights/office/simulator.html", context, title=_("Simulator"))


def _choices(rows: Any) -> list[tuple[str, str]]:
    names = queries.organisation_names()
    return [
        (
            str(row.id),
            " · ".join(
                (
                    row.number,
                    names.get(row.grantee_id, ""),
                    row.property.code,
                    row.territory[:TERRITORY_SHOWN],
                )
            ),
        )
        for row in rows
    ]


def _worked_out(request: HttpRequest, form: PlanForm) -> dict[str, Any]:
    given = form.cleaned_data
    ids = [*given["added"], *given["removed"]]
    if not ids:
        form.add_error(None, _("Choose a draft to sign or a grant to end."))
        return {}
    act, outlet = acts.act(given["act"]), acts.outlet(given["outlet"])
    if act is None or outlet is None:
        raise Http404
    now = clock.now()
    rows = {str(row.id): row for row in models.Grant.objects.filter(id__in=ids)}
    here = effects.ground(rows.values(), now=now)
    added = [here.book.grant_by_id[rows[each].id] for each in given["added"]]
    refused = [
        (rows[str(each.id)].number, _in_words(signing.check(book=here.book, grant=each)))
        for each in added
    ]
    return {
        "refused": [(number, words) for number, words in refused if words],
        "effect": effects.of_plan(
            here,
            added=added,
            removed=[rows[each].id for each in given["removed"]],
            act=act,
            outlet=outlet,
            at=given["at"] or now,
            language=request.LANGUAGE_CODE,
        ),
    }


def _in_words(outcome: Any) -> str:
    match outcome:
        case Exceeds(excesses):
            return "; ".join(each.text for each in excesses)
        case Conflicting(conflicts):
            where = sorted({code for each in conflicts for code in each.territories})
            return _("overlaps an exclusive grant in %(where)s") % {"where": ", ".join(where)}
        case NotGiven(reason):
            return reason
        case _:
            return ""
