"""Answers that are kept: asked once, served at once, asked again only where files changed."""

from __future__ import annotations

import threading
import time
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from kotinos.insight import keeping, queueing, results
from kotinos.insight.contracts import Answer, Question, Scope, Window
from kotinos.insight.lake import manifest
from kotinos.insight.lake.schema import arrow_rows
from kotinos.insight.tables import SALES
from kotinos.kernel import clock
from kotinos.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kotinos.insight.lake.manifest import FileRow

pytestmark = pytest.mark.django_db
EDITION = "R2030"
DAYS = (date(2030, 7, 19), date(2030, 7, 20), date(2030, 7, 22))
WINDOW = Window.of_days(date(2030, 7, 19), date(2030, 7, 23))
PATIENCE_S = 30.0


@pytest.fixture(autouse=True)
def three_days(db: None) -> Iterator[None]:
    del db
    results.forget_results(EDITION)
    for day in DAYS:
        sell(day, units=1)
    yield
    results.forget_results(EDITION)


def sell(day: date, *, units: int, removed: list[FileRow] | None = None) -> None:
    at = datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001 - the lake's instants have no zone
    row = {
        "id": str(new_id()),
        "edition": EDITION,
        "day": day,
        "occurred_at": at,
        "received_at": at,
        "order": str(new_id()),
        "units": units,
        "minor": 100 * units,
        "currency": "EUR",
    }
    files = manifest.write_rows(table=SALES, rows=arrow_rows(SALES, [row]))
    manifest.commit(added=files, removed=removed or [], now=clock.now())


def question(metric: str = "sales_by_day", **more: Window) -> Question:
    return Question(metric, Scope(EDITION), more.get("window", WINDOW))


def ask(metric: str = "sales_by_day", *, newest_within_s: float = PATIENCE_S) -> results.Kept:
    found = results.ask(
        question(metric),
        patience_s=PATIENCE_S,
        now=clock.now() + timedelta(minutes=5),  # nothing that is kept is young any more
        newest_within_s=newest_within_s,
    )
    assert isinstance(found, results.Kept), found
    return found


def units(found: results.Kept) -> dict[date, int]:
    return {row["day"]: row["units"] for row in found.answer.records()}  # type: ignore[misc]  # the metric's kinds


def kept_files() -> dict[str, int]:
    found = keeping.folder(EDITION).glob("*.arrow")
    return {path.name: path.stat().st_mtime_ns for path in found}


def test_days_are_laid_end_to_end_and_a_day_without_files_has_no_rows() -> None:
    assert units(ask()) == dict.fromkeys(DAYS, 1)
    assert len(kept_files()) == len(DAYS)


def test_only_the_day_whose_files_changed_is_asked_again() -> None:
    ask()
    before = kept_files()
    sell(DAYS[1], units=4)
    assert units(ask())[DAYS[1]] == 5
    after = kept_files()
    assert after.keys() == before.keys()
    assert sum(after[name] != before[name] for name in before) == 1


def test_a_merge_of_files_is_a_change_too() -> None:
    ask()
    gone = manifest.current(table="sales", edition=EDITION, since=DAYS[0], until=DAYS[1])
    sell(DAYS[0], units=9, removed=gone)
    assert units(ask())[DAYS[0]] == 9


def test_what_is_out_of_date_is_served_at_once_with_its_instant() -> None:
    first = ask()
    sell(DAYS[0], units=2)
    found = ask(newest_within_s=0.0)
    assert units(found) == units(first)
    assert not found.fresh
    assert found.as_of < clock.now()
    deadline = time.monotonic() + PATIENCE_S
    while units(ask(newest_within_s=0.0))[DAYS[0]] != 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert units(ask())[DAYS[0]] == 3


def test_what_is_young_is_not_asked_again() -> None:
    ask()
    sell(DAYS[0], units=2)
    before = kept_files()
    found = results.ask(question(), patience_s=0.0, now=clock.now())
    assert isinstance(found, results.Kept)
    assert not found.fresh
    time.sleep(0.3)
    assert kept_files() == before


