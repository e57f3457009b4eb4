"""Writes a Games into this installation's lake."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from kotinos.insight.generate.writing import Written, write
from kotinos.insight.lake import manifest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from kotinos.insight.generate.games import Games
    from kotinos.insight.lake.manifest import NewFile
    from kotinos.insight.tables import Table


def write_lake(
    games: Games,
    *,
    now: datetime,
    owners: Mapping[str, str] | None = None,
    until: datetime | None = None,
) -> Written:
    """Write files into the lake and count them, all in one commit.

    `owners`: whose rows about a committee are, by its code, instead of the generator's two
    sellers'; `until`: leave out what came later.
    """
    added: list[NewFile] = []
    counts: Counter[str] = Counter()

    def put(table: Table, day: date, rows: pa.Table) -> None:
        del day
        if until is not None:
            rows = _come_by(rows, until)
        if owners is not None:
            rows = _owned(rows, owners)
        if rows.num_rows:
            added.extend(manifest.write_rows(table=table, rows=rows))
            counts[table.name] += rows.num_rows

    write(games, put)
    with transaction.atomic():
        manifest.commit(added=added, now=now)
    return Written(dict(counts))


def _come_by(rows: pa.Table, until: datetime) -> pa.Table:
    """The rows that had come by then."""
    limit = pa.scalar(until.replace(tzinfo=None), pa.timestamp("us"))
    return rows.filter(pc.less(rows["received_at"], limit))


def _owned(rows: pa.Table, owners: Mapping[str, str]) -> pa.Table:
    """The rows of the business with their owners; what people did is the operator's."""
    at = rows.schema.get_field_index("organisation")
    nocs = rows["noc"].to_pylist() if "noc" in rows.column_names else []
    found = [owners.get(noc, "") for noc in nocs]
    if not any(rows["organisation"].to_pylist()):
        return rows
    return rows.set_column(at, "organisation", pa.array(found, rows.schema.field(at).type))
