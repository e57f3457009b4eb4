"""From the log into the lake: each message once, whatever is repeated, killed or merged."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from kotinos.insight.collect.frames import Frame, pack
from kotinos.insight.collect.log import SegmentLog
from kotinos.insight.lake import compacting, ids, ledger, manifest, merging
from kotinos.insight.lake.columns import logged
from kotinos.insight.lake.manifest import StaleError
from kotinos.insight.lake.store import lake
from kotinos.insight.models import Erasure, File, Segment
from kotinos.insight.tables import EVENTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NOW = datetime(2030, 7, 14, 12, tzinfo=UTC)
MICROS = int(NOW.timestamp() * 1_000_000)
pytestmark = pytest.mark.django_db


def write(
    log: Path,
    *batches: Sequence[str],
    edition: str = "K2030",
    received: int = MICROS,
    table: str = "events",
) -> None:
    """One sealed segment, with a frame for each batch of ids."""

    async def run() -> None:
        segments = SegmentLog(log)
        for batch in batches:
            columns = [
                {"id": list(batch), "occurred_at": [received] * len(batch), "person": 7}.get(
                    name, False if name == "bot" else "" if name in TEXTS else None
                )
                for name in logged(EVENTS)
            ]
            frame = Frame(table, edition, "", "sdk", received, len(batch), columns)
            await segments.append(pack(frame))
        await segments.close()

    asyncio.run(run())


TEXTS = {column.name for column in EVENTS.columns if column.kind == "text"}


def in_lake(edition: str = "K2030") -> Counter[str]:
    """How often each id is in a file that counts."""
    found: Counter[str] = Counter()
    for file in manifest.current(table="events", edition=edition):
        rows = pq.read_table(pa.BufferReader(lake().read(file.key)), columns=["id"])
        assert rows.num_rows == file.rows
        found.update(rows["id"].to_pylist())
    return found


def test_a_repeated_message_is_counted_once_and_told_as_a_duplicate(tmp_path: Path) -> None:
    write(tmp_path, ["a", "b", "a"], ["b", "c"])
    assert compacting.compact(log=tmp_path, now=NOW) == 5
    write(tmp_path, ["c", "d"])
    compacting.compact(log=tmp_path, now=NOW + timedelta(days=2))
    assert in_lake() == Counter("abcd")
    found = ledger.balance(log=tmp_path)
    assert (found.accepted, found.queryable, found.duplicates, found.backlog) == (7, 4, 3, 0)
    assert found.is_even


def test_the_same_id_in_another_edition_is_another_message(tmp_path: Path) -> None:
    write(tmp_path, ["a"])
    write(tmp_path, ["a"], edition="LA28")
    compacting.compact(log=tmp_path, now=NOW)
    assert in_lake("K2030") == in_lake("LA28") == Counter("a")


def test_a_kill_before_the_commit_leaves_all_of_it_to_be_taken_again(tmp_path: Path) -> None:
    write(tmp_path, ["a", "b"])
    kept = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with transaction.atomic():
        compacting.compact(log=tmp_path, now=NOW)
        transaction.set_rollback(True)
    for path, data in kept.items():
        path.write_bytes(data)  # the files go only after the commit
    assert in_lake() == Counter()
    compacting.compact(log=tmp_path, now=NOW)
    assert in_lake() == Counter("ab")


def test_a_kill_after_the_commit_counts_nothing_twice(tmp_path: Path) -> None:
    write(tmp_path, ["a", "b"])
    kept = {path: path.read_bytes() for path in tmp_path.iterdir()}
    compacting.compact(log=tmp_path, now=NOW)
    for path, data in kept.items():
        path.write_bytes(data)
    assert ledger.balance(log=tmp_path).backlog == 0, "it is known to be in the lake"
    assert compacting.compact(log=tmp_path, now=NOW) == 0
    assert in_lake() == Counter("ab")
    assert not list(tmp_path.iterdir())
    assert ledger.balance(log=tmp_path).accepted == 2


def test_a_segment_that_cannot_be_understood_holds_up_no_other(tmp_path: Path) -> None:
    write(tmp_path, ["a"])
    write(tmp_path, ["b"], table="of-another-release")
    write(tmp_path, ["c"])
    assert compacting.compact(log=tmp_path, now=NOW) == 2
    assert compacting.compact(log=tmp_path, now=NOW) == 0
    assert in_lake() == Counter("ac")
    assert ledger.balance(log=tmp_path).backlog == 1, "it is not forgotten"


def test_segments_are_forgotten_when_they_are_long_gone(tmp_path: Path) -> None:
    write(tmp_path, ["a"])
    compacting.compact(log=tmp_path, now=NOW)
    compacting.forget_segments(log=tmp_path, now=NOW + timedelta(days=1))
    assert Segment.objects.count() == 1
    compacting.forget_segments(log=tmp_path, now=NOW + timedelta(days=3))
    assert Segment.objects.count() == 0


def test_who_asked_to_be_forgotten_does_not_come_back_from_the_log(tmp_path: Path) -> None:
    write(tmp_path, ["a"])
    Erasure.objects.create(edition="K2030", pseudonyms=[7], asked_at=NOW)
    later = NOW + timedelta(minutes=1)
    write(tmp_path, ["b"], received=int(later.timestamp() * 1_000_000))
    compacting.compact(log=tmp_path, now=later)
    assert in_lake() == Counter("b"), "who comes again has agreed again"
    found = ledger.balance(log=tmp_path)
    assert (found.queryable, found.erased) == (1, 1)


def test_many_files_become_one_and_nothing_else_changes(tmp_path: Path) -> None:
    names = [f"m{number}" for number in range(64)]
    for name in names:
        write(tmp_path, [name])
        compacting.compact(log=tmp_path, now=NOW)
    assert merging.merge(now=NOW) == 128, "files of rows and of ids"
    assert merging.merge(now=NOW) == 0
    files = manifest.current(table="events")
    assert [(file.generation, file.rows) for file in files] == [(1, 64)]
    assert len(manifest.current(table=ids.TABLE)) == 1
    assert in_lake() == Counter(names)
    write(tmp_path, names)
    compacting.compact(log=tmp_path, now=NOW)
    assert in_lake() == Counter(names), "ids are known after their runs were merged"


def test_a_merge_gives_way_to_whoever_removed_a_file_meanwhile(tmp_path: Path) -> None:
    write(tmp_path, ["a"])
    compacting.compact(log=tmp_path, now=NOW)
    files = manifest.current(table="events")
    manifest.commit(added=(), removed=files, now=NOW)
    with pytest.raises(StaleError), transaction.atomic():
        manifest.commit(added=(), removed=files, now=NOW)


def test_removed_files_stay_for_their_readers_and_then_go(tmp_path: Path) -> None:
    write(tmp_path, ["a"])
    compacting.compact(log=tmp_path, now=NOW)
    files = manifest.current(table="events")
    manifest.commit(added=(), removed=files, now=NOW)
    manifest.sweep(now=NOW + timedelta(minutes=9))
    assert lake().read(files[0].key)
    manifest.sweep(now=NOW + timedelta(minutes=11))
    with pytest.raises(FileNotFoundError):
        lake().read(files[0].key)
    assert not File.objects.filter(key=files[0].key).exists()


def test_a_version_tells_every_commit_from_the_one_before(tmp_path: Path) -> None:
    seen = {manifest.version(table="events", edition="K2030")}
    for name in "abc":
        write(tmp_path, [name])
        compacting.compact(log=tmp_path, now=NOW)
        seen.add(manifest.version(table="events", edition="K2030"))
    manifest.commit(added=(), removed=manifest.current(table="events"), now=NOW)
    seen.add(manifest.version(table="events", edition="K2030"))
    assert len(seen) == 5


@given(
    st.lists(st.lists(st.sampled_from("abcdefghij"), max_size=8), min_size=1, max_size=6),
    st.data(),
)
@settings(max_examples=40, deadline=None)
def test_hashes_find_what_a_set_would_find(runs: list[list[str]], data: st.DataObject) -> None:
    wanted = data.draw(st.lists(st.sampled_from("abcdefghijklm"), min_size=1, max_size=20))
    found = ids.hashes("K", wanted)
    first = ids.first_of_each(found)
    assert list(first) == [each not in wanted[:at] for at, each in enumerate(wanted)]
    known = np.zeros(len(wanted), bool)
    for run in runs:
        hashed = np.unique(ids.hashes("K", run), axis=0) if run else ids.hashes("K", run)
        ordered = np.ascontiguousarray(hashed[np.lexsort((hashed[:, 1], hashed[:, 0]))].T)
        order = np.argsort(found[:, 0], kind="stable")
        result = np.empty(len(found), bool)
        result[order] = ids.in_run(ordered, found[order])
        known |= result
    assert list(known) == [any(each in run for run in runs) for each in wanted]


def test_two_ids_with_one_high_half_are_told_apart() -> None:
    run = np.array([[5, 5, 5, 9], [1, 2, 7, 1]], np.uint64)
    wanted = np.array([[5, 2], [5, 3], [5, 7], [9, 1], [9, 2], [10, 1]], np.uint64)
    assert list(ids.in_run(run, wanted)) == [True, False, True, True, False, False]
