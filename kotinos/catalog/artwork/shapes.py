"""The outlines of the drawn goods, read once from `data/shapes.toml`."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@functools.cache
def _all() -> Mapping[str, Mapping[str, str]]:
    path = Path(__file__).parent / "data" / "shapes.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def of(family: str) -> Mapping[str, str]:
    """Return one family's SVG paths by name."""
    return _all()[family]