def test_another_scope_and_another_window_have_their_own_answers() -> None:
    ask()
    elsewhere = Question("sales_by_day", Scope(EDITION, territory="FR"), WINDOW)
    found = results.ask(elsewhere, patience_s=PATIENCE_S, now=clock.now())
    assert isinstance(found, results.Kept)
    assert found.answer.rows == ()
    one = question(window=Window.of_days(DAYS[0], DAYS[1]))
    found = results.ask(one, patience_s=PATIENCE_S, now=clock.now())
    assert isinstance(found, results.Kept)
    assert len(found.answer.rows) == 1


def test_what_is_forgotten_is_served_no_more() -> None:
    ask()
    results.forget_results(EDITION)
    assert kept_files() == {}
    found = results.ask(question(), patience_s=0.0, now=clock.now())
    assert isinstance(found, results.Waiting)
    assert units(ask()) == dict.fromkeys(DAYS, 1)


def test_what_was_being_computed_when_it_was_forgotten_is_never_shown() -> None:
    before = keeping.folder(EDITION)
    part = keeping.Part("v", clock.now(), ask().answer)
    results.forget_results(EDITION)
    keeping.write(before / "late.arrow", part)
    assert keeping.folder(EDITION) != before
    assert "late.arrow" not in kept_files()


def test_kept_values_come_back_as_they_were() -> None:
    found = ask("top_products")
    again = ask("top_products")
    assert found.answer.rows == again.answer.rows
    minutes = ask("drop_course").answer
    assert minutes.names == ("window", "drop", "orders", "units")
    instant = datetime(2030, 7, 19, 12, 5, 3, 17, tzinfo=timezone.utc)
    one = Answer("x", ask("live_windows").answer.columns, ((instant, 1, None, 3, 4, 5, 6),), 1)
    path = keeping.folder(EDITION) / "one.arrow"
    keeping.write(path, keeping.Part("v", instant, one))
    keeping._memory.clear()
    assert keeping.read(path) == keeping.Part("v", instant, one)


def test_a_damaged_file_is_asked_again() -> None:
    ask()
    for path in keeping.folder(EDITION).glob("*.arrow"):
        path.write_bytes(b"ARROW1 and then nothing")
    keeping._memory.clear()
    assert units(ask()) == dict.fromkeys(DAYS, 1)


def test_two_who_ask_the_same_wait_for_one_answer() -> None:
    begun = threading.Event()
    let_go = threading.Event()
    ran: list[int] = []

    def work() -> None:
        ran.append(1)
        begun.set()
        let_go.wait(PATIENCE_S)

    first = queueing.submit("same", work, is_urgent=True)
    assert begun.wait(PATIENCE_S)
    second = queueing.submit("same", work, is_urgent=True)
    assert first is second
    let_go.set()
    assert first is not None
    first.wait(PATIENCE_S)
    assert ran == [1]


def test_a_full_line_says_so_and_then_goes_on() -> None:
    let_go = threading.Event()

    def wait() -> None:
        let_go.wait(PATIENCE_S)

    jobs: list[queueing.Job | None] = []
    try:
        for _attempt in range(3):  # the threads take some off the line
            while not jobs or jobs[-1] is not None:
                jobs.append(queueing.submit(f"job {len(jobs)}", wait, is_urgent=True))
            time.sleep(0.2)
            jobs.append(queueing.submit(f"job {len(jobs)}", wait, is_urgent=True))
        assert isinstance(results.ask(question(), patience_s=0.0, now=clock.now()), results.Busy)
    finally:
        let_go.set()
    for job in jobs:
        if job is not None:
            job.wait(PATIENCE_S)
    assert units(ask()) == dict.fromkeys(DAYS, 1)


def test_a_fault_ends_one_question_and_not_the_line(caplog: pytest.LogCaptureFixture) -> None:
    def break_down() -> None:
        raise RuntimeError("broken")

    job = queueing.submit("broken", break_down, is_urgent=True)
    assert job is not None
    job.wait(PATIENCE_S)
    assert job.failed
    assert "could not be answered" in caplog.text
    assert units(ask()) == dict.fromkeys(DAYS, 1)


def test_the_folder_is_kept_small_and_the_oldest_goes_first() -> None:
    ask()
    ask("top_products")
    kept = sorted(keeping.folder(EDITION).glob("*.arrow"))
    newest = kept[0]
    time.sleep(0.02)
    newest.touch()
    assert keeping.sweep(bytes_max=newest.stat().st_size) >= len(kept) - 1
    assert [path.name for path in keeping.folder(EDITION).glob("*.arrow")] == [newest.name]
