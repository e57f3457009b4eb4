"""Opening a committee, consents, prohibitions, the law layer, explanations, denied demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kotinos.games import api as games
from kotinos.kernel.models import Change, OutboxEvent
from kotinos.rights import api, models
from kotinos.rights.contracts import Act, Outlet, Reason

if TYPE_CHECKING:
    from uuid import UUID

    from kotinos.rights.tests.conftest import Town


def where(town: Town, work: UUID, seller: str = "NOC-KEN", act: Act = Act.SELL) -> str:
    """The territories a seller is cleared in, by the compiled rows."""
    mask = api.cleared_mask(
        work_id=work, seller_id=town.ids[seller], act=act, outlet=Outlet.OWN_SHOP, at=town.now
    )
    return ",".join(games.atlas().codes(mask))


def open_kenya(town: Town, reach: str, **more: Any) -> object:
    return api.open_noc(noc="KEN", reach=reach, now=town.now, **more)


def test_one_action_opens_a_committee_step_by_step(town: Town) -> None:
    work = town.work("KEN-CREST")
    for noc in ("JPN", "FRA"):
        api.give_consent(noc=noc, policy="world", now=town.now)
    assert isinstance(open_kenya(town, "home-only"), api.Signed)
    assert where(town, work) == "KE"
    assert isinstance(open_kenya(town, "home-only"), api.Unchanged)
    assert isinstance(open_kenya(town, "listed", territories=["JP", "US"]), api.Signed)
    assert where(town, work) == "JP,KE"  # the United States have not consented
    assert isinstance(open_kenya(town, "world"), api.Signed)
    assert where(town, work) == "AQ,FR,JP,KE,LU,RE"
    assert isinstance(open_kenya(town, "home-only"), api.Signed)
    assert where(town, work) == "KE"


def test_opening_is_all_or_nothing(town: Town) -> None:
    grants = models.Grant.objects.count()
    terms = api.OpenTerms(consent="listed", consent_listed=("ZZZ",))
    assert isinstance(open_kenya(town, "world", terms=terms), api.BadTerms)
    assert isinstance(open_kenya(town, "listed", territories=["XX"]), api.BadTerms)
    assert isinstance(open_kenya(town, "listed"), api.BadTerms)
    assert isinstance(open_kenya(town, "moon"), api.BadTerms)
    assert isinstance(api.open_noc(noc="ZZZ", reach="world", now=town.now), api.NotFound)
    assert isinstance(api.open_noc(noc="USA", reach="world", now=town.now), api.NotFound)
    assert models.Grant.objects.count() == grants
    assert not models.Consent.objects.exists()


def test_a_consent_opens_and_its_revocation_closes(town: Town) -> None:
    work = town.work("KEN-CREST")
    open_kenya(town, "world")
    assert "JP" not in where(town, work)
    given = api.give_consent(noc="JPN", policy="listed", listed=["KEN"], now=town.now)
    assert isinstance(given, api.Changed)
    assert "JP" in where(town, work)
    api.revoke_consent(consent_id=given.id, now=town.now)
    assert "JP" not in where(town, work)


def test_a_prohibition_beats_a_grant_until_it_is_revoked(town: Town) -> None:
    work = town.work("GAMES")
    town.grant("IOC", "SHOP")
    terms = api.ProhibitionTerms(grantor="IOC", property="GAMES", territory="JP,CN", acts="sell")
    done = api.prohibit(terms=terms, now=town.now)
    assert isinstance(done, api.Changed)
    assert where(town, work, "SHOP") == "AQ,BE,CA,FR,KE,LU,RE,US"
    api.revoke_prohibition(prohibition_id=done.id, now=town.now)
    assert "JP" in where(town, work, "SHOP")
    wrong = api.ProhibitionTerms(grantor="SHOP", property="GAMES")
    assert isinstance(api.prohibit(terms=wrong, now=town.now), api.BadTerms)


def test_the_law_layer_is_off_until_somebody_who_may_switches_it_on(town: Town) -> None:
    work = town.work("GAMES")
    town.grant("IOC", "SHOP", territory="FR")
    assert where(town, work, "SHOP") == "FR"
    person = games.ensure_person(email="b@example.org", name="B", password=None)
    law: dict[str, Any] = {
        "law": "eea-passive-sales",
        "switched_on": True,
        "note": "confirmed by counsel",
    }
    assert isinstance(api.switch_law(**law, now=town.now, actor=person), api.NotYours)
    assert isinstance(api.switch_law(**law | {"note": ""}, now=town.now), api.BadTerms)
    assert isinstance(api.switch_law(**law, now=town.now), api.Changed)
    assert where(town, work, "SHOP") == "BE,FR,LU"
    assert where(town, work, "SHOP", Act.SHIP) == "FR"


def test_every_change_is_logged_and_published(town: Town) -> None:
    grant = town.grant("IOC", "SHOP")
    number = models.Grant.objects.get(id=grant).number
    verbs = list(
        Change.objects.filter(subject=number).order_by("id").values_list("verb", flat=True)
    )
    assert verbs == ["draft", "sign", "sign"]
    event = OutboxEvent.objects.filter(kind=api.RIGHTS_CHANGED).latest("id")
    assert event.payload["cause"] == "grant-signed"


@pytest.mark.parametrize("language", ["en", "fr", "zh-hans", "ar"])
def test_a_refusal_explains_itself_in_the_readers_language(town: Town, language: str) -> None:
    work = town.work("GAMES")
    town.grant("IOC", "RIVAL", territory="JP", exclusivity="exclusive")
    found = api.explain(
        work_id=work,
        seller_id=town.ids["SHOP"],
        act=Act.SELL,
        outlet=Outlet.OWN_SHOP,
        territory="JP",
        at=town.now,
        language=language,
    )
    assert found.machine["reason"] == Reason.HELD_BY_OTHER
    assert "RIVAL" in " ".join([found.sentence, *(step.sentence for step in found.steps)])
    anybody = api.explain(
        work_id=work,
        act=Act.SELL,
        outlet=Outlet.OWN_SHOP,
        territory="JP",
        at=town.now,
        language=language,
    )
    assert anybody.machine["outcome"] == "cleared"


def meet(town: Town, work: UUID, session: str = "s1", to: str = "CN", **more: Any) -> bool:
    told: dict[str, Any] = {
        "work_id": work,
        "territory": to,
        "reason": Reason.TERRITORY,
        "session_key": session,
        "value_minor": 2500,
        "currency": "EUR",
        "property": "GAMES",
        "now": town.now,
    }
    return api.record_refusal(**told | more)


def test_a_refusal_counts_once_a_session_and_bots_not_at_all(town: Town) -> None:
    work = town.work("GAMES")
    assert meet(town, work)
    assert not meet(town, work)
    assert meet(town, work, "s2")
    assert meet(town, work, to="US", property_id=models.Property.objects.get(code="GAMES").id)
    assert meet(town, work, "s3", bot=True)
    assert models.Refusal.objects.count() == 4
    (china, states) = api.denied_demand(by="territory")
    assert (china.key, china.refusals, china.value_minor, china.currency) == (
        ("CN",),
        2,
        5000,
        "EUR",
    )
    assert states.refusals == 1
    (row,) = api.denied_demand(by="property")
    assert (row.key, row.refusals) == (("GAMES",), 3)
    filters = api.DeniedFilters(territory="US", owner_id=town.ids["IOC"])
    (row,) = api.denied_demand(by="rule", filters=filters)
    assert (row.key, row.refusals) == (("territory", ""), 1)
    nothing = api.DeniedFilters(owner_id=town.ids["SHOP"])
    assert api.denied_demand(by="work", filters=nothing) == []


def test_a_refusal_that_counts_is_news_with_whose_it_is(town: Town) -> None:
    work = town.work("GAMES", "KEN-CREST")
    blocking = town.grant("IOC", "SHOP", territory="FR")
    assert meet(town, work, blocking=blocking, bot=True)
    assert not meet(town, work, blocking=blocking)
    told = OutboxEvent.objects.get(kind="rights.refused").payload
    assert told == {
        "work": str(work),
        "noc": "KEN",
        "edition": "",
        "property": "GAMES",
        "organisation": str(town.ids["IOC"]),
        "reason": "territory",
        "blocking": str(blocking),
        "minor": 2500,
        "currency": "EUR",
        "territory": "CN",
        "bot": True,
    }


def test_a_refusal_without_a_property_names_no_owner_where_there_are_two(town: Town) -> None:
    meet(town, town.work("GAMES", "KEN-CREST"), property="")
    told = OutboxEvent.objects.get(kind="rights.refused").payload
    assert (told["organisation"], told["property"], told["noc"]) == ("", "", "KEN")


def test_a_simulation_shows_gains_and_the_demand_they_would_serve(town: Town) -> None:
    work = town.work("GAMES")
    wide = town.grant("IOC", "SHOP", territory="WORLD,-CN,-US")
    meet(town, work)
    meet(town, work, "s2")
    draft = town.draft("IOC", "RIVAL", territory="CN")
    ask: dict[str, Any] = {
        "act": Act.SELL,
        "outlet": Outlet.OWN_SHOP,
        "at": town.now,
        "now": town.now,
    }
    found = api.simulate(added=[draft], removed=[wide], **ask)
    assert isinstance(found, api.Simulation)
    (effect,) = found.effects
    assert (effect.properties, effect.works, effect.gained) == (("GAMES",), 1, ("CN",))
    assert effect.lost == ("AQ", "BE", "CA", "FR", "JP", "KE", "LU", "RE")
    assert [(row.refusals, row.value_minor) for row in effect.served] == [(2, 5000)]
    assert where(town, work, "SHOP") == "AQ,BE,CA,FR,JP,KE,LU,RE"  # nothing has changed


def test_a_drafts_conflicts_show_before_anybody_signs(town: Town) -> None:
    town.grant("IOC", "SHOP", territory="FR,JP", exclusivity="exclusive")
    draft = town.draft("IOC", "RIVAL", territory="JP")
    found = api.conflicts(grant_id=draft, now=town.now)
    assert isinstance(found, list)
    assert [conflict.territories for conflict in found] == [("JP",)]
    terms = api.GrantTerms(grantor="IOC", grantee="RIVAL", property="MASCOT", acts="sell")
    unwritten = api.conflicts(terms=terms, now=town.now)
    assert isinstance(unwritten, list)
    assert [conflict.territories for conflict in unwritten] == [("FR", "JP")]
    assert isinstance(api.would_refuse(terms=terms, now=town.now), api.Conflicting)


def test_a_grant_is_exported_as_odrl(town: Town) -> None:
    grant = town.grant("IOC", "SHOP", territory="FR,JP")
    found = api.export_odrl(grant_id=grant, at=town.now)
    assert isinstance(found, dict)
    assert found["@type"] == "Agreement"
    assert isinstance(api.export_odrl(grant_id=town.ids["IOC"], at=town.now), api.NotFound)
