"""Who asks to be forgotten is in no file any more, and every figure is as if they never came."""

from __future__ import annotations

import asyncio
import json
import struct
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from kotinos.games import api as games
from kotinos.insight import erasing, forgetting, results
from kotinos.insight.collect.collector import Collector, Sent
from kotinos.insight.collect.keys import Key
from kotinos.insight.collect.log import SegmentLog
from kotinos.insight.collect.pseudonyms import Pseudonyms
from kotinos.insight.console import running
from kotinos.insight.console.contracts import ON_PAGE
from kotinos.insight.contracts import Answer, Question, Scope, Window
from kotinos.insight.lake import compacting, ledger, manifest, merging
from kotinos.insight.lake.rewriting import Wish, rewrite
from kotinos.insight.lake.store import lake
from kotinos.insight.metrics import asking
from kotinos.insight.metrics.registry import METRICS
from kotinos.insight.models import Erasure, HashKey
from kotinos.insight.tables import EVENTS
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2030, 7, 20, 12, tzinfo=UTC)
ASKED = NOW + timedelta(minutes=5)
SECRET = b"k" * 32
WITH, WITHOUT = "K2030", "LA28"
"""Two editions get the same messages; the second never hears of the person."""
WHO, PHONE, SHARED = "ada@lovelace-4711", "phone-4711-abc", "family-tablet-77"
OTHERS = [f"visitor-{number}" for number in range(40)]
THIRTY_DAYS = Window.of_days(NOW.date() - timedelta(days=29), NOW.date() + timedelta(days=1))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    for code in (WITH, WITHOUT):
        row = {
            "edition": code,
            "name": code,
            "organisation": f"OC-{code}",
            "host": "Olympia",
            "from": "2030-07-19",
            "until": "2030-08-04",
            "timezone": "Europe/Athens",
        }
        games.ensure_edition(row, theme={})
        HashKey.objects.create(
            edition_id=code, region=environment().region, secret=SECRET, made_at=NOW
        )
    yield tmp_path / "log"
    for file in [file for table in ("events", "dead") for file in manifest.current(table=table)]:
        lake().delete(file.key)


def message(name: str, day: int, **more: Any) -> dict[str, Any]:
    at = NOW - timedelta(days=day, minutes=7 * day)
    product = {"product_id": f"scarf-{day % 3}", "noc": "KEN", "territory": "JP", "quantity": 1}
    return {
        "type": "track",
        "event": name,
        "messageId": uuid4().hex,
        "timestamp": at.isoformat(),
        "properties": product | more.pop("properties", {}),
        **more,
    }


def of_others() -> list[dict[str, Any]]:
    steps = ("Product Viewed", "Product Added", "Checkout Started", "Order Completed")
    return [
        message(step, (number + at) % 20, anonymousId=visitor)
        for number, visitor in enumerate(OTHERS)
        for at, step in enumerate(steps[: 1 + number % 4])
    ]


def of_the_person() -> list[dict[str, Any]]:
    """Signed in, on a phone of their own before and after, and once on a tablet others use."""
    return [
        *(message("Product Viewed", day, anonymousId=PHONE) for day in range(8)),
        *(message("Product Added", day, userId=WHO, anonymousId=PHONE) for day in range(5)),
        message(
            "Order Completed", 2, userId=WHO, anonymousId=SHARED, properties={"email": "x@y.z"}
        ),
        message("Product Viewed", 1, userId=WHO, properties={"friend_code": f"of {WHO}"}),
    ]


def of_the_tablet() -> list[dict[str, Any]]:
    """The family's: somebody else signs in on it too."""
    return [
        message("Product Viewed", 3, userId="somebody-else", anonymousId=SHARED),
        message("Product Viewed", 3, anonymousId=SHARED),
    ]


def collect(log: Path, edition: str, messages: Sequence[object], *, at: datetime = NOW) -> None:
    """Through the collector into a sealed segment."""

    async def run() -> None:
        segments = SegmentLog(log)
        collector = Collector(segments)
        pseudonyms = Pseudonyms(SECRET)
        collector.keys = {
            "k": Key(name="sdk", edition=edition, organisation="", per_s_max=10**6,
                     pseudonyms=pseudonyms)
        }  # fmt: skip
        body = json.dumps({"batch": messages}).encode()
        await collector.keep(collector.read(sent(body, at)))
        await segments.close()

    asyncio.run(run())


