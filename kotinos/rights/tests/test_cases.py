"""The sixteen real grants of `facts/rights_cases.json`: goods and tickets; `test_cases_shows`.

Only place, time and party matter here; names follow the public texts. Dates not in the text are
the simplest that fit it.
"""

from __future__ import annotations

from kotinos.rights.acts import Act, Outlet
from kotinos.rights.contracts import (
    NOC_EMBLEM,
    Cleared,
    ConsentPolicy,
    Duty,
    DutyKind,
    Exclusivity,
    Reason,
    Refused,
)
from kotinos.rights.tests.desk import Desk, moment, reason

EXCLUSIVE = Exclusivity.EXCLUSIVE


def test_noc_home_only_sells_its_emblem_at_home_and_nowhere_else() -> None:
    desk = Desk()
    desk.property("KEN-CREST", owner="NOC-KEN", kind=NOC_EMBLEM, home="KEN")
    desk.grant("home", "NOC-KEN", "NOC-KEN", "KEN-CREST", "sell, ship", "HOME(KEN)")
    desk.grant("shop", "NOC-KEN", "KenyaShop", "KEN-CREST", "sell, ship", "HOME(KEN)")
    assert desk.cleared("NOC-KEN", "KEN-CREST", "sell", "KE")
    assert desk.cleared("KenyaShop", "KEN-CREST", "ship", "KE")
    assert reason(desk.ask("NOC-KEN", "KEN-CREST", "sell", "JP")) is Reason.TERRITORY
    assert reason(desk.ask("NOC-KEN", "KEN-CREST", "make", "KE")) is Reason.ACT
    assert reason(desk.ask("JapanShop", "KEN-CREST", "sell", "KE")) is Reason.NO_GRANT


def test_noc_home_only_exclusive_names_the_holder_to_everybody_else() -> None:
    desk = Desk()
    desk.property("KEN-CREST", owner="NOC-KEN", kind=NOC_EMBLEM, home="KEN")
    held = desk.grant(
        "home", "NOC-KEN", "KenyaShop", "KEN-CREST", "sell", "HOME(KEN)", exclusivity=EXCLUSIVE
    )
    answer = desk.ask("JapanShop", "KEN-CREST", "sell", "KE")
    assert isinstance(answer, Refused)
    assert (answer.reason, answer.blocking_id) == (Reason.HELD_BY_OTHER, held.id)
    assert answer.nearest is not None
    assert answer.nearest.seller_ids == (desk.org("KenyaShop"),)


def test_noc_cross_border_needs_the_destinations_consent_and_shares_with_it() -> None:
    desk = Desk()
    desk.property("KEN-CREST", owner="NOC-KEN", kind=NOC_EMBLEM, home="KEN")
    desk.grant("world", "NOC-KEN", "Platform", "KEN-CREST", "sell, ship", "WORLD")
    listed = desk.consent("JPN", ConsentPolicy.LISTED, listed={"KEN"}, share_basis_points=500)
    closed = desk.consent("FRA", ConsentPolicy.HOME_ONLY)
    abroad = desk.ask("Platform", "KEN-CREST", "sell", "JP")
    assert isinstance(abroad, Cleared)
    assert abroad.consents == (listed.id,)
    assert [(duty.kind, duty.basis_points) for duty in abroad.duties] == [(DutyKind.SHARE, 500)]
    at_home = desk.ask("Platform", "KEN-CREST", "sell", "KE")
    assert isinstance(at_home, Cleared)
    assert at_home.consents == ()
    unasked = desk.ask("Platform", "KEN-CREST", "sell", "US")
    assert isinstance(unasked, Refused)
    assert (unasked.reason, unasked.blocking_id) == (Reason.NO_CONSENT, None)
    refused = desk.ask("Platform", "KEN-CREST", "ship", "FR")
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.blocking_id) == (Reason.NO_CONSENT, closed.id)
    assert desk.cleared("Platform", "KEN-CREST", "sell", "AQ"), "nobody is at home there"


def test_ocog_programme_licenses_many_for_the_host_country_first() -> None:
    desk = Desk()
    for brand in ("EMBLEM", "MASCOT", "TEAM-BRAND"):
        desk.property(brand, owner="OCOG")
    for number in range(75):
        for brand in ("EMBLEM", "MASCOT", "TEAM-BRAND"):
            desk.grant(f"{brand}-{number}", "OCOG", f"L{number}", brand, "make, sell", "FR")
    assert desk.cleared("L0", "EMBLEM, MASCOT, TEAM-BRAND", "sell", "FR")
    assert desk.cleared("L74", "EMBLEM", "make", "FR")
    assert reason(desk.ask("L74", "EMBLEM", "sell", "DE")) is Reason.TERRITORY
    assert reason(desk.ask("L75", "EMBLEM", "sell", "FR")) is Reason.NO_GRANT


def test_fanatics_shop_serves_a_list_and_never_china() -> None:
    desk = Desk()
    desk.property("HERITAGE", owner="IOC")
    desk.named_set("EU", "AT,BE,DE,ES,FR,IT,LU,NL")
    desk.grant(
        "shop",
        "IOC",
        "Fanatics",
        "HERITAGE",
        "sell, make",
        "US,GB,CH,MX,EU",
        start=moment(2021, 1),
        end=moment(2029, 1),
    )
    for territory in ("US", "GB", "CH", "MX", "LU", "FR"):
        assert desk.cleared("Fanatics", "HERITAGE", "sell", territory, at=moment(2024)), territory
    assert reason(desk.ask("Fanatics", "HERITAGE", "sell", "CN", at=moment(2024))) is (
        Reason.TERRITORY
    )
    late = desk.ask("Fanatics", "HERITAGE", "sell", "US", at=moment(2029, 1))
    assert reason(late) is Reason.ENDED
    early = desk.ask("Fanatics", "HERITAGE", "sell", "US", at=moment(2020))
    assert isinstance(early, Refused)
    assert early.reason is Reason.NOT_YET
    assert early.nearest is not None
    assert early.nearest.opens_at == moment(2021, 1)


