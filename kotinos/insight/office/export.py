"""A chart's own rows as CSV or Parquet: all of them, in the metric's columns and units."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from kotinos.insight import results
from kotinos.insight.contracts import TooLarge, TooLong
from kotinos.insight.lake.schema import arrow_schema
from kotinos.insight.metrics.registry import METRICS
from kotinos.insight.office import asking, cards
from kotinos.insight.office.pages import answers_nonsense, board_of
from kotinos.insight.tables import Table
from kotinos.kernel import clock
from kotinos.kernel.office import page, staff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from kotinos.insight.contracts import Value
    from kotinos.insight.office.asking import Asked
    from kotinos.insight.office.drawing import Chart, Record

PATIENCE_S = 25.0
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@answers_nonsense
def as_csv(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """UTF-8 with a line of names; amounts in minor units, instants in UTC."""
    chart, asked, records = _asked(request, name, key)
    if records is None:
        return _not_yet(request)
    answer = HttpResponse(csv_of(chart, records), content_type="text/csv; charset=utf-8")
    return _named(answer, _file_name(name, chart, asked, "csv"))


@answers_nonsense
def as_parquet(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """The same rows with their types; what they are and of when stands in the file's metadata."""
    chart, asked, records = _asked(request, name, key)
    if records is None:
        return _not_yet(request)
    metric = METRICS[chart.metric]
    schema = arrow_schema(Table(metric.name, metric.sentence, (), metric.columns))
    about = {
        "metric": metric.name,
        "sentence": metric.sentence,
        "unit": metric.unit,
        "asked": asked.address(),
    }
    rows = [[_naive(record[name]) for name in schema.names] for record in records]
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    sink = pa.BufferOutputStream()
    table = pa.table(arrays, schema=schema.with_metadata(about))
    pq.write_table(table, sink, compression="zstd")
    answer = HttpResponse(
        sink.getvalue().to_pybytes(), content_type="application/vnd.apache.parquet"
    )
    return _named(answer, _file_name(name, chart, asked, "parquet"))


def csv_of(chart: Chart, records: Sequence[Record]) -> str:
    """The rows as text. A text that a spreadsheet would run as a formula begins with an apostrophe:
    names of events come from outside.
    """
    names = [column.name for column in METRICS[chart.metric].columns]
    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow(names)
    writer.writerows([[_plain(record[name]) for name in names] for record in records])
    return sink.getvalue()


def _asked(request: HttpRequest, name: str, key: str) -> tuple[Chart, Asked, list[Record] | None]:
    """The chart and its rows; None where they are not there in time."""
    chart, now = board_of(name).chart(key), clock.now()
    if chart is None:
        raise Http404
    asked = asking.read(request.GET.dict(), who=staff(request), now=now)
    found = results.ask(cards.question(chart, asked), patience_s=PATIENCE_S, now=now)
    match found:
        case results.Kept(answer):
            return chart, asked, cards.narrowed(answer, asked)
        case TooLong() | TooLarge():
            raise asking.NonsenseError(_("This is too much for one file: choose a shorter time."))
        case _:
            return chart, asked, None


def _not_yet(request: HttpRequest) -> HttpResponse:
    context = {"problem": _("It is still being computed. Ask again in a moment."), "back": ""}
    answer = page(request, "insight/nonsense.html", context, title=_("Not yet"), status=503)
    answer["Retry-After"] = "5"
    return answer


def _plain(value: Value) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return f"'{value}"
    return value.isoformat() if isinstance(value, date) else value


def _naive(value: Value) -> Any:
    """Instants of the lake have no zone; all of them are UTC."""
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def _file_name(name: str, chart: Chart, asked: Asked, ending: str) -> str:
    return f"{asked.edition.code}-{name}-{chart.key}-{asked.since}-{asked.last_day}.{ending}"


def _named(answer: HttpResponse, name: str) -> HttpResponse:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
