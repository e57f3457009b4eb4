"""The real grants of `facts/rights_cases.json` that are about showing; goods: `test_cases`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.rights.acts import Outlet
from kotinos.rights.contracts import (
    Cleared,
    DutyKind,
    Exclusivity,
    Reason,
    Refused,
)
from kotinos.rights.tests.desk import Desk, moment, reason

if TYPE_CHECKING:
    from kotinos.rights.contracts import Decision

EXCLUSIVE = Exclusivity.EXCLUSIVE
SHOW = "show/*"
SCREENS = "free-to-air, pay, internet, mobile"


def test_nbc_us_shows_on_all_platforms_in_one_country_until_2032() -> None:
    desk = Desk()
    desk.property("SIGNAL", owner="IOC", kind="signal")
    desk.grant(
        "nbc",
        "IOC",
        "NBC",
        "SIGNAL",
        SHOW,
        "US",
        outlets=SCREENS,
        exclusivity=EXCLUSIVE,
        start=moment(2014, 1),
        end=moment(2033, 1),
    )
    for outlet in (Outlet.FREE_TO_AIR, Outlet.PAY, Outlet.INTERNET, Outlet.MOBILE):
        answer = desk.ask("NBC", "SIGNAL", "show/live", "US", outlet=outlet, at=moment(2026))
        assert isinstance(answer, Cleared)
        assert answer.until == moment(2033, 1)
    shop = desk.ask("NBC", "SIGNAL", "show/vod", "US", outlet=Outlet.OWN_SHOP)
    assert reason(shop) is Reason.OUTLET
    assert reason(desk.ask("NBC", "SIGNAL", "sell", "US")) is Reason.ACT


def discovery() -> Desk:
    desk = Desk()
    desk.property("SIGNAL", owner="IOC", kind="signal")
    desk.named_set("EUROPE50", "AT,BE,CH,DE,ES,FR,GB,IT,LU,NL")
    desk.grant(
        "discovery",
        "IOC",
        "Discovery",
        "SIGNAL",
        SHOW,
        "EUROPE50",
        outlets="*",
        exclusivity=EXCLUSIVE,
        may_sublicense=True,
        start=moment(2018, 1),
        end=moment(2025, 1),
    )
    return desk


def test_discovery_europe_holds_fifty_territories_for_four_games() -> None:
    desk = discovery()
    for act in ("show/live", "show/delayed", "show/vod", "show/clip"):
        assert desk.cleared("Discovery", "SIGNAL", act, "DE", at=moment(2020))
    assert reason(desk.ask("Discovery", "SIGNAL", "show/live", "US", at=moment(2020))) is (
        Reason.TERRITORY
    )
    assert reason(desk.ask("Discovery", "SIGNAL", "show/live", "DE", at=moment(2025, 1))) is (
        Reason.ENDED
    )


def test_ftv_sublicence_stands_on_its_parent_and_falls_with_it() -> None:
    desk = discovery()
    ftv = desk.grant(
        "ftv",
        "Discovery",
        "FTV",
        "SIGNAL",
        SHOW,
        "FR",
        outlets="free-to-air",
        parent="discovery",
        exclusivity=EXCLUSIVE,
        start=moment(2022, 1),
        end=moment(2025, 1),
    )
    parent = desk.grants["discovery"]
    answer = desk.ask(
        "FTV", "SIGNAL", "show/live", "FR", outlet=Outlet.FREE_TO_AIR, at=moment(2024, 7)
    )
    assert isinstance(answer, Cleared)
    assert answer.chain == (parent.id, ftv.id)
    assert (
        reason(
            desk.ask(
                "FTV", "SIGNAL", "show/live", "BE", outlet=Outlet.FREE_TO_AIR, at=moment(2024, 7)
            )
        )
        is Reason.HELD_BY_OTHER
    )
    desk.terminate("discovery", at=moment(2024, 1))
    fallen = desk.ask(
        "FTV", "SIGNAL", "show/live", "FR", outlet=Outlet.FREE_TO_AIR, at=moment(2024, 7)
    )
    assert isinstance(fallen, Refused)
    assert (fallen.reason, fallen.blocking_id) == (Reason.PARENT_LOST, parent.id)


def test_ebu_and_wbd_hold_europe_jointly_as_one_consortium() -> None:
    desk = Desk()
    desk.property("SIGNAL", owner="IOC", kind="signal")
    desk.named_set("EUROPE49", "AT,BE,CH,DE,ES,FR,GB,IT,LU,NL")
    desk.consortium("EBU+WBD", "EBU", "WBD")
    desk.grant(
        "joint",
        "IOC",
        "EBU+WBD",
        "SIGNAL",
        SHOW,
        "EUROPE49",
        outlets="*",
        start=moment(2026, 1),
        end=moment(2033, 1),
    )
    for member in ("EBU", "WBD"):
        assert desk.cleared(member, "SIGNAL", "show/live", "IT", at=moment(2028, 7))
    assert reason(desk.ask("NBC", "SIGNAL", "show/live", "IT", at=moment(2028, 7))) is (
        Reason.NO_GRANT
    )


SOUTH_ASIA = "BD,BT,IN,MV,NP,PK,LK"


def test_viacom18_owes_free_to_air_coverage_for_its_exclusive_games() -> None:
    desk = Desk()
    desk.property("PARIS-SIGNAL", owner="IOC", kind="signal")
    desk.grant(
        "paris",
        "IOC",
        "Viacom18",
        "PARIS-SIGNAL",
        SHOW,
        SOUTH_ASIA,
        outlets="*",
        exclusivity=EXCLUSIVE,
        duties=((DutyKind.FREE_TO_AIR, "coverage within the region"),),
    )
    answer = desk.ask("Viacom18", "PARIS-SIGNAL", "show/live", "NP", outlet=Outlet.PAY)
    assert isinstance(answer, Cleared)
    assert [duty.kind for duty in answer.duties] == [DutyKind.FREE_TO_AIR]
    other = desk.ask("Doordarshan", "PARIS-SIGNAL", "show/live", "IN", outlet=Outlet.PAY)
    assert reason(other) is Reason.HELD_BY_OTHER


def test_viacom18_shares_the_youth_games_with_others() -> None:
    desk = Desk()
    desk.property("YOUTH-SIGNAL", owner="IOC", kind="signal")
    first = desk.grant("one", "IOC", "Viacom18", "YOUTH-SIGNAL", SHOW, SOUTH_ASIA)
    second = desk.grant("two", "IOC", "Doordarshan", "YOUTH-SIGNAL", SHOW, "IN")
    assert desk.conflicts(first) == desk.conflicts(second) == []
    for seller in ("Viacom18", "Doordarshan"):
        assert desk.cleared(seller, "YOUTH-SIGNAL", "show/live", "IN")


def test_cmg_alone_uses_the_word_on_the_mainland_but_not_in_hong_kong_macao_or_taipei() -> None:
    desk = Desk()
    desk.property("WORD", owner="IOC", kind="word")
    desk.property("SIGNAL", owner="IOC", kind="signal")
    desk.grant(
        "word",
        "IOC",
        "CMG",
        "WORD",
        "show/*, use-word",
        "CN,-HK,-MO,-TW",
        outlets="*",
        exclusivity=EXCLUSIVE,
        start=moment(2021, 10, 25),
    )
    assert desk.cleared("CMG", "WORD", "use-word", "CN", at=moment(2024))
    for territory in ("HK", "MO", "TW"):
        answer = desk.ask("CMG", "WORD", "use-word", territory, at=moment(2024))
        assert reason(answer) is Reason.TERRITORY
    rival = desk.ask("Youku", "WORD", "use-word", "CN", at=moment(2024))
    assert reason(rival) is Reason.HELD_BY_OTHER
    eve = desk.ask("CMG", "WORD", "use-word", "CN", at=moment(2021, 10, 24))
    assert reason(eve) is Reason.NOT_YET


def test_youku_shows_thirty_minutes_after_the_event_under_cctvs_grant() -> None:
    desk = Desk()
    desk.property("RIO", owner="IOC", kind="signal")
    desk.grant("cctv", "IOC", "CCTV", "RIO", SHOW, "CN", may_sublicense=True)
    youku = desk.grant(
        "youku", "CCTV", "Youku", "RIO", "show/delayed", "CN", parent="cctv", delay_minutes=30
    )
    event = moment(2016, 8, 10, 20, 0)

    def ask(act: str, minute: int) -> Decision:
        at = moment(2016, 8, 10, 20, minute)
        online = Outlet.INTERNET
        return desk.ask("Youku", "RIO", act, "CN", outlet=online, at=at, occurred_at=event)

    early = ask("show/delayed", 29)
    assert isinstance(early, Refused)
    assert (early.reason, early.blocking_id) == (Reason.DELAYED, youku.id)
    assert early.nearest is not None
    assert early.nearest.opens_at == moment(2016, 8, 10, 20, 30)
    on_time = ask("show/delayed", 30)
    assert isinstance(on_time, Cleared)
    assert on_time.delay_minutes == 30
    assert reason(ask("show/live", 30)) is Reason.ACT
    assert desk.cleared("CCTV", "RIO", "show/live", "CN")
