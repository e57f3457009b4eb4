"""Filling gaps is a pure rule: whatever is given, what it places fits and keeps apart."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from kotinos.channel.filling import Candidate, Plan, Rule, Showing, fill, gaps_between
from kotinos.channel.results import Gap

KINDS = ("highlights", "lesson")
_candidates = st.lists(
    st.builds(
        lambda number, ticks, kind, territories: Candidate(
            UUID(int=number), UUID(int=1000 + number), ticks, kind, "", territories
        ),
        st.integers(1, 9),
        st.integers(1, 12),
        st.sampled_from(KINDS),
        st.integers(0, 200),
    ),
    max_size=6,
    unique_by=lambda each: each.programme_id,
)
_taken = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 110), st.integers(1, 20)), max_size=6)
_rules = st.builds(
    Rule,
    st.just("rule"),
    st.integers(0, 30),
    st.dictionaries(st.sampled_from(KINDS), st.integers(0, 3), max_size=2),
)


def _world(taken: list[tuple[int, int, int]]) -> tuple[list[Showing], list[Gap]]:
    showings, at = [], 0
    for number, start, length in sorted(taken, key=lambda each: each[1]):
        if start >= at:
            showings.append(Showing(UUID(int=number), start, start + length))
            at = start + length
    return showings, gaps_between([(s.from_tick, s.until_tick) for s in showings], 0, 120)


def _far_enough(candidate: Candidate, at: int, shown: list[Showing], apart: int) -> bool:
    return all(
        at + candidate.ticks + apart <= each.from_tick or each.until_tick + apart <= at
        for each in shown
        if each.programme_id == candidate.programme_id
    )


@settings(max_examples=150, deadline=None)
@given(_candidates, _taken, _rules)
def test_what_is_placed_fits_is_whole_and_far_enough_from_its_repeats(
    candidates: list[Candidate], taken: list[tuple[int, int, int]], rule: Rule
) -> None:
    showings, gaps = _world(taken)
    plan = fill(gaps, candidates, rule, showings=showings)
    _covers(plan, gaps)
    for place, planned in enumerate(plan.placed):
        others = [
            Showing(p.candidate.programme_id, p.from_tick, p.until_tick)
            for number, p in enumerate(plan.placed)
            if number != place
        ]
        assert rule.weight(planned.candidate) > 0
        assert _far_enough(
            planned.candidate, planned.from_tick, showings + others, rule.apart_ticks
        )


def _covers(plan: Plan, gaps: list[Gap]) -> None:
    """What is placed and what is left are the gaps, tick for tick, once."""
    parts = [(p.from_tick, p.until_tick) for p in plan.placed]
    parts += [(gap.from_tick, gap.until_tick) for gap in plan.left]
    ticks = [tick for start, end in parts for tick in range(start, end)]
    assert sorted(ticks) == [t for gap in gaps for t in range(gap.from_tick, gap.until_tick)]


@settings(max_examples=150, deadline=None)
@given(_candidates, _taken, _rules)
def test_what_is_left_is_what_nothing_fits(
    candidates: list[Candidate], taken: list[tuple[int, int, int]], rule: Rule
) -> None:
    showings, gaps = _world(taken)
    plan = fill(gaps, candidates, rule, showings=showings)
    shown = showings + [
        Showing(p.candidate.programme_id, p.from_tick, p.until_tick) for p in plan.placed
    ]
    for gap in plan.left:
        for candidate in candidates:
            if rule.weight(candidate):
                assert not any(
                    _far_enough(candidate, at, shown, rule.apart_ticks)
                    for at in range(gap.from_tick, gap.until_tick - candidate.ticks + 1)
                )


def test_turns_are_shared_by_weight_and_the_newest_goes_first() -> None:
    new, old = (Candidate(UUID(int=n), UUID(int=n), 5, kind) for n, kind in enumerate(KINDS))
    plan = fill([Gap(0, 60)], [new, old], Rule("even"))
    assert [p.candidate for p in plan.placed] == [new, old] * 6
    heavy = fill([Gap(0, 60)], [new, old], Rule("heavy", kinds={"lesson": 2, "highlights": 1}))
    assert heavy.placed[0].candidate is old
    only = fill([Gap(0, 60)], [new, old], Rule("only", kinds={"lesson": 1}))
    assert {p.candidate for p in only.placed} == {old}


def test_a_remainder_that_nothing_fits_is_avoided_where_it_can_be() -> None:
    long, short = (Candidate(UUID(int=n), UUID(int=n), t) for n, t in ((1, 7), (2, 5)))
    plan = fill([Gap(0, 10)], [long, short], Rule("fit"))
    assert [p.candidate for p in plan.placed] == [short, short]
    assert plan.left == ()
    assert fill([Gap(0, 4)], [long, short], Rule("fit")).left == (Gap(0, 4),)
