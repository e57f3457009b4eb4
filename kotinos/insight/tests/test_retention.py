"""What people did goes after its days, facts of the business stay, and the ledger says so."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from kotinos.insight import retention
from kotinos.insight.lake import ids, ledger, manifest
from kotinos.insight.lake.schema import arrow_rows
from kotinos.insight.lake.store import lake
from kotinos.insight.models import Ledger
from kotinos.insight.tables import DEAD, EVENTS, SALES, WATCHING
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from pathlib import Path

    from kotinos.insight.tables import Table

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 7, 20, 12, tzinfo=UTC)


def put(table: Table, days_ago: int, rows: int = 1) -> None:
    """Rows that came on their day, as the collector would have had them counted."""
    at = NOW - timedelta(days=days_ago)
    row = {
        "edition": "K2030",
        "day": at.date(),
        "occurred_at": at.replace(tzinfo=None),
        "received_at": at.replace(tzinfo=None),
        "source": "watching" if table is WATCHING else "sdk",
    }
    listed = [{**{k: v for k, v in row.items() if k in table.names}, "id": uuid4().hex}] * rows
    manifest.commit(added=manifest.write_rows(table=table, rows=arrow_rows(table, listed)), now=NOW)
    if table is not SALES:
        counts = ledger.new_counts()
        line = counts["K2030", row["source"], row["day"]]  # type: ignore[index]  # as built above
        line.accepted = rows
        setattr(line, "dead" if table is DEAD else "queryable", rows)
        ledger.add(counts)


def days_of(table: Table) -> list[date]:
    return sorted({file.day for file in manifest.current(table=table.name)})


def test_each_table_keeps_its_days_and_not_one_more(tmp_path: Path) -> None:
    kept = retention.days_kept()
    assert (kept["events"], kept["dead"]) == (400, 14)
    for table in (EVENTS, WATCHING, DEAD, SALES):
        for days_ago in (0, 14, 15, 400, 401):
            put(table, days_ago, rows=2)
    assert retention.expire(now=NOW) == 2 + 2 + 6
    today = NOW.date()
    for table, oldest in ((EVENTS, 400), (WATCHING, 400), (DEAD, 14), (SALES, 401)):
        assert days_of(table)[0] == today - timedelta(days=oldest)
    found = ledger.balance(log=tmp_path)
    assert found.is_even
    assert (found.expired, found.dead, found.queryable) == (10, 4, 16)
    assert retention.expire(now=NOW) == 0


def test_ids_of_messages_are_remembered_as_long_as_they_are_looked_for() -> None:
    for days_ago in (0, ids.DAYS, ids.DAYS + 2):
        day = NOW.date() - timedelta(days=days_ago)
        found = ids.hashes("K2030", [f"m{days_ago}"])
        manifest.commit(added=[ids.write("K2030", day, found)], now=NOW)
    assert retention.expire(now=NOW) == 0, "runs of ids are no rows"
    assert len(manifest.current(table=ids.TABLE)) == 2


def test_what_expired_is_deleted_once_nobody_can_be_reading_it() -> None:
    put(EVENTS, 500)
    (file,) = manifest.current(table="events")
    retention.expire(now=NOW)
    assert lake().read(file.key)
    manifest.sweep(now=NOW + timedelta(hours=1))
    with pytest.raises(FileNotFoundError):
        lake().read(file.key)
    assert not Ledger.objects.exclude(expired=1).exists()
    assert environment().events_days == 400
