"""Random schedules: slots, rulings, live runs, and edits as an editor could make them."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from hypothesis import strategies as st

from kotinos.channel.contracts import PackageFacts, Rung
from kotinos.channel.linear.ruling import Ruled
from kotinos.channel.linear.timeline import DAY_TICKS, LiveRun, SlotRow

FIRST = DAY_TICKS - 200  # midnight falls among them
TICKS = FIRST + 400
BITS = 6
SOURCE = UUID(int=1)
MASKS = st.integers(0, (1 << BITS) - 1)


def package(package_id: UUID, ticks: int) -> PackageFacts:
    """Facts of an invented package; sounds alternate as AAC frames make them."""
    return PackageFacts(
        id=package_id,
        programme_id=package_id,
        ticks=ticks,
        content_ms=ticks * 4000,
        frames_per_second=25,
        pictures=tuple(Rung(name, "avc1.64001f", 1, 1) for name in ("v720", "v480", "v240")),
        sounds=(Rung("a", "mp4a.40.2", 1, 1),),
        audio_us=tuple((4_010_667, 3_989_333)[n % 2] for n in range(ticks)),
    )


@st.composite
def _ruled(draw: st.DrawFn, from_tick: int) -> Ruled:
    show = draw(MASKS)
    later = draw(MASKS) & ~show
    return Ruled(from_tick, show, ((1, later),) if later and draw(st.booleans()) else ())


@st.composite
def slot_at(draw: st.DrawFn, from_tick: int, ticks: int) -> SlotRow:
    """A slot of that place and length, ruled from its beginning and perhaps once more."""
    number = draw(st.integers(10, 1 << 60))
    live = draw(st.booleans())
    rulings = [draw(_ruled(from_tick))]
    if ticks > 1 and draw(st.booleans()):
        rulings.append(draw(_ruled(draw(st.integers(from_tick + 1, from_tick + ticks - 1)))))
    return SlotRow(
        id=UUID(int=number),
        from_tick=from_tick,
        until_tick=from_tick + ticks,
        programme_id=UUID(int=number),
        package_id=None if live else UUID(int=number),
        offset_ticks=0 if live else draw(st.integers(0, 3)),
        source_id=SOURCE if live else None,
        rulings=tuple(rulings),
    )


@st.composite
def schedules(draw: st.DrawFn, from_tick: int = FIRST) -> list[SlotRow]:
    """Slots in order, some with gaps between them."""
    slots, at = [], from_tick
    while at < TICKS:
        at += draw(st.sampled_from((0, 0, 0, 1, 7)))
        ticks = draw(st.integers(1, 60))
        slots.append(draw(slot_at(at, ticks)))
        at += ticks
    return slots


@st.composite
def live_runs(draw: st.DrawFn) -> list[LiveRun]:
    """Sessions of the source, one after the other, with silences between."""
    runs, at = [], FIRST
    while at < TICKS:
        at += draw(st.integers(0, 40))
        ticks = draw(st.integers(1, 120))
        session = UUID(int=draw(st.integers(1 << 61, 1 << 62)))
        runs.append(LiveRun(SOURCE, session, at, at + ticks, draw(st.integers(0, 5)) * 2))
        at += ticks
    return runs


def seen_until(runs: list[LiveRun], tick: int) -> list[LiveRun]:
    """The runs as a process knows them when `tick` is the last that has come in."""
    return [
        replace(run, until_tick=min(run.until_tick, tick + 1))
        for run in runs
        if run.from_tick <= tick
    ]


@st.composite
def edited(draw: st.DrawFn, slots: list[SlotRow], lock: int) -> list[SlotRow]:
    """The schedule after somebody changed everything from `lock` on, and rights changed too."""
    kept = []
    for slot in slots:
        if slot.until_tick <= lock:
            kept.append(slot)
        elif slot.from_tick < lock:
            until = draw(st.integers(lock, slot.until_tick))
            rulings = [r for r in slot.rulings if r.from_tick < lock]
            if lock < until and draw(st.booleans()):
                rulings.append(draw(_ruled(lock)))
            kept.append(replace(slot, until_tick=until, rulings=tuple(rulings)))
    end = max([lock, *(slot.until_tick for slot in kept)])
    return kept + draw(schedules(end))
