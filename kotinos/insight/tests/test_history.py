"""A lake without a past is given one, once."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from kotinos.games import api as games_api
from kotinos.games.commands import games
from kotinos.insight import history
from kotinos.insight.lake import ledger, manifest
from kotinos.insight.lake.store import lake
from kotinos.insight.tables import TABLES

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2030, 7, 19, 15, 30, tzinfo=timezone.utc)
EVENTS = 4_000


def rows_of(table: str, edition: str) -> pa.Table:
    files = manifest.current(table=table, edition=edition)
    parts = [pq.read_table(pa.BufferReader(lake().read(file.key))) for file in files]
    return pa.concat_tables(parts, promote_options="default")


def test_a_month_until_now_is_invented_once_and_each_committee_has_its_own() -> None:
    assert not CliRunner().invoke(games, ["import"]).exit_code
    made = history.invent(edition="PAST", now=NOW, events=EVENTS)
    assert 0.9 * EVENTS < made["events"] <= EVENTS
    assert set(made) <= set(TABLES)
    for table in made:
        rows = rows_of(table, "PAST")
        assert rows.num_rows == made[table]
        latest = pc.max(rows["received_at"]).as_py().replace(tzinfo=timezone.utc)
        assert latest < NOW
    days = rows_of("events", "PAST")["day"].unique().to_pylist()
    assert len(days) == 30
    assert max(days) == NOW.date()
    owners = {str(noc.organisation_id): noc.code for noc in games_api.nocs()}
    for row in rows_of("sales", "PAST").select(["noc", "organisation"]).to_pylist():
        assert owners.get(row["organisation"], "") == (row["noc"] if row["organisation"] else "")
    assert set(rows_of("sales", "PAST")["organisation"].to_pylist()) > {""}
    assert ledger.balance().is_even
    assert history.invent(edition="PAST", now=NOW, events=EVENTS) == {}
    later = NOW + timedelta(days=400)
    assert history.invent(edition="PAST", now=later, events=EVENTS) == {}, "sales are kept"


def test_real_numbers_are_never_mixed_with_invented_ones() -> None:
    history.invent(edition="PAST", now=NOW - timedelta(days=30), events=EVENTS)
    assert history.invent(edition="PAST", now=NOW, events=EVENTS) == {}
    assert history.invent(edition="OTHER", now=NOW, events=EVENTS) != {}
