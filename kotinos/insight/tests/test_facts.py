"""Events become rows: all of them, whatever they say, and each only once."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotinos.insight import tables
from kotinos.insight.facts import rows_of
from kotinos.insight.lake.schema import arrow_rows
from kotinos.kernel.outbox import Event

EVENT_ID, SELLER, RIVAL = (UUID(int=number) for number in (1, 2, 3))
NOON = datetime(2030, 7, 19, 12, 0, 0, 5, tzinfo=timezone.utc)
NOON_IN_LAKE = NOON.replace(tzinfo=None)
REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "events.md"
KINDS = sorted({kind for table in tables.TABLES.values() for kind in table.source if "." in kind})
COMMON = {
    "id": str(EVENT_ID),
    "edition": "2030",
    "day": date(2030, 7, 19),
    "organisation": "",
    "occurred_at": NOON_IN_LAKE,
    "received_at": NOON_IN_LAKE,
    "territory": "",
}


def happened(kind: str, **payload: Any) -> Event:
    return Event(EVENT_ID, kind, payload, NOON)


def line(**more: Any) -> dict[str, Any]:
    return {
        "position": 1,
        "seller": str(SELLER),
        "noc": "KEN",
        "edition": "2030",
        "work": "w",
        "product": "scarf",
        "sku": "S-1",
        "title": "Scarf",
        "grant": "g",
        "via": "channel:final:cue:65000",
        "drop": "",
        "units": 2,
        "minor": 6000,
    } | more


def order(kind: str, *lines: dict[str, Any], **more: Any) -> Event:
    said: dict[str, Any] = {
        "order": "o",
        "territory": "JP",
        "minor": 6800,
        "currency": "JPY",
        "edition": "2030",
    }
    return happened(kind, **said, lines=list(lines), **more)


def the_row(event: Event) -> tuple[str, dict[str, object]]:
    """Table and row of an event that gives one."""
    ((name, (row,)),) = rows_of([event], edition="2030").items()
    return name, row


def test_a_confirmed_order_gives_its_row_and_one_for_each_line() -> None:
    rows = rows_of([order("orders.confirmed", line(), line(position=2, seller=str(RIVAL)))])
    assert list(rows) == ["orders", "sales"]
    (whole,) = rows["orders"]
    assert (whole["id"], whole["state"], whole["lines"]) == (str(EVENT_ID), "confirmed", 2)
    assert (whole["units"], whole["minor"], whole["organisation"]) == (4, 6800, "")
    first, second = rows["sales"]
    told = {name: value for name, value in line().items() if name != "seller"}
    more = {"id": f"{EVENT_ID}:0", "organisation": str(SELLER), "territory": "JP"}
    assert first == COMMON | told | more | {"order": "o", "currency": "JPY"}
    assert (second["id"], second["organisation"]) == (f"{EVENT_ID}:1", str(RIVAL))


def test_what_was_sold_and_given_back_sums_to_nothing() -> None:
    events = [order(kind, line()) for kind in ("orders.confirmed", "orders.refunded")]
    sales = arrow_rows(tables.SALES, rows_of(events)["sales"])
    assert [sum(sales[name].to_pylist()) for name in ("units", "minor")] == [0, 0]
    assert [row["state"] for row in rows_of(events)["orders"]] == ["confirmed", "refunded"]


def test_news_of_before_there_were_lines_says_nothing_of_them() -> None:
    name, row = the_row(
        happened("orders.confirmed", order="o", territory="JP", minor=6800, currency="JPY")
    )
    assert name == "orders"
    assert (row["lines"], row["units"], row["minor"], row["edition"]) == (None, None, 6800, "2030")


def test_the_day_is_that_of_utc() -> None:
    late = datetime(2030, 7, 20, 8, 59, tzinfo=timezone(timedelta(hours=9)))
    _, row = the_row(Event(EVENT_ID, "drops.changed", {"verb": "publish"}, late))
    assert (row["day"], row["occurred_at"]) == (date(2030, 7, 19), datetime(2030, 7, 19, 23, 59))  # noqa: DTZ001 - as in the lake


@pytest.mark.parametrize(
    ("kind", "payload", "table", "told"),
    [
        (
            "rights.refused",
            {"work": "w", "noc": "KEN", "reason": "territory", "minor": 5, "bot": True},
            "refusals",
            {"work": "w", "noc": "KEN", "reason": "territory", "minor": 5, "bot": True},
        ),
        (
            "payments.declined",
            {"reference": "o", "intent": "i", "minor": 7, "currency": "EUR"},
            "payments",
            {"reference": "o", "state": "declined", "minor": 7, "currency": "EUR"},
        ),
        (
            "channel.programme-published",
            {"programme": "p", "code": "final", "from": "2030-07-19T14:00:00+02:00"},
            "channel",
            {"what": "programme-published", "effective_at": datetime(2030, 7, 19, 12)},  # noqa: DTZ001 - as in the lake
        ),
        (
            "channel.live-began",
            {"source": "pitch", "session": "s", "organisation": "x"},
            "channel",
            {"what": "live-began", "source": "pitch", "organisation": "x", "effective_at": None},
        ),
        (
            "rights.changed",
            {"cause": "sign", "subject": "G-1", "works": 3},
            "changes",
            {"what": "rights.changed", "cause": "sign", "works": 3},
        ),
        ("rights.exclusives_collide", {"grants": ["a", "b"]}, "changes", {"grants": "a b"}),
        ("games.atlas_changed", {}, "changes", {"what": "games.atlas_changed", "works": None}),
        ("tomorrow.came", {"a": [1]}, "facts", {"kind": "tomorrow.came", "payload": '{"a":[1]}'}),
    ],
)
def test_every_kind_has_its_table(
    kind: str, payload: dict[str, Any], table: str, told: dict[str, object]
) -> None:
    name, row = the_row(happened(kind, **payload))
    assert name == table
    assert row.items() >= told.items()


@pytest.mark.parametrize(
    "event",
    [
        order("orders.confirmed", line(units="2")),
        order("orders.confirmed", line(minor=None)),
        order("orders.confirmed", line(minor=2**63)),
        order("orders.confirmed", line(edition="../../etc")),
        order("orders.refunded", *[line(units=2**62)] * 2),
        happened("orders.confirmed", lines=["no line"]),
        happened("rights.refused", bot="yes"),
        happened("payments.captured", minor=True),
        happened("channel.programme-published", **{"from": "tomorrow"}),
        happened("drops.changed", slug="\ud800"),
        Event(EVENT_ID, "rights.changed", ["no", "object"], NOON),  # type: ignore[arg-type]  # is the point
    ],
)
def test_what_is_not_as_agreed_is_kept_whole(event: Event) -> None:
    name, row = the_row(event)
    assert (name, row["kind"], row["edition"]) == ("facts", event.kind, "2030")
    assert json.loads(str(row["payload"])) == event.payload


def test_every_kind_of_the_reference_has_a_table_and_no_other_has() -> None:
    found = re.findall(r"^\| `([a-z._-]+)` \|", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(found) == KINDS


names = st.sampled_from(
    [
        *sorted({name for table in tables.TABLES.values() for name in table.names}),
        *("lines", "seller", "from", "grants"),
    ]
)
half_a_pair = st.just("\ud800")
scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=9) | half_a_pair
lines = st.lists(st.dictionaries(names, scalars, max_size=6) | scalars, max_size=3)
moments = st.integers(0, 200_000_000_000).map(
    lambda second: datetime.fromtimestamp(second, timezone(timedelta(hours=9)))
)
events = st.builds(
    Event,
    st.uuids(),
    st.sampled_from([*KINDS, "another.kind"]),
    st.dictionaries(names, scalars | lines, max_size=8),
    moments,
)


@settings(deadline=None)
@given(st.lists(events, max_size=3))
def test_no_event_is_lost_and_every_row_fits_its_table(said: list[Event]) -> None:
    found = rows_of(said, edition="2030")
    ids = {str(row["id"]).partition(":")[0] for rows in found.values() for row in rows}
    assert ids == {str(event.id) for event in said}
    for name, rows in found.items():
        table = tables.TABLES[name]
        assert all(tuple(row) == table.names for row in rows)
        assert arrow_rows(table, rows).num_rows == len(rows)


@settings(deadline=None)
@given(st.lists(events, max_size=3, unique_by=lambda event: event.id))
def test_every_event_has_one_row_beside_its_lines_and_no_id_stands_twice(
    said: list[Event],
) -> None:
    found = rows_of(said)
    assert sum(len(rows) for name, rows in found.items() if name != "sales") == len(said)
    for rows in found.values():
        assert len({row["id"] for row in rows}) == len(rows)
