"""The world map: every territory is on it, it is small, and it says what it shows."""

from __future__ import annotations

import math
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from kotinos.games import topology, worldmap

NODE_MODULES = Path(__file__).resolve().parents[3] / "node_modules"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> worldmap.Geometry:
    """Build the real geometry once, as set-up does."""
    if not (NODE_MODULES / "world-atlas").exists():
        pytest.skip("node_modules is not installed: run bin/up or npm ci")
    return worldmap.build(NODE_MODULES, tmp_path_factory.mktemp("map") / "worldmap.json")


def test_the_projection_agrees_with_the_published_extent() -> None:
    pole = topology.equal_earth(longitude=0, latitude=90)
    assert pole == pytest.approx((0, 1.3173627591574), abs=1e-9)
    edge = topology.equal_earth(longitude=180, latitude=0)
    assert edge == pytest.approx((2.7066299836961, 0), abs=1e-9)


def test_the_projection_keeps_areas_equal() -> None:
    def cell(latitude: float) -> float:
        corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
        line = [topology.equal_earth(longitude=x, latitude=latitude + y) for x, y in corners]
        return topology.area(line) / (
            math.sin(math.radians(latitude + 1)) - math.sin(math.radians(latitude))
        )

    assert cell(60) == pytest.approx(cell(0), rel=2e-3)
    assert cell(80) == pytest.approx(cell(0), rel=2e-3)


def test_a_shape_over_the_180th_meridian_is_cut_in_two() -> None:
    jump = [(170.0, 60.0), (-170.0, 60.0), (-170.0, 70.0), (170.0, 70.0), (170.0, 60.0)]
    pieces = topology.within_world(topology.unwrapped(jump))
    assert [topology.area(piece) for piece in pieces] == [pytest.approx(100.0)] * 2
    assert all(-180 <= longitude <= 180 for piece in pieces for longitude, _ in piece)


def test_every_territory_is_on_the_map_inside_the_view(world: worldmap.Geometry) -> None:
    assert len(world.shapes) == 250
    assert {"XK", "HK", "TV", "GF", "SJ", "AQ"} <= set(world.shapes)
    for shape in world.shapes.values():
        assert 0 <= shape.x <= world.width, shape.code
        assert 0 <= shape.y <= world.height, shape.code


def test_small_territories_are_dots_and_large_ones_have_borders(world: worldmap.Geometry) -> None:
    assert not world.shapes["MC"].path
    assert not world.shapes["SG"].path
    assert world.shapes["KE"].path.startswith("M")
    assert world.shapes["GF"].path, "French Guiana is cut out of the atlas' France"


def test_the_map_weighs_less_than_sixty_kilobytes(world: worldmap.Geometry) -> None:
    drawn = worldmap.svg({"KE": "map-cleared"}, title="t", description="d", geometry=world)
    assert len(drawn.encode()) < 60_000


def test_the_map_tells_its_finding_and_carries_no_colour(world: worldmap.Geometry) -> None:
    drawn = worldmap.svg(
        {"KE": "map-cleared", "SG": "map-cleared", "??": "map-cleared"},
        title="Where it is sold",
        description="Sold in Kenya & Singapore.",
        labels={"KE": "Kenya"},
        geometry=world,
    )
    root = ET.fromstring(drawn)  # noqa: S314 - our own output
    assert root.attrib["role"] == "img"
    assert [root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")] == [
        "Where it is sold",
        "Sold in Kenya & Singapore.",
    ]
    (kenya,) = root.iterfind(f".//{SVG}path[@data-territory='KE']")
    assert kenya.findtext(f"{SVG}title") == "Kenya"
    assert not any({"fill", "stroke", "style"} & set(element.attrib) for element in root.iter())


def test_a_missing_geometry_names_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="bin/up"):
        worldmap.shapes(tmp_path / "none.json")
