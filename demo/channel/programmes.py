"""Which films there are: each programme's colour, scenes, tune and frame rate."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from demo.channel import cards, field_scenes, hall_scenes, slates, studio_scenes, water_scenes
from demo.channel.film import Film, Scene, svg_sprite
from demo.channel.sound import Tune
from kotinos.catalog.artwork.paint import CLAY, INK, LAPIS, OLIVE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from PIL import Image

DATA = Path(__file__).resolve().parents[1] / "data" / "channel"
_BRIGHT = ((-12, -5, 0, 4), (-10, -3, 2, 5), (-14, -7, -2, 2), (-12, -5, 0, 4))
_CALM = ((-9, -2, 3, 7), (-14, -7, 0, 3), (-12, -5, 0, 4), (-16, -9, -4, 0))
_NIGHT = ((-15, -8, -3, 0), (-12, -5, -1, 4), (-17, -10, -5, -1), (-13, -6, -1, 3))
_LIVELY = ((-5, 0, 4, 7), (-7, -2, 2, 5), (-3, 2, 5, 9), (-5, 0, 4, 7))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a programme is made; `hero` moves on its title card, at `rate` frames a second."""

    colour: str
    shape: str
    hero: Callable[[], Sequence[Image.Image]]
    scenes: Callable[[], list[Scene]]
    tune: Tune
    hero_rate: float = 10
    frames: int = 25
    described: tuple[float, ...] = ()


@functools.cache
def facts() -> Mapping[str, Mapping[str, Any]]:
    """What `demo/data/channel/programmes.toml` says of each programme, by code."""
    return tomllib.loads((DATA / "programmes.toml").read_text(encoding="utf-8"))


def film(code: str) -> Film:
    """The film of a programme or a slate; KeyError where nobody has planned one."""
    titles = facts()[code]["titles"]
    if code in slates.CODES:
        scenes = slates.slate(code, titles)
        return Film(code=code, rate=25, scenes=scenes, tune=Tune((_CALM[0], _CALM[2])), clock=False)
    plan = PLANS[code]
    first = cards.title(
        titles, colour=plan.colour, shape=plan.shape, hero=plan.hero(), rate=plan.hero_rate
    )
    scenes = [first, *plan.scenes(), cards.end(colour=plan.colour)]
    return Film(
        code=code,
        rate=plan.frames,
        scenes=scenes,
        over=[cards.wipe([scene.seconds for scene in scenes]), cards.corner()],
        tune=plan.tune,
        described=plan.described,
    )


def _tree() -> list[Image.Image]:
    return svg_sprite([studio_scenes.tree(n / 11) for n in range(12)], width=440)


PLANS: Mapping[str, Plan] = {
    "javelin-final": Plan(
        colour=LAPIS, shape="circle", tune=Tune(_BRIGHT), hero_rate=6, described=(4.0, 11.0, 16.0),
        hero=lambda: field_scenes.thrower("#B3261E", width=440),
        scenes=lambda: field_scenes.javelin("#B3261E", "91.36 m"),
    ),
    "rowing-dawn": Plan(
        colour="#2E5E73", shape="slope", tune=Tune(_CALM, 2.5), frames=30,
        hero=lambda: water_scenes.boat(INK, width=560),
        scenes=lambda: water_scenes.rowing("#1D1D1B", "5:41.20"),
    ),
    "sprint-lanes": Plan(
        colour="#0B6B3A", shape="slope", tune=Tune(_LIVELY, 1.6), hero_rate=14,
        hero=lambda: field_scenes.runner(0, "#E0B020", width=460),
        scenes=lambda: field_scenes.sprint("9.71 s"),
    ),
    "fencing-night": Plan(
        colour="#1B2440", shape="rays", tune=Tune(_NIGHT), hero_rate=7,
        hero=lambda: hall_scenes.fencer(LAPIS, width=520, mirror=False),
        scenes=lambda: hall_scenes.fencing("15 : 14"),
    ),
    "ribbon-gold": Plan(
        colour="#8C1C3F", shape="circle", tune=Tune(_CALM, 2.2), frames=30,
        hero=lambda: hall_scenes.ribbon_dancer("#BC2A4C", width=560),
        scenes=lambda: hall_scenes.ribbon("#BC2A4C", "34.150"),
    ),
    "marathon-map": Plan(
        colour=OLIVE, shape="grove", tune=Tune(_BRIGHT, 2.4), hero_rate=10,
        described=(5.0, 14.0),
        hero=lambda: field_scenes.runner(2, "#2F8F4E", width=440, stride=0.75),
        scenes=lambda: field_scenes.marathon("2:03:58"),
    ),
    "archery-wind": Plan(
        colour="#2F6F8F", shape="circle", tune=Tune(_CALM), hero_rate=4,
        hero=lambda: field_scenes.archer(width=460), scenes=lambda: field_scenes.archery("29 / 30"),
    ),
    "coast-road": Plan(
        colour="#8A6A12", shape="slope", tune=Tune(_LIVELY, 2.0), hero_rate=12, frames=30,
        hero=lambda: field_scenes.cyclist(1, CLAY, width=440),
        scenes=lambda: field_scenes.road("+ 0:47"),
    ),
    "pool-relay": Plan(
        colour="#1F6F8C", shape="rays", tune=Tune(_BRIGHT, 1.8), hero_rate=9,
        hero=lambda: water_scenes.swimmer("#E0B020", 1, width=480),
        scenes=lambda: water_scenes.relay("3:09.44"),
    ),
    "table-tennis-rally": Plan(
        colour="#8E1B1B", shape="circle", tune=Tune(_LIVELY, 1.5), hero_rate=12,
        hero=lambda: hall_scenes.player("#C62F2F", 3, width=460),
        scenes=lambda: hall_scenes.table_tennis("11 : 9"),
    ),
    "lesson-relay": Plan(
        colour="#A8502F", shape="podium", tune=Tune(_LIVELY, 1.8), hero_rate=2,
        hero=lambda: studio_scenes.elio(("hello", "wink", "cheer"), width=460),
        scenes=studio_scenes.lesson,
    ),
    "interview-keeper": Plan(
        colour="#5E6B3A", shape="grove", tune=Tune(_CALM, 3.0, 2), hero_rate=2, hero=_tree,
        scenes=studio_scenes.interview,
    ),
    "opening-ceremony": Plan(
        colour="#101A33", shape="rays", tune=Tune(_NIGHT, 2.6, 2), hero_rate=3, hero=_tree,
        scenes=studio_scenes.ceremony,
    ),
    "magazine-wardrobe": Plan(
        colour="#6B4A2B", shape="circle", tune=Tune(_LIVELY, 2.0), hero_rate=1,
        hero=studio_scenes.wardrobe, scenes=studio_scenes.magazine,
    ),
}  # fmt: skip

CODES = (
    *slates.CODES,
    *("javelin-final", "table-tennis-rally", "rowing-dawn", "opening-ceremony", "sprint-lanes"),
    *("lesson-relay", "ribbon-gold", "magazine-wardrobe", "marathon-map", "fencing-night"),
    *("archery-wind", "interview-keeper", "coast-road", "pool-relay"),
)
"""In the order in which they are made: what both channels need first, then what gives variety."""
