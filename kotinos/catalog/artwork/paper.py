"""Poster and flag: a framed print and a banner in the wind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.catalog.artwork import crests, emblems, mascots, pictograms, shapes
from kotinos.catalog.artwork.emblems import LEAF
from kotinos.catalog.artwork.paint import GOLD, INK, MARBLE, mix, on

if TYPE_CHECKING:
    from kotinos.catalog.artwork.looks import Look
    from kotinos.catalog.artwork.sheet import Sheet
    from kotinos.catalog.artwork.spec import Spec

_AT = shapes.of("paper")
_FRAME = "M160 120H640V860H160Z"
_PRINT = "M196 156H604V824H196Z"
_OAK = "#C79A5B"


def poster(sheet: Sheet, spec: Spec, look: Look) -> None:
    """A silk-screen print in an oak frame: sun, sea, hills and what the poster is about."""
    sheet.shadow((_FRAME,), look.field)
    sheet.form(
        _FRAME,
        _OAK,
        shades=("M604 156L640 120V860H160L196 824H604Z",),
        lights=("M160 120H640L604 156H196V824L160 860Z",),
    )
    sky, sun, near, far = _inks(look)
    with sheet.solid(_PRINT, sky):
        _scene(sheet, spec, sun=sun, near=near, far=far)
        _subject(sheet, spec, look, near)
        sheet.fill("M430 156L604 156V420L300 824H196V520Z", "#FFFFFF", opacity=0.07)
    sheet.line(_AT["poster_line"])


def _inks(look: Look) -> tuple[str, str, str, str]:
    body = (
        look.body
        if look.body not in {MARBLE, "#EFE7D3", "#E9DFC6"}
        else mix(look.trim, MARBLE, 0.78)
    )
    sun = look.trim if look.trim != body else GOLD
    hill = body if look.trim in {MARBLE, INK} else look.trim
    return body, sun, mix(hill, INK, 0.5), mix(body, INK, 0.22)


def _scene(sheet: Sheet, spec: Spec, *, sun: str, near: str, far: str) -> None:
    sheet.add(f'<circle cx="400" cy="410" r="150" fill="{mix(sun, MARBLE, 0.25)}"/>')
    if spec.sport == "swimming" or spec.sport in {"rowing", "sailing"}:
        for y in (600, 650, 700, 750):
            sheet.line(
                f"M180 {y}Q220 {y - 22} 260 {y}T340 {y}T420 {y}T500 {y}T580 {y}T660 {y}",
                mix(far, near, (y - 600) / 150),
                weight=20,
            )
    else:
        sheet.fill(_AT["scene_fill_1"], far)
        sheet.fill(_AT["scene_fill_2"], near)
    for turn, x in ((-30, 226), (24, 262), (30, 574), (-24, 540)):
        with sheet.moved(x, 800, turn=turn, scale=0.9):
            sheet.fill(LEAF, mix(near, on(near), 0.18))


def _subject(sheet: Sheet, spec: Spec, look: Look, near: str) -> None:
    ground = mix(look.trim, MARBLE, 0.25)
    if spec.pose:
        with sheet.moved(400 - mascots.WIDTH * 0.42, 300, scale=0.84):
            mascots.draw(sheet, pose=spec.pose, scarf=look.body, trim=look.trim)
    elif spec.sport:
        pictograms.draw_on(sheet, spec.sport, x=400, y=450, height=350, colour=on(ground))
    elif spec.team:
        crests.draw_on(sheet, spec.team, x=400, y=440, height=300)
    else:
        emblems.draw_on(sheet, x=400, y=430, height=240, lettered=False)
    name = spec.team or "KOTINOS"
    sheet.write(
        name, x=400, y=222, height=50 if spec.team else 40, colour=on(look.body), spacing=0.6
    )
    sheet.write("2030", x=400, y=782, height=36, colour=on(near), spacing=0.6)


def flag(sheet: Sheet, spec: Spec, look: Look) -> None:
    """A supporter's banner on its pole, three folds deep in the wind."""
    cloth = _AT["flag_cloth"]
    pole = "M192 140H216V900H192Z"
    sheet.shadow((cloth, pole), look.field)
    sheet.form(pole, _OAK, shades=("M206 140H216V900H206Z",))
    sheet.add(f'<circle cx="204" cy="128" r="24" fill="#E3B94A" stroke="{INK}" stroke-width="5"/>')
    with sheet.solid(cloth, look.body):
        sheet.fill(_AT["flag_fill_1"], look.trim)
        sheet.fill(_AT["flag_fill_2"], look.trim)
        sheet.tones(
            look.body,
            shades=(_AT["flag_shade_1"], _AT["flag_shade_2"]),
            lights=(_AT["flag_light_1"], _AT["flag_light_2"]),
        )
    if spec.team:
        crests.draw_on(sheet, spec.team, x=438, y=392, height=208)
    else:
        emblems.draw_on(sheet, x=438, y=390, height=200, colour=look.text, lettered=False)
    for y in (210, 380, 548):
        sheet.line(f"M196 {y}H222", weight=9)
