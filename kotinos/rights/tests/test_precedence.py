"""Which reason is given when several stand in the way, and which of several permissions counts."""

from __future__ import annotations

from kotinos.rights.contracts import (
    NOC_EMBLEM,
    Cleared,
    ConsentPolicy,
    DutyKind,
    Exclusivity,
    Law,
    Question,
    Reason,
    Refused,
)
from kotinos.rights.decide import decide
from kotinos.rights.tests.desk import NOW, Desk, moment, reason


def desk_with_mark() -> Desk:
    desk = Desk()
    desk.property("MARK", owner="IOC")
    return desk


def test_even_the_owner_needs_a_grant_and_may_give_it_to_itself() -> None:
    desk = desk_with_mark()
    assert reason(desk.ask("IOC", "MARK", "sell", "JP")) is Reason.NO_GRANT
    desk.grant("self", "IOC", "IOC", "MARK", "sell", "WORLD", signed_by=["IOC"])
    assert desk.cleared("IOC", "MARK", "sell", "JP")


def test_a_question_without_properties_is_refused() -> None:
    desk = desk_with_mark()
    asked = desk.question("IOC", "MARK", "sell", "JP")
    empty = Question(asked.seller_id, (), asked.act, asked.outlet, asked.territory, asked.at)
    answer = decide(desk.book(), empty)
    assert isinstance(answer, Refused)
    assert (answer.reason, answer.property_id) == (Reason.NO_GRANT, None)


def test_a_draft_permits_nothing() -> None:
    desk = desk_with_mark()
    desk.grant("draft", "IOC", "Shop", "MARK", "sell", "WORLD", signed_by=["IOC"])
    assert reason(desk.ask("Shop", "MARK", "sell", "JP")) is Reason.NO_GRANT


def test_a_grant_by_somebody_who_owns_nothing_permits_nothing() -> None:
    desk = desk_with_mark()
    desk.grant("false", "Thief", "Shop", "MARK", "sell", "WORLD")
    assert reason(desk.ask("Shop", "MARK", "sell", "JP")) is Reason.NO_GRANT


def test_the_owner_of_the_whole_may_grant_a_part_and_a_grant_on_the_whole_covers_the_part() -> None:
    desk = desk_with_mark()
    desk.property("MASCOT", owner="OCOG", parent="MARK")
    desk.grant("part", "IOC", "Shop", "MASCOT", "sell", "JP")
    desk.grant("whole", "IOC", "Store", "MARK", "sell", "JP")
    assert desk.cleared("Shop", "MASCOT", "sell", "JP")
    assert desk.cleared("Store", "MASCOT", "sell", "JP")
    assert reason(desk.ask("Shop", "MARK", "sell", "JP")) is Reason.NO_GRANT


def test_a_prohibition_beats_every_grant_and_names_itself() -> None:
    desk = desk_with_mark()
    desk.grant("shop", "IOC", "Shop", "MARK", "sell", "WORLD")
    row = desk.prohibit("IOC", "MARK", "sell", "JP")
    answer = desk.ask("Shop", "MARK", "sell", "JP")
    assert isinstance(answer, Refused)
    assert (answer.reason, answer.blocking_id) == (Reason.PROHIBITED, row.id)
    assert desk.cleared("Shop", "MARK", "sell", "FR")


def test_a_prohibition_by_a_stranger_and_one_for_another_seller_bind_nobody_else() -> None:
    desk = desk_with_mark()
    desk.grant("shop", "IOC", "Shop", "MARK", "sell", "WORLD")
    desk.prohibit("Thief", "MARK", "sell", "JP")
    desk.prohibit("IOC", "MARK", "sell", "JP", seller="Store")
    assert desk.cleared("Shop", "MARK", "sell", "JP")


def test_a_prohibition_ends_and_the_refusal_says_when_it_opens() -> None:
    desk = desk_with_mark()
    desk.grant("shop", "IOC", "Shop", "MARK", "sell", "WORLD")
    desk.prohibit("IOC", "MARK", "sell", "JP", end=moment(2027))
    answer = desk.ask("Shop", "MARK", "sell", "JP")
    assert isinstance(answer, Refused)
    assert answer.nearest is not None
    assert answer.nearest.opens_at == moment(2027)


