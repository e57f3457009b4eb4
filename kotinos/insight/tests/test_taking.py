"""The outbox reaches the lake: nothing twice and nothing lost, whatever ends half-way."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection, transaction

from kotinos.insight.lake import manifest
from kotinos.insight.lake.store import lake
from kotinos.insight.lake.taking import take_facts
from kotinos.insight.tables import TABLES
from kotinos.kernel import outbox

if TYPE_CHECKING:
    from uuid import UUID

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2030, 7, 19, 12, tzinfo=timezone.utc)


def happen(number: int) -> list[UUID]:
    """Events of many kinds on two days, some of no known kind."""
    kinds = ("drops.changed", "payments.captured", "orders.confirmed", "tomorrow.came")
    with transaction.atomic():
        return [
            outbox.publish(
                kind=kinds[n % len(kinds)],
                payload={"minor": n},
                now=NOW + timedelta(days=n % 2),
            )
            for n in range(number)
        ]


def in_lake() -> Counter[str]:
    """How often each event's id is in a file that counts."""
    found: Counter[str] = Counter()
    for name in TABLES:
        for file in manifest.current(table=name):
            data = pa.BufferReader(lake().read(file.key))
            found.update(pq.read_table(data, columns=["id"])["id"].to_pylist())
    return found


def once(ids: list[UUID]) -> Counter[str]:
    return Counter(str(each) for each in ids)


def test_every_event_is_taken_once() -> None:
    ids = happen(40)
    assert take_facts(now=NOW) == 40
    assert take_facts(now=NOW) == 0
    assert in_lake() == once(ids)
    ids += happen(3)
    assert take_facts(now=NOW) == 3
    assert in_lake() == once(ids)
    (file, *_) = manifest.current(table="drops")
    assert (file.edition, file.day) == ("K2030", NOW.date())


def test_what_is_undone_at_the_last_moment_is_taken_by_the_next() -> None:
    ids = happen(40)
    with transaction.atomic():
        assert take_facts(now=NOW) == 40
        transaction.set_rollback(True)
    assert in_lake() == Counter()
    assert take_facts(now=NOW) == 40
    assert in_lake() == once(ids)


def test_a_lake_that_cannot_be_written_loses_nothing() -> None:
    ids = happen(8)
    folder = Path(lake().address("facts"))
    aside = folder.with_name("facts-aside")
    folder.mkdir(parents=True, exist_ok=True)
    folder.rename(aside)
    folder.touch()  # a file where a folder must be
    with pytest.raises(OSError, match="facts"):
        take_facts(now=NOW)
    folder.unlink()
    aside.rename(folder)
    assert in_lake() == Counter()
    assert take_facts(now=NOW) == 8
    assert in_lake() == once(ids)


def test_two_takers_at_once_bring_each_event_once() -> None:
    ids = happen(60)

    def take() -> None:
        while take_facts(now=NOW):
            pass
        connection.close()

    takers = [Thread(target=take) for _ in range(3)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    take_facts(now=NOW)
    assert in_lake() == once(ids)
