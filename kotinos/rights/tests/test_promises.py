"""What holds in every world: chains, knowledge of a moment, and answers that last as they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kotinos.games.contracts import HomeSpan
from kotinos.rights.contracts import Cleared, Exclusivity, Reason, Refused
from kotinos.rights.decide import decide, verdict
from kotinos.rights.tests.desk import NOW, Desk, moment, reason
from kotinos.rights.tests.worlds import DAYS, day, random_book, random_question

if TYPE_CHECKING:
    from random import Random

EVERY_WORLD = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
WORLDS = st.randoms(use_true_random=False)


def sublicensed() -> Desk:
    desk = Desk()
    desk.property("MARK", owner="IOC")
    desk.grant("parent", "IOC", "Agency", "MARK", "sell", "FR,BE", may_sublicense=True)
    desk.grant("child", "Agency", "Shop", "MARK", "sell", "FR,BE", parent="parent")
    return desk


def test_a_child_holds_only_where_its_parent_still_does_after_the_parent_is_cut() -> None:
    desk = sublicensed()
    parent = desk.grants["parent"]
    assert desk.cleared("Shop", "MARK", "sell", "BE")
    desk.grants["parent"] = replace(parent, territory="FR")
    assert desk.cleared("Shop", "MARK", "sell", "FR")
    answer = desk.ask("Shop", "MARK", "sell", "BE")
    assert isinstance(answer, Refused)
    assert (answer.reason, answer.blocking_id) == (Reason.PARENT_LOST, parent.id)


def test_a_suspended_parent_suspends_its_children_until_it_is_lifted() -> None:
    desk = sublicensed()
    desk.suspend("parent", start=moment(2026), end=moment(2026, 9))
    answer = desk.ask("Shop", "MARK", "sell", "FR")
    assert isinstance(answer, Refused)
    assert answer.reason is Reason.PARENT_LOST
    assert answer.nearest is not None
    assert answer.nearest.opens_at == moment(2026, 9)


def test_a_parent_that_may_not_be_sublicensed_or_is_unknown_carries_nothing() -> None:
    desk = sublicensed()
    desk.grants["parent"] = replace(desk.grants["parent"], may_sublicense=False)
    assert reason(desk.ask("Shop", "MARK", "sell", "FR")) is Reason.NO_GRANT
    del desk.grants["parent"]
    assert reason(desk.ask("Shop", "MARK", "sell", "FR")) is Reason.PARENT_LOST


def test_a_member_of_a_consortium_may_sublicense_what_the_consortium_holds() -> None:
    desk = Desk()
    desk.property("SIGNAL", owner="IOC")
    desk.consortium("EBU+WBD", "EBU", "WBD")
    joint = desk.grant("joint", "IOC", "EBU+WBD", "SIGNAL", "show/*", "FR", may_sublicense=True)
    child = desk.grant("child", "EBU", "FTV", "SIGNAL", "show/live", "FR", parent="joint")
    answer = desk.ask("FTV", "SIGNAL", "show/live", "FR")
    assert isinstance(answer, Cleared)
    assert answer.chain == (joint.id, child.id)


def test_a_childs_delay_is_never_shorter_than_its_parents_and_a_parents_quota_stops_it() -> None:
    desk = sublicensed()
    desk.grants["parent"] = replace(desk.grants["parent"], delay_minutes=45, quota_units=2)
    answer = desk.ask("Shop", "MARK", "sell", "FR", occurred_at=NOW - timedelta(minutes=45))
    assert isinstance(answer, Cleared)
    assert answer.delay_minutes == 45
    desk.spend("parent", 2)
    spent = desk.ask("Shop", "MARK", "sell", "FR", occurred_at=NOW - timedelta(minutes=45))
    assert isinstance(spent, Refused)
    assert (spent.reason, spent.blocking_id) == (Reason.QUOTA_SPENT, desk.grants["parent"].id)


def test_a_home_that_changes_hands_changes_the_answer_on_that_day() -> None:
    desk = Desk()
    desk.property("CREST", owner="NOC")
    desk.homes += [
        HomeSpan("FRA", "RE", moment(2000), moment(2026, 10)),
        HomeSpan("KEN", "RE", moment(2026, 10), None),
    ]
    desk.grant("home", "NOC", "Shop", "CREST", "sell", "HOME(FRA)")
    answer = desk.ask("Shop", "CREST", "sell", "RE")
    assert isinstance(answer, Cleared)
    assert answer.until == moment(2026, 10)
    assert reason(desk.ask("Shop", "CREST", "sell", "RE", at=moment(2026, 10))) is Reason.TERRITORY


def test_what_was_known_then_gives_the_answer_of_then() -> None:
    desk = sublicensed()
    desk.terminate("child", at=moment(2026, 1), recorded_at=moment(2026, 3))
    may = moment(2026, 2)
    then = desk.ask("Shop", "MARK", "sell", "FR", at=may, as_of=may)
    now = desk.ask("Shop", "MARK", "sell", "FR", at=may, as_of=NOW)
    assert isinstance(then, Cleared)
    assert reason(now) is Reason.ENDED


def test_a_grant_signed_late_covers_its_whole_window_once_it_is_known() -> None:
    desk = Desk()
    desk.property("MARK", owner="IOC")
    desk.grant("late", "IOC", "Shop", "MARK", "sell", "JP", recorded_at=moment(2026, 5))
    asked = moment(2026, 4)
    before = desk.ask("Shop", "MARK", "sell", "JP", at=asked, as_of=asked)
    assert reason(before) is Reason.NO_GRANT
    assert isinstance(desk.ask("Shop", "MARK", "sell", "JP", at=asked, as_of=NOW), Cleared)


@EVERY_WORLD
@given(WORLDS)
def test_a_decision_is_reproduced_by_any_later_book_asked_as_of_then(random: Random) -> None:
    everything = random_book(random)
    as_of = day(random.randint(0, DAYS))
    at_the_time = everything.known_at(as_of)
    question = random_question(random, at_the_time)
    grown = replace(
        everything,
        grants=tuple(reversed(everything.grants)),
        properties=everything.properties[::-1],
    )
    assert decide(at_the_time, question) == decide(grown.known_at(as_of), question)


@EVERY_WORLD
@given(WORLDS)
def test_a_clearance_lasts_exactly_until_it_says(random: Random) -> None:
    book = random_book(random).known_at(day(DAYS))
    question = random_question(random, book)
    answer = verdict(book, question)
    if isinstance(answer, Cleared):
        end = answer.until or day(DAYS * 4)
        last = end - timedelta(microseconds=1)
        inside = question.at + (last - question.at) * random.random()
        for at in (inside, last):
            same = verdict(book, replace(question, at=at))
            assert isinstance(same, Cleared)
            assert (_ground(same), same.until) == (_ground(answer), answer.until)
        if answer.until:
            later = verdict(book, replace(question, at=answer.until))
            assert not isinstance(later, Cleared) or _ground(later) != _ground(answer)


def _ground(answer: Cleared) -> tuple[object, ...]:
    return answer.chain, answer.delay_minutes, answer.law


@EVERY_WORLD
@given(WORLDS)
def test_every_link_of_a_clearance_covers_the_question_itself(random: Random) -> None:
    book = random_book(random).known_at(day(DAYS))
    for _ in range(4):
        question = random_question(random, book)
        answer = verdict(book, question)
        if isinstance(answer, Cleared) and answer.law is None:
            for link in (book.grant_by_id[grant_id] for grant_id in answer.chain):
                assert question.act in link.acts
                assert question.outlet in link.outlets
                assert link.window.covers(question.at)
                assert book.names(link.territory, question.territory, question.at)
                assert book.is_signed(link)
                assert not book.is_spent(link)
                assert link.delay_minutes <= answer.delay_minutes


@EVERY_WORLD
@given(WORLDS)
def test_exclusivity_refuses_nobody_at_decision_time(
    random: Random,
) -> None:
    """It is kept at signing (rule 4), and only names the holder to those without a grant."""
    book = random_book(random).known_at(day(DAYS))
    question = random_question(random, book)
    loose = replace(
        book,
        grants=tuple(replace(g, exclusivity=Exclusivity.NON_EXCLUSIVE) for g in book.grants),
    )
    was, becomes = verdict(book, question), verdict(loose, question)
    assert isinstance(was, Cleared) == isinstance(becomes, Cleared)
