"""Denied demand: what visitors wanted and rights refused; by property, territory and rule."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Sum
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.languages import pick
from kotinos.kernel.money import Money, format_money
from kotinos.kernel.office import page, staff
from kotinos.rights import models
from kotinos.rights.office import maps, queries, words
from kotinos.rights.office.figures import met

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django_stubs_ext import StrOrPromise

    from kotinos.kernel.office import Staff

PERIODS_DAYS = {"1": 1, "7": 7, "30": 30, "365": 365}
ROWS_MAX = 12
CSV_ROWS_MAX = 100_000


@dataclass(slots=True)
class Bar:
    """One group: how often it was refused, and what that would have brought in each currency."""

    label: StrOrPromise
    refusals: int = 0
    minor: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    money: tuple[str, ...] = ()
    percent: int = 0
    note: StrOrPromise = ""
    grant_id: UUID | None = None


def report(request: HttpRequest) -> HttpResponse:
    """The report page."""
    who, language = staff(request), request.LANGUAGE_CODE
    days = request.GET.get("days", "30")
    asked = _asked(request)
    rows = met(who, clock.now() - timedelta(days=PERIODS_DAYS.get(days, 30)), asked)
    everything = _bars(rows, (), lambda _key: Bar(_("All")), language)
    total = everything[0] if everything else Bar(_("All"))
    where = dict(rows.values_list("territory").annotate(n=Count("id")).order_by())
    context = {
        "total": total,
        "days": days if days in PERIODS_DAYS else "30",
        "periods": list(_periods()),
        "asked": asked,
        "query": request.GET.urlencode(),
        "map": maps.counted(
            where,
            title=_("Where demand was refused"),
            finding=_finding(where, total.refusals, language),
            language=language,
            label=_refused,
        ),
        "tables": _tables(rows, who, language),
    }
    return page(request, "rights/office/denied.html", context, title=_("Denied demand"))


def _asked(request: HttpRequest) -> dict[str, str]:
    return {
        name: request.GET.get(name, "")[:64].replace("\x00", "")
        for name in ("reason", "territory", "property")
    }


def _periods() -> Iterable[tuple[str, str]]:
    for key, days in PERIODS_DAYS.items():
        text = ngettext("Last %(count)d day", "Last %(count)d days", days) % {"count": days}
        yield key, text


def _bars(
    rows: QuerySet[models.Refusal],
    columns: tuple[str, ...],
    make: Callable[[tuple[Any, ...]], Bar],
    language: str,
) -> list[Bar]:
    found: dict[tuple[Any, ...], Bar] = {}
    groups = rows.values_list(*columns, "currency").annotate(
        refusals=Count("id"), value=Sum("value_minor")
    )
    for *key, currency, refusals, value in groups.order_by(*columns, "currency"):
        bar = found.setdefault(tuple(key), make(tuple(key)))
        bar.refusals += refusals
        bar.minor[currency] += value
    bars = sorted(found.values(), key=lambda bar: (-bar.refusals, str(bar.label)))
    top = bars[0].refusals if bars else 1
    for bar in bars:
        bar.percent = max(1, round(100 * bar.refusals / top))
        bar.money = tuple(
            format_money(Money(minor, currency), language)
            for currency, minor in sorted(bar.minor.items(), key=lambda pair: -pair[1])
            if minor
        )
    return bars


def _tables(
    rows: QuerySet[models.Refusal], who: Staff, language: str
) -> list[tuple[StrOrPromise, str, list[Bar]]]:
    properties = {
        row.code: pick(row.names, language) for row in models.Property.objects.only("code", "names")
    }
    rules = _Rules(rows, who)

    def territory(key: tuple[Any, ...]) -> Bar:
        return Bar(games.territory_name(key[0], language), note=key[0])

    def of_property(key: tuple[Any, ...]) -> Bar:
        return Bar(properties.get(key[0]) or _("Not named"), note=key[0])

    def work(key: tuple[Any, ...]) -> Bar:
        return Bar(key[0])

    return [
        (
            _("What each rule cost"),
            _("Rule"),
            _bars(rows, ("reason", "blocking"), rules.bar, language)[:ROWS_MAX],
        ),
        (
            _("By territory"),
            _("Territory"),
            _bars(rows, ("territory",), territory, language)[:ROWS_MAX],
        ),
        (
            _("By property"),
            _("Property"),
            _bars(rows, ("property",), of_property, language)[:ROWS_MAX],
        ),
        (_("By work"), _("Work"), _bars(rows, ("work__title",), work, language)[:ROWS_MAX]),
    ]


class _Rules:
    """Names the grant, consent or prohibition behind a refusal."""

    def __init__(self, rows: QuerySet[models.Refusal], who: Staff) -> None:
        met_by = rows.values_list("blocking", flat=True).distinct()
        ids = {each for each in met_by if each is not None}
        grants = models.Grant.objects.filter(id__in=ids)
        self._named: dict[UUID, str] = dict(grants.values_list("id", "number"))
        prohibitions = models.Prohibition.objects.filter(id__in=ids)
        self._named |= dict(prohibitions.values_list("id", "number"))
        for consent_id, noc in models.Consent.objects.filter(id__in=ids).values_list("id", "noc"):
            self._named[consent_id] = _("consent of %(noc)s") % {"noc": noc}
        seen = queries.grants(who, clock.now()).filter(id__in=ids)
        self._seen = set(seen.values_list("id", flat=True))

    def bar(self, key: tuple[Any, ...]) -> Bar:
        reason, blocking = key
        return Bar(
            words.REASONS.get(reason, reason),
            note=self._named.get(blocking, "") if blocking else "",
            grant_id=blocking if blocking in self._seen else None,
        )


def _refused(least: int, most: int) -> str:
    return ngettext("%(span)s refusal", "%(span)s refusals", most) % {
        "span": maps.span(least, most)
    }


def _finding(where: dict[str, int], refusals: int, language: str) -> str:
    if not where:
        return _("Nobody was refused in this time.")
    top = max(where, key=lambda code: where[code])
    return _("%(refusals)d refusals in %(count)d territories, most of them in %(top)s.") % {
        "refusals": refusals,
        "count": len(where),
        "top": games.territory_name(top, language),
    }


def export(request: HttpRequest) -> HttpResponse:
    """The same rows as CSV, one line for each group and currency; amounts in minor units."""
    days = PERIODS_DAYS.get(request.GET.get("days", "30"), 30)
    asked = _asked(request)
    columns = ("property", "territory", "reason", "blocking", "currency")
    rows = met(staff(request), clock.now() - timedelta(days=days), asked)
    groups = rows.values_list(*columns).annotate(refusals=Count("id"), value=Sum("value_minor"))
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="denied-demand.csv"'
    writer = csv.writer(answer)
    writer.writerow([*columns, "refusals", "value_minor"])
    writer.writerows(groups.order_by("-refusals", *columns)[:CSV_ROWS_MAX])
    return answer
