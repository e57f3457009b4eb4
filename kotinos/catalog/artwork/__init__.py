"""Everything the demo shows is drawn here: products, crests, emblem, mascot, pictograms.

Pure Python without Django: a spec goes in, SVG text or picture files come out.
"""

from kotinos.catalog.artwork.crests import crest
from kotinos.catalog.artwork.drawing import draw
from kotinos.catalog.artwork.emblems import emblem
from kotinos.catalog.artwork.mascots import POSES, mascot
from kotinos.catalog.artwork.paint import TeamColours
from kotinos.catalog.artwork.paint import team as team_colours
from kotinos.catalog.artwork.pictograms import NAMES as SPORTS
from kotinos.catalog.artwork.pictograms import pictogram
from kotinos.catalog.artwork.rendering import Rendered, key_of, render, render_all
from kotinos.catalog.artwork.spec import KINDS, SCHEME, VARIANTS, Spec, SpecError, parse

__all__ = [
    "KINDS",
    "POSES",
    "SCHEME",
    "SPORTS",
    "VARIANTS",
    "Rendered",
    "Spec",
    "SpecError",
    "TeamColours",
    "crest",
    "draw",
    "emblem",
    "key_of",
    "mascot",
    "parse",
    "pictogram",
    "render",
    "render_all",
    "team_colours",
]
