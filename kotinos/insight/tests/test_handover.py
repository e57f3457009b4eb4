"""A lake that is handed over is whole, is read by anybody, and says when it is not as written."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from kotinos.insight import handover
from kotinos.insight.commands import insight
from kotinos.insight.lake import manifest
from kotinos.insight.lake.schema import arrow_rows, arrow_schema
from kotinos.insight.models import File
from kotinos.insight.tables import DEAD, EVENTS, SALES, TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from kotinos.insight.tables import Table

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 7, 21, tzinfo=UTC)
FIRST = datetime(2030, 7, 18, 12, tzinfo=UTC)


def put(table: Table, days: int, *, edition: str = "K2030", **more: Any) -> None:
    for number in range(days):
        at = FIRST + timedelta(days=number)
        instant = at.replace(tzinfo=None)
        row = {
            "id": uuid4().hex,
            "edition": edition,
            "day": at.date(),
            "occurred_at": instant,
            "received_at": instant,
        }
        rows = arrow_rows(table, [{**row, **more}, {**row, **more, "id": uuid4().hex}])
        manifest.commit(added=manifest.write_rows(table=table, rows=rows), now=NOW)


@pytest.fixture(autouse=True)
def rows() -> None:
    put(EVENTS, 3, person=77, visitor=78, network="203.0.113.0", properties='{"a":1}')
    put(EVENTS, 3, person=79)
    put(SALES, 2, units=2, minor=500, currency="EUR", title="Écharpe 围巾")
    put(DEAD, 1, payload="who knows what", reason="nonsense")
    put(SALES, 1, edition="LA28", title="another edition's")


def hand(folder: Path, *, with_persons: bool = True) -> handover.HandedOver:
    done = handover.hand_over(edition="K2030", folder=folder, with_persons=with_persons, now=NOW)
    assert isinstance(done, handover.HandedOver)
    return done


def test_anybody_reads_it_with_nothing_of_ours(tmp_path: Path) -> None:
    done = hand(tmp_path / "out")
    assert done.rows == 12 + 4 + 2
    out = tmp_path / "out"
    events = ds.dataset(out / "events", format="parquet", partitioning=None).to_table()
    assert events.schema.equals(arrow_schema(EVENTS))
    assert sorted(set(events["person"].to_pylist())) == [77, 79]
    assert len({*events["day"].to_pylist()}) == 3
    sales = ds.dataset(out / "sales", format="parquet", partitioning=None).to_table()
    assert sales["title"].to_pylist() == ["Écharpe 围巾"] * 4
    assert "payload" not in ds.dataset(out / "dead", format="parquet").schema.names
    for name in TABLES:
        assert f"## {name}\n" in (out / "dictionary.md").read_text()
    assert "18 rows of 3 days" in (out / "README.md").read_text()


def test_without_persons_nothing_tells_people_apart(tmp_path: Path) -> None:
    hand(tmp_path / "out", with_persons=False)
    events = ds.dataset(tmp_path / "out" / "events", format="parquet").to_table()
    assert events.num_rows == 12
    personal = {column.name for column in EVENTS.columns if column.personal}
    assert personal
    assert not personal & set(events.column_names)
    said = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert said["with_persons"] is False
    assert not personal & {column["name"] for column in said["tables"]["events"]["columns"]}


def test_an_older_file_gets_the_columns_it_lacks(tmp_path: Path) -> None:
    (file, *_others) = manifest.current(table="sales", edition="K2030")
    rows = pa.table({"id": ["old"], "edition": ["K2030"], "day": [date(2030, 7, 18)]})
    old = manifest.write_rows(table=SALES, rows=rows)
    manifest.commit(added=old, removed=[file], now=NOW)
    hand(tmp_path / "out")
    found = pq.read_table(tmp_path / "out" / "sales" / "day=2030-07-18").select(
        ["id", "units", "title"]
    )
    assert found.to_pylist() == [{"id": "old", "units": None, "title": ""}]


def test_what_was_changed_since_is_told(tmp_path: Path) -> None:
    out = tmp_path / "out"
    hand(out)
    assert handover.check(out) == []
    first, second, third = sorted(out.glob("events/*/*.parquet"))
    data = bytearray(first.read_bytes())
    data[len(data) // 2] ^= 1
    first.write_bytes(data)
    second.unlink()
    (third.parent / "part-9.parquet").write_bytes(third.read_bytes())
    faults = handover.check(out)
    assert [fault.partition(": ")[2] for fault in faults] == [
        *("its SHA-256 is another", "missing", "not in the manifest")
    ]
    (out / "manifest.json").write_text("{}")
    assert "cannot be read" in handover.check(out)[0]


def test_nothing_is_written_over_and_nothing_half_is_left(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    assert (
        handover.hand_over(edition="K2030", folder=out, with_persons=True, now=NOW)
        == handover.InTheWay()
    )
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    for number, file in enumerate(File.objects.filter(table="sales")):
        File.objects.filter(id=file.id).update(key=f"sales/nowhere-{number}.parquet")
    with pytest.raises(FileNotFoundError):
        hand(tmp_path / "other")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_commands_write_and_check(tmp_path: Path) -> None:
    out, runner = str(tmp_path / "out"), CliRunner()
    done = runner.invoke(insight, ["hand-over", "K2030", out])
    assert done.exit_code == 0, done.output
    assert "18 rows" in done.output
    assert runner.invoke(insight, ["hand-over", "--check", out]).exit_code == 0
    assert runner.invoke(insight, ["hand-over", "K2030", out]).exit_code == 1
    next((tmp_path / "out").glob("sales/*/*.parquet")).unlink()
    checked = runner.invoke(insight, ["hand-over", "--check", out])
    assert checked.exit_code == 1
    assert "missing" in checked.output
    assert runner.invoke(insight, ["hand-over"]).exit_code == 2
