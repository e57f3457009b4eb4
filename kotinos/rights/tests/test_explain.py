"""Explanations: humane in every language, whatever the reason, and true about time."""

from __future__ import annotations

import string
from random import Random
from typing import TYPE_CHECKING

import pytest

from kotinos.rights.contracts import NOC_EMBLEM, ConsentPolicy, Exclusivity, Law, Reason
from kotinos.rights.explain import Names, explain
from kotinos.rights.tests.desk import Desk, moment
from kotinos.rights.tests.worlds import DAYS, day, random_book, random_question
from kotinos.rights.wording import WORDINGS

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.rights.contracts import Explanation, Question

TERRITORIES = {"JP": "Japan", "FR": "France", "BE": "Belgium"}


def names(desk: Desk) -> Names:
    organisations = {number: name for (kind, name), number in desk.ids.items() if kind == "org"}
    codes = {row.id: code for code, row in desk.properties.items()}
    return Names(
        organisation=lambda number: organisations.get(number, str(number)),
        property=lambda number: codes.get(number, str(number)),
        territory=lambda code: TERRITORIES.get(code, code),
        noc=lambda code: f"the committee of {code}",
        day=lambda at: f"{at.day} {at:%B %Y}",
    )


def told(desk: Desk, question: Question, language: str = "en") -> Explanation:
    return explain(desk.book(), question, names=names(desk), language=language)


def desk_with_crest() -> Desk:
    desk = Desk()
    desk.property("the crest", owner="Team Kenya", kind=NOC_EMBLEM, home="KEN")
    return desk


def test_the_holder_of_an_exclusive_is_named_with_its_last_day() -> None:
    desk = Desk()
    desk.property("the crest", owner="Team Japan")
    desk.grant(
        "own",
        "Team Japan",
        "Team Japan’s own shop",
        "the crest",
        "sell",
        "JP",
        exclusivity=Exclusivity.EXCLUSIVE,
        start=moment(2025, 1),
        end=moment(2032, 1),
    )
    question = desk.question("World Shop", "the crest", "sell", "JP")
    found = told(desk, question)
    assert found.sentence == (
        "Only Team Japan’s own shop may sell this in Japan until 31 December 2031."
    )
    assert (found.since, found.until) == (moment(2025, 1), moment(2032, 1))
    assert found.machine["reason"] == "held-by-other"
    assert [step.kind for step in found.steps] == ["property-refused", "grant", "others"]
    assert "至31 December 2031" in told(desk, question, "zh-hans").sentence


def test_a_clearance_tells_its_chain_its_consent_and_where_else_it_holds() -> None:
    desk = desk_with_crest()
    desk.grant("g", "Team Kenya", "Shop", "the crest", "sell, ship", "KE,JP,FR")
    desk.consent("JPN", ConsentPolicy.WORLD, share_basis_points=250)
    found = told(desk, desk.question("Shop", "the crest", "sell", "JP"))
    assert found.sentence == "Shop may sell this in Japan."
    assert [step.sentence for step in found.steps] == [
        "Team Kenya allows Shop to sell, ship: the crest, France, Japan, KE.",
        "the committee of JPN admits these goods to its home; its share is 2.5 %.",
        "Owed under it: share.",
    ]
    assert desk.atlas.codes(found.cleared_mask) == ("JP", "KE")
    assert (found.since, found.until) == (None, None)


def test_a_missing_consent_names_the_committee_and_who_is_cleared() -> None:
    desk = desk_with_crest()
    desk.grant("g", "Team Kenya", "Shop", "the crest", "sell", "WORLD")
    found = told(desk, desk.question("Shop", "the crest", "sell", "FR"))
    assert found.sentence == (
        "the committee of FRA has not agreed that goods with the emblem the crest come to France."
    )


def test_the_law_is_visible_in_the_explanation() -> None:
    desk = Desk(laws=[Law.EEA_PASSIVE_SALES])
    desk.named_set("EEA", "FR,BE")
    desk.property("MARK", owner="IOC")
    desk.grant("g", "IOC", "Shop", "MARK", "sell", "FR")
    found = told(desk, desk.question("Shop", "MARK", "sell", "BE"))
    assert "law" in {step.kind for step in found.steps}
    assert desk.atlas.codes(found.cleared_mask) == ("BE", "FR")


@pytest.mark.parametrize("language", sorted(WORDINGS))
def test_every_reason_is_told_in_every_language_in_every_world(language: str) -> None:
    met: set[object] = set()
    plain = Names(_angled, _angled, _angled, _angled, day=_iso)
    for seed in range(400):
        random = Random(seed)
        book = random_book(random).known_at(day(DAYS // 2))
        question = random_question(random, book)
        found = explain(book, question, names=plain, language=language)
        met.add(found.machine.get("reason", "cleared"))
        assert found.sentence
        assert "{" not in found.sentence
        assert found.since is None or found.since <= question.at
        assert found.until is None or question.at < found.until
        bit = book.atlas.bits[question.territory]
        assert bool(found.cleared_mask >> bit & 1) == (found.machine["outcome"] == "cleared")
    assert met >= set(Reason)


def test_all_languages_have_the_same_sentences_with_the_same_places() -> None:
    english = WORDINGS["en"]
    for language, words in WORDINGS.items():
        assert words.sentences.keys() == english.sentences.keys(), language
        assert words.acts.keys() == english.acts.keys(), language
        assert words.outlets.keys() == english.outlets.keys(), language
        for key, sentence in words.sentences.items():
            if key != "list":
                assert _places(sentence) == _places(english.sentences[key]), (language, key)


def _places(sentence: str) -> set[str]:
    return {place for _, place, _, _ in string.Formatter().parse(sentence) if place}


def _angled(thing: object) -> str:
    return f"<{thing}>"


def _iso(at: datetime) -> str:
    return at.date().isoformat()
