from __future__ import annotations

import pytest

from kotinos.catalog.words import fold, searchable


@pytest.mark.parametrize("team", ["中华台北", "中国香港", "肯尼亚", "刚果民主共和国"])
def test_a_teams_name_stands_whole_among_the_words_of_chinese(team: str) -> None:
    assert team in searchable(f"{team}队助威围巾", "zh-hans").split()


def test_what_is_stored_and_what_is_asked_are_cut_alike() -> None:
    stored = searchable("中华台北队助威围巾", "zh-hans").split()
    assert set(searchable("中华台北 围巾", "zh-hans").split()) <= set(stored)


def test_accents_and_capitals_hide_nothing() -> None:
    assert fold("  Écharpe  ÉQUIPE ") == "echarpe equipe"
    assert searchable("Écharpe", "fr") == "echarpe"