def sent(body: bytes, at: datetime) -> Sent:
    micros = int(at.timestamp() * 1_000_000)
    return Sent(body, "k", "", "203.0.113.9", "", micros)


def both(log: Path, messages: Sequence[object]) -> None:
    for edition in (WITH, WITHOUT):
        collect(log, edition, messages)


def erase(log: Path, *ids: str, at: datetime = ASKED) -> erasing.Erased:
    outcome = erasing.erase(edition=WITH, ids=ids, now=at, log=log, patience_s=10)
    assert isinstance(outcome, erasing.Erased)
    return outcome


def everything(log: Path) -> Iterator[tuple[str, bytes]]:
    """Every file there is: the lake's, the log's, kept answers', the console's."""
    for folder in (environment().data / "insight", log):
        for path in folder.rglob("*"):
            if path.is_file():
                yield str(path), path.read_bytes()


def traces(log: Path, ids: Sequence[str]) -> list[str]:
    """Where an id or its pseudonym is met: as text, as eight bytes, and in decoded columns."""
    pseudonyms = [Pseudonyms(SECRET).of(each) for each in ids]
    needles = [each.encode() for each in ids]
    needles += [str(number).encode() for number in pseudonyms]
    needles += [struct.pack(order, number) for number in pseudonyms for order in ("<q", ">q")]
    found = []
    for name, data in everything(log):
        if any(needle in data for needle in needles):
            found.append(name)
        if name.endswith(".parquet"):
            found += _in_columns(name, data, ids, pseudonyms)
    return found


def _in_columns(name: str, data: bytes, ids: Sequence[str], numbers: Sequence[int]) -> list[str]:
    rows = pq.read_table(pa.BufferReader(data))
    if rows.num_rows and rows["edition"][0].as_py() != WITH:
        return []
    said = json.dumps(rows.to_pylist(), default=str)
    return [f"{name}: {each}" for each in (*ids, *map(str, numbers)) if each in said]


def answers(edition: str) -> dict[str, Any]:
    found = {}
    for name in METRICS:
        outcome = asking.ask(Question(name, Scope(edition), THIRTY_DAYS))
        assert isinstance(outcome, Answer), (name, outcome)
        found[name] = outcome.rows
    return found


def test_nothing_of_the_person_is_left_and_no_figure_is_broken(log: Path) -> None:
    both(log, of_others() + of_the_tablet())
    collect(log, WITH, of_the_person())
    compacting.compact(log=log, now=NOW)
    while merging.merge(now=NOW):
        pass
    results.ask(Question("sessions", Scope(WITH), THIRTY_DAYS), patience_s=20, now=NOW)
    running.ask("SELECT * FROM events", person=uuid4(), organisation=None, bounds=ON_PAGE, now=NOW)
    assert traces(log, [WHO]) != []
    assert answers(WITH) != answers(WITHOUT)
    outcome = erase(log, WHO)
    assert outcome == erasing.Erased(rows=len(of_the_person()), mentions=0, is_done=True)
    assert traces(log, [WHO, PHONE]) == []
    assert answers(WITH) == answers(WITHOUT)
    found = ledger.balance(log=log)
    assert found.is_even
    assert found.erased == len(of_the_person())


def test_a_device_that_others_use_too_keeps_their_rows(log: Path) -> None:
    collect(log, WITH, of_the_person() + of_the_tablet())
    compacting.compact(log=log, now=NOW)
    erase(log, WHO)
    files = manifest.current(table="events", edition=WITH)
    assert sum(file.rows for file in files) == len(of_the_tablet())
    assert traces(log, [SHARED]) != []


def test_a_device_that_asks_takes_its_rows_with_it(log: Path) -> None:
    collect(log, WITH, of_the_person() + of_the_tablet())
    erase(log, PHONE)
    assert traces(log, [PHONE]) == []
    assert traces(log, [SHARED]) != []


