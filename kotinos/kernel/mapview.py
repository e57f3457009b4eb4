"""A world map as a page of the office shows it: drawn, said in a sentence, and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.safestring import SafeString
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Territory:
    """A territory by code and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Layer:
    """One colour of a map and the territories that wear it."""

    css_class: str
    label: StrOrPromise
    territories: tuple[Territory, ...]


@dataclass(frozen=True, slots=True)
class MapView:
    """A drawn map, the sentence that says what it shows, and the table behind it."""

    svg: SafeString
    finding: str
    layers: tuple[Layer, ...]
