"""The console: one question in SQL over the lake, as rows on the page or as a file."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kotinos.insight.console import running, shelf
from kotinos.insight.console.contracts import (
    IN_FILE,
    ON_PAGE,
    SQL_CHARACTERS_MAX,
    Busy,
    Forbidden,
    Moved,
    Outcome,
    Stopped,
    Told,
    Wrong,
)
from kotinos.insight.console.queries import EXAMPLES
from kotinos.insight.office import asking
from kotinos.insight.office.export import FORMULA_SIGNS
from kotinos.insight.tables import TABLES
from kotinos.kernel import clock
from kotinos.kernel.office import page, staff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from kotinos.games import api as games
    from kotinos.kernel.office import Staff

FILES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
CELL_CHARACTERS_MAX = 400
_KINDS = {
    "INSERT": "It only reads: nothing can be added.",
    "UPDATE": "It only reads: nothing can be changed.",
    "DELETE": "It only reads: nothing can be deleted.",
    "EXPLAIN": "Plans are not shown; ask the question itself.",
    "MULTI": "A PIVOT without its list of columns is several statements: name them with IN (…).",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A table of the lake as the list beside the field has it."""

    name: str
    sentence: str
    columns: tuple[tuple[str, str, str], ...]


@require_http_methods(["GET", "HEAD", "POST"])
def console(request: HttpRequest) -> HttpResponse:
    """The field and the tables; with POST, the rows or a file of them."""
    who = staff(request)
    choices = asking.organisations(who)
    organisation = _organisation(request, who, choices)
    sql = request.POST.get("sql", "").replace("\r\n", "\n")
    if request.method != "POST":
        return _page(request, organisation, choices, sql=_example(request))
    form = request.POST.get("as", "")
    outcome = running.ask(
        sql[: SQL_CHARACTERS_MAX + 1],
        person=who.person_id,
        organisation=organisation.id if organisation else None,
        bounds=IN_FILE if form in FILES else ON_PAGE,
        now=clock.now(),
    )
    if isinstance(outcome, Told) and form in FILES:
        return _file(outcome, form)
    return _page(request, organisation, choices, sql=sql, outcome=outcome)


def _organisation(
    request: HttpRequest, who: Staff, choices: Sequence[games.Organisation]
) -> games.Organisation | None:
    """Whose rows are asked. None: all, for operators. Http404: not theirs to ask."""
    text = (request.POST if request.method == "POST" else request.GET).get("organisation", "")
    if text in {"", asking.ALL}:
        if who.is_operator:
            return None
        if not choices:
            raise Http404
        return choices[0]
    try:
        wanted = UUID(text)
    except ValueError:
        raise Http404 from None
    found = next((each for each in choices if each.id == wanted), None)
    if found is None:
        raise Http404
    return found


def _example(request: HttpRequest) -> str:
    number = request.GET.get("example", "")
    return EXAMPLES[int(number)][1] if number in {str(at) for at in range(len(EXAMPLES))} else ""


def _page(
    request: HttpRequest,
    organisation: games.Organisation | None,
    choices: Sequence[games.Organisation],
    *,
    sql: str,
    outcome: Outcome | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "sql": sql,
        "organisation": organisation,
        "choices": choices,
        "is_operator": staff(request).is_operator,
        "tables": _tables(organisation),
        "examples": [(str(at), words) for at, (words, _sql) in enumerate(EXAMPLES)],
        "seconds": ON_PAGE.seconds_max,
        "rows_here": f"{ON_PAGE.rows_max:,}",
        "rows_in_file": f"{IN_FILE.rows_max:,}",
        "problem": problem(outcome) if outcome and not isinstance(outcome, Told) else "",
    }
    status = 200
    if isinstance(outcome, Told):
        context |= {"told": outcome, "rows": _rows(outcome.table), "count": outcome.table.num_rows}
    elif outcome is not None:
        status = 429 if isinstance(outcome, Busy) else 422
    return page(request, "insight/console.html", context, title=_("Console"), status=status)


def problem(outcome: Outcome) -> str:
    """Why there are no rows, for a person."""
    match outcome:
        case Wrong(message):
            words = message
        case Forbidden(what):
            words = _refusal(what)
        case Stopped(by):
            words = _stopped(by)
        case Busy(is_own):
            words = _busy(is_own=is_own)
        case Moved():
            words = _("What this reads was replaced while it was read. Ask again.")
        case Told():
            words = ""
    return words


def _busy(*, is_own: bool) -> str:
    if is_own:
        return _("Your last question is still running. One at a time, please.")
    return _("Others' questions are running. Ask again in a moment.")


def _refusal(what: str) -> str:
    known = {
        "empty": _("Write a question first: SELECT … FROM …"),
        "many": _("One statement at a time, please."),
        "files": _("The console reads the tables on this page and no files."),
    }
    return known.get(what) or _(_KINDS.get(what, "The console answers SELECT and nothing else."))


def _stopped(by: str) -> str:
    if by == "time":
        return _("It took longer than a question may. Narrow it: fewer days, fewer columns.")
    return _("It took more memory than a question may. Narrow it, or group earlier.")


def _tables(organisation: games.Organisation | None) -> list[Shown]:
    mine = organisation.id if organisation else None
    return [
        Shown(
            table.name,
            table.sentence,
            tuple(
                (column.name, column.kind, column.sentence)
                for column in shelf.shown(table, organisation=mine)
            ),
        )
        for table in TABLES.values()
    ]


def _rows(table: pa.Table) -> list[list[str]]:
    """Cells as text; a long one is cut, the files have all of it."""
    return [[_cell(value) for value in row.values()] for row in table.to_pylist()]


def _cell(value: object) -> str:
    if value is None:
        return "–"
    text = str(value)
    return text if len(text) <= CELL_CHARACTERS_MAX else f"{text[:CELL_CHARACTERS_MAX]}…"


def _file(told: Told, form: str) -> HttpResponse:
    sink = pa.BufferOutputStream()
    if form == "parquet":
        pq.write_table(told.table, sink, compression="zstd")
        body = sink.getvalue().to_pybytes()
    else:
        body = _csv(told.table).encode()
    answer = HttpResponse(body, content_type=FILES[form])
    answer["Content-Disposition"] = f'attachment; filename="console.{form}"'
    if told.cut:
        answer["X-Kotinos-Cut-By"] = told.cut
    return answer


def _csv(table: pa.Table) -> str:
    """As text; what a spreadsheet would run as a formula begins with an apostrophe."""
    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow(table.column_names)
    for batch in table.to_batches(max_chunksize=10_000):
        writer.writerows([_safe(value) for value in row.values()] for row in batch.to_pylist())
    return sink.getvalue()


def _safe(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value