def test_the_grant_that_got_farthest_gives_the_reason() -> None:
    desk = desk_with_mark()

    def why() -> Reason | None:
        return reason(desk.ask("Shop", "MARK", "sell", "JP"))

    desk.grant("a", "IOC", "Shop", "MARK", "ship", "WORLD")
    assert why() is Reason.ACT
    desk.grant("b", "IOC", "Shop", "MARK", "sell", "WORLD", outlets="pay")
    assert why() is Reason.OUTLET
    desk.grant("c", "IOC", "Shop", "MARK", "sell", "FR")
    assert why() is Reason.TERRITORY
    desk.grant("d", "IOC", "Shop", "MARK", "sell", "WORLD", end=moment(2025))
    assert why() is Reason.ENDED
    desk.grant("e", "IOC", "Shop", "MARK", "sell", "WORLD", start=moment(2028))
    assert why() is Reason.NOT_YET
    desk.grant("paused", "IOC", "Shop", "MARK", "sell", "WORLD")
    desk.suspend("paused", start=moment(2026, 1), end=moment(2026, 8))
    answer = desk.ask("Shop", "MARK", "sell", "JP")
    assert isinstance(answer, Refused)
    assert answer.reason is Reason.SUSPENDED
    assert answer.nearest is not None
    assert answer.nearest.opens_at == moment(2026, 8)


def test_no_consent_comes_before_a_spent_quota_and_both_before_a_delay() -> None:
    desk = Desk()
    desk.property("CREST", owner="NOC", kind=NOC_EMBLEM, home="KEN")
    desk.grant("g", "NOC", "Shop", "CREST", "sell", "WORLD", quota_units=1, delay_minutes=30)
    desk.spend("g", 1)
    assert reason(desk.ask("Shop", "CREST", "sell", "JP")) is Reason.NO_CONSENT
    desk.consent("JPN", ConsentPolicy.WORLD)
    assert reason(desk.ask("Shop", "CREST", "sell", "JP")) is Reason.QUOTA_SPENT
    desk.spend("g", -1)
    assert reason(desk.ask("Shop", "CREST", "sell", "JP")) is Reason.DELAYED


def test_the_later_consent_of_a_committee_replaces_the_earlier() -> None:
    desk = Desk()
    desk.property("CREST", owner="NOC", kind=NOC_EMBLEM, home="KEN")
    desk.grant("g", "NOC", "Shop", "CREST", "sell, show/*", "WORLD")
    desk.consent("JPN", ConsentPolicy.WORLD, start=moment(2025))
    desk.consent("JPN", ConsentPolicy.HOME_ONLY, start=moment(2026, 9))
    answer = desk.ask("Shop", "CREST", "sell", "JP")
    assert isinstance(answer, Cleared)
    assert answer.until == moment(2026, 9)
    assert reason(desk.ask("Shop", "CREST", "sell", "JP", at=moment(2026, 9))) is Reason.NO_CONSENT
    assert desk.cleared("Shop", "CREST", "show/live", "JP", at=moment(2026, 9)), "goods only"


def test_of_one_grantors_permissions_the_more_specific_counts_even_if_stricter() -> None:
    desk = desk_with_mark()
    desk.grant("world", "IOC", "Shop", "MARK", "sell", "WORLD")
    narrow = desk.grant(
        "japan",
        "IOC",
        "Shop",
        "MARK",
        "sell",
        "JP",
        delay_minutes=30,
        duties=((DutyKind.LABEL, "hologram"),),
    )
    late = desk.ask("Shop", "MARK", "sell", "JP", occurred_at=moment(2026))
    assert isinstance(late, Cleared)
    assert (late.chain, late.delay_minutes) == ((narrow.id,), 30)
    assert [duty.note for duty in late.duties] == ["hologram"]
    assert reason(desk.ask("Shop", "MARK", "sell", "JP")) is Reason.DELAYED
    assert desk.cleared("Shop", "MARK", "sell", "FR")


def test_a_spent_quota_of_the_specific_grant_is_not_refilled_by_the_general_one() -> None:
    desk = desk_with_mark()
    desk.grant("world", "IOC", "Shop", "MARK", "sell", "WORLD")
    desk.grant("japan", "IOC", "Shop", "MARK", "sell", "JP", quota_units=5)
    desk.spend("japan", 5)
    assert reason(desk.ask("Shop", "MARK", "sell", "JP")) is Reason.QUOTA_SPENT
    assert desk.cleared("Shop", "MARK", "sell", "FR")


