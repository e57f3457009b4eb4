"""Colours that readers can read: measured for every team, in both schemes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kotinos.catalog.api import colours as paint
from kotinos.web import themes

_STYLES = Path(__file__).resolve().parents[1] / "static" / "web" / "kotinos.css"
_PAIR = re.compile(r"--(?P<name>[\w-]+): light-dark\((?P<day>#\w{6}), (?P<night>#\w{6})\);")


def _tokens() -> dict[str, tuple[str, str]]:
    found = _PAIR.finditer(_STYLES.read_text(encoding="utf-8"))
    return {match["name"]: (match["day"], match["night"]) for match in found}


def test_every_team_has_a_rule_with_its_two_colours() -> None:
    rules = themes.rules(paint.codes())
    assert len(rules) == 206
    assert all("--team-a:#" in rule and "--team-b:#" in rule for rule in rules)


def test_text_on_every_team_field_has_enough_contrast() -> None:
    for rule in themes.rules(paint.codes()):
        field = re.search(r"--team-a:(#\w{6})", rule)
        text = re.search(r"--team-on-a:(#\w{6})", rule)
        assert field is not None
        assert text is not None
        assert paint.contrast(field[1], text[1]) >= paint.TEXT_CONTRAST, rule


@pytest.mark.parametrize("ground", ["ground", "raised", "sunken"])
@pytest.mark.parametrize("name", ["ink", "quiet", "olive", "lapis", "clay", "gold-ink"])
def test_every_text_colour_reads_on_every_ground_by_day_and_by_night(
    name: str, ground: str
) -> None:
    tokens = _tokens()
    for scheme in (0, 1):
        contrast = paint.contrast(tokens[name][scheme], tokens[ground][scheme])
        assert contrast >= paint.TEXT_CONTRAST, f"{name} on {ground}: {contrast:.2f}"


def test_edges_of_fields_are_seen() -> None:
    tokens = _tokens()
    for scheme in (0, 1):
        for ground in ("ground", "raised", "sunken"):
            assert paint.contrast(tokens["line-strong"][scheme], tokens[ground][scheme]) >= 3.0


def test_the_themes_address_changes_with_its_content() -> None:
    assert len(themes.digest()) == 12
    assert themes.sheet().count("\n") == 206


def test_the_stylesheet_is_small_and_uses_logical_directions() -> None:
    text = _STYLES.read_text(encoding="utf-8")
    assert len(text.encode()) < 60_000
    body = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    physical = re.findall(r"[;{]\s*(?:margin|padding|border|inset)?-?(?:left|right)\s*:", body)
    assert physical == []
