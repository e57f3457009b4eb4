"""The linear channel's promises, over random schedules, edits, territories and instants."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from kotinos.channel.contracts import instant_of
from kotinos.channel.linear import playlists
from kotinos.channel.linear.timeline import (
    Live,
    LiveRun,
    Piece,
    Recorded,
    Slate,
    SlotRow,
    Timeline,
    runs_of,
)
from kotinos.channel.tests.linear.schedules import (
    BITS,
    FIRST,
    SOURCE,
    TICKS,
    edited,
    live_runs,
    package,
    schedules,
    seen_until,
)

SLATE = package(SOURCE, 2)
NAMES = ("v720", "v480", "v240", "a", "s-fr")
bits = st.integers(0, BITS - 1)


def _window(
    slots: list[SlotRow], runs: list[LiveRun], bit: int, last: int, ticks: int = 20
) -> list[Piece]:
    timeline = Timeline.of(slots, from_tick=FIRST, runs=runs)
    return list(timeline.pieces(bit, from_tick=last + 1 - ticks, until_tick=last + 1))


def _text(pieces: list[Piece], slots: list[SlotRow], name: str) -> str:
    known = {s.package_id: package(s.package_id, 64) for s in slots if s.package_id is not None}
    return playlists.linear(pieces, name, packages=known, slate_of=lambda _: SLATE)


def _numbered(text: str) -> dict[int, tuple[str, int]]:
    """Each segment's address and discontinuity number, by its media sequence number."""
    sequence = int(re.findall(r"MEDIA-SEQUENCE:(\d+)", text)[0])
    changes = int(re.findall(r"DISCONTINUITY-SEQUENCE:(\d+)", text)[0])
    found = {}
    for line in text.splitlines():
        if line == "#EXT-X-DISCONTINUITY":
            changes += 1
        elif not line.startswith("#"):
            found[sequence] = (line, changes)
            sequence += 1
    return found


@settings(max_examples=60, deadline=None)
@given(st.data(), schedules(), live_runs(), bits)
def test_what_was_published_never_changes(
    data: st.DataObject, slots: list[SlotRow], runs: list[LiveRun], bit: int
) -> None:
    """Neither time, nor an edit, nor a change of rights moves a number or an address."""
    last = data.draw(st.integers(FIRST + 25, TICKS - 40), label="last listed")
    before = _numbered(_text(_window(slots, seen_until(runs, last), bit, last), slots, "v720"))
    after = data.draw(edited(slots, last + 1), label="edited")
    later = last + data.draw(st.integers(0, 19), label="later")
    known = seen_until(runs, later + 5)
    now = _numbered(_text(_window(after, known, bit, later), after + slots, "v720"))
    shared = before.keys() & now.keys()
    assert shared, (last, later)
    assert {n: before[n] for n in shared} == {n: now[n] for n in shared}


@settings(max_examples=60, deadline=None)
@given(schedules(), live_runs(), bits, st.integers(FIRST + 25, TICKS - 1))
def test_renditions_agree(slots: list[SlotRow], runs: list[LiveRun], bit: int, last: int) -> None:
    pieces = _window(slots, runs, bit, last)
    heads = []
    for name in NAMES:
        text = _text(pieces, slots, name)
        found = _numbered(text)
        times = re.findall(r"PROGRAM-DATE-TIME:(\S+)", text)
        heads.append(([(number, changes) for number, (_, changes) in found.items()], times))
    assert heads[1:] == heads[:-1]


@settings(max_examples=60, deadline=None)
@given(schedules(), live_runs(), bits, st.integers(FIRST + 25, TICKS - 1))
def test_every_territory_keeps_world_time(
    slots: list[SlotRow], runs: list[LiveRun], bit: int, last: int
) -> None:
    text = _text(_window(slots, runs, bit, last), slots, "v480")
    tick, seconds = int(re.findall(r"MEDIA-SEQUENCE:(\d+)", text)[0]), 0.0
    assert tick == last - 19
    for line in text.splitlines():
        if line.startswith("#EXT-X-PROGRAM-DATE-TIME:"):
            assert line.endswith(f"{instant_of(tick):%Y-%m-%dT%H:%M:%S}.000Z")
        elif line.startswith("#EXTINF:"):
            tick, seconds = tick + 1, seconds + float(line[8:-1])
    assert (tick, seconds) == (last + 1, 20 * 4)


@settings(max_examples=80, deadline=None)
@given(schedules(), live_runs(), bits, st.integers(FIRST + 25, TICKS - 1))
def test_nothing_that_is_not_cleared_is_ever_listed(
    slots: list[SlotRow], runs: list[LiveRun], bit: int, last: int
) -> None:
    """Asked again of the rows, tick by tick, in the plainest way there is."""
    for piece in _window(slots, runs, bit, last):
        for tick in range(piece.from_tick, piece.until_tick):
            slot = next((s for s in slots if s.from_tick <= tick < s.until_tick), None)
            if slot is None:
                assert isinstance(piece.content, Slate)
                continue
            ruled = [r for r in slot.rulings if r.from_tick <= tick][-1]
            shown = ruled.show >> bit & 1
            later = [minutes for minutes, mask in ruled.delays if mask >> bit & 1]
            match piece.content:
                case Recorded(first=first):
                    assert shown
                    inside = first + tick - piece.from_tick
                    assert inside == slot.offset_ticks + tick - slot.from_tick
                case Live(session_id=session, first=first):
                    assert shown or later
                    then = tick - (0 if shown else later[0] * 15)
                    run = next(r for r in runs if r.from_tick <= then < r.until_tick)
                    assert (run.session_id, then >= slot.from_tick) == (session, True)
                    number = first + (tick - piece.from_tick) * 2
                    assert number == run.first_number + (then - run.from_tick) * 2
                case Slate():
                    assert not (shown and slot.package_id)


@settings(max_examples=60, deadline=None)
@given(schedules(), live_runs(), st.integers(FIRST, TICKS - 60), bits)
def test_counting_may_start_at_any_checkpoint(
    slots: list[SlotRow], runs: list[LiveRun], tick: int, bit: int
) -> None:
    whole = Timeline.of(slots, from_tick=FIRST, runs=runs)
    rest = Timeline.of(
        [slot for slot in slots if slot.until_tick > tick],
        from_tick=tick,
        changes_before=whole.changes_at(tick),
        runs=runs,
    )
    window = {"from_tick": tick + 1, "until_tick": tick + 50}
    assert list(rest.pieces(bit, **window)) == list(whole.pieces(bit, **window))


@settings(max_examples=100, deadline=None)
@given(
    st.floats(1_900_000_000, 1_900_000_100),
    st.integers(0, 9),
    st.lists(st.integers(0, 3), min_size=1, max_size=40),
)
def test_live_ticks_are_within_a_second_of_world_time(
    began_s: float, first: int, steps: list[int]
) -> None:
    from datetime import datetime, timezone  # noqa: PLC0415

    began = datetime.fromtimestamp(began_s, timezone.utc)
    numbers, number = [], first
    for step in steps:
        number += 1 + (step == 3)
        numbers.append(number)
    there = datetime.fromtimestamp(began_s, timezone.utc)
    segments = [(n, there) for n in numbers]
    for run in runs_of(SOURCE, SOURCE, began_at=began, segments=segments, holdback_seconds=1e9):
        for tick in range(run.from_tick, run.until_tick):
            number = run.first_number + (tick - run.from_tick) * 2
            assert {number, number + 1} <= set(numbers)
            assert abs(began_s + number * 2 - tick * 4) <= 1.000001