def test_fanatics_shop_later_serves_the_world_except_one_country() -> None:
    desk = Desk()
    desk.property("HERITAGE", owner="IOC")
    desk.grant("shop", "IOC", "Fanatics", "HERITAGE", "sell, ship", "WORLD,-CN")
    assert desk.mask_codes("Fanatics", "HERITAGE", "sell") == set(desk.atlas.bits) - {"CN"}


def test_tmall_store_holds_china_alone_while_the_rest_of_the_world_is_another_shops() -> None:
    desk = Desk()
    desk.property("GAMES", owner="IOC")
    tmall = desk.grant(
        "tmall",
        "IOC",
        "Tmall",
        "GAMES",
        "sell",
        "CN",
        exclusivity=EXCLUSIVE,
        start=moment(2018, 12),
    )
    desk.grant("shop", "IOC", "Fanatics", "GAMES", "sell", "WORLD,-CN")
    answer = desk.ask("Tmall", "GAMES", "sell", "CN", at=moment(2025, 10))
    assert isinstance(answer, Cleared)
    assert answer.until is None, "no end is known"
    other = desk.ask("Fanatics", "GAMES", "sell", "CN", at=moment(2025, 10))
    assert isinstance(other, Refused)
    assert (other.reason, other.blocking_id) == (Reason.HELD_BY_OTHER, tmall.id)
    assert reason(desk.ask("Tmall", "GAMES", "sell", "HK")) is Reason.TERRITORY


def test_atr_sells_its_contingent_in_its_countries_until_the_quota_is_spent() -> None:
    desk = Desk()
    desk.property("TICKETS", owner="OCOG", kind="contingent")
    atr = desk.grant(
        "atr",
        "OCOG",
        "ATR-JP",
        "TICKETS",
        "sell/ticket",
        "JP",
        outlets="reseller",
        quota_units=1000,
    )
    desk.spend("atr", 999)
    assert desk.cleared("ATR-JP", "TICKETS", "sell/ticket", "JP", outlet=Outlet.RESELLER)
    desk.spend("atr", 1)
    spent = desk.ask("ATR-JP", "TICKETS", "sell/ticket", "JP", outlet=Outlet.RESELLER)
    assert isinstance(spent, Refused)
    assert (spent.reason, spent.blocking_id) == (Reason.QUOTA_SPENT, atr.id)
    desk.spend("atr", -1)
    assert desk.cleared("ATR-JP", "TICKETS", "sell/ticket", "JP", outlet=Outlet.RESELLER)
    goods = desk.ask("ATR-JP", "TICKETS", "sell", "JP", outlet=Outlet.RESELLER)
    assert reason(goods) is Reason.ACT, "selling tickets is not selling goods"


def test_paris_single_ticket_shop_sells_and_resells_for_the_whole_world() -> None:
    desk = Desk()
    desk.property("TICKETS", owner="OCOG", kind="contingent")
    desk.grant(
        "shop",
        "OCOG",
        "ParisPlatform",
        "TICKETS",
        "sell/ticket, resell/ticket",
        "WORLD",
        exclusivity=EXCLUSIVE,
        duties=(
            (DutyKind.CONDITION, "draw for a buying slot"),
            (DutyKind.CONDITION, "official resale only"),
        ),
    )
    for act in ("sell/ticket", "resell/ticket"):
        answer = desk.ask("ParisPlatform", "TICKETS", act, "LK")
        assert isinstance(answer, Cleared)
        assert [duty.note for duty in answer.duties] == [
            "draw for a buying slot",
            "official resale only",
        ]
    assert desk.mask_codes("ParisPlatform", "TICKETS", "sell/ticket") == set(desk.atlas.bits)
    assert reason(desk.ask("Tout", "TICKETS", "resell/ticket", "FR")) is Reason.HELD_BY_OTHER


def test_hospitality_atr_sells_packages_by_country_and_no_bare_tickets() -> None:
    desk = Desk()
    desk.property("TICKETS", owner="OCOG", kind="contingent")
    desk.grant("jp", "OCOG", "ATR-JP", "TICKETS", "sell/package", "JP", outlets="reseller")
    desk.grant("fr", "OCOG", "ATR-FR", "TICKETS", "sell/package", "FR", outlets="reseller")
    assert desk.cleared("ATR-JP", "TICKETS", "sell/package", "JP", outlet=Outlet.RESELLER)
    away = desk.ask("ATR-JP", "TICKETS", "sell/package", "FR", outlet=Outlet.RESELLER)
    assert isinstance(away, Refused)
    assert away.reason is Reason.TERRITORY
    assert away.nearest is not None
    assert away.nearest.seller_ids == (desk.org("ATR-FR"),)
    bare = desk.ask("ATR-JP", "TICKETS", "sell/ticket", "JP", outlet=Outlet.RESELLER)
    assert reason(bare) is Reason.ACT


def test_every_duty_kind_and_act_has_its_place() -> None:
    assert Duty(DutyKind.ROYALTY, Desk().org("X")).basis_points is None
    assert {act.bit for act in Act} == set(range(12))
    assert {outlet.bit for outlet in Outlet} == set(range(8))
