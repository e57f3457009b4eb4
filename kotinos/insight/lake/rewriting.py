"""Files of the lake without some of their rows: written anew beside the old ones, then swapped.

Each file is one transaction, with its lines of the ledger. A kill in between leaves what is done
done; the rest is found again. What is merged meanwhile is looked at once more.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import transaction
from django.db.models import F

from kotinos.insight.lake import manifest
from kotinos.insight.lake.manifest import StaleError
from kotinos.insight.lake.store import lake
from kotinos.insight.models import Ledger
from kotinos.insight.tables import DEAD

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from kotinos.insight.lake.manifest import FileRow
    from kotinos.insight.tables import Table

    Hits = Callable[[pa.Table], pa.Array]
    Change = Callable[[pa.Table], pa.Table]

SOURCE_OF = {"watching": "watching"}
"""Tables that the ledger counts although no write key brought their rows."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Rows that shall go, or be others: `hits` names them, who sees `columns`.

    `change` makes of them what shall stand in their place; None: nothing does.
    """

    table: Table
    edition: str
    columns: tuple[str, ...]
    hits: Hits
    change: Change | None = None


def rewrite(wish: Wish, *, now: datetime) -> int:
    """Grant a wish in every file that counts, merged ones included; how many rows it was."""
    seen: set[UUID] = set()
    total = 0
    while True:
        files = manifest.current(table=wish.table.name, edition=wish.edition)
        fresh = [file for file in files if file.id not in seen]
        if not fresh:
            return total
        for file in fresh:
            seen.add(file.id)
            try:
                total += _rewrite(file, wish, now)
            except StaleError:  # merged or gone: what came of it is found in the next look
                continue


def move(rows: pa.Table, *, table: Table, to: str) -> None:
    """Tell the ledger that rows which counted are `erased` or `expired` now.

    In the caller's transaction. Rows that nobody accepted (generated ones) have no lines.
    """
    place = "dead" if table.name == DEAD.name else "queryable"
    lines: Counter[tuple[str, str, Any]] = Counter()
    sources = (
        rows["source"].to_pylist()
        if "source" in rows.column_names
        else [SOURCE_OF.get(table.name, "")] * rows.num_rows
    )
    days = rows["received_at"].cast(pa.date32()).to_pylist()
    lines.update(zip(rows["edition"].to_pylist(), sources, days, strict=True))
    for (edition, source, day), number in sorted(lines.items()):
        Ledger.objects.filter(edition=edition, source=source, day=day).update(
            **{place: F(place) - number, to: F(to) + number}
        )


def _rewrite(file: FileRow, wish: Wish, now: datetime) -> int:
    try:
        data = lake().read(file.key)
    except FileNotFoundError:
        raise StaleError from None
    hit = wish.hits(pq.read_table(pa.BufferReader(data), columns=list(wish.columns)))
    number = int(pc.sum(hit).as_py() or 0)
    if not number:
        return 0
    rows = pq.read_table(pa.BufferReader(data))
    before, rest = rows.filter(hit), rows.filter(pc.invert(hit))
    kept = pa.concat_tables([rest, wish.change(before)]) if wish.change else rest
    added = (
        manifest.write_rows(table=wish.table, rows=kept, generation=file.generation)
        if kept.num_rows
        else []
    )
    try:
        with transaction.atomic():
            manifest.commit(added=added, removed=[file], now=now)
            if wish.change is None:
                move(before, table=wish.table, to="erased")
    except StaleError:
        manifest.discard(added)
        raise
    return number
