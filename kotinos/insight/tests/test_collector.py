"""What SDKs send becomes rows that tell nobody's name, or a dead letter with its reason."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotinos.insight.collect import frames
from kotinos.insight.collect.collector import (
    Collector,
    Sent,
    Taken,
    TooMany,
    UnknownKey,
    Unreadable,
)
from kotinos.insight.collect.keys import Key
from kotinos.insight.collect.log import SegmentLog
from kotinos.insight.collect.pseudonyms import Pseudonyms, network_of
from kotinos.insight.lake.columns import arrow_of
from kotinos.insight.tables import DEAD, EVENTS, TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from kotinos.insight.collect.collector import Outcome

NOW = datetime(2030, 7, 14, 12, tzinfo=UTC)
MICROS = int(NOW.timestamp() * 1_000_000)
SECRET = b"s" * 32


def _key(per_s_max: int = 1_000_000) -> Key:
    return Key(
        name="sdk",
        edition="K2030",
        organisation="oc",
        per_s_max=per_s_max,
        pseudonyms=Pseudonyms(SECRET),
    )


def collected(
    folder: Path, body: object, *, key: str = "good", single: str = "", limit: int = 1_000_000
) -> tuple[Outcome, list[dict[str, Any]], list[dict[str, Any]]]:
    """What the collector answers, the rows and the dead letters that are on the disk then."""
    text = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def run() -> Outcome:
        log = SegmentLog(folder)
        collector = Collector(log)
        collector.keys = {"good": _key(limit)}
        sent = Sent(text, key, single, "203.0.113.77", "python-requests/2", MICROS)
        try:
            return await collector.keep(collector.read(sent))
        finally:
            await log.close()

    outcome = asyncio.run(run())
    found = [frame for path in sorted(folder.glob("*")) for frame in frames.read(path)]
    rows = {
        table.name: arrow_of(table, [each for each in found if each.table == table.name])
        for table in (EVENTS, DEAD)
        if any(each.table == table.name for each in found)
    }
    listed = [rows[name].to_pylist() if name in rows else [] for name in ("events", "dead")]
    return outcome, listed[0], listed[1]


def _track(**fields: Any) -> dict[str, Any]:
    return {"type": "track", "event": "Product Viewed", "userId": "u1", **fields}


RICH = {
    "messageId": "m1",
    "properties": {
        "product_id": "cap",
        "noc": "jpn",
        "territory": "jp",
        "price": 12.5,
        "quantity": 2,
        "currency": "kwd",
        "colour": "red",
        "order_id": 77,
    },
    "context": {
        "page": {"url": "https://shop.example/en-jp/p/cap?secret=1", "referrer": "https://a.org/x"},
        "locale": "en-JP",
        "userAgent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Mobile/15E148",
        "campaign": {"name": "opening"},
    },
}


LANDED = {
    "id": "m1",
    "edition": "K2030",
    "organisation": "oc",
    "source": "sdk",
    "kind": "track",
    "name": "Product Viewed",
    "day": NOW.date(),
    "product": "cap",
    "noc": "JPN",
    "territory": "JP",
    "units": 2,
    "order": "77",
    "minor": 12_500,
    "currency": "KWD",
    "properties": '{"colour":"red"}',
    "path": "/en-jp/p/cap",
    "referrer": "a.org",
    "language": "en-JP",
    "device": "phone",
    "bot": False,
    "campaign": "opening",
    "network": "203.0.113.0",
}


def test_what_has_a_column_lands_there(tmp_path: Path) -> None:
    outcome, (row,), _ = collected(tmp_path, {"batch": [_track(**RICH)]})
    assert outcome == Taken(accepted=1)
    assert {name: row[name] for name in LANDED} == LANDED


@pytest.mark.parametrize("sign", [b"@", rb"\u0040"])
def test_nobody_can_be_read_from_what_is_on_the_disk(tmp_path: Path, sign: bytes) -> None:
    personal = {"email": "ada@example.org", "name": "Ada L", "note": "mail ada@example.org"}
    message = _track(
        userId="ada@example.org",
        anonymousId="device-4711",
        properties=personal,
        traits={"email": "ada@example.org"},
        context={"ip": "203.0.113.77", "traits": {"phone": "+30 2107654321"}},
    )
    body = {"batch": [message, {"type": "nonsense", "email": "ada@example.org"}]}
    collected(tmp_path, json.dumps(body).encode().replace(b"@", sign))
    disk = b"".join(path.read_bytes() for path in tmp_path.glob("*"))
    for trace in (b"ada@", b"ada" + sign, b"Ada L", b"device-4711", b"203.0.113.77", b"2107654321"):
        assert trace not in disk


def test_a_person_has_one_pseudonym_and_each_key_another() -> None:
    one, other = Pseudonyms(SECRET), Pseudonyms(b"t" * 32)
    assert one.of_all(["a", 7, None, ""]) == [one.of("a"), one.of("7"), None, None]
    assert one.of("a") != other.of("a")
    assert all(-(2**63) <= one.of(str(each)) < 2**63 for each in range(100))


def test_a_device_is_the_person_until_somebody_signs_in(tmp_path: Path) -> None:
    batch = [
        {"type": "page", "anonymousId": "d"},
        {"type": "identify", "anonymousId": "d", "userId": "u"},
        {"type": "track", "event": "e", "userId": "u", "anonymousId": None},
    ]
    _, rows, _ = collected(tmp_path, {"batch": batch})
    of = Pseudonyms(SECRET).of
    assert [(row["person"], row["visitor"]) for row in rows] == [
        (of("d"), of("d")),
        (of("u"), of("d")),
        (of("u"), None),
    ]


def test_posthog_events_are_read_as_their_own_kinds(tmp_path: Path) -> None:
    batch = [
        {"event": "$pageview", "distinct_id": "u", "uuid": "p1", "properties": {"$pathname": "/x"}},
        {"event": "$identify", "distinct_id": "u", "properties": {"$anon_distinct_id": "d"}},
        {"event": "bought", "distinct_id": 42, "timestamp": "2030-07-14T11:59:00+00:00"},
    ]
    outcome, rows, _ = collected(tmp_path, {"api_key": "good", "batch": batch}, key="")
    assert outcome == Taken(accepted=3)
    assert [row["kind"] for row in rows] == ["page", "identify", "track"]
    assert rows[0]["path"] == "/x"
    assert rows[0]["id"] == "p1"
    assert rows[1]["visitor"] == Pseudonyms(SECRET).of("d")
    assert rows[2]["person"] == Pseudonyms(SECRET).of("42")


@pytest.mark.parametrize("hours", [-30, -1, 1, 30])
def test_a_wrong_clock_is_set_right_by_what_it_says_now(tmp_path: Path, hours: int) -> None:
    wrong = NOW + timedelta(hours=hours)
    message = _track(timestamp=(wrong - timedelta(minutes=5)).isoformat())
    _, (row,), _ = collected(tmp_path, {"batch": [message], "sentAt": wrong.isoformat()})
    assert row["occurred_at"] == (NOW - timedelta(minutes=5)).replace(tzinfo=None)


def test_a_slow_network_is_not_a_wrong_clock(tmp_path: Path) -> None:
    sent = NOW - timedelta(seconds=20)
    _, (row,), _ = collected(
        tmp_path, {"batch": [_track(timestamp=sent.isoformat())], "sentAt": sent.isoformat()}
    )
    assert row["occurred_at"] == sent.replace(tzinfo=None)


def test_nothing_happens_in_the_future(tmp_path: Path) -> None:
    later = (NOW + timedelta(days=3)).isoformat()
    _, (row,), _ = collected(tmp_path, {"batch": [_track(timestamp=later)]})
    assert row["occurred_at"] == NOW.replace(tzinfo=None)


def test_bad_messages_are_dead_letters_and_the_good_ones_are_kept(tmp_path: Path) -> None:
    bad: list[Any] = [
        {"type": "dance", "userId": "u"},
        {"type": "track", "userId": "u"},
        {"type": "track", "event": "e"},
        _track(messageId="x" * 300),
        _track(timestamp="yesterday"),
        _track(timestamp="2020-01-01T00:00:00Z"),
        _track(properties="text"),
        _track(properties={"blob": "x" * 40_000}),
        _track(properties={"n": 2**70}),
        17,
        None,
    ]
    outcome, rows, dead = collected(tmp_path, {"batch": [_track(), *bad, _track()]})
    assert isinstance(outcome, Taken)
    assert outcome.accepted == len(rows) == 2
    assert [problem.index for problem in outcome.errors] == list(range(1, 12))
    assert len(dead) == len(bad)
    assert all(letter["reason"] for letter in dead)


def test_whoever_has_not_agreed_is_not_counted(tmp_path: Path) -> None:
    no = {"consent": {"categoryPreferences": {"Analytics": False}}}
    yes = {"consent": {"categoryPreferences": {"analytics": True}}}
    batch = [
        _track(context=no),
        _track(context=yes),
        _track(context={"consent": {"analytics": False}}),
    ]
    outcome, rows, dead = collected(tmp_path, {"batch": batch})
    assert outcome == Taken(accepted=1, withheld=2)
    assert (len(rows), dead) == (1, [])


def test_an_unknown_key_leaves_nothing_on_the_disk(tmp_path: Path) -> None:
    for key in ("", "bad"):
        outcome, rows, dead = collected(tmp_path, {"batch": [_track()]}, key=key)
        assert (outcome, rows, dead) == (UnknownKey(), [], [])
    assert not list(tmp_path.glob("*"))


def test_a_body_that_is_nonsense_is_kept_as_one_dead_letter(tmp_path: Path) -> None:
    outcome, rows, dead = collected(tmp_path, b"{nonsense")
    assert isinstance(outcome, Unreadable)
    assert (rows, len(dead)) == ([], 1)


def test_a_key_over_its_limit_waits(tmp_path: Path) -> None:
    body = {"batch": [_track()] * 60}
    assert isinstance(collected(tmp_path, body, limit=10)[0], Taken), "the first may be large"
    key = _key(per_s_max=10)
    assert key.admits(60, at_s=1000.0)
    assert not key.admits(60, at_s=1001.0)
    assert key.admits(60, at_s=1003.0)
    assert isinstance(collected(tmp_path, {"batch": [_track()] * 2_501})[0], Unreadable)
    assert TooMany(1).retry_seconds == 1


@pytest.mark.parametrize("kind", ["track", "page", "identify", "group", "alias", "screen"])
def test_one_message_may_come_alone(tmp_path: Path, kind: str) -> None:
    body = {"event": "e", "userId": "u", "writeKey": "good"}
    outcome, (row,), _ = collected(tmp_path, body, key="", single=kind)
    assert outcome == Taken(accepted=1)
    assert row["kind"] == kind


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
_names = st.sampled_from(
    [
        "type",
        "messageId",
        "anonymousId",
        "userId",
        "event",
        "name",
        "timestamp",
        "sentAt",
        "context",
        "properties",
    ]
)
_properties = st.dictionaries(
    st.sampled_from(
        ["noc", "territory", "price", "currency", "quantity", "order_id", "email", "path", "x", "y"]
    ),
    _json,
)
_messages = st.dictionaries(_names, _json) | st.builds(
    lambda properties: _track(properties=properties), _properties
)


@given(st.lists(_messages | _json, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_every_message_is_a_row_or_a_dead_letter(
    tmp_path_factory: pytest.TempPathFactory, batch: list[Any]
) -> None:
    outcome, rows, dead = collected(tmp_path_factory.mktemp("log"), {"batch": batch})
    assert isinstance(outcome, Taken)
    assert len(rows) + len(dead) + outcome.withheld == len(batch)


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_bytes_get_an_answer(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    outcome, _, dead = collected(tmp_path_factory.mktemp("log"), body)
    assert isinstance(outcome, Unreadable) == bool(dead)


def test_one_message_at_a_time_reads_as_a_whole_batch_does(tmp_path: Path) -> None:
    batch = [
        _track(messageId="a", properties={"noc": "FRA", "x": 1}),
        _track(messageId="b", properties={"price": 5, "currency": "JPY"}, context={"ip": "::1"}),
        {"type": "page", "messageId": "c", "anonymousId": "d", "properties": {"title": "Home"}},
    ]
    together = collected(tmp_path / "together", {"batch": batch})[1]
    apart = [collected(tmp_path / each["messageId"], {"batch": [each]})[1][0] for each in batch]
    assert together == apart


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("2001:db8:aaaa:bbbb::1", "2001:db8:aaaa::"),
        ("::ffff:203.0.113.77", "203.0.113.0"),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_of_an_address_only_its_network_is_kept(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_hostile_batch_takes_no_long_time(tmp_path: Path) -> None:
    keys = iter(range(10**9))
    batch = [
        _track(properties={f"k{next(keys)}": 1 for _ in range(20)}, userId=f"u{at}")
        for at in range(2_000)
    ]
    begun = time.process_time()
    outcome, *_ = collected(tmp_path, {"batch": batch})
    assert isinstance(outcome, Taken)
    assert time.process_time() - begun < 2.0


def test_tables_that_are_collected_can_be_read_back() -> None:
    assert {"events", "dead", "watching"} <= TABLES.keys()
