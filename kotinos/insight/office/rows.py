"""The rows behind a chart, narrowed by what was clicked on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.translation import gettext as _

from kotinos.insight import behind
from kotinos.insight.contracts import TooLarge, TooLong
from kotinos.insight.office import asking
from kotinos.insight.office.drawing import Cell, Table
from kotinos.insight.office.figures import money_text, written
from kotinos.insight.office.pages import answers_nonsense, frame
from kotinos.insight.tables import TABLES
from kotinos.kernel import clock
from kotinos.kernel.office import page, staff

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from kotinos.insight.behind import Found

SHOWN = ("events", "sales", "refusals", "watching", "dead")
BOARD_OF = {"events": "operations", "sales": "shop", "refusals": "rights", "watching": "channel"}


@answers_nonsense
def rows(request: HttpRequest, table: str) -> HttpResponse:
    """The newest rows of a table of the lake."""
    if table not in SHOWN:
        raise Http404
    now = clock.now()
    asked = asking.read(request.GET.dict(), who=staff(request), now=now)
    found = behind.rows(name=table, scope=asked.scope, window=asked.window, narrow=asked.narrow)
    if isinstance(found, TooLong | TooLarge):
        raise asking.NonsenseError(_("This is too much to look through: choose fewer days."))
    context = {
        **frame(request, asked, BOARD_OF.get(table, "operations"), now),
        "sentence": TABLES[table].sentence,
        "table": _table(found),
        "is_all": found.is_all,
        "count": len(found.rows),
    }
    return page(request, "insight/rows.html", context, title=_("Rows behind it"))


def _table(found: Found) -> Table:
    names = [column.name for column in found.columns]
    order = sorted(range(len(names)), key=lambda at: names[at] not in {"occurred_at", "territory"})
    currency = names.index("currency") if "currency" in names else -1
    lines = []
    for row in found.rows:
        cells = []
        for at in order:
            text = written(names[at], row[at])  # type: ignore[arg-type]  # values of the lake
            if names[at] == "minor" and row[at] is not None and row[currency]:
                text = money_text(int(str(row[at])), str(row[currency]))
            cells.append(Cell(text, is_number=isinstance(row[at], int)))
        lines.append(cells)
    headings = [(names[at].replace("_", " "), found.columns[at].kind == "integer") for at in order]
    return Table(headings, lines)
