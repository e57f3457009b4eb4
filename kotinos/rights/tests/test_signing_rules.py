"""What a rights manager sees before signing: conflicts, excesses, effects; and the export."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kotinos.games.contracts import SetSpan
from kotinos.rights import acts as act_text
from kotinos.rights.acts import Act, Outlet, UnknownWord
from kotinos.rights.conflicts import exclusive_rows, ranges
from kotinos.rights.contracts import DutyKind, Exclusivity, Window
from kotinos.rights.excess import excesses
from kotinos.rights.odrl import policy
from kotinos.rights.simulate import simulate
from kotinos.rights.tests.desk import NOW, Desk, moment

EXCLUSIVE, SOLE = Exclusivity.EXCLUSIVE, Exclusivity.SOLE


def desk_with_mark() -> Desk:
    desk = Desk()
    desk.property("MARK", owner="IOC")
    desk.property("MASCOT", owner="IOC", parent="MARK")
    return desk


def test_two_exclusives_that_overlap_are_shown_with_the_exact_overlap() -> None:
    desk = desk_with_mark()
    held = desk.grant(
        "held",
        "IOC",
        "Shop",
        "MASCOT",
        "sell, ship",
        "FR,BE,LU",
        outlets="own-shop, internet",
        exclusivity=EXCLUSIVE,
        start=moment(2025),
        end=moment(2027),
    )
    draft = desk.grant(
        "draft",
        "IOC",
        "Store",
        "MARK",
        "sell, make",
        "EU",
        outlets="internet",
        exclusivity=EXCLUSIVE,
        start=moment(2026),
        signed_by=[],
    )
    desk.sets.append(SetSpan("EU", "FR,BE,DE", moment(2000), moment(2026, 10)))
    desk.sets.append(SetSpan("EU", "FR,DE", moment(2026, 10), None))
    first, second = desk.conflicts(draft)
    assert first.grant_id == second.grant_id == held.id
    assert first.property_ids == (desk.properties["MASCOT"].id,)
    assert (first.acts, first.outlets) == ((Act.SELL,), (Outlet.INTERNET,))
    assert (first.territories, first.window) == (
        ("BE", "FR"),
        Window(moment(2026), moment(2026, 10)),
    )
    assert (second.territories, second.window) == (
        ("FR",),
        Window(moment(2026, 10), moment(2027)),
    )


def test_a_draft_exclusive_conflicts_with_others_existing_grants_and_they_with_it() -> None:
    desk = desk_with_mark()
    desk.grant("free", "IOC", "Shop", "MARK", "sell", "JP")
    draft = desk.grant("draft", "IOC", "Store", "MARK", "sell", "WORLD", exclusivity=EXCLUSIVE)
    assert [c.territories for c in desk.conflicts(draft)] == [("JP",)]
    assert [c.grant_id for c in desk.conflicts(desk.grants["free"])] == [draft.id]


def test_drafts_ended_grants_the_same_party_and_other_acts_or_places_are_no_conflict() -> None:
    desk = desk_with_mark()
    desk.grant("a", "IOC", "Shop", "MARK", "sell", "JP", exclusivity=EXCLUSIVE, signed_by=["IOC"])
    desk.grant("b", "IOC", "Shop", "MARK", "sell", "JP", exclusivity=EXCLUSIVE)
    desk.terminate("b", at=moment(2020))
    desk.grant("c", "IOC", "Store", "MARK", "sell", "JP", exclusivity=EXCLUSIVE)
    desk.grant("d", "IOC", "Shop", "MARK", "ship", "JP", exclusivity=EXCLUSIVE)
    desk.grant("e", "IOC", "Shop", "MARK", "sell", "FR", exclusivity=EXCLUSIVE)
    draft = desk.grant(
        "draft", "IOC", "Store", "MARK", "sell", "JP", exclusivity=EXCLUSIVE, start=moment(2026)
    )
    assert desk.conflicts(draft) == []


def test_lineage_and_what_the_holder_gives_on_are_no_conflict_but_siblings_are() -> None:
    desk = desk_with_mark()
    desk.grant(
        "root",
        "IOC",
        "Agency",
        "MARK",
        "sell",
        "WORLD",
        exclusivity=EXCLUSIVE,
        may_sublicense=True,
    )
    one = desk.grant(
        "one", "Agency", "Shop", "MARK", "sell", "JP", parent="root", exclusivity=EXCLUSIVE
    )
    assert desk.conflicts(one) == []
    two = desk.grant("two", "Agency", "Store", "MARK", "sell", "JP,FR", parent="root")
    assert [(c.grant_id, c.territories) for c in desk.conflicts(two)] == [(one.id, ("JP",))]
    rival = desk.grant("rival", "IOC", "Rival", "MARK", "sell", "FR")
    assert {c.grant_id for c in desk.conflicts(rival)} == {desk.grants["root"].id}


def test_a_sole_grant_leaves_room_for_its_grantor_only() -> None:
    desk = desk_with_mark()
    own = desk.grant("own", "IOC", "IOC", "MARK", "sell", "WORLD")
    sole = desk.grant("sole", "IOC", "Shop", "MARK", "sell", "JP", exclusivity=SOLE)
    assert desk.conflicts(sole) == desk.conflicts(own) == []
    exclusive = desk.grants["x"] = replace(sole, id=desk.id("grant", "x"), exclusivity=EXCLUSIVE)
    assert {c.grant_id for c in desk.conflicts(exclusive)} == {own.id}
    store = desk.grant("store", "IOC", "Store", "MARK", "sell", "JP", exclusivity=SOLE)
    assert sole.id in {c.grant_id for c in desk.conflicts(store)}


def test_exclusives_explode_into_one_row_a_property_and_stretch_of_time() -> None:
    desk = desk_with_mark()
    desk.sets.append(SetSpan("EU", "FR,BE", moment(2000), moment(2026, 10)))
    desk.sets.append(SetSpan("EU", "FR", moment(2026, 10), None))
    grant = desk.grant(
        "g",
        "IOC",
        "Shop",
        "MARK",
        "sell, ship",
        "EU",
        outlets="own-shop, internet",
        exclusivity=EXCLUSIVE,
        start=moment(2026),
        end=moment(2028),
    )
    rows = exclusive_rows(desk.book(), grant)
    assert len(rows) == 4
    assert {row.property_id for row in rows} == {p.id for p in desk.properties.values()}
    assert {(row.window.from_at, row.window.until_at) for row in rows} == {
        (moment(2026), moment(2026, 10)),
        (moment(2026, 10), moment(2028)),
    }
    assert (ranges(rows[0].acts), ranges(rows[0].outlets)) == ([(1, 3)], [(0, 1), (5, 6)])
    own = desk.grant("own", "IOC", "IOC", "MARK", "sell", "JP", exclusivity=EXCLUSIVE)
    free = desk.grant("free", "IOC", "Shop", "MARK", "sell", "JP")
    assert exclusive_rows(desk.book(), own) == exclusive_rows(desk.book(), free) == []


@given(st.integers(0, 2**70))
def test_ranges_name_every_bit_once_in_maximal_runs(mask: int) -> None:
    runs = ranges(mask)
    assert sum(((1 << stop - start) - 1) << start for start, stop in runs) == mask
    assert all(before[1] < after[0] for before, after in itertools.pairwise(runs))


def test_a_child_beyond_its_parent_is_told_every_excess_in_words() -> None:
    desk = desk_with_mark()
    desk.property("OTHER", owner="IOC")
    parent = desk.grant("parent", "IOC", "Agency", "MARK", "sell", "FR,DE", outlets="own-shop")
    window = Window(moment(2026), moment(2028))
    desk.grants["parent"] = replace(parent, window=window, delay_minutes=30, quota_units=100)
    child = desk.grant(
        "child", "Agency", "Shop", "OTHER", "sell, show/*", "FR,BE,LU", parent="parent",
        exclusivity=EXCLUSIVE, start=moment(2025), quota_units=101, outlets="own-shop, pay",
    )  # fmt: skip
    assert [e.text for e in excesses(desk.book(), child)] == [
        f"{dimension}: exceeds parent by {detail}"
        for dimension, detail in (
            ("property", "OTHER"),
            ("act", "show/*"),
            ("outlet", "pay"),
            ("territory", "BE, LU"),
            ("window", "a start 2025-06-01 before 2026-06-01"),
            ("window", "an end without limit after 2028-06-01"),
            ("quota", "101 over 100 units"),
            ("exclusivity", "exclusive over non-exclusive"),
            ("delay", "30 minutes too early"),
            ("sublicence", "a licence that its parent does not allow"),
        )
    ]


def test_a_child_within_its_parent_and_a_root_grant_exceed_nothing() -> None:
    desk = desk_with_mark()
    parent = desk.grant(
        "parent", "IOC", "Agency", "MARK", "*", "WORLD", may_sublicense=True, exclusivity=SOLE
    )
    child = desk.grant(
        "child",
        "Agency",
        "Shop",
        "MASCOT",
        "sell",
        "JP",
        parent="parent",
        exclusivity=SOLE,
        delay_minutes=5,
        quota_units=1,
        start=moment(2026),
        end=moment(2027),
    )
    assert excesses(desk.book(), child) == excesses(desk.book(), parent) == []


def test_a_simulation_shows_what_grants_would_open_and_close_for_works() -> None:
    desk = desk_with_mark()
    old = desk.grant("old", "IOC", "Shop", "MARK", "sell", "FR,DE")
    draft = desk.grant("new", "IOC", "Store", "MASCOT", "sell", "JP,FR", signed_by=[])
    mark, mascot = desk.properties["MARK"].id, desk.properties["MASCOT"].id
    effects = simulate(
        desk.book(),
        [(mark,), (mascot,), (mascot, mark)],
        added=[draft],
        removed=[old.id],
        act=Act.SELL,
        outlet=Outlet.OWN_SHOP,
        at=NOW,
    )
    told = {e.properties: (desk.atlas.codes(e.gained), desk.atlas.codes(e.lost)) for e in effects}
    assert told == {
        (mark,): ((), ("DE", "FR")),
        (mascot,): (("JP",), ("DE",)),
        (mark, mascot): ((), ("DE", "FR")),
    }


def test_an_odrl_policy_names_parties_target_actions_constraints_and_duties() -> None:
    desk = desk_with_mark()
    desk.grant("parent", "IOC", "CCTV", "MARK", "show/*", "CN", may_sublicense=True)
    grant = desk.grant(
        "g",
        "CCTV",
        "Youku",
        "MARK",
        "show/delayed",
        "CN,-HK",
        parent="parent",
        outlets="internet",
        delay_minutes=30,
        quota_units=7,
        start=moment(2016),
        duties=((DutyKind.ROYALTY, "twelve per cent"), (DutyKind.REPORT, "monthly")),
    )
    found = json.loads(json.dumps(policy(desk.book(), grant, at=NOW)))
    (permission,) = found["permission"]
    assert found["@type"] == "Agreement"
    assert found["k:territoryText"] == "CN,-HK"
    assert permission["assigner"] == desk.org("CCTV").urn
    assert permission["target"]["k:code"] == "MARK"
    assert [action["rdf:value"]["@id"] for action in permission["action"]] == ["k:show-delayed"]
    assert [c["leftOperand"] for c in permission["constraint"]] == [
        "spatial",
        "dateTime",
        "k:delayAfterEvent",
        "count",
    ]
    assert permission["constraint"][0]["rightOperand"] == ["iso3166:CN"]
    assert [duty["action"] for duty in permission["duty"]] == ["compensate", "k:report"]


def test_act_text_is_parsed_written_back_and_corrected() -> None:
    assert act_text.acts("show/*, sell") == (
        Act.SELL,
        Act.SHOW_LIVE,
        Act.SHOW_DELAYED,
        Act.SHOW_VOD,
        Act.SHOW_CLIP,
    )
    assert act_text.acts("sel") == UnknownWord("sel", "sell")
    assert act_text.outlets("own-shp") == UnknownWord("own-shp", "own-shop")
    for text in ("*", "sell, ship, show/*", "sell/ticket"):
        parsed = act_text.acts(text)
        assert isinstance(parsed, tuple)
        assert act_text.acts_text(parsed) == text
