"""The report of a drop: a page, and the same as a CSV file."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kotinos.drops.office import pages, seen
from kotinos.drops.queries import reporting
from kotinos.kernel import clock
from kotinos.kernel.office import page

if TYPE_CHECKING:
    from django.http import HttpRequest


def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Totals, peaks, refusals, units per buyer, fairness, and the proof of the ledgers."""
    drop, now = seen.found(request, slug), clock.now()
    found = reporting.report(drop, now=now)
    context = {
        "drop": drop,
        "report": found,
        "row": pages.row_of(drop, pages.sellers_of((drop,)), now, request.LANGUAGE_CODE),
        "original": seen.owner_of(drop) if drop.is_rehearsal else None,
        "lines": reporting.lines(found),
        "course": [_in_short(row) for row in reporting.course_rows(found)[1:]],
    }
    title = _("Report: %(name)s") % {"name": drop.name(request.LANGUAGE_CODE)}
    return page(request, "drops_office/report.html", context, title=title)


def _in_short(row: list[str]) -> list[str]:
    """Month, day and time are enough on a page."""
    return [row[0][5:19].replace("T", " "), *row[1:]]


def report_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """Every figure on a line of its own, then the course of time."""
    drop = seen.found(request, slug)
    found = reporting.report(drop, now=clock.now())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{drop.slug}-report.csv"'
    writer = csv.writer(response)
    writer.writerow(["part", "what", "value"])
    writer.writerows(reporting.lines(found))
    writer.writerow([])
    writer.writerows(reporting.course_rows(found))
    return response
