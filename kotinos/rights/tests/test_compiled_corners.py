"""Corners of the compiled form that random worlds meet seldom; every `ask` compares both forms."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from kotinos.rights.compile import Compiler
from kotinos.rights.contracts import (
    NOC_EMBLEM,
    Clearance,
    Cleared,
    ConsentPolicy,
    Law,
    Outlet,
    Reason,
    use_bit,
)
from kotinos.rights.snapshot import Snapshot, Surroundings
from kotinos.rights.tests.desk import NOW, Desk, moment, reason
from kotinos.rights.tests.worlds import DAYS, PROPERTIES, day, random_book


def area_desk() -> Desk:
    desk = Desk(laws=[Law.EEA_PASSIVE_SALES])
    desk.named_set("EEA", "AT,BE,DE,ES,FR,IT,LU,NL")
    desk.property("MARK", owner="IOC")
    desk.property("CREST", owner="NOC", kind=NOC_EMBLEM, home="FRA")
    return desk


def test_the_law_lends_nothing_where_any_of_the_properties_is_prohibited() -> None:
    desk = area_desk()
    desk.grant("a", "IOC", "Shop", "MARK", "sell", "FR")
    desk.grant("b", "NOC", "Shop", "CREST", "sell", "FR")
    for code in ("MARK", "CREST"):
        desk.prohibitions.clear()
        desk.prohibit("IOC" if code == "MARK" else "NOC", code, "sell", "BE")
        assert reason(desk.ask("Shop", "MARK, CREST", "sell", "BE")) is Reason.PROHIBITED
        assert desk.cleared("Shop", "MARK, CREST", "sell", "LU")


def test_the_law_lends_the_clearance_with_the_shortest_delay_without_consents() -> None:
    desk = area_desk()
    desk.grant("slow", "NOC", "Shop", "CREST", "sell", "AT", delay_minutes=60)
    quick = desk.grant("quick", "NOC", "Shop", "CREST", "sell", "FR")
    desk.consent("AUT", ConsentPolicy.WORLD, share_basis_points=100)
    desk.consent("LUX", ConsentPolicy.WORLD, share_basis_points=100)
    answer = desk.ask("Shop", "CREST", "sell", "LU")
    assert isinstance(answer, Cleared)
    assert (answer.chain, answer.consents, answer.law) == (
        (quick.id,),
        (),
        Law.EEA_PASSIVE_SALES,
    )


def test_two_crests_in_one_of_their_homes_need_the_hosts_consent_for_the_guest() -> None:
    desk = Desk()
    desk.property("KEN-CREST", owner="NOC-KEN", kind=NOC_EMBLEM, home="KEN")
    desk.property("JPN-CREST", owner="NOC-JPN", kind=NOC_EMBLEM, home="JPN")
    desk.grant("k", "NOC-KEN", "Shop", "KEN-CREST", "sell", "JP")
    desk.grant("j", "NOC-JPN", "Shop", "JPN-CREST", "sell", "JP")
    assert reason(desk.ask("Shop", "KEN-CREST, JPN-CREST", "sell", "JP")) is Reason.NO_CONSENT
    consent = desk.consent("JPN", ConsentPolicy.LISTED, listed=["KEN"])
    answer = desk.ask("Shop", "KEN-CREST, JPN-CREST", "sell", "JP")
    assert isinstance(answer, Cleared)
    assert answer.consents == (consent.id,)
    alone = desk.ask("Shop", "JPN-CREST", "sell", "JP")
    assert isinstance(alone, Cleared)
    assert alone.consents == ()


def test_rows_never_overlap_so_that_one_moment_has_one_answer() -> None:
    sets = [(PROPERTIES[0].id,), (PROPERTIES[2].id,), (PROPERTIES[0].id, PROPERTIES[2].id)]
    compared = 0
    for seed in range(150):
        book = random_book(Random(seed)).known_at(day(DAYS))
        for properties in sets:
            rows = Compiler(book).compile(properties)
            for number, one in enumerate(rows):
                compared += 1
                assert not any(_overlap(one, two) for two in rows[:number])
    assert compared > 100


def _overlap(one: Clearance, two: Clearance) -> bool:
    return bool(
        one.seller_id == two.seller_id
        and one.uses & two.uses
        and one.mask & two.mask
        and (one.until_at is None or two.from_at is None or two.from_at < one.until_at)
        and (two.until_at is None or one.from_at is None or one.from_at < two.until_at)
    )


def test_a_snapshot_forgets_the_sellers_that_a_new_put_no_longer_names() -> None:
    desk = Desk()
    desk.property("MARK", owner="IOC")
    one = desk.grant("one", "IOC", "Shop", "MARK", "sell", "JP,FR", end=moment(2028))
    desk.grant("two", "IOC", "Store", "MARK", "sell", "JP", delay_minutes=30)
    set_id, ids = desk.id("set", "MARK"), (desk.properties["MARK"].id,)
    use = use_bit(desk.question("Shop", "MARK", "sell", "JP").act, Outlet.OWN_SHOP)
    snapshot = Snapshot(Surroundings.of(desk.book()))
    snapshot.put(set_id, Compiler(desk.book()).compile(ids))
    bits = desk.atlas.bits
    both = 1 << bits["JP"] | 1 << bits["FR"]
    assert snapshot.cleared_mask(set_id, None, use, NOW) == both
    assert snapshot.cleared_mask(set_id, desk.org("Store"), use, NOW) == 0, "delayed"
    store = (set_id, desk.org("Store"), use, bits["JP"], NOW)
    assert snapshot.decide(*store) is None
    assert snapshot.decide(*store, NOW - timedelta(minutes=30)) is not None
    del desk.grants["one"]
    snapshot.put(set_id, Compiler(desk.book()).compile(ids))
    assert snapshot.decide(set_id, one.grantee_id, use, bits["JP"], NOW) is None
    assert snapshot.cleared_mask(set_id, None, use, NOW) == 0
