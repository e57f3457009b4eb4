"""What each metric makes of a few rows that a person can count."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pyarrow.parquet as pq
import pytest

from kotinos.insight.contracts import Limits, Question, Scope, TooLarge, TooLong, Window
from kotinos.insight.metrics import scoped
from kotinos.insight.metrics.engines import duckdb
from kotinos.insight.metrics.registry import METRICS
from kotinos.insight.tests.hand_lake import EDITION, WINDOW, HandLake, at, event, row, sale

OURS = UUID("11111111-1111-4111-8111-111111111111")
THEIRS = UUID("22222222-2222-4222-8222-222222222222")


@pytest.fixture
def lake(tmp_path: Path) -> HandLake:
    return HandLake(tmp_path)


@pytest.mark.parametrize("metric", sorted(set(METRICS) - {"funnel"}))
def test_an_empty_lake_has_no_rows(lake: HandLake, metric: str) -> None:
    assert lake.ask(metric) == ()


def test_a_funnel_over_an_empty_lake_still_names_its_steps(lake: HandLake) -> None:
    assert [line[2:] for line in lake.ask("funnel")] == [(0, 0)] * 4


def test_a_day_ends_at_midnight_utc_and_one_person_on_two_devices_is_one(lake: HandLake) -> None:
    lake.write(
        "events",
        event("04 23:59:59.999999", visitor=1),
        event("05 00:00", visitor=1),
        event("05 09:00", visitor=2),
        event("05 10:00", person=2, bot=True),
    )
    assert lake.ask("daily_actives") == ((date(2028, 7, 4), 1), (date(2028, 7, 5), 1))
    assert lake.ask("new_and_returning") == ((date(2028, 7, 4), 1, 0), (date(2028, 7, 5), 0, 1))
    assert lake.ask("bots") == ((date(2028, 7, 4), 1, 0, 0), (date(2028, 7, 5), 3, 1, 3333))


def test_a_window_keeps_its_first_instant_and_not_its_last(lake: HandLake) -> None:
    lake.write(
        "events", event("04 10:00"), event("04 10:05", person=2), event("04 10:09", person=3)
    )
    window = Window(since=at("04 10:00"), until=at("04 10:09"))
    assert lake.ask("live_windows", window=window) == (
        (at("04 10:00"), 1, 1, 0, 0, 0, 0),
        (at("04 10:05"), 1, 1, 0, 0, 0, 0),
    )


def test_a_session_ends_with_a_pause_above_half_an_hour_and_may_cross_midnight(
    lake: HandLake,
) -> None:
    lake.write(
        "events",
        event("04 23:50"),
        event("05 00:20"),  # half an hour to the instant: the same session
        event("05 00:50:00.000001"),  # a microsecond more: the next one
        event("05 00:50:00.000001"),
        event("05 00:50:07.000001"),
        event("05 02:00", person=2),
    )
    assert lake.ask("sessions") == (
        (date(2028, 7, 4), 1, 1_800_000, 1_800_000),
        (date(2028, 7, 5), 2, 3_500, 0),
    )


def test_steps_of_a_funnel_follow_one_another_in_time_and_never_at_one_instant(
    lake: HandLake,
) -> None:
    lake.write(
        "events",
        *(event("04 10:00", name) for name in ("Product Viewed", "Product Added")),
        event("04 11:00", "Checkout Started"),  # with nothing added after the view
        event("04 09:00", "Product Added", person=2),
        event("04 10:00", "Product Viewed", person=2),
        event("04 11:00", "Order Completed", person=2),
        event("04 10:00", "Product Viewed", person=3),
        event("04 10:01", "Product Added", person=3),
        event("04 10:02", "Checkout Started", person=3),
        event("04 10:03", "Order Completed", person=3),
    )
    assert [line[2] for line in lake.ask("funnel")] == [3, 1, 1, 1]


def test_a_funnel_counts_from_the_latest_first_step_that_leads_on(lake: HandLake) -> None:
    lake.write(
        "events",
        event("01 10:00", "A"),
        event("01 10:30", "B"),
        event("01 11:30", "A"),  # a fresh start, and its B comes after C
        event("01 11:45", "C"),
        event("01 11:50", "B"),
        event("01 12:15", "C"),
    )
    steps = ("A", "B", "C")
    counts = lake.ask("funnel", params={"steps": steps, "within_hours": 1})
    assert [line[2] for line in counts] == [1, 1, 1]
    before = Window(since=at("01 10:00"), until=at("01 12:00"))
    counts = lake.ask("funnel", window=before, params={"steps": steps, "within_hours": 1})
    assert [line[2] for line in counts] == [1, 1, 0]


def test_somebody_stays_active_for_28_days_and_not_for_29(lake: HandLake) -> None:
    lake.write(
        "events", event("01 10:00"), event("28 10:00", person=2), event("29 10:00", person=3)
    )
    assert lake.ask("rolling_actives") == (
        (date(2028, 7, 1), 1),
        (date(2028, 7, 28), 2),
        (date(2028, 7, 29), 2),
    )


def test_a_refund_is_taken_off_on_its_own_day_and_the_order_stays_counted(lake: HandLake) -> None:
    lake.write(
        "sales",
        sale("04 10:00", order="a"),
        sale("04 10:00", order="a", position=1, noc="", product="pin", minor=900),
        sale("05 10:00", order="a", units=-1, minor=-2500),
    )
    assert lake.ask("sales_by_day") == (
        (date(2028, 7, 4), "EUR", 1, 2, 3400, 0),
        (date(2028, 7, 5), "EUR", 0, -1, -2500, 2500),
    )
    assert lake.ask("sales_by_noc_territory") == (
        ("", "", "EUR", 1, 1, 900),
        ("FRA", "", "EUR", 1, 0, 0),
    )
    assert lake.ask("refunds") == ((date(2028, 7, 5), "EUR", 1, 1, 2500),)


def test_a_view_is_complete_if_it_started_and_reached_the_end(lake: HandLake) -> None:
    lake.write(
        "watching",
        row("04 10:00", view="a", subject="v:1", kind="start"),
        row("04 10:00:10", view="a", subject="v:1", kind="beat", seconds=10),
        row("04 10:01", view="a", subject="v:1", kind="end", seconds=50),
        row("04 10:00", view="b", subject="v:1", kind="start"),
        row("04 10:02", view="c", subject="v:1", kind="end"),
    )
    assert lake.ask("completion") == (("v:1", 2, 1, 5000),)
    assert lake.ask("watch_time") == (("v:1", 3, 60),)
    assert [line[1] for line in lake.ask("concurrent_viewers")] == [2, 1, 1]


def test_no_scope_sees_rows_of_another(lake: HandLake) -> None:
    """The same row of every table for two organisations, two editions and two territories."""
    for table, made in (("events", event), ("sales", sale)):
        lake.write(
            table,
            made("04 10:00", organisation=str(OURS), territory="FR"),
            made("04 10:00", organisation=str(OURS), territory="JP"),
            made("04 10:00", organisation=str(THEIRS), territory="FR"),
            made("04 10:00", organisation="", territory="FR"),
            made("04 10:00", organisation=str(OURS), territory="FR", edition="P24"),
        )
    lake.write("watching", row("04 10:00", organisation=str(THEIRS), view="a", kind="start"))
    lake.write("refusals", row("04 10:00", organisation=str(THEIRS), noc="FRA"))
    ours = Scope(EDITION, OURS)
    everything = Scope(EDITION)
    france = Scope(EDITION, OURS, "FR")
    counts = [lake.ask("live_windows", scope=scope)[0] for scope in (everything, ours, france)]
    assert [line[1:7:2] for line in counts] == [(4, 0, 4), (2, 0, 2), (1, 0, 1)]
    assert [line[6] for line in counts] == [1, 0, 0]
    for name, metric in METRICS.items():
        if set(metric.tables) <= {"watching", "refusals"}:
            assert lake.ask(name, scope=ours) == ()


def test_an_unfit_question_is_refused_with_the_reason(lake: HandLake) -> None:
    with pytest.raises(ValueError, match="no metric is called wealth"):
        lake.ask("wealth")
    with pytest.raises(ValueError, match="has no parameter colour"):
        lake.ask("funnel", params={"colour": "red"})
    with pytest.raises(ValueError, match="limit is from 1"):
        lake.ask("top_products", params={"limit": 0})
    with pytest.raises(ValueError, match="each another"):
        lake.ask("funnel", params={"steps": ("A", "A")})
    with pytest.raises(ValueError, match="limit is int"):
        lake.ask("top_products", params={"limit": "1; DROP TABLE sales"})


def test_a_text_that_looks_like_sql_is_only_a_text(lake: HandLake) -> None:
    lake.write("events", event("04 10:00", "it's' OR 1=1 --"))
    assert lake.ask("conversion", params={"bought": "it's' OR 1=1 --"}) == (("", 1, 1, 10_000),)
    assert lake.ask("conversion", scope=Scope("x' OR 'a'='a")) == ()


def test_more_rows_than_allowed_are_not_an_answer(lake: HandLake) -> None:
    lake.write("events", event("04 10:00"), event("05 10:00"))
    question = Question("daily_actives", Scope(EDITION), WINDOW)
    outcome = duckdb.answer(question, files=lake.files, limits=Limits(rows_max=1))
    assert outcome == TooLarge("1 rows")


def test_files_from_before_a_column_was_added_still_count(lake: HandLake, tmp_path: Path) -> None:
    lake.write("events", event("04 10:00"), event("04 11:00", person=2))
    lake.write("events", event("05 10:00"))
    old = pq.read_table(lake.files["events"][0]).drop_columns(["via", "properties"])
    pq.write_table(old, tmp_path / "events-0.parquet")
    assert lake.ask("daily_actives") == ((date(2028, 7, 4), 2), (date(2028, 7, 5), 1))
    assert lake.ask("attribution") == ()


def test_no_metric_reaches_for_rows_itself() -> None:
    """A metric's tables come from `Lake` alone, and a view that `scoped` narrowed stands behind."""
    folder = Path(scoped.__file__).parent
    texts = {path.name: path.read_text() for path in folder.glob("*.py")}
    reaching = ("ibis.table", "read_parquet", ".sql(", "memtable", "connect")
    assert {name for name, text in texts.items() if any(word in text for word in reaching)} == {
        "scoped.py"
    }


def test_a_question_that_takes_too_long_is_stopped(lake: HandLake) -> None:
    lake.write("events", *(event(f"04 10:{n // 60:02}:{n % 60:02}") for n in range(3000)))
    question = Question("sessions", Scope(EDITION), WINDOW)
    many = {"events": lake.files["events"] * 400}
    limits = Limits(seconds_max=0.01)
    assert duckdb.answer(question, files=many, limits=limits) == TooLong(0.01)


def test_windows_that_do_not_divide_a_day_are_refused(lake: HandLake) -> None:
    with pytest.raises(ValueError, match="divides a day"):
        lake.ask("live_windows", params={"minutes": 7})