def test_what_waits_in_the_log_is_erased_too_and_what_comes_later_stays(log: Path) -> None:
    collect(log, WITH, of_the_person())
    erase(log, WHO, PHONE)
    assert traces(log, [WHO, PHONE]) == []
    later = ASKED + timedelta(hours=1)
    back = [message("Product Viewed", -1, userId=WHO)]
    collect(log, WITH, back, at=later)
    compacting.compact(log=log, now=later)
    assert sum(file.rows for file in manifest.current(table="events", edition=WITH)) == 1
    forgetting.go_on(log=log, now=later)
    assert sum(file.rows for file in manifest.current(table="events", edition=WITH)) == 1


def test_dead_letters_and_mentions_by_others_name_them_no_more(log: Path) -> None:
    letters = [{"type": "nonsense", "userId": WHO}, {"type": "nonsense", "userId": "another"}]
    gossip = message("Shared", 1, anonymousId="visitor-1", properties={"shared_with": WHO})
    collect(log, WITH, [*letters, gossip, message("Shared", 1, anonymousId="visitor-2")])
    compacting.compact(log=log, now=NOW)
    outcome = erase(log, WHO)
    assert (outcome.rows, outcome.mentions) == (1, 1)
    assert traces(log, [WHO]) == []
    assert sum(file.rows for file in manifest.current(table="dead", edition=WITH)) == 1
    assert sum(file.rows for file in manifest.current(table="events", edition=WITH)) == 2
    assert ledger.balance(log=log).is_even


def test_a_killed_erasure_is_finished_by_the_follower(log: Path) -> None:
    """It dies between two files; whoever goes on needs no more than what was asked."""
    for day in range(6):
        names = (WHO, "visitor-1")
        collect(log, WITH, [message("Product Viewed", day, userId=name) for name in names])
    compacting.compact(log=log, now=NOW)
    number = Pseudonyms(SECRET).of(WHO)
    asked = Erasure.objects.create(edition=WITH, pseudonyms=[number], asked_at=ASKED)
    looked: list[int] = []

    def dies(found: pa.Table) -> pa.Array:
        looked.append(found.num_rows)
        if len(looked) == 3:
            raise KeyboardInterrupt
        return pc.equal(found["person"], number)

    with pytest.raises(KeyboardInterrupt):
        rewrite(Wish(table=EVENTS, edition=WITH, columns=("person",), hits=dies), now=ASKED)
    assert traces(log, [WHO]) != []
    assert ledger.balance(log=log).is_even
    forgetting.go_on(log=log, now=ASKED)
    asked.refresh_from_db()
    assert asked.done_at is not None
    assert traces(log, [WHO]) == []
    assert ledger.balance(log=log).is_even
    assert erase(log, WHO) == erasing.Erased(rows=0, mentions=0, is_done=True)


def test_a_file_that_is_merged_meanwhile_is_looked_at_again(log: Path) -> None:
    for day in range(10):
        collect(log, WITH, [message("Product Viewed", 1, userId=WHO, properties={"day": day})])
        compacting.compact(log=log, now=NOW)
    merged: list[int] = []

    def hits(found: pa.Table) -> pa.Array:
        if not merged:
            merged.append(merging.merge(now=NOW))
        return pa.array([True] * found.num_rows, pa.bool_())

    wish = Wish(table=EVENTS, edition=WITH, columns=("person",), hits=hits)
    assert rewrite(wish, now=NOW) == 10
    assert merged[0] >= 8
    assert manifest.current(table="events", edition=WITH) == []


def test_with_its_key_dropped_nobody_in_an_edition_can_be_told(log: Path) -> None:
    region = environment().region
    assert erasing.drop_key(edition=WITH, region=region, now=NOW)
    assert not erasing.drop_key(edition=WITH, region=region, now=NOW)
    assert HashKey.objects.get(edition_id=WITH).secret is None
    outcome = erasing.erase(edition=WITH, ids=[WHO], now=NOW, log=log)
    assert outcome == erasing.NoKey()