def test_of_equally_specific_permissions_the_later_signed_counts() -> None:
    desk = desk_with_mark()
    desk.grant("old", "IOC", "Shop", "MARK", "sell", "JP", signed_at=moment(2010))
    new = desk.grant("new", "IOC", "Shop", "MARK", "sell", "JP", signed_at=moment(2020))
    answer = desk.ask("Shop", "MARK", "sell", "JP")
    assert isinstance(answer, Cleared)
    assert answer.chain == (new.id,)


def test_between_grantors_the_shortest_delay_counts() -> None:
    desk = desk_with_mark()
    desk.property("PART", owner="OCOG", parent="MARK")
    desk.grant("slow", "IOC", "Shop", "PART", "sell", "JP", delay_minutes=30)
    quick = desk.grant("quick", "OCOG", "Shop", "PART", "sell", "WORLD")
    answer = desk.ask("Shop", "PART", "sell", "JP")
    assert isinstance(answer, Cleared)
    assert answer.chain == (quick.id,)


def test_every_property_must_be_cleared_and_the_chain_names_each_grant_once() -> None:
    desk = desk_with_mark()
    desk.property("EMBLEM", owner="IOC", parent="MARK")
    desk.property("CREST", owner="NOC")
    shared = desk.grant("mark", "IOC", "Shop", "MARK", "sell", "WORLD", end=moment(2028))
    assert reason(desk.ask("Shop", "MARK, EMBLEM, CREST", "sell", "JP")) is Reason.NO_GRANT
    crest = desk.grant("crest", "NOC", "Shop", "CREST", "sell", "JP", end=moment(2027))
    answer = desk.ask("Shop", "CREST, EMBLEM, MARK", "sell", "JP")
    assert isinstance(answer, Cleared)
    assert (answer.chain, answer.until) == ((shared.id, crest.id), moment(2027))


def test_a_sole_grant_keeps_everybody_out_but_its_grantor() -> None:
    desk = desk_with_mark()
    desk.grant("sole", "IOC", "Shop", "MARK", "sell", "JP", exclusivity=Exclusivity.SOLE)
    assert reason(desk.ask("Store", "MARK", "sell", "JP")) is Reason.HELD_BY_OTHER
    assert reason(desk.ask("IOC", "MARK", "sell", "JP")) is Reason.NO_GRANT


def test_a_suspended_exclusive_holds_nobody_out() -> None:
    desk = desk_with_mark()
    desk.grant("one", "IOC", "Shop", "MARK", "sell", "JP", exclusivity=Exclusivity.EXCLUSIVE)
    desk.suspend("one", start=moment(2026, 1))
    assert reason(desk.ask("Store", "MARK", "sell", "JP")) is Reason.NO_GRANT


def test_passive_sales_are_lent_inside_the_area_only_when_the_law_is_on() -> None:
    for is_on in (False, True):
        desk = Desk(laws=[Law.EEA_PASSIVE_SALES] if is_on else [])
        desk.named_set("EEA", "AT,BE,DE,ES,FR,IT,LU,NL")
        desk.property("MARK", owner="IOC")
        grant = desk.grant("fr", "IOC", "Shop", "MARK", "sell, ship", "FR")
        desk.prohibit("IOC", "MARK", "sell", "LU")
        answer = desk.ask("Shop", "MARK", "sell", "BE")
        assert isinstance(answer, Cleared) is is_on
        if isinstance(answer, Cleared):
            assert (answer.law, answer.chain) == (Law.EEA_PASSIVE_SALES, (grant.id,))
        assert reason(desk.ask("Shop", "MARK", "ship", "BE")) is Reason.TERRITORY
        assert reason(desk.ask("Shop", "MARK", "sell", "LU")) is Reason.PROHIBITED
        assert reason(desk.ask("Shop", "MARK", "sell", "GB")) is Reason.TERRITORY


def test_an_unknown_territory_is_refused() -> None:
    desk = desk_with_mark()
    desk.grant("world", "IOC", "Shop", "MARK", "sell", "WORLD")
    answer = decide(desk.book(), desk.question("Shop", "MARK", "sell", "ZZ", at=NOW))
    assert reason(answer) is Reason.TERRITORY
