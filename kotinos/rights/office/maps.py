"""World maps of the back office: what is cleared, what a change opens and closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotinos.games import api as games
from kotinos.kernel.mapview import Layer, MapView, Territory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kotinos.games.contracts import Atlas

NAMED_MAX = 3


def territories(mask: int, atlas: Atlas, language: str) -> tuple[Territory, ...]:
    """The territories of a mask, in the order of their names."""
    codes = games.sorted_by_name(atlas.codes(mask), language)
    return tuple(Territory(code, games.territory_name(code, language)) for code in codes)


def cleared(
    mask: int,
    atlas: Atlas,
    language: str,
    *,
    title: str,
    ident: str = "map",
    label: str = "",
) -> MapView:
    """One colour: where it may be done, or which territories a text names."""
    here = territories(mask, atlas, language)
    finding = _in_words(here, len(atlas.bits))
    layer = Layer("map-yes", label or _("Cleared"), here)
    return _draw([layer], title=title, finding=finding, ident=ident)


def effect(
    *, gained: int, lost: int, kept: int, atlas: Atlas, language: str, ident: str = "effect"
) -> MapView:
    """Three layers: what opens, what closes, what stays open."""
    layers = [
        Layer("map-gain", _("Opens"), territories(gained, atlas, language)),
        Layer("map-lose", _("Closes"), territories(lost, atlas, language)),
        Layer("map-kept", _("Stays open"), territories(kept, atlas, language)),
    ]
    finding = _("%(gained)d territories open, %(lost)d close, %(kept)d stay open.") % {
        "gained": gained.bit_count(),
        "lost": lost.bit_count(),
        "kept": kept.bit_count(),
    }
    return _draw(layers, title=_("What changes where"), finding=finding, ident=ident)


def counted(
    counts: dict[str, int],
    *,
    title: str,
    finding: str,
    language: str,
    label: Callable[[int, int], str],
) -> MapView:
    """Four steps from few to many, `label(least, most)` each; the table has the numbers."""
    top = max(counts.values(), default=0)
    steps: dict[int, list[str]] = {}
    for code, count in counts.items():
        if count:
            steps.setdefault(_step(count, top), []).append(code)
    layers = []
    for step, codes in sorted(steps.items()):
        found = [counts[code] for code in codes]
        named = [
            Territory(code, games.territory_name(code, language))
            for code in games.sorted_by_name(codes, language)
        ]
        layers.append(Layer(f"map-step-{step}", label(min(found), max(found)), tuple(named)))
    return _draw(layers, title=title, finding=finding, ident="counts")


def _step(count: int, top: int) -> int:
    """1 to 4; a map on which every count is the same is drawn in a middle step."""
    return 3 if top == 1 else 1 + round(3 * (count - 1) / (top - 1))


def span(least: int, most: int) -> str:
    """`4–17`, or one number."""
    return str(least) if least == most else f"{least}\N{EN DASH}{most}"


def _draw(layers: Sequence[Layer], *, title: str, finding: str, ident: str) -> MapView:
    fill = {each.code: layer.css_class for layer in layers for each in layer.territories}
    labels = {
        each.code: f"{each.name}: {layer.label}" for layer in layers for each in layer.territories
    }
    drawn = games.worldmap.svg(fill, title=title, description=finding, labels=labels, ident=ident)
    svg = mark_safe(drawn)  # noqa: S308 - worldmap.svg escapes every text it is given
    return MapView(svg, finding, tuple(layers))


def _in_words(here: Sequence[Territory], total: int) -> str:
    if not here:
        return _("Nowhere.")
    if len(here) == total:
        return _("Everywhere: all %(count)d territories.") % {"count": total}
    return ngettext(
        "In %(count)d territory of %(total)d: %(names)s.",
        "In %(count)d territories of %(total)d, among them %(names)s.",
        len(here),
    ) % {"count": len(here), "total": total, "names": _some(here)}


def _some(here: Iterable[Territory]) -> str:
    return ", ".join([each.name for each in here][:NAMED_MAX])
