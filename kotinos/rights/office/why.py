"""Why?": may this seller do this with this work, there and then, and on what does it rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _

from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.languages import pick
from kotinos.kernel.office import page, staff
from kotinos.rights import acts, models
from kotinos.rights.asking import explain
from kotinos.rights.office import maps, queries, works
from kotinos.rights.office.forms import WhyForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from kotinos.rights.contracts import Explanation

ANYBODY = "anybody"


@dataclass(frozen=True, slots=True)
class StepLine:
    """One ground of an answer; `grant_id` where the reader may open the grant behind it."""

    kind: str
    sentence: str
    grant_id: UUID | None


def why(request: HttpRequest) -> HttpResponse:
    """The question as a form, the answer in words with its chain and map."""
    language = request.LANGUAGE_CODE
    territories = [
        (code, f"{games.territory_name(code, language)} ({code})")
        for code in games.sorted_by_name(games.territory_bits(), language)
    ]
    names = sorted(queries.organisation_names().items(), key=lambda each: games.sort_key(each[1]))
    sellers = [(ANYBODY, _("Anybody")), *((str(key), name) for key, name in names)]
    given = request.GET if "work" in request.GET else None
    form = WhyForm(given, initial={"seller": ANYBODY}, territories=territories, sellers=sellers)
    context: dict[str, Any] = {"form": form, "found": [], "answer": None}
    if form.is_valid():
        context |= _asked(request, form)
        if request.GET.get("format") == "json" and context["answer"]:
            return JsonResponse(context["answer"].machine)
    return page(request, "rights/office/why.html", context, title=_("Why?"))


def _asked(request: HttpRequest, form: WhyForm) -> dict[str, Any]:
    found = works.search(form.cleaned_data["work"])
    if len(found) != 1:
        if not found:
            form.add_error("work", _("No work has this title, handle, SKU or id."))
        return {"found": [(each, _with_work(request, each.id)) for each in found]}
    given, work = form.cleaned_data, found[0]
    act, outlet = acts.act(given["act"]), acts.outlet(given["outlet"])
    if act is None or outlet is None:
        raise Http404
    seller = given["seller"]
    answer = explain(
        work_id=work.id,
        act=act,
        outlet=outlet,
        territory=given["territory"],
        at=given["at"] or clock.now(),
        language=request.LANGUAGE_CODE,
        seller_id=None if seller == ANYBODY else UUID(seller),
        as_of=given["as_of"],
    )
    return _answered(request, work.id, work.title, answer, given["territory"])


def _with_work(request: HttpRequest, work_id: UUID) -> str:
    asked = request.GET.copy()
    asked["work"] = str(work_id)
    return asked.urlencode()


def _answered(
    request: HttpRequest, work_id: UUID, title: str, answer: Explanation, territory: str
) -> dict[str, Any]:
    language, atlas = request.LANGUAGE_CODE, games.atlas()
    seen = set(queries.grants(staff(request), clock.now()).values_list("id", flat=True))
    members = models.PropertySetMember.objects.filter(property_set__works=work_id)
    asked = request.GET.copy()
    asked["format"] = "json"
    return {
        "answer": answer,
        "work_id": work_id,
        "work_title": title,
        "is_cleared": answer.machine.get("outcome") == "cleared"
        or bool(answer.cleared_mask >> atlas.bits[territory] & 1),
        "territory_name": games.territory_name(territory, language),
        "properties": [
            (row.property.code, pick(row.property.names, language))
            for row in members.select_related("property").order_by("property__code")
        ],
        "steps": [
            StepLine(
                step.kind,
                step.sentence,
                step.subject_id if step.subject_id in seen else None,
            )
            for step in answer.steps
        ],
        "map": maps.cleared(
            answer.cleared_mask, atlas, language, title=_("Where the same is cleared"), ident="why"
        ),
        "json_query": asked.urlencode(),
    }
