"""The demo's pictures: the same spec is the same picture, every spec can be drawn, colours read."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from kotinos.catalog import artwork
from kotinos.catalog.artwork import crests, letters, looks, paint
from kotinos.catalog.artwork.spec import Spec

if TYPE_CHECKING:
    from pathlib import Path

KENYA = Spec(kind="jersey", team="KEN", variant="home")


def test_the_text_form_comes_back_as_the_same_spec() -> None:
    spec = Spec(kind="plush", team="JPN", variant="games", pose="cheer")
    assert str(spec) == "drawn:plush?team=JPN&variant=games&pose=cheer"
    assert artwork.parse(str(spec)) == spec


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("drawn:boat?team=KEN", "boat"),
        ("drawn:jersey?sleeve=long", "sleeve"),
        ("drawn:jersey?variant=gold", "variant"),
        ("https://example.org/a.png", "drawn:"),
    ],
)
def test_a_text_that_cannot_be_drawn_says_which_part(text: str, word: str) -> None:
    with pytest.raises(artwork.SpecError, match=word):
        artwork.parse(text)


def test_a_sport_nobody_has_drawn_is_refused() -> None:
    with pytest.raises(artwork.SpecError, match="quidditch"):
        artwork.draw(Spec(kind="poster", sport="quidditch"))


@pytest.mark.parametrize("kind", artwork.KINDS)
@pytest.mark.parametrize("variant", artwork.VARIANTS)
def test_every_kind_is_drawn_in_every_version(kind: str, variant: str) -> None:
    for team in ("", "KEN", "JPN"):
        picture = ET.fromstring(artwork.draw(Spec(kind=kind, team=team, variant=variant)))  # noqa: S314 - our own
        assert picture.attrib["viewBox"] == "0 0 800 1000"


@pytest.mark.parametrize("pose", artwork.POSES)
def test_the_mascot_stands_in_every_pose(pose: str) -> None:
    assert ET.fromstring(artwork.mascot(pose)).attrib["aria-label"] == "Elio"  # noqa: S314 - our own


@pytest.mark.parametrize("sport", artwork.SPORTS)
def test_every_sport_has_a_pictogram_in_the_colour_of_its_page(sport: str) -> None:
    assert 'fill="currentColor"' in artwork.pictogram(sport)


def test_every_committee_has_colours_and_a_crest_of_its_own() -> None:
    codes = paint.codes()
    assert len(codes) == 206
    drawings = {hashlib.sha256(crests.crest(code).encode()).hexdigest() for code in codes}
    assert len(drawings) == 206


def test_crests_use_the_teams_two_colours_and_a_charge_that_stands_out() -> None:
    for code in paint.codes():
        team, design = paint.team(code), crests.design(code)
        assert {design.ground, design.field} == {team.main, team.second}
        assert paint.contrast(design.metal, design.ground) >= 1.6, code


def test_products_stand_out_from_their_field() -> None:
    for code in paint.codes():
        for variant in artwork.VARIANTS:
            look = looks.look(Spec(kind="cap", team=code, variant=variant))
            assert paint.contrast(look.field, look.body) >= paint.SHAPE_CONTRAST, (code, variant)


def test_a_teams_accent_reads_as_text_on_marble() -> None:
    for code in paint.codes():
        assert paint.contrast(paint.team(code).accent, paint.MARBLE) >= paint.TEXT_CONTRAST


def test_contrast_is_the_published_ratio() -> None:
    assert paint.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert paint.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_lettering_has_every_capital_and_moves_to_the_right() -> None:
    for character in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        assert letters.line(character, spacing=1)[0]
    one, two = letters.line("K", spacing=1)[1], letters.line("KE", spacing=1)[1]
    assert two > one


def test_ids_on_one_page_do_not_meet() -> None:
    page = artwork.crest("KEN") + artwork.crest("JPN") + artwork.emblem() + artwork.mascot()
    ids = [part.split('"')[0] for part in page.split('id="')[1:]]
    assert len(ids) == len(set(ids))


def test_rendering_writes_six_files_once_and_names_them_by_content(tmp_path: Path) -> None:
    first = artwork.render(KENYA, tmp_path)
    assert first.key == artwork.key_of(KENYA)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(first.names())
    with Image.open(tmp_path / f"{first.key}-640.avif") as picture:
        assert picture.size == (640, 800)
    assert first.bytes_written > 0
    assert artwork.render(KENYA, tmp_path).bytes_written == 0


def test_a_card_weighs_less_than_thirty_kilobytes(tmp_path: Path) -> None:
    made = artwork.render(KENYA, tmp_path)
    assert (tmp_path / f"{made.key}-320.webp").stat().st_size < 30_000
